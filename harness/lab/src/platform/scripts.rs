//! The scripts that install what platforms need and that run Wine: those of the clone, or
//! those in this crate, written to the cache.

use std::path::PathBuf;
use std::process::Command;

use super::unusable::Unusable;
use super::workspace;

/// A command that sets up platforms; its arguments are those of `fixtures/setup`.
///
/// # Errors
///
/// The script cannot be written to the cache, or is not for this system.
pub fn setup() -> Result<Command, Unusable> {
    Ok(Command::new(folder()?.join("setup")))
}

/// The folder of the scripts, with the same structure as the clone's `fixtures`.
pub(super) fn folder() -> Result<PathBuf, Unusable> {
    match workspace::root() {
        Some(root) => Ok(root.join("fixtures")),
        None => packed::folder(),
    }
}

#[cfg(not(target_os = "linux"))]
mod packed {
    use crate::platform::unusable::Unusable;

    pub(super) fn folder() -> Result<std::path::PathBuf, Unusable> {
        Err(Unusable::new(
            "the setup scripts are for Debian; this is another system",
            "install what `dualstack platforms` says is missing",
        ))
    }
}

#[cfg(target_os = "linux")]
mod packed {
    use std::fs::{self, Permissions};
    use std::hash::{DefaultHasher, Hash, Hasher};
    use std::io;
    use std::os::unix::fs::PermissionsExt;
    use std::path::{Path, PathBuf};

    use crate::platform::cache::cache;
    use crate::platform::unusable::Unusable;

    macro_rules! scripts {
        ($($path:literal),* $(,)?) => {
            [$(($path, include_str!(concat!("../../fixtures/", $path)))),*]
        };
    }

    const SCRIPTS: [(&str, &str); 8] = scripts![
        "setup",
        "container/install",
        "gvisor/install",
        "vm/install",
        "vm/fetch-kernels",
        "windows/install",
        "windows/wine",
        "windows/stub/bcryptprimitives.c",
    ];

    /// Written once per version, so that scripts of another version are never used.
    pub(super) fn folder() -> Result<PathBuf, Unusable> {
        let fix = "set DUALSTACK_CACHE to a directory that can be written to";
        let cache = cache().ok_or_else(|| {
            Unusable::new("there is no cache for the scripts: HOME is not set", fix)
        })?;
        let mut hasher = DefaultHasher::new();
        SCRIPTS.hash(&mut hasher);
        let folder = cache.join(format!("scripts-{:016x}", hasher.finish()));
        if !folder.is_dir() {
            write_to(&cache, &folder).map_err(|error| {
                Unusable::new(
                    format!("failed to write {}: {error}", folder.display()),
                    fix,
                )
            })?;
        }
        Ok(folder)
    }

    fn write_to(cache: &Path, folder: &Path) -> io::Result<()> {
        fs::create_dir_all(cache)?;
        let new = tempfile::tempdir_in(cache)?;
        for (path, text) in SCRIPTS {
            let script = new.path().join(path);
            fs::create_dir_all(script.parent().unwrap_or(new.path()))?;
            fs::write(&script, text)?;
            fs::set_permissions(&script, Permissions::from_mode(0o755))?;
        }
        match fs::rename(new.path(), folder) {
            // Another process was faster.
            Err(_) if folder.is_dir() => Ok(()),
            renamed => renamed,
        }
    }

    #[cfg(test)]
    mod tests {
        use std::collections::BTreeSet;

        use super::*;

        /// The scripts that build, for which a clone is needed, and programs for tests.
        const OTHERS: [&str; 4] = [
            "windows/build",
            "windows/cargo",
            "programs/client.py",
            "programs/server.py",
        ];

        fn files(root: &Path, folder: &Path, found: &mut BTreeSet<String>) {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    files(root, &path, found);
                } else {
                    let name = path.strip_prefix(root).unwrap();
                    found.insert(name.to_str().unwrap().to_owned());
                }
            }
        }

        #[test]
        fn every_script_is_written_that_needs_no_clone() {
            let package = std::env::var_os("CARGO_MANIFEST_DIR").unwrap();
            let fixtures = Path::new(&package).join("fixtures");
            let cache = tempfile::tempdir().unwrap();
            let folder = cache.path().join("scripts");
            write_to(cache.path(), &folder).unwrap();
            let [mut known, mut written] = [BTreeSet::new(), BTreeSet::new()];
            files(&fixtures, &fixtures, &mut known);
            files(&folder, &folder, &mut written);
            known.retain(|name| !OTHERS.contains(&name.as_str()));
            assert_eq!(written, known);
        }
    }
}
