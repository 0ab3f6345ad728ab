//! Systems that answer, and the selectors that an expectation names them by.

use std::cmp::Ordering;
use std::fmt;

use serde::{Deserialize, Serialize};

/// The system that answered, as far as an expectation can tell systems apart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct System {
    /// The operating system whose calls were made: `linux`, `windows`, `macos`,
    /// `freebsd` and so on, as in `std::env::consts::OS`.
    pub os: String,
    /// Its version: the kernel's release on Linux, the version of the system
    /// elsewhere.
    pub version: String,
    /// What stood in for that operating system, if it was not itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub environment: Option<Environment>,
}

/// A stack that offers the calls of an operating system it is not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Environment {
    /// `gvisor` or `wine`.
    pub name: String,
    /// Its version.
    pub version: String,
}

impl System {
    /// What a column is called: `linux 6.18`, `wine 8.0`.
    pub fn label(&self) -> String {
        let (name, version) = match &self.environment {
            Some(environment) => (&environment.name, &environment.version),
            None => (&self.os, &self.version),
        };
        let short: Vec<&str> = version.splitn(3, '.').take(2).collect();
        format!("{name} {}", short.join(".")).trim_end().to_owned()
    }
}

/// The names a selector may have, from the most general to the most
/// particular, with the systems that each stands for.
const NAMES: &[(&str, Breadth)] = &[
    ("any", Breadth::Any),
    (
        "unix",
        Breadth::Family(&[
            "linux",
            "macos",
            "ios",
            "android",
            "freebsd",
            "openbsd",
            "netbsd",
            "dragonfly",
            "illumos",
            "solaris",
        ]),
    ),
    (
        "bsd",
        Breadth::Family(&["macos", "ios", "freebsd", "openbsd", "netbsd", "dragonfly"]),
    ),
    ("linux", Breadth::Os),
    ("windows", Breadth::Os),
    ("macos", Breadth::Os),
    ("freebsd", Breadth::Os),
    ("openbsd", Breadth::Os),
    ("netbsd", Breadth::Os),
    ("dragonfly", Breadth::Os),
    ("illumos", Breadth::Os),
    ("solaris", Breadth::Os),
    ("android", Breadth::Os),
    ("gvisor", Breadth::Environment),
    ("wine", Breadth::Environment),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Breadth {
    Any,
    Family(&'static [&'static str]),
    Os,
    Environment,
}

/// Which systems something is said of: `linux`, `linux >= 3.18, < 6`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(try_from = "String", into = "String")]
pub struct Selector {
    name: String,
    breadth: Breadth,
    bounds: Vec<(Comparison, Version)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Comparison {
    Less,
    LessOrEqual,
    Equal,
    GreaterOrEqual,
    Greater,
}

const COMPARISONS: [(&str, Comparison); 5] = [
    ("<=", Comparison::LessOrEqual),
    (">=", Comparison::GreaterOrEqual),
    ("<", Comparison::Less),
    (">", Comparison::Greater),
    ("=", Comparison::Equal),
];

impl Selector {
    /// Every name a selector may have.
    pub fn names() -> impl Iterator<Item = &'static str> {
        NAMES.iter().map(|(name, _)| *name)
    }

    /// Reads a selector; the error is a message and, when the name is the
    /// trouble, the name.
    pub fn parse(text: &str) -> Result<Self, SelectorError> {
        let end = text
            .find(|c: char| !c.is_ascii_alphanumeric())
            .unwrap_or(text.len());
        let (name, bounds) = (text[..end].trim(), text[end..].trim());
        let Some((_, breadth)) = NAMES.iter().find(|(known, _)| *known == name) else {
            return Err(SelectorError::Name(name.to_owned()));
        };
        let bounds = match bounds {
            "" => Vec::new(),
            _ if matches!(breadth, Breadth::Any | Breadth::Family(_)) => {
                return Err(SelectorError::Bounds(format!(
                    "`{name}` is not one system, so it has no version"
                )));
            }
            bounds => bounds
                .split(',')
                .map(parse_bound)
                .collect::<Result<_, _>>()?,
        };
        Ok(Self {
            name: name.to_owned(),
            breadth: *breadth,
            bounds,
        })
    }

    /// Whether the system is one of those.
    pub fn fits(&self, system: &System) -> bool {
        let version = match self.breadth {
            Breadth::Any => return true,
            Breadth::Family(members) => return members.contains(&system.os.as_str()),
            Breadth::Os if system.os == self.name => &system.version,
            Breadth::Environment => match &system.environment {
                Some(environment) if environment.name == self.name => &environment.version,
                _ => return false,
            },
            Breadth::Os => return false,
        };
        if self.bounds.is_empty() {
            return true;
        }
        // The version of the system that Wine or gVisor claims to be is no version at all.
        let claimed = self.breadth == Breadth::Os && system.environment.is_some();
        let version = Version::parse(version).filter(|_| !claimed);
        version.is_some_and(|version| {
            self.bounds
                .iter()
                .all(|(comparison, bound)| comparison.holds(version.compare(bound)))
        })
    }

    /// How particular the selector is: the greatest that fits is the one that holds.
    pub fn rank(&self) -> (u8, bool) {
        let breadth = match self.breadth {
            Breadth::Any => 0,
            Breadth::Family(members) if members.len() > 6 => 1,
            Breadth::Family(_) => 2,
            Breadth::Os => 3,
            Breadth::Environment => 4,
        };
        (breadth, !self.bounds.is_empty())
    }
}

