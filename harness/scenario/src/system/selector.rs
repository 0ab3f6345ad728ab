//! The selectors by which an expectation names systems.

use std::fmt;
use std::ops::Range;

use semver::{Comparator, Version};
use serde::{Deserialize, Serialize};

use super::System;
use super::kind::{Group, SystemKind};
use super::version;

/// The systems that an entry is for: `linux`, `linux >= 3.18, < 6`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(try_from = "String", into = "String")]
pub struct Selector {
    named: Named,
    bounds: Vec<Comparator>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Named {
    Any,
    Group(Group),
    Kind(&'static SystemKind),
}

/// How many systems a name includes, the most first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Breadth {
    Any,
    Group(Group),
    Os,
    StandIn,
}

impl Named {
    /// From the most general to the most specific.
    fn all() -> impl Iterator<Item = Self> {
        let kinds = |stands_in| {
            let kinds = SystemKind::all().iter();
            kinds.filter(move |kind| kind.stands_in == stands_in)
        };
        std::iter::once(Self::Any)
            .chain(Group::ALL.map(Self::Group))
            .chain(kinds(false).chain(kinds(true)).map(Self::Kind))
    }

    fn name(self) -> &'static str {
        match self {
            Self::Any => "any",
            Self::Group(group) => group.name(),
            Self::Kind(kind) => kind.key,
        }
    }

    fn breadth(self) -> Breadth {
        match self {
            Self::Any => Breadth::Any,
            Self::Group(group) => Breadth::Group(group),
            Self::Kind(kind) if kind.stands_in => Breadth::StandIn,
            Self::Kind(_) => Breadth::Os,
        }
    }

    fn takes_in(self, system: &System) -> bool {
        match self {
            Self::Any => true,
            Self::Group(group) => {
                SystemKind::find(&system.os).is_some_and(|os| os.groups.contains(&group))
            }
            Self::Kind(kind) if kind.stands_in => system.name() == kind.key,
            Self::Kind(kind) => system.os == kind.key,
        }
    }
}

impl Selector {
    /// Every name that a selector may have, from the most general to the most specific.
    pub fn names() -> impl Iterator<Item = &'static str> {
        Named::all().map(Named::name)
    }

    /// Reads a selector.
    ///
    /// # Errors
    ///
    /// Says whether the system's name is unknown, or its version bounds are invalid.
    pub fn parse(text: &str) -> Result<Self, SelectorError> {
        let end = text
            .find(|c: char| !c.is_ascii_alphanumeric())
            .unwrap_or(text.len());
        let (name, bounds) = (text[..end].trim(), text[end..].trim());
        let named = Named::all()
            .find(|known| known.name() == name)
            .ok_or_else(|| SelectorError::Name(name.to_owned()))?;
        let bounds = match (bounds, named) {
            ("", _) => Vec::new(),
            (bounds, Named::Kind(_)) => {
                let bounds = bounds.split(',').map(parse_bound);
                bounds.collect::<Result<_, _>>()?
            }
            (_, Named::Any | Named::Group(_)) => {
                return Err(SelectorError::Bounds(format!(
                    "`{name}` is not one system, so it has no version"
                )));
            }
        };
        Ok(Self { named, bounds })
    }

    /// Whether the selector matches the system.
    pub fn fits(&self, system: &System) -> bool {
        self.named.takes_in(system) && (self.bounds.is_empty() || self.bounds_fit(system))
    }

    fn bounds_fit(&self, system: &System) -> bool {
        let version = match (&system.environment, self.named.breadth()) {
            (Some(environment), Breadth::StandIn) => &environment.version,
            (None, _) => &system.version,
            // Under Wine or gVisor the version of the claimed system is not a real
            // version.
            (Some(_), _) => return false,
        };
        version::parse(version)
            .is_some_and(|version| self.bounds.iter().all(|bound| bound.matches(&version)))
    }

    /// The versions that it fits.
    pub(crate) fn versions(&self) -> Range<Version> {
        version::range(&self.bounds)
    }

    /// The names, without a version, that take in all that this one does, the most specific
    /// first.
    pub(crate) fn wider(&self) -> Vec<&'static str> {
        let mut names = Vec::new();
        if !self.bounds.is_empty() {
            names.push(self.named.name());
        }
        if let Named::Kind(kind) = self.named {
            let implements = kind.implements.and_then(SystemKind::find);
            names.extend(implements.map(|system| system.key));
            let groups = implements.unwrap_or(kind).groups.iter().rev();
            names.extend(groups.map(|group| group.name()));
        }
        if self.named != Named::Any {
            names.push(Named::Any.name());
        }
        names
    }

    /// Of selectors with the same one none is more specific than another.
    pub(crate) fn likes(&self) -> (&'static str, bool) {
        (self.named.name(), !self.bounds.is_empty())
    }

    /// How specific the selector is: the most specific one that matches is used.
    pub(crate) fn rank(&self) -> impl Ord + fmt::Debug + use<> {
        (self.named.breadth(), !self.bounds.is_empty())
    }
}

