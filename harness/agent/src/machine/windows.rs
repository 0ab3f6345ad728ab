//! Windows: the version that the system reports, and the sign of Wine.

use std::ffi::{CStr, c_char};

use dualstack_scenario::Environment;
use windows_sys::Win32::System::LibraryLoader::{GetModuleHandleA, GetProcAddress};

/// The version that selectors compare: `10.0.22631`.
pub(super) fn version() -> String {
    os_info::get().version().to_string()
}

/// Name of the edition, `Windows 11 Professional`; of the system with its version if it
/// has none.
pub(super) fn edition() -> String {
    let info = os_info::get();
    match info.edition() {
        Some(edition) => edition.to_owned(),
        None => format!("{} {}", info.os_type(), info.version()),
    }
}

/// The edition with its version and build number.
pub(super) fn build() -> String {
    format!("{} {}", os_info::get(), std::env::consts::ARCH)
}

/// Wine exports `wine_get_version` from ntdll, which Windows does not.
pub(super) fn environment() -> Option<Environment> {
    // SAFETY: both names are NUL-terminated, and ntdll is loaded in every process.
    let function = unsafe {
        GetProcAddress(
            GetModuleHandleA(c"ntdll.dll".as_ptr().cast()),
            c"wine_get_version".as_ptr().cast(),
        )
    }?;
    // SAFETY: Wine declares it like this (dlls/ntdll/version.c): no arguments, a static C string back.
    let version = unsafe {
        let wine_get_version: extern "system" fn() -> *const c_char = std::mem::transmute(function);
        CStr::from_ptr(wine_get_version())
    };
    Some(Environment {
        name: "wine".to_owned(),
        version: version.to_string_lossy().into_owned(),
    })
}
