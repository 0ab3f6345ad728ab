//! The files in /etc that tell a program where to ask for names, for this process and what it
//! starts alone.

use std::fs::{self, File};
use std::io::{self, Seek, Write};
use std::net::IpAddr;
use std::path::Path;

use nix::mount::{MsFlags, mount};
use nix::sched::{CloneFlags, unshare};

const SERVERS: &str = "resolv.conf";

/// The files, and what is in them (resolv.conf(5), hosts(5), nsswitch.conf(5), gai.conf(5)).
/// Other programs on the machine are asked by none of them.
const FILES: [(&str, &str); 4] = [
    (SERVERS, ""),
    ("hosts", "127.0.0.1 localhost\n::1 localhost\n"),
    ("nsswitch.conf", "hosts: files dns\n"),
    ("gai.conf", ""),
];

/// Where a cache of the machine may be asked before any file is read (nscd(8)).
const CACHES: [&str; 2] = ["/run/nscd", "/var/run/nscd"];

/// The files of this process. They have no name any more, and end with its mount namespace:
/// with the process, however that ends.
pub(crate) struct Etc {
    servers: Option<File>,
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
        let mut servers = None;
        for (name, text) in FILES {
            let (own, there) = (folder.path().join(name), Path::new("/etc").join(name));
            // Without a file the C library has the same in mind, and a server on 127.0.0.1.
            if !there.exists() {
                continue;
            }
            fs::write(&own, text).map_err(|error| failed(&format!("write {name}"), error))?;
            mount(Some(&own), &there, nothing, MsFlags::MS_BIND, nothing)
                .map_err(|errno| failed(&format!("mount over /etc/{name}"), errno.into()))?;
            if name == SERVERS {
                let file = File::options().write(true).open(&own);
                servers = Some(file.map_err(|error| failed(&format!("open {name}"), error))?);
            }
        }
        folder
            .close()
            .map_err(|error| failed("remove the folder of /etc/resolv.conf", error))?;
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
        Ok(Self { servers })
    }

    /// Lets programs ask a server at this address, and wait a second for it. glibc asks again
    /// after that: a lost answer takes it three seconds (seen with 2.36).
    pub(crate) fn ask(&mut self, server: IpAddr) -> Result<(), String> {
        let text = format!("options timeout:1 attempts:1\nnameserver {server}\n");
        let Some(file) = &mut self.servers else {
            return Ok(());
        };
        let mut write = || {
            file.set_len(0)?;
            file.rewind()?;
            file.write_all(text.as_bytes())
        };
        write().map_err(|error| format!("failed to write {SERVERS}: {error}"))
    }
}
