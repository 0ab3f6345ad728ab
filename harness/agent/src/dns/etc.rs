//! The files in /etc that tell a program where to ask for names, for this process and what it
//! starts alone.

use std::fs;
use std::io;
use std::net::IpAddr;
use std::path::{Path, PathBuf};

use nix::mount::{MsFlags, mount};
use nix::sched::{CloneFlags, unshare};
use tempfile::TempDir;

/// The files, and what is in them (resolv.conf(5), hosts(5), nsswitch.conf(5), gai.conf(5)).
/// Other programs on the machine are asked by none of them.
const FILES: [(&str, &str); 4] = [
    ("resolv.conf", ""),
    ("hosts", "127.0.0.1 localhost\n::1 localhost\n"),
    ("nsswitch.conf", "hosts: files dns\n"),
    ("gai.conf", ""),
];

/// Where a cache of the machine may be asked before any file is read (nscd(8)).
const CACHES: [&str; 2] = ["/run/nscd", "/var/run/nscd"];

/// The files of this process. Its mount namespace ends with it.
pub(crate) struct Etc {
    folder: TempDir,
}

impl Etc {
    /// Moves the thread into a mount namespace in which these files are its own.
    pub(crate) fn make() -> Result<Self, String> {
        let failed = |what: &str, error: io::Error| format!("failed to {what}: {error}");
        let folder = tempfile::Builder::new().prefix("dualstack-etc-").tempdir();
        let folder = folder.map_err(|error| failed("make a folder for /etc/resolv.conf", error))?;
        unshare(CloneFlags::CLONE_NEWNS)
            .map_err(|errno| failed("unshare(CLONE_NEWNS)", errno.into()))?;
        let nothing = None::<&str>;
        // What is mounted here is seen nowhere else (mount_namespaces(7)).
        let private = MsFlags::MS_REC | MsFlags::MS_PRIVATE;
        mount(nothing, "/", nothing, private, nothing)
            .map_err(|errno| failed("make the mounts private", errno.into()))?;
        for (name, text) in FILES {
            let (own, there) = (folder.path().join(name), Path::new("/etc").join(name));
            fs::write(&own, text).map_err(|error| failed(&format!("write {name}"), error))?;
            // The C library has the same in mind for a file that is missing.
            if there.exists() {
                mount(Some(&own), &there, nothing, MsFlags::MS_BIND, nothing)
                    .map_err(|errno| failed(&format!("mount over /etc/{name}"), errno.into()))?;
            }
        }
        for cache in CACHES
            .map(Path::new)
            .into_iter()
            .filter(|cache| cache.is_dir())
        {
            mount(
                Some("none"),
                cache,
                Some("tmpfs"),
                MsFlags::empty(),
                nothing,
            )
            .map_err(|errno| failed(&format!("hide {}", cache.display()), errno.into()))?;
        }
        Ok(Self { folder })
    }

    /// Lets programs ask a server at this address, and wait a second for it. glibc asks twice
    /// more after that, so a lost answer takes three.
    pub(crate) fn ask(&self, server: IpAddr) -> Result<(), String> {
        let text = format!("options timeout:1 attempts:1\nnameserver {server}\n");
        let path: PathBuf = self.folder.path().join("resolv.conf");
        // The same file as before: a new one would not be the one that is mounted.
        fs::write(path, text).map_err(|error| format!("failed to write resolv.conf: {error}"))
    }
}
