//! The file system that a machine boots into: the agent, and what it opens.

use std::fs::{self, File};
use std::io::{self, Write};
use std::os::fd::AsRawFd;
use std::sync::OnceLock;

use cpio::newc::{Builder, trailer};

use crate::static_agent;

/// The directories that the agent mounts on, and the one with the devices.
const DIRECTORIES: [&str; 3] = ["dev", "proc", "sys"];

/// The devices with their numbers (Linux Documentation/admin-guide/devices.txt).
const DEVICES: [(&str, u32, u32); 3] = [
    ("dev/console", 5, 1),
    ("dev/null", 1, 3),
    ("dev/ttyS1", 4, 65),
];

/// Where the archive with the static agent can be opened as long as this process
/// runs. It is made once, and has no name that could be left over.
pub(super) fn path() -> Result<String, String> {
    static FILE: OnceLock<Result<File, String>> = OnceLock::new();
    let file = FILE.get_or_init(make).as_ref().map_err(String::clone)?;
    let process = std::process::id();
    Ok(format!("/proc/{process}/fd/{}", file.as_raw_fd()))
}

fn make() -> Result<File, String> {
    let agent = static_agent::path()?;
    let failed = |error| format!("failed to make an initramfs: {error}");
    let agent = fs::read(&agent).map_err(failed)?;
    let mut file = tempfile::tempfile().map_err(failed)?;
    file.write_all(&archive(&agent).map_err(failed)?)
        .map_err(failed)?;
    Ok(file)
}

/// A cpio archive, file types and permissions as in inode(7), in the format that kernels take (Linux
/// Documentation/driver-api/early-userspace/buffer-format.rst).
fn archive(agent: &[u8]) -> io::Result<Vec<u8>> {
    let mut archive = Vec::new();
    let mut entries = Entries {
        archive: &mut archive,
        count: 0,
    };
    for name in DIRECTORIES {
        entries.add(Builder::new(name).mode(0o040_755), &[])?;
    }
    for (name, major, minor) in DEVICES {
        let device = Builder::new(name).mode(0o020_600);
        entries.add(device.rdev_major(major).rdev_minor(minor), &[])?;
    }
    entries.add(Builder::new("init").mode(0o100_755), agent)?;
    trailer(archive)
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
    use super::archive;

    #[test]
    fn the_archive_holds_the_agent_and_the_devices() {
        let archive = archive(b"the agent").unwrap();
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
            ("dev/console", 0o020_600, (5, 1)),
            ("dev/null", 0o020_600, (1, 3)),
            ("dev/ttyS1", 0o020_600, (4, 65)),
            ("init", 0o100_755, (0, 0)),
        ];
        let expected = expected.map(|(name, mode, device)| (name.to_owned(), mode, device));
        assert_eq!(entries, expected);
    }
}
