//! Windows: the version that the system reports, and the mark of Wine.

use std::ffi::{CStr, c_char};

use dualstack_scenario::Environment;
use windows_sys::Win32::System::LibraryLoader::{GetModuleHandleA, GetProcAddress};

/// The version that expectations are bounded by.
pub(super) fn version(info: &os_info::Info) -> String {
    info.version().to_string()
}

/// The edition with its version and build number.
pub(super) fn build(info: &os_info::Info) -> String {
    format!("{info} {}", std::env::consts::ARCH)
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
    // SAFETY: Wine declares it so (dlls/ntdll/version.c): no arguments, a static C string back.
    let version = unsafe {
        let wine_get_version: extern "system" fn() -> *const c_char = std::mem::transmute(function);
        CStr::from_ptr(wine_get_version())
    };
    Some(Environment {
        name: "wine".to_owned(),
        version: version.to_string_lossy().into_owned(),
    })
}
