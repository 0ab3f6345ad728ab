//! The code of the handbook, as texts.

/// A language that code is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// Rust, with socket2.
    Rust,
    /// C.
    C,
    /// Python.
    Python,
}

impl Language {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Rust => "Rust",
            Self::C => "C",
            Self::Python => "Python",
        }
    }
}

/// Code that follows a rule.
#[derive(Clone, Copy, Debug)]
pub struct Code {
    /// The language.
    pub language: Language,
    /// The name of the file in `code/`.
    pub file: &'static str,
    whole: &'static str,
}

/// The line, in the comment of each language, behind which the check of the code begins.
const CHECK: &str = "How it is checked.";

impl Code {
    pub(crate) const fn new(language: Language, file: &'static str, whole: &'static str) -> Self {
        Self {
            language,
            file,
            whole,
        }
    }

    /// The code without its check.
    pub fn text(&self) -> &'static str {
        let shown = self
            .whole
            .split_once(CHECK)
            .map_or(self.whole, |(shown, _)| shown);
        shown.trim_end_matches(['/', '*', '#', ' ', '\n'])
    }

    /// The whole file, with the check behind the code.
    pub fn whole(&self) -> &'static str {
        self.whole
    }
}

/// The files of one name, in the given languages.
macro_rules! code {
    ($name:literal: $($language:ident),+) => {
        &[$(crate::code::one!($language, $name)),+]
    };
}

macro_rules! one {
    (Rust, $name:literal) => {
        crate::code::one!(Rust, $name, ".rs")
    };
    (C, $name:literal) => {
        crate::code::one!(C, $name, ".c")
    };
    (Python, $name:literal) => {
        crate::code::one!(Python, $name, ".py")
    };
    ($language:ident, $name:literal, $end:literal) => {
        crate::Code::new(
            crate::Language::$language,
            concat!($name, $end),
            include_str!(concat!("../../code/", $name, $end)),
        )
    };
}

pub(crate) use {code, one};
