//! A door for fuzz targets to what decodes the bytes that a system wrote. Not part of the
//! public API.

use dualstack_names::{ControlMessage, SocketOption};

use crate::error::Result;
use crate::option::OptionReading;
use crate::sockaddr::RawSockaddr;
use crate::{cmsg, option};

/// The control messages in a buffer that `recvmsg` filled.
pub fn control(bytes: &[u8]) -> Vec<ControlMessage> {
    cmsg::decode(bytes)
}

/// The buffer with these messages for `sendmsg`.
///
/// # Errors
///
/// One of them cannot be sent on this system.
pub fn encoded(messages: &[ControlMessage]) -> Result<Vec<u8>> {
    cmsg::encode(messages).map(|buffer| buffer.as_bytes().to_vec())
}

/// A name in a buffer of these bytes, of which the system says that it has this length.
pub fn name(bytes: &[u8], length: usize) -> RawSockaddr {
    let mut name = RawSockaddr::to_fill(bytes.len());
    name.as_mut_bytes().copy_from_slice(bytes);
    name.filled(length)
}

/// An option's value, of which the system wrote these bytes and says that it wrote `len`.
/// Bytes that the option's type has no room for are left out.
pub fn option(option: &SocketOption, bytes: &[u8], len: usize) -> OptionReading {
    let mut buffer = vec![0; option.value.size()];
    let room = buffer.len().min(bytes.len());
    buffer[..room].copy_from_slice(&bytes[..room]);
    option::decode(option, &buffer, len)
}
