//! What `getsockname` and `getpeername` return.

use dualstack_names::Sockaddr;

use super::{Kind, owned};
use crate::value::Value;

/// The fields of an address.
pub(crate) const FIELDS: [&str; 3] = ["address", "port", "family"];

impl Kind for Sockaddr {
    fn fields(_: bool) -> Vec<String> {
        owned(&FIELDS)
    }

    fn field(&self, path: &[&str]) -> Value {
        match path {
            ["port"] => self.port().map_or_else(|| Value::text("none"), Value::Port),
            ["family"] => Value::text(self.family()),
            ["address"] => Value::text(self),
            _ => Value::Address(self.clone()),
        }
    }

    fn sockaddr(&self) -> Option<&Sockaddr> {
        Some(self)
    }

    fn trace(&self) -> String {
        self.with_port()
    }
}

/// The fields of an address that is a field itself: `from`, `from.port`.
pub(crate) fn fields_of(name: &str) -> impl Iterator<Item = String> {
    let inner = FIELDS.map(|field| format!("{name}.{field}"));
    [name.to_owned()].into_iter().chain(inner)
}
