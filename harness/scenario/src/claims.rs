//! The catalogue of claims that scenarios test.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::problem::{Problem, Problems};
use crate::source::SourceFile;

/// The claims of one document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Catalogue {
    /// Where the claims come from.
    pub document: Document,
    /// The claims in the order of the document.
    #[serde(rename = "claim")]
    pub claims: Vec<Claim>,
}

/// A document that makes claims.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// The id that claims refer to it by.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Who publishes it.
    pub publisher: String,
    /// Where to read it.
    pub url: String,
    /// The date of the edition that was used.
    pub date: String,
}

/// Something that the document says about dual-stack sockets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Claim {
    /// `DS-01` and so on.
    pub id: String,
    /// The claim in a few words.
    pub title: String,
    /// The claim in full, in the project's own words.
    pub text: String,
    /// The document's id.
    pub document: String,
    /// The part of the document that contains it.
    pub section: String,
}

impl Catalogue {
    /// Reads a catalogue from a file.
    ///
    /// # Errors
    ///
    /// The first mistake in it.
    pub fn read(file: SourceFile) -> Result<Self, Problems> {
        Self::parse(file.text()).map_err(|error| {
            let span = error.span().unwrap_or_default().into();
            let hint = "a catalogue has a `[document]` and a `[[claim]]` for each claim";
            let problem = Problem::new(span, error.message()).hint(hint);
            Problems::new(&Arc::new(file), vec![problem])
        })
    }

    /// Reads a catalogue from TOML.
    pub fn parse(text: &str) -> Result<Self, toml::de::Error> {
        toml::from_str(text)
    }
}
