//! Whether a platform can be used, by trying it.

use dualstack_scenario::Requires;

use crate::platform::Platform;
use crate::platform::unusable::Unusable;
use crate::run::allowance::Allowance;
use crate::run::broken::{Broken, NoStart};
use crate::run::link::Link;
use crate::run::live;
use crate::run::session::{Session, Terms};

/// Starts an agent without cases; `fix` is the fix if it does not answer.
pub(super) fn of(platform: &dyn Platform, fix: &str) -> Result<(), Unusable> {
    live::note_start(platform.name());
    let answered = match platform.start(&Requires::anything()) {
        Ok(link) => answers(link, Terms::default()),
        Err(NoStart::Broken(broken)) => Err(broken),
        Err(NoStart::Cannot(cannot)) => return Err(Unusable::new(cannot.why, fix)),
    };
    answered.map_err(|broken| Unusable::new(broken.with_stderr(), fix))
}

/// Whether an agent sends its first line and its last.
pub(super) fn answers(link: Link, terms: Terms) -> Result<(), Broken> {
    Session::start(link, terms, &Allowance::of(0)).and_then(Session::end)
}
