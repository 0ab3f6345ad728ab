//! The layout of control messages on Windows: `WSACMSGHDR`, which windows-sys calls
//! `CMSGHDR`.
//!
//! The arithmetic is that of the macros in ws2def.h.

use std::mem::offset_of;
use std::net::Ipv4Addr;

use windows_sys::Win32::Networking::WinSock::{
    CMSGHDR, IN_PKTINFO as InPktinfo, IN6_PKTINFO as In6Pktinfo,
};

use super::payload::IN6_PKTINFO;

// Layout

/// From the start of a header to its data: `WSA_CMSG_LEN(0)`.
pub(super) const HEADER: usize = align_data(size_of::<CMSGHDR>());

/// From the start of a header to the next one: `WSA_CMSG_SPACE`.
pub(super) fn space(data_len: usize) -> usize {
    align_data(size_of::<CMSGHDR>() + data_len.next_multiple_of(align_of::<CMSGHDR>()))
}

/// `WSA_CMSGDATA_ALIGN`, by `MAX_NATURAL_ALIGNMENT`, which is a pointer's.
const fn align_data(length: usize) -> usize {
    length.next_multiple_of(align_of::<usize>())
}

/// `length` is the length of header and data, `WSA_CMSG_LEN`.
pub(super) fn write_header(bytes: &mut [u8], length: usize, level: i32, kind: i32) {
    assert!(bytes.len() >= size_of::<CMSGHDR>());
    let header = CMSGHDR {
        cmsg_len: length,
        cmsg_level: level,
        cmsg_type: kind,
    };
    // SAFETY: there is room, as asserted, and an unaligned write needs nothing else.
    unsafe { bytes.as_mut_ptr().cast::<CMSGHDR>().write_unaligned(header) }
}

/// Length, level and type, if there is a whole header.
pub(super) fn read_header(bytes: &[u8]) -> Option<(usize, i32, i32)> {
    if bytes.len() < size_of::<CMSGHDR>() {
        return None;
    }
    // SAFETY: there are enough initialised bytes, and any are a valid `CMSGHDR`.
    let header = unsafe { bytes.as_ptr().cast::<CMSGHDR>().read_unaligned() };
    Some((header.cmsg_len, header.cmsg_level, header.cmsg_type))
}

// Structures

/// The size of `IN_PKTINFO`: address, index.
pub(super) const IN_PKTINFO: usize = 8;

const _: () = {
    assert!(size_of::<InPktinfo>() == IN_PKTINFO);
    assert!(offset_of!(InPktinfo, ipi_addr) == 0);
    assert!(offset_of!(InPktinfo, ipi_ifindex) == 4);
    assert!(size_of::<In6Pktinfo>() == IN6_PKTINFO);
    assert!(offset_of!(In6Pktinfo, ipi6_addr) == 0);
    assert!(offset_of!(In6Pktinfo, ipi6_ifindex) == 16);
};

pub(super) fn read_in_pktinfo(bytes: &[u8; IN_PKTINFO]) -> (u32, Option<Ipv4Addr>, Ipv4Addr) {
    let [a, b, c, d, e, f, g, h] = *bytes;
    let addr = Ipv4Addr::new(a, b, c, d);
    (u32::from_ne_bytes([e, f, g, h]), None, addr)
}

pub(super) fn write_in_pktinfo(
    ifindex: u32,
    spec_dst: Ipv4Addr,
    _addr: Ipv4Addr,
) -> [u8; IN_PKTINFO] {
    let [a, b, c, d] = spec_dst.octets();
    let [e, f, g, h] = ifindex.to_ne_bytes();
    [a, b, c, d, e, f, g, h]
}