/// What is wrong with a selector.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SelectorError {
    /// There is no system of that name.
    #[error("`{0}` is not a system that is known here")]
    Name(String),
    /// The version bounds make no sense.
    #[error("{0}")]
    Bounds(String),
}

fn parse_bound(text: &str) -> Result<(Comparison, Version), SelectorError> {
    let text = text.trim();
    let wrong = || {
        SelectorError::Bounds(format!(
            "`{text}` is not a version bound; one is written `>= 3.18` or `< 6`"
        ))
    };
    let (sign, comparison) = COMPARISONS
        .iter()
        .find(|(sign, _)| text.starts_with(sign))
        .ok_or_else(wrong)?;
    let version = Version::parse_whole(text[sign.len()..].trim()).ok_or_else(wrong)?;
    Ok((*comparison, version))
}

impl Comparison {
    fn holds(self, ordering: Ordering) -> bool {
        match self {
            Self::Less => ordering.is_lt(),
            Self::LessOrEqual => ordering.is_le(),
            Self::Equal => ordering.is_eq(),
            Self::GreaterOrEqual => ordering.is_ge(),
            Self::Greater => ordering.is_gt(),
        }
    }
}

/// Numbers with dots between them, compared as far as the bound goes: 6.18.44
/// is `<= 6.18`.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Version(Vec<u32>);

impl Version {
    /// Reads the numbers that a version begins with: `6.1.0-13-amd64` is 6.1.0.
    fn parse(text: &str) -> Option<Self> {
        let end = text
            .find(|c: char| !c.is_ascii_digit() && c != '.')
            .unwrap_or(text.len());
        Self::parse_whole(text[..end].trim_end_matches('.'))
    }

    fn parse_whole(text: &str) -> Option<Self> {
        text.split('.')
            .map(|number| number.parse().ok())
            .collect::<Option<_>>()
            .map(Self)
    }

    fn compare(&self, bound: &Self) -> Ordering {
        let number = |index| self.0.get(index).copied().unwrap_or(0);
        let differs = bound
            .0
            .iter()
            .enumerate()
            .map(|(index, wanted)| number(index).cmp(wanted));
        differs
            .into_iter()
            .find(|ordering| ordering.is_ne())
            .unwrap_or(Ordering::Equal)
    }
}

impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        for (index, (comparison, version)) in self.bounds.iter().enumerate() {
            let sign = COMPARISONS
                .iter()
                .find(|(_, known)| known == comparison)
                .map_or("", |(s, _)| s);
            let numbers: Vec<String> = version.0.iter().map(u32::to_string).collect();
            let comma = if index == 0 { "" } else { "," };
            write!(f, "{comma} {sign} {}", numbers.join("."))?;
        }
        Ok(())
    }
}

impl TryFrom<String> for Selector {
    type Error = SelectorError;

    fn try_from(text: String) -> Result<Self, SelectorError> {
        Self::parse(&text)
    }
}

impl From<Selector> for String {
    fn from(selector: Selector) -> Self {
        selector.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn system(os: &str, version: &str, environment: Option<(&str, &str)>) -> System {
        System {
            os: os.to_owned(),
            version: version.to_owned(),
            environment: environment.map(|(name, version)| Environment {
                name: name.to_owned(),
                version: version.to_owned(),
            }),
        }
    }

    #[rstest]
    #[case("any", true)]
    #[case("unix", true)]
    #[case("bsd", false)]
    #[case("linux", true)]
    #[case("linux >= 6.18", true)]
    #[case("linux <= 6.18", true)]
    #[case("linux < 6.18", false)]
    #[case("linux > 6.18", false)]
    #[case("linux >= 5, < 6", false)]
    #[case("linux = 6", true)]
    #[case("windows", false)]
    #[case("gvisor", false)]
    fn selectors_fit_a_linux(#[case] selector: &str, #[case] fits: bool) {
        let linux = system("linux", "6.18.44-cloud", None);
        assert_eq!(Selector::parse(selector).unwrap().fits(&linux), fits);
    }

    #[rstest]
    #[case("windows", true)]
    #[case("windows >= 6", false)]
    #[case("wine", true)]
    #[case("wine < 9", true)]
    #[case("wine >= 9", false)]
    #[case("linux", false)]
    fn wine_is_held_to_windows_without_a_version(#[case] selector: &str, #[case] fits: bool) {
        let wine = system("windows", "10.0.19043", Some(("wine", "8.0")));
        assert_eq!(Selector::parse(selector).unwrap().fits(&wine), fits);
    }

    #[rstest]
    #[case("linx", "`linx` is not a system that is known here")]
    #[case("linux ~ 4", "`~ 4` is not a version bound")]
    #[case("linux >= four", "is not a version bound")]
    #[case("unix >= 4", "`unix` is not one system")]
    fn bad_selectors_are_refused(#[case] selector: &str, #[case] message: &str) {
        let error = Selector::parse(selector).unwrap_err().to_string();
        assert!(error.contains(message), "{error}");
    }

    #[test]
    fn the_particular_outranks_the_general() {
        let names = ["any", "unix", "bsd", "macos", "macos >= 14", "wine"];
        let ranks: Vec<_> = names
            .iter()
            .map(|name| Selector::parse(name).unwrap().rank())
            .collect();
        assert!(ranks.is_sorted_by(|a, b| a < b), "{ranks:?}");
    }
}