/// What is wrong with a selector.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SelectorError {
    /// There is no system with that name.
    #[error("unknown system `{0}`")]
    Name(String),
    /// The version bounds are invalid.
    #[error("{0}")]
    Bounds(String),
}

fn parse_bound(text: &str) -> Result<Comparator, SelectorError> {
    let text = text.trim();
    version::bound(text).ok_or_else(|| {
        SelectorError::Bounds(format!(
            "`{text}` is not a version bound; one is written `>= 3.18` or `< 6`"
        ))
    })
}

impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bounds: Vec<String> = self.bounds.iter().map(version::written).collect();
        let blank = if bounds.is_empty() { "" } else { " " };
        write!(f, "{}{blank}{}", self.named.name(), bounds.join(", "))
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
    use super::super::Environment;
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
    #[case("linx", "unknown system `linx`")]
    #[case("linux ~ 4", "`~ 4` is not a version bound")]
    #[case("linux >= four", "is not a version bound")]
    #[case("unix >= 4", "`unix` is not one system")]
    fn bad_selectors_are_refused(#[case] selector: &str, #[case] message: &str) {
        let error = Selector::parse(selector).unwrap_err().to_string();
        assert!(error.contains(message), "{error}");
    }

    #[test]
    fn every_system_has_a_selector() {
        for kind in SystemKind::all() {
            let (os, environment) = match kind.stands_in {
                true => ("linux", Some((kind.key, "1"))),
                false => (kind.key, None),
            };
            let selector = Selector::parse(kind.key).unwrap();
            assert!(selector.fits(&system(os, "1", environment)), "{selector}");
        }
    }

    #[rstest]
    #[case("linux", "0.0.0", true)]
    #[case("linux >= 5, < 6", "5.0.0", true)]
    #[case("linux >= 6, < 5", "5.5.0", false)]
    #[case("linux > 5", "5.9.0", false)]
    #[case("linux > 5", "6.0.0", true)]
    #[case("linux <= 6.18", "6.18.44", true)]
    #[case("linux <= 6.18", "6.19.0", false)]
    #[case("linux = 6.18", "6.18.44", true)]
    #[case("linux = 6.18.2", "6.18.3", false)]
    fn its_versions_are_those_that_it_fits(
        #[case] selector: &str,
        #[case] number: &str,
        #[case] fits: bool,
    ) {
        let selector = Selector::parse(selector).unwrap();
        let version = version::parse(number).unwrap();
        assert_eq!(selector.versions().contains(&version), fits);
        assert_eq!(selector.fits(&system("linux", number, None)), fits);
    }

    #[test]
    fn the_particular_outranks_the_general() {
        let names = [
            "any",
            "unix",
            "bsd",
            "macos",
            "macos >= 14",
            "wine",
            "wine < 9",
        ];
        let ranks: Vec<_> = names
            .iter()
            .map(|name| Selector::parse(name).unwrap().rank())
            .collect();
        assert!(ranks.is_sorted_by(|a, b| a < b), "{ranks:?}");
    }
}
