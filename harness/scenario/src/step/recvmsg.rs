//! `recvmsg`: receives with the sender's address and control messages.

use serde::{Deserialize, Serialize};

use super::{Show, Verb, text};
use crate::control::ControlRoom;
use crate::leaf::{Name, Size};
use crate::returned::Shape;
use crate::table::table;

table! {
    /// `recvmsg(2)`, `WSARecvMsg`: waits for a datagram and receives it with its sender's
    /// address and its control messages.
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    pub struct Recvmsg {
        /// The socket.
        recvmsg: Name,
        /// The size of the control buffer: a number of bytes, or a list of the messages
        /// that must fit, `["IP_PKTINFO"]`; default: 256.
        control: Option<ControlRoom>,
        /// The size of the buffer, in bytes; default: 2048.
        size: Option<Size>,
        /// The size of the buffer for the sender's address, in bytes; default: enough for
        /// any address.
        namelen: Option<Size>,
    }
}

impl Verb for Recvmsg {
    fn uses(&self) -> Vec<&Name> {
        vec![&self.recvmsg]
    }

    fn waits(&self) -> bool {
        true
    }

    fn describe(&self, _: Show<'_>) -> String {
        let room = match &self.control {
            None => String::new(),
            Some(ControlRoom::Bytes(size)) => format!(", control: {} bytes", size.0),
            Some(ControlRoom::For(kinds)) => {
                let names: Vec<&str> = kinds.iter().map(|kind| kind.name()).collect();
                format!(", control: room for {}", names.join(" + "))
            }
        };
        let sizes = super::sizes(self.size, self.namelen);
        text!("recvmsg({}{sizes}{room})", self.recvmsg)
    }

    fn returns(&self) -> Shape {
        Shape::Received
    }
}
