//! `accept`: takes a waiting connection.

use serde::{Deserialize, Serialize};

use super::{Show, Verb, text};
use crate::leaf::{Name, Size};
use crate::returned::Shape;
use crate::table::table;

table! {
    /// `accept(2)`: waits for a connection and accepts it.
    ///
    /// `{conn.from}` is the peer's address as the call returned it.
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    pub struct Accept {
        /// The listening socket.
        accept: Name,
        /// The name of the new socket.
        r#as: Name,
        /// The size of the buffer for the peer's address, in bytes; default: enough for
        /// any address.
        namelen: Option<Size>,
    }
}

impl Verb for Accept {
    fn uses(&self) -> Vec<&Name> {
        vec![&self.accept]
    }

    fn waits(&self) -> bool {
        true
    }

    fn describe(&self, _: Show<'_>) -> String {
        let namelen = super::sizes(None, self.namelen);
        text!("{} = accept({}{namelen})", self.r#as, self.accept)
    }

    fn returns(&self) -> Shape {
        Shape::Accepted
    }

    fn tells(&self) -> Option<(&Name, &'static str)> {
        Some((&self.r#as, "from"))
    }

    fn creates(&self) -> Option<&Name> {
        Some(&self.r#as)
    }
}
