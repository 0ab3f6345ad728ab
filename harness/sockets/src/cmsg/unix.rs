//! The layout of control messages on Unix: `cmsghdr`, cmsg(3).

use std::mem::offset_of;
use std::net::Ipv4Addr;

use libc::cmsghdr;

use super::payload::IN6_PKTINFO;

// Layout

/// From the start of a header to its data: `CMSG_LEN(0)`.
pub(super) const HEADER: usize = {
    // SAFETY: arithmetic only.
    unsafe { libc::CMSG_LEN(0) as usize }
};

/// From the start of a header to the next one: `CMSG_SPACE`.
pub(super) fn space(data_len: usize) -> usize {
    // SAFETY: arithmetic only.
    unsafe { libc::CMSG_SPACE(data_len as _) as usize }
}

/// `length` is the length of header and data, `CMSG_LEN`.
pub(super) fn write_header(bytes: &mut [u8], length: usize, level: i32, kind: i32) {
    assert!(bytes.len() >= size_of::<cmsghdr>());
    // SAFETY: zeroes are a valid `cmsghdr`, some of which have private padding.
    let mut header: cmsghdr = unsafe { std::mem::zeroed() };
    header.cmsg_len = length as _;
    header.cmsg_level = level;
    header.cmsg_type = kind;
    // SAFETY: there is room, as asserted, and an unaligned write needs nothing else.
    unsafe { bytes.as_mut_ptr().cast::<cmsghdr>().write_unaligned(header) }
}

/// Length, level and type, if there is a whole header.
pub(super) fn read_header(bytes: &[u8]) -> Option<(usize, i32, i32)> {
    if bytes.len() < size_of::<cmsghdr>() {
        return None;
    }
    // SAFETY: there are enough initialised bytes, and any are a valid `cmsghdr`.
    let header = unsafe { bytes.as_ptr().cast::<cmsghdr>().read_unaligned() };
    #[allow(clippy::unnecessary_cast, reason = "a socklen_t except with glibc")]
    let length = header.cmsg_len as usize;
    Some((length, header.cmsg_level, header.cmsg_type))
}

// Structures

const _: () = {
    assert!(size_of::<libc::in6_pktinfo>() == IN6_PKTINFO);
    assert!(offset_of!(libc::in6_pktinfo, ipi6_addr) == 0);
    assert!(offset_of!(libc::in6_pktinfo, ipi6_ifindex) == 16);
};

pub(super) use pktinfo::{IN_PKTINFO, read_in_pktinfo, write_in_pktinfo};

/// `in_pktinfo` on Linux and Apple, ip(7): index, local address, header's destination.
#[cfg(any(target_os = "linux", target_vendor = "apple"))]
mod pktinfo {
    use super::{Ipv4Addr, offset_of};

    pub(in super::super) const IN_PKTINFO: usize = size_of::<libc::in_pktinfo>();

    const _: () = {
        assert!(IN_PKTINFO == 12);
        assert!(offset_of!(libc::in_pktinfo, ipi_ifindex) == 0);
        assert!(offset_of!(libc::in_pktinfo, ipi_spec_dst) == 4);
        assert!(offset_of!(libc::in_pktinfo, ipi_addr) == 8);
    };

    pub(in super::super) fn read_in_pktinfo(
        bytes: &[u8; IN_PKTINFO],
    ) -> (u32, Option<Ipv4Addr>, Ipv4Addr) {
        let [a, b, c, d, spec_dst @ .., e, f, g, h] = *bytes;
        (
            u32::from_ne_bytes([a, b, c, d]),
            Some(spec_dst.into()),
            [e, f, g, h].into(),
        )
    }

    pub(in super::super) fn write_in_pktinfo(
        ifindex: u32,
        spec_dst: Ipv4Addr,
        addr: Ipv4Addr,
    ) -> [u8; IN_PKTINFO] {
        let [a, b, c, d] = ifindex.to_ne_bytes();
        let [e, f, g, h] = spec_dst.octets();
        let [i, j, k, l] = addr.octets();
        [a, b, c, d, e, f, g, h, i, j, k, l]
    }
}

/// `in_pktinfo` on NetBSD, ip(4): address, index. The others have none and never call
/// this.
#[cfg(not(any(target_os = "linux", target_vendor = "apple")))]
mod pktinfo {
    use super::Ipv4Addr;

    pub(in super::super) const IN_PKTINFO: usize = 8;

    #[cfg(target_os = "netbsd")]
    const _: () = {
        use super::offset_of;
        assert!(size_of::<libc::in_pktinfo>() == IN_PKTINFO);
        assert!(offset_of!(libc::in_pktinfo, ipi_addr) == 0);
        assert!(offset_of!(libc::in_pktinfo, ipi_ifindex) == 4);
    };

    pub(in super::super) fn read_in_pktinfo(
        bytes: &[u8; IN_PKTINFO],
    ) -> (u32, Option<Ipv4Addr>, Ipv4Addr) {
        let [a, b, c, d, e, f, g, h] = *bytes;
        let addr = Ipv4Addr::new(a, b, c, d);
        (u32::from_ne_bytes([e, f, g, h]), None, addr)
    }

    pub(in super::super) fn write_in_pktinfo(
        ifindex: u32,
        spec_dst: Ipv4Addr,
        _addr: Ipv4Addr,
    ) -> [u8; IN_PKTINFO] {
        let [a, b, c, d] = spec_dst.octets();
        let [e, f, g, h] = ifindex.to_ne_bytes();
        [a, b, c, d, e, f, g, h]
    }
}
