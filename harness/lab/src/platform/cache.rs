//! The directory for files to keep from run to run.

use std::env;
use std::path::PathBuf;

/// `DUALSTACK_CACHE`, or `dualstack` in `XDG_CACHE_HOME` or `~/.cache`; `None` if no variable
/// names one.
pub(crate) fn cache() -> Option<PathBuf> {
    let set = |name| env::var_os(name).filter(|value| !value.is_empty());
    if let Some(cache) = set("DUALSTACK_CACHE") {
        return Some(cache.into());
    }
    let caches = match set("XDG_CACHE_HOME") {
        Some(caches) => PathBuf::from(caches),
        None => PathBuf::from(set("HOME")?).join(".cache"),
    };
    Some(caches.join("dualstack"))
}
