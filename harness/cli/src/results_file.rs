//! The location of results files.

use std::fmt;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use dualstack_report::whole_file::{self, NoName, WholeFile};
use dualstack_report::{LARGEST, Results};
use flate2::read::GzDecoder;

use crate::failure::Failure;

/// The folder for results, unless the user names a file.
pub const FOLDER: &str = "dualstack-results";

/// The time now, in UTC, to the second.
pub fn now() -> String {
    humantime::format_rfc3339_seconds(SystemTime::now()).to_string()
}

/// Where the results of a run are written, again and again while they grow.
#[derive(Debug)]
pub struct ResultsFile(Place);

#[derive(Debug)]
enum Place {
    /// A file of this run's own, or one that the user named: it is replaced.
    File(PathBuf),
    /// A device or a pipe that the user named: it can be written to only once.
    Device(PathBuf),
    /// A new file in the results folder; it gets its name when there is something to write.
    New,
}

impl ResultsFile {
    /// The file that the user named, or a new one in the results folder. Finds out whether it
    /// can be written before there is anything to lose.
    ///
    /// # Errors
    ///
    /// The name is that of a folder, or no file can be made there.
    pub fn prepare(named: Option<&Path>) -> Result<Self, Failure> {
        let place = named.map_or(Ok(Place::New), Place::named)?;
        let folder = match &place {
            Place::Device(_) => return Ok(Self(place)),
            Place::File(path) => whole_file::folder_of(path),
            Place::New => PathBuf::from(FOLDER),
        };
        match (whole_file::try_folder(&folder), named) {
            (Ok(()), _) => Ok(Self(place)),
            (Err(error), Some(named)) => Err(unwritten(named, error)),
            (Err(error), None) => Err(Failure::Harness(format!(
                "failed to write to {FOLDER}: {error}; name another place with --results"
            ))),
        }
    }

    /// Keeps the results so far. A device gets only the complete results.
    ///
    /// # Errors
    ///
    /// They cannot be written. What was kept before is still there.
    pub fn keep(&mut self, results: &Results) -> Result<(), Failure> {
        match &self.0 {
            Place::Device(_) => Ok(()),
            Place::File(path) => replace(path, results),
            Place::New => {
                self.0 = Place::File(write_new(results)?);
                Ok(())
            }
        }
    }

    /// Keeps the complete results; returns the path of the file.
    ///
    /// # Errors
    ///
    /// They cannot be written. What was kept before is still there.
    pub fn finish(mut self, results: &Results) -> Result<String, Failure> {
        self.keep(results)?;
        let path = match &self.0 {
            Place::File(path) => path,
            Place::Device(path) => {
                let device = File::create(path);
                let written = device.and_then(|mut device| write(results, &mut device));
                written.map_err(|error| unwritten(path, error))?;
                path
            }
            Place::New => unreachable!("it has got its name"),
        };
        Ok(path.display().to_string())
    }
}

impl Place {
    fn named(path: &Path) -> Result<Self, Failure> {
        let Ok(found) = fs::metadata(path) else {
            return Ok(Self::File(path.to_owned()));
        };
        if found.is_dir() {
            let error = io::ErrorKind::IsADirectory.into();
            return Err(unwritten(path, error));
        }
        if !found.is_file() {
            return Ok(Self::Device(path.to_owned()));
        }
        // A link stays a link: what it leads to is replaced.
        let path = match path.is_symlink() {
            true => fs::canonicalize(path).map_err(|error| unwritten(path, error))?,
            false => path.to_owned(),
        };
        Ok(Self::File(path))
    }
}

fn replace(path: &Path, results: &Results) -> Result<(), Failure> {
    let folder = whole_file::folder_of(path);
    WholeFile::write_in(&folder, |file| write(results, file))
        .and_then(WholeFile::on_disk)
        .and_then(|file| file.replace(path))
        .map_err(|error| unwritten(path, error))
}

/// Writes results to a new file in the results folder, named after their time.
fn write_new(results: &Results) -> Result<PathBuf, Failure> {
    let folder = Path::new(FOLDER);
    let written = WholeFile::write_in(folder, |file| write(results, file));
    let mut file = written
        .and_then(WholeFile::on_disk)
        .map_err(|error| unwritten(folder, error))?;
    // A number that a removed file had would make this one look older than it is.
    let time = Name::of(results, 1).time;
    let numbers = names().filter(|name| name.time == time);
    let last = numbers.map(|name| name.number).max().unwrap_or_default();
    for number in last.saturating_add(1).. {
        let path = folder.join(Name::of(results, number).to_string());
        file = match file.name(&path) {
            Ok(()) => return Ok(path),
            Err(NoName::Taken(file)) => file,
            Err(NoName::Failed(error)) => return Err(unwritten(&path, error)),
        };
    }
    unreachable!("there are fewer files than numbers")
}

fn write(results: &Results, file: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer(&mut *file, results)?;
    file.write_all(b"\n")
}

