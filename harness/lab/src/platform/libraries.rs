//! The files that a Linux program needs besides itself: the dynamic linker, and the
//! shared libraries that it finds.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use object::LittleEndian;
use object::elf::FileHeader64;
use object::read::elf::{FileHeader, ProgramHeader};

/// Where the GNU linker looks for libraries (ld.so(8)).
const CACHE: &str = "/etc/ld.so.cache";

/// Every file that a program of this machine needs, by its absolute path; none if it is
/// static.
///
/// The dynamic linker itself lists them (ld.so(8), `--list`), so that exactly its rules
/// and settings apply. The program is not run.
pub(crate) fn of(program: &Path) -> Result<Vec<PathBuf>, String> {
    let Some(linker) = interpreter(program)? else {
        return Ok(Vec::new());
    };
    let output = Command::new(&linker)
        .arg("--list")
        .arg(program)
        .env("LC_ALL", "C")
        // Where the program is going, these variables are not set.
        .env_remove("LD_LIBRARY_PATH")
        .env_remove("LD_PRELOAD")
        .stdin(Stdio::null())
        .output()
        .map_err(|error| {
            let linker = linker.display();
            format!("it is not static, and its linker {linker} does not start: {error}")
        })?;
    let mut files = listed(&String::from_utf8_lossy(&output.stdout))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(format!("its libraries cannot be listed: {}", said.trim()));
    }
    files.push(linker);
    files.extend(Some(PathBuf::from(CACHE)).filter(|cache| cache.is_file()));
    Ok(files)
}

/// The dynamic linker that a program names (elf(5), PT_INTERP).
fn interpreter(program: &Path) -> Result<Option<PathBuf>, String> {
    let image = fs::read(program).map_err(|error| format!("it cannot be read: {error}"))?;
    let no_program = |_| "it is not a 64-bit Linux program".to_owned();
    let image = image.as_slice();
    let header = FileHeader64::<LittleEndian>::parse(image).map_err(no_program)?;
    let endian = header.endian().map_err(no_program)?;
    let segments = header.program_headers(endian, image).map_err(no_program)?;
    for segment in segments {
        if let Some(path) = segment.interpreter(endian, image).map_err(no_program)? {
            return Ok(Some(String::from_utf8_lossy(path).into_owned().into()));
        }
    }
    Ok(None)
}

/// The libraries in a linker's list, `NAME => PATH (ADDRESS)`. A line without an arrow is
/// the linker itself, or mapped by the kernel (vdso(7)).
fn listed(list: &str) -> Result<Vec<PathBuf>, String> {
    let found = list.lines().filter_map(|line| line.split_once(" => "));
    let found = found.map(|(name, found)| match found.rsplit_once(" (") {
        Some((path, _)) => Ok(PathBuf::from(path)),
        None => Err(format!("it needs {}, which is {found}", name.trim())),
    });
    found.collect()
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::{interpreter, listed, of};
    use rstest::rstest;
    use std::io::Write;
    use std::path::{Path, PathBuf};

    const LIST: &str = "\tlinux-vdso.so.1 (0x00007f)\n\
        \tlibc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f)\n\
        \tlibown.so => /opt/a folder/libown.so (0x00007f)\n\
        \t/lib64/ld-linux-x86-64.so.2 (0x00007f)\n";

    #[test]
    fn a_list_is_read_but_for_what_is_no_library() {
        let expected = ["/lib/x86_64-linux-gnu/libc.so.6", "/opt/a folder/libown.so"];
        assert_eq!(listed(LIST).unwrap(), expected.map(PathBuf::from));
    }

    #[test]
    fn a_library_that_is_missing_is_named() {
        let why = listed("\tlibown.so => not found\n").unwrap_err();
        assert_eq!(why, "it needs libown.so, which is not found");
    }

    #[test]
    #[cfg(all(
        target_os = "linux",
        target_env = "gnu",
        not(target_feature = "crt-static")
    ))]
    fn this_test_needs_the_linker_and_libraries_that_it_has_mapped() {
        let files = of(&std::env::current_exe().unwrap()).unwrap();
        let linker = interpreter(&std::env::current_exe().unwrap()).unwrap();
        assert!(files.contains(&linker.unwrap()), "{files:?}");
        let mapped = std::fs::read_to_string("/proc/self/maps").unwrap();
        let names = files.iter().filter_map(|file| file.file_name()?.to_str());
        let libraries: Vec<_> = names.filter(|name| name.starts_with("lib")).collect();
        assert!(libraries.iter().any(|name| name.starts_with("libc.so")));
        for name in libraries {
            assert!(mapped.contains(name), "{name}");
        }
    }

    #[rstest]
    #[case(b"#!/bin/sh\n")]
    #[case(b"\x7fELF\x02\x01")]
    fn what_is_no_program_is_told_from_one(#[case] content: &[u8]) {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(content).unwrap();
        assert_eq!(
            of(file.path()).unwrap_err(),
            "it is not a 64-bit Linux program"
        );
    }

    #[test]
    fn what_is_not_there_cannot_be_read() {
        let why = of(Path::new("/no/such/program")).unwrap_err();
        assert!(why.starts_with("it cannot be read: "), "{why}");
    }
}
