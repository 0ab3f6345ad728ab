//! What takes so long that a person would wonder, in words.

use std::sync::OnceLock;

static LISTENER: OnceLock<fn(&str)> = OnceLock::new();

/// Has notices, each a line without an end, said to this function. Only the first listener
/// counts; without one they are not said.
pub fn listen(listener: fn(&str)) {
    LISTENER.get_or_init(|| listener);
}

pub(crate) fn say(text: &str) {
    if let Some(listener) = LISTENER.get() {
        listener(text);
    }
}
