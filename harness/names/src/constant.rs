//! Numbers by their C names: flags, events, address families, socket types.

use crate::systems::{Systems, number, systems};

/// A constant of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Constant {
    /// Its name in C.
    pub name: &'static str,
    /// Its number on the system that this is built for; `None` if that has no such constant.
    pub number: Option<i32>,
    /// What it means and where that is documented.
    pub doc: &'static str,
    /// The systems that have it.
    pub systems: Systems,
}

impl Constant {
    /// The constant with this name in a table.
    pub fn by_name(table: &'static [Self], name: &str) -> Option<&'static Self> {
        table.iter().find(|constant| constant.name == name)
    }

    /// The constant with this number in a table.
    pub fn by_number(table: &'static [Self], number: i32) -> Option<&'static Self> {
        table
            .iter()
            .find(|constant| constant.number == Some(number))
    }

    /// The names of the flags that are set, in the order of the table, and the bits that have no
    /// name there. A flag of several bits is set if one of them is: Windows' POLLIN is
    /// `POLLRDNORM | POLLRDBAND`.
    pub fn names_of(table: &'static [Self], bits: i32) -> (Vec<&'static str>, i32) {
        let mut unnamed = bits;
        let mut names = Vec::new();
        for flag in table {
            let own = flag.number.unwrap_or_default();
            if bits & own != 0 {
                names.push(flag.name);
                unnamed &= !own;
            }
        }
        (names, unnamed)
    }
}

/// Declares a table; see `systems.rs` for the columns.
macro_rules! constants {
    ($(#[doc = $table_doc:literal])+ $table:ident: $($(#[doc = $doc:literal])+ $name:ident
        $linux:tt $apple:tt $freebsd:tt $dragonfly:tt $netbsd:tt $openbsd:tt $windows:tt)+) => {
        $(#[doc = $table_doc])+
        pub const $table: &[Constant] = &[$(Constant {
            name: stringify!($name),
            number: number!($name $linux $apple $freebsd $dragonfly $netbsd $openbsd $windows),
            doc: concat!($($doc),+),
            systems: systems!($linux $apple $freebsd $dragonfly $netbsd $openbsd $windows),
        }),+];
    };
}

constants! {
    /// What `recvmsg` reports in `msg_flags`, those of RFC 3542 and POSIX first.
    MESSAGE_FLAGS:
    //             Linux Apple Free  Dfly  Net   Open  Windows
    /// The data was longer than its buffer. recvmsg(2).
    MSG_TRUNC      +     +     +     +     +     +     +
    /// There were more control messages than the buffer could hold. recvmsg(2).
    MSG_CTRUNC     +     +     +     +     +     +     +
    /// The end of a record. recvmsg(2).
    MSG_EOR        +     +     +     +     +     +     -
    /// Urgent data. recvmsg(2).
    MSG_OOB        +     +     +     +     +     +     +
    /// An error from the socket's error queue. recvmsg(2).
    MSG_ERRQUEUE   +     -     -     -     -     -     +
    /// It came by broadcast. OpenBSD recv(2), Winsock's WSAMSG.
    MSG_BCAST      -     -     -     -     +     +     +
    /// It came by multicast. OpenBSD recv(2), Winsock's WSAMSG.
    MSG_MCAST      -     -     -     -     +     +     +
}

constants! {
    /// What `poll` waits for and reports.
    POLL_EVENTS:
    //             Linux Apple Free  Dfly  Net   Open  Windows
    /// There is something to read, or a connection to accept. poll(2).
    POLLIN         +     +     +     +     +     +     +
    /// There is urgent data or another exceptional condition. poll(2).
    POLLPRI        +     +     +     +     +     +     +
    /// There is room to write, or a connection attempt has ended. poll(2).
    POLLOUT        +     +     +     +     +     +     +
    /// The peer will send no more. poll(2).
    POLLRDHUP      +     -     +     -     -     -     -
    /// An error is waiting. Reported unasked. poll(2).
    POLLERR        +     +     +     +     +     +     +
    /// The connection is gone. Reported unasked. poll(2).
    POLLHUP        +     +     +     +     +     +     +
    /// It is not an open socket. Reported unasked. poll(2).
    POLLNVAL       +     +     +     +     +     +     +
}

constants! {
    /// `ai_flags` of the hints of `getaddrinfo`.
    ADDRINFO_FLAGS:
    //             Linux Apple Free  Dfly  Net   Open  Windows
    /// Without a node: addresses to bind to. getaddrinfo(3), RFC 3493 section 6.1.
    AI_PASSIVE     +     +     +     +     +     +     +
    /// The canonical name as well. getaddrinfo(3), RFC 3493 section 6.1.
    AI_CANONNAME   +     +     +     +     +     +     +
    /// The node is an address, and no name is resolved. getaddrinfo(3), RFC 3493 section 6.1.
    AI_NUMERICHOST +     +     +     +     +     +     +
    /// The service is a port, and no name is resolved. getaddrinfo(3), RFC 3493 section 6.1.
    AI_NUMERICSERV +     +     +     +     +     +     +
    /// For AF_INET6: IPv4-mapped addresses if there are no others. getaddrinfo(3), RFC
    /// 3493 section 6.1.
    AI_V4MAPPED    +     +     +     +     -     -     +
    /// With AI_V4MAPPED: IPv4-mapped addresses in addition to others. getaddrinfo(3), RFC
    /// 3493 section 6.1.
    AI_ALL         +     +     +     +     -     -     +
    /// Only addresses of families that the machine has an address of. getaddrinfo(3), RFC
    /// 3493 section 6.1.
    AI_ADDRCONFIG  +     +     +     +     +     +     +
}

constants! {
    /// The address families that have a name here.
    ADDRESS_FAMILIES:
    //             Linux Apple Free  Dfly  Net   Open  Windows
    /// No family: `connect` to it dissolves an association, and `getaddrinfo` looks for all.
    AF_UNSPEC      +     +     +     +     +     +     +
    /// IPv4. ip(7).
    AF_INET        +     +     +     +     +     +     +
    /// IPv6. ipv6(7).
    AF_INET6       +     +     +     +     +     +     +
}

constants! {
    /// The types of socket that have a name here.
    SOCKET_TYPES:
    //             Linux Apple Free  Dfly  Net   Open  Windows
    /// A byte stream: TCP. socket(2).
    SOCK_STREAM    +     +     +     +     +     +     +
    /// Datagrams: UDP. socket(2).
    SOCK_DGRAM     +     +     +     +     +     +     +
    /// The network protocol itself. raw(7).
    SOCK_RAW       +     +     +     +     +     +     +
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_are_told_by_name_and_the_rest_is_kept() {
        let bits = |name| {
            Constant::by_name(MESSAGE_FLAGS, name)
                .unwrap()
                .number
                .unwrap()
        };
        let set = bits("MSG_CTRUNC") | bits("MSG_TRUNC") | 0x2000_0000;
        let told = Constant::names_of(MESSAGE_FLAGS, set);
        assert_eq!(told, (vec!["MSG_TRUNC", "MSG_CTRUNC"], 0x2000_0000));
        assert_eq!(Constant::names_of(MESSAGE_FLAGS, 0), (vec![], 0));
    }

    #[test]
    fn a_flag_of_several_bits_is_set_if_one_is() {
        const TABLE: &[Constant] = &[Constant {
            name: "POLLIN",
            number: Some(0x300),
            doc: "",
            systems: systems!(- - - - - - +),
        }];
        assert_eq!(Constant::names_of(TABLE, 0x100), (vec!["POLLIN"], 0));
        assert_eq!(Constant::names_of(TABLE, 0x001), (vec![], 1));
    }
}
