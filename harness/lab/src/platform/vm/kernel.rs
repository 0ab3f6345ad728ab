//! The kernels that `fixtures/vm/fetch-kernels` put into the cache.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::platform::cache::cache;
use crate::platform::unusable::Unusable;

/// The module of Debian's kernels for pairs of virtual interfaces.
const VETH: &str = "veth.ko";

/// A kernel to boot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kernel(Result<PathBuf, Unusable>);

/// A kernel that exists and is intact.
#[derive(Clone, Debug)]
pub(super) struct Image {
    pub(super) path: PathBuf,
    /// The module that connects two hosts; caches of earlier versions do not have it.
    pub(super) veth: Option<PathBuf>,
    /// Its package, with the version.
    pub(super) package: String,
}

impl Kernel {
    /// The kernel of a series (`6.12`) in the cache: `DUALSTACK_CACHE`, or
    /// `dualstack` in `XDG_CACHE_HOME` or `~/.cache`.
    pub fn cached(series: &str) -> Self {
        let cache = cache().ok_or_else(|| {
            Unusable::new(
                "there is no cache for kernels: HOME is not set",
                "set DUALSTACK_CACHE to a directory",
            )
        });
        Self(cache.map(|cache| cache.join("kernels").join(series)))
    }

    /// The kernel in a directory as made by `fixtures/vm/fetch-kernels`: `vmlinux` or
    /// `vmlinuz`, `SHA256SUMS`, for cases with two hosts `veth.ko`, and optionally
    /// `package`.
    pub fn in_directory(directory: &Path) -> Self {
        Self(Ok(directory.to_owned()))
    }

    /// Its directory, unless there is no cache.
    pub fn directory(&self) -> Option<&Path> {
        self.0.as_deref().ok()
    }

    /// Checks the hashes of the kernel and its module, which takes a third of a second.
    pub(super) fn image(&self) -> Result<Image, Unusable> {
        let directory = self.0.clone()?;
        let image = ["vmlinux", "vmlinuz"]
            .map(|name| directory.join(name))
            .into_iter()
            .find(|image| image.is_file());
        let Some(path) = image else {
            let why = format!("there is no kernel in {}", directory.display());
            return Err(Unusable::new(why, "run `dualstack setup vm`"));
        };
        check(&directory).map_err(|said| {
            let kernel = path.display();
            let why = format!("the kernel {kernel} is not as it was fetched: {said}");
            Unusable::new(why, "run `dualstack setup vm` again")
        })?;
        let package = fs::read_to_string(directory.join("package")).unwrap_or_default();
        let package = match package.trim() {
            "" => "a kernel of unknown origin".to_owned(),
            package => package.to_owned(),
        };
        let veth = is_listed(&directory, VETH).then(|| directory.join(VETH));
        Ok(Image {
            path,
            veth,
            package,
        })
    }
}

/// Checks the files in a directory against its `SHA256SUMS`.
fn check(directory: &Path) -> Result<(), String> {
    let checked = Command::new("sha256sum")
        .args(["--check", "--strict", "--quiet", "SHA256SUMS"])
        .env("LC_ALL", "C")
        .current_dir(directory)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("failed to start sha256sum: {error}"))?;
    if checked.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&checked.stdout).into_owned()
        + &String::from_utf8_lossy(&checked.stderr);
    Err(said.trim().replace('\n', ", "))
}

/// Whether `SHA256SUMS` lists a file.
fn is_listed(directory: &Path, name: &str) -> bool {
    let listed = fs::read_to_string(directory.join("SHA256SUMS")).unwrap_or_default();
    listed
        .lines()
        .any(|line| line.split_whitespace().nth(1) == Some(name))
}
