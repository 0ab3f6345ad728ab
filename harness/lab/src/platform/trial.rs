//! Whether a platform can be used, found out by using it.

use dualstack_scenario::{Ipv4, Ipv6, Requires};

use crate::run::session::{Session, Timing};
use crate::{Availability, NoStart, Platform};

/// Starts an agent that is asked nothing; `mend` says what would help if it does
/// not answer.
pub(crate) fn of(platform: &dyn Platform, mend: &str) -> Availability {
    let anything = Requires {
        ipv4: Some(Ipv4::Any),
        ipv6: Some(Ipv6::Any),
        bindv6only: None,
    };
    let answered = match platform.start(&anything) {
        Ok(link) => Session::start(link, Timing::default()).and_then(Session::end),
        Err(NoStart::Broken(broken)) => Err(broken),
        Err(NoStart::Cannot(cannot)) => return unusable(cannot.why, mend),
    };
    match answered {
        Ok(()) => Availability::Usable,
        Err(broken) => unusable(
            format!("{broken} {}", broken.stderr.trim())
                .trim()
                .to_owned(),
            mend,
        ),
    }
}

fn unusable(why: String, mend: &str) -> Availability {
    Availability::Unusable {
        why,
        mend: mend.to_owned(),
    }
}
