//! A job object, whose processes end with its last handle, and so with the harness.

use std::ffi::c_void;
use std::io;
use std::mem::size_of;
use std::os::windows::io::{AsRawHandle, FromRawHandle, OwnedHandle};
use std::process::{Child, Command};
use std::ptr;

use windows_sys::Win32::System::JobObjects::{
    AssignProcessToJobObject, CreateJobObjectW, JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE,
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION, JobObjectExtendedLimitInformation,
    SetInformationJobObject, TerminateJobObject,
};

#[derive(Debug)]
pub(super) struct Group(OwnedHandle);

impl Group {
    /// What the process starts before it is in the job is not in it. It has no time to start
    /// anything: its own start takes longer.
    pub(super) fn spawn(command: &mut Command) -> io::Result<(Child, Self)> {
        let job = Self::new()?;
        let mut child = command.spawn()?;
        if let Err(error) = job.take(&child) {
            _ = child.kill();
            _ = child.wait();
            return Err(error);
        }
        Ok((child, job))
    }

    fn new() -> io::Result<Self> {
        // SAFETY: it takes no attributes and no name.
        let job = unsafe { CreateJobObjectW(ptr::null(), ptr::null()) };
        if job.is_null() {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: the handle was just made, and nothing else has it.
        let job = Self(unsafe { OwnedHandle::from_raw_handle(job) });
        let mut limits = JOBOBJECT_EXTENDED_LIMIT_INFORMATION::default();
        limits.BasicLimitInformation.LimitFlags = JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE;
        // SAFETY: the pointer and the size are those of the structure that this class takes.
        let set = unsafe {
            SetInformationJobObject(
                job.0.as_raw_handle(),
                JobObjectExtendedLimitInformation,
                ptr::from_ref(&limits).cast::<c_void>(),
                size_of::<JOBOBJECT_EXTENDED_LIMIT_INFORMATION>() as u32,
            )
        };
        done(set).map(|()| job)
    }

    fn take(&self, child: &Child) -> io::Result<()> {
        // SAFETY: both handles are open as long as their owners exist.
        done(unsafe { AssignProcessToJobObject(self.0.as_raw_handle(), child.as_raw_handle()) })
    }

    /// A job cannot be asked.
    pub(super) fn ask_to_end(&self) {}

    pub(super) fn kill(&self) {
        // SAFETY: the handle is open as long as this value exists.
        _ = unsafe { TerminateJobObject(self.0.as_raw_handle(), 1) };
    }
}

/// A process without a window cannot be asked; it is waited for.
pub(super) fn ask_to_end(_: &Child) {}

/// The error of a call that returns 0 if it failed.
fn done(returned: i32) -> io::Result<()> {
    if returned == 0 {
        return Err(io::Error::last_os_error());
    }
    Ok(())
}