fn unwritten(path: &Path, error: io::Error) -> Failure {
    Failure::Write {
        path: path.to_owned(),
        error,
    }
}

/// The name of a file in the results folder: `2026-01-31T09-00-00Z.json`, and
/// `2026-01-31T09-00-00Z.2.json` if that exists. The order is that of the files.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Name {
    time: String,
    number: u32,
}

impl Name {
    fn of(results: &Results, number: u32) -> Self {
        let time = results.started.replace(':', "-");
        Self { time, number }
    }

    fn parse(name: &str) -> Option<Self> {
        let name = name.strip_suffix(".json")?;
        let (time, number) = match name.split_once('.') {
            Some((time, number)) => (time, number.parse().ok()?),
            None => (name, 1),
        };
        if !is_time(time) {
            return None;
        }
        let time = time.to_owned();
        Some(Self { time, number })
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.number {
            1 => write!(f, "{}.json", self.time),
            number => write!(f, "{}.{number}.json", self.time),
        }
    }
}

/// Whether it has the form of the time in a name.
fn is_time(text: &str) -> bool {
    let form = b"0000-00-00T00-00-00Z";
    let fits = |(byte, form): (u8, &u8)| match form {
        b'0' => byte.is_ascii_digit(),
        other => byte == *other,
    };
    text.len() == form.len() && text.bytes().zip(form).all(fits)
}

/// The first bytes of a file compressed by gzip (RFC 1952).
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// Reads a results file, which may be compressed by gzip.
pub fn read(path: &Path) -> Result<Results, Failure> {
    let failed = |error| Failure::Read {
        path: path.to_owned(),
        error,
    };
    let file = File::open(path).map_err(failed)?;
    let text = text(file, LARGEST).map_err(failed)?;
    Results::read(&text).map_err(|error| Failure::usage(format!("{}: {error}", path.display())))
}

/// The text of a file, decompressed if needed: no more of it than tells that it is too
/// large, because a file may have no end and a compressed one may hide its size.
fn text(file: impl Read, largest: usize) -> io::Result<String> {
    let mut file = BufReader::new(file);
    let compressed = file.fill_buf()?.starts_with(&GZIP);
    let limit = largest as u64 + 1;
    let mut bytes = Vec::new();
    if compressed {
        GzDecoder::new(file).take(limit).read_to_end(&mut bytes)?;
    } else {
        file.take(limit).read_to_end(&mut bytes)?;
    }
    let invalid = |why: String| io::Error::new(io::ErrorKind::InvalidData, why);
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        let why =
            "it is UTF-16, not UTF-8: the `>` of PowerShell 5 writes that; use --results FILE";
        return Err(invalid(why.to_owned()));
    }
    String::from_utf8(bytes).map_err(|error| invalid(error.to_string()))
}

/// The newest file in the results folder, if there is one.
pub fn newest() -> Option<PathBuf> {
    let newest = names().max()?;
    Some(Path::new(FOLDER).join(newest.to_string()))
}

/// Removes the oldest files in the results folder beyond this many; returns how many it was.
/// Files with other names stay.
///
/// # Errors
///
/// One cannot be removed.
pub fn keep_newest(most: usize) -> Result<usize, Failure> {
    let mut names: Vec<Name> = names().collect();
    names.sort();
    let surplus = names.len().saturating_sub(most);
    for name in &names[..surplus] {
        let path = Path::new(FOLDER).join(name.to_string());
        match fs::remove_file(&path) {
            // Another run has removed it.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            removed => removed.map_err(|error| unwritten(&path, error))?,
        }
    }
    Ok(surplus)
}

/// The names in the results folder that a run gives.
fn names() -> impl Iterator<Item = Name> {
    let entries = fs::read_dir(FOLDER).into_iter().flatten();
    entries.filter_map(|entry| Name::parse(entry.ok()?.file_name().to_str()?))
}

#[cfg(test)]
mod tests {
    use std::io::{self, Read};

    use flate2::Compression;
    use flate2::read::GzEncoder;

    use super::{Name, text};

    #[test]
    fn a_file_without_end_is_read_as_far_as_it_may_be_large() {
        assert_eq!(text(io::repeat(b' '), 100).unwrap().len(), 101);
        let bomb = GzEncoder::new(io::repeat(b' ').take(1 << 20), Compression::fast());
        assert_eq!(text(bomb, 100).unwrap().len(), 101);
    }

    #[test]
    fn the_names_of_one_second_have_an_order() {
        let names = ["05Z.json", "05Z.2.json", "05Z.10.json", "06Z.json"];
        let names = names.map(|end| Name::parse(&format!("2026-01-02T03-04-{end}")));
        assert!(names.is_sorted(), "{names:?}");
        assert!(names.iter().all(Option::is_some), "{names:?}");
        for other in [
            ".dualstack-x",
            "mine.json",
            "2026-01-02T03-04-05Z.mine.json",
        ] {
            assert_eq!(Name::parse(other), None);
        }
    }
}
