//! The signals that a program can be sent.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::leaf::Word;

/// Declares the signals by their C names (signal(7)).
macro_rules! signals {
    ($($name:ident $text:literal,)+) => {
        /// A signal.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        pub enum Signal {
            $(
                #[doc = concat!("`", $text, "`")]
                #[serde(rename = $text)]
                $name,
            )+
            /// `SIGTERM`
            #[default]
            #[serde(rename = "SIGTERM")]
            Term,
        }

        impl Word for Signal {
            const WHAT: &'static str = "a signal";
            const WORDS: &'static [(&'static str, Self)] =
                &[("SIGTERM", Self::Term), $( ($text, Self::$name), )+];
        }
    };
}

signals! {
    Cont "SIGCONT",
    Hup "SIGHUP",
    Int "SIGINT",
    Kill "SIGKILL",
    Quit "SIGQUIT",
    Stop "SIGSTOP",
    Usr1 "SIGUSR1",
    Usr2 "SIGUSR2",
}

/// Its C name.
impl fmt::Display for Signal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = Self::WORDS.iter().find(|(_, signal)| signal == self);
        f.write_str(word.map_or("", |(word, _)| word))
    }
}
