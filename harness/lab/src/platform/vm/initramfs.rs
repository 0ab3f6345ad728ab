//! The file system that a machine boots into: the agent and its files.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Write};
use std::os::fd::AsRawFd;
use std::path::{Path, PathBuf};

use cpio::newc::{Builder, trailer};
use dualstack_agent::init::{MODULES, PROGRAM};

use crate::platform::payload::payload;
use crate::platform::unusable::Unusable;

/// The directories that the agent mounts on, and those of the devices and the modules.
const DIRECTORIES: [&str; 4] = ["dev", "proc", "sys", MODULES];

/// The devices with their numbers (Linux Documentation/admin-guide/devices.txt).
const DEVICES: [(&str, u32, u32); 3] = [
    ("dev/console", 5, 1),
    ("dev/null", 1, 3),
    ("dev/ttyS1", 4, 65),
];

/// An archive for one kernel. It has no name, so it cannot be left behind.
#[derive(Debug)]
pub(super) struct Initramfs {
    file: File,
    /// In MiB, rounded up.
    size: usize,
}

impl Initramfs {
    /// Contains the agent, its files, and the kernel modules that it may load.
    pub(super) fn make(modules: &[PathBuf]) -> Result<Self, Unusable> {
        let programs = payload()?.files(PROGRAM)?;
        Self::write(&programs, modules).map_err(|error| {
            Unusable::new(
                format!("failed to make an initramfs: {error}"),
                "free some space in the directory for temporary files, and make the modules readable",
            )
        })
    }

    fn write(programs: &[(String, Vec<u8>)], modules: &[PathBuf]) -> io::Result<Self> {
        let named = |path: &PathBuf| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            Ok((format!("{MODULES}/{name}"), fs::read(path)?))
        };
        let modules: io::Result<Vec<_>> = modules.iter().map(named).collect();
        let archive = archive(programs, &modules?)?;
        let mut file = tempfile::tempfile()?;
        file.write_all(&archive)?;
        let size = archive.len().div_ceil(1 << 20);
        Ok(Self { file, size })
    }

    /// Its size in the machine's memory, in MiB.
    pub(super) fn size(&self) -> usize {
        self.size
    }

    /// A path that opens it as long as this value exists.
    pub(super) fn path(&self) -> String {
        format!("/proc/{}/fd/{}", std::process::id(), self.file.as_raw_fd())
    }
}

/// A cpio archive, file types and permissions as in inode(7), in the format that kernels
/// accept (Linux Documentation/driver-api/early-userspace/buffer-format.rst).
fn archive(programs: &[(String, Vec<u8>)], modules: &[(String, Vec<u8>)]) -> io::Result<Vec<u8>> {
    let mut archive = Vec::new();
    let mut entries = Entries {
        archive: &mut archive,
        count: 0,
    };
    let directories = DIRECTORIES.map(str::to_owned).into_iter();
    for name in directories.chain(above(programs)) {
        entries.add(Builder::new(&name).mode(0o040_755), &[])?;
    }
    for (name, major, minor) in DEVICES {
        let device = Builder::new(name).mode(0o020_600);
        entries.add(device.rdev_major(major).rdev_minor(minor), &[])?;
    }
    for (path, program) in programs {
        entries.add(Builder::new(path).mode(0o100_755), program)?;
    }
    for (path, module) in modules {
        entries.add(Builder::new(path).mode(0o100_644), module)?;
    }
    trailer(archive)
}

/// The directories of the files, each after its parent.
fn above(files: &[(String, Vec<u8>)]) -> BTreeSet<String> {
    let ancestors = files
        .iter()
        .flat_map(|(path, _)| Path::new(path).ancestors().skip(1));
    let directories = ancestors.filter(|path| path.parent().is_some());
    directories
        .map(|path| path.to_string_lossy().into_owned())
        .collect()
}

struct Entries<'a> {
    archive: &'a mut Vec<u8>,
    count: u32,
}

impl Entries<'_> {
    fn add(&mut self, entry: Builder, content: &[u8]) -> io::Result<()> {
        self.count += 1;
        let size = u32::try_from(content.len()).map_err(io::Error::other)?;
        let mut entry = entry.ino(self.count).write(&mut *self.archive, size);
        entry.write_all(content)?;
        entry.finish()?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{MODULES, archive};

    #[test]
    fn the_archive_holds_the_agent_its_libraries_the_devices_and_the_modules() {
        let file = |path: &str| (path.to_owned(), path.as_bytes().to_vec());
        let programs = [
            file("/init"),
            file("/lib64/ld.so"),
            file("/lib/gnu/libc.so.6"),
        ];
        let modules = [file("/dualstack-modules/veth.ko")];
        let archive = archive(&programs, &modules).unwrap();
        let mut rest = archive.as_slice();
        let mut entries = Vec::new();
        loop {
            let reader = cpio::newc::Reader::new(rest).unwrap();
            if reader.entry().is_trailer() {
                break;
            }
            let entry = reader.entry();
            let device = (entry.rdev_major(), entry.rdev_minor());
            entries.push((entry.name().to_owned(), entry.mode(), device));
            rest = reader.finish().unwrap();
        }
        let expected = [
            ("dev", 0o040_755, (0, 0)),
            ("proc", 0o040_755, (0, 0)),
            ("sys", 0o040_755, (0, 0)),
            (MODULES, 0o040_755, (0, 0)),
            ("/lib", 0o040_755, (0, 0)),
            ("/lib/gnu", 0o040_755, (0, 0)),
            ("/lib64", 0o040_755, (0, 0)),
            ("dev/console", 0o020_600, (5, 1)),
            ("dev/null", 0o020_600, (1, 3)),
            ("dev/ttyS1", 0o020_600, (4, 65)),
            ("/init", 0o100_755, (0, 0)),
            ("/lib64/ld.so", 0o100_755, (0, 0)),
            ("/lib/gnu/libc.so.6", 0o100_755, (0, 0)),
            ("/dualstack-modules/veth.ko", 0o100_644, (0, 0)),
        ];
        let expected = expected.map(|(name, mode, device)| (name.to_owned(), mode, device));
        assert_eq!(entries, expected);
    }
}
