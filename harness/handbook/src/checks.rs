//! The code of the handbook, and its checks.
//!
//! It is written as a reader would copy it: everything in it is public.
#![allow(unreachable_pub)]

use std::any::Any;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

use crate::place::Place;

#[path = "../code/allow_list.rs"]
mod allow_list;
#[path = "../code/connect_any.rs"]
mod connect_any;
#[path = "../code/connect_from.rs"]
mod connect_from;
#[path = "../code/dual_stack_listener.rs"]
mod dual_stack_listener;
#[path = "../code/fall_back.rs"]
mod fall_back;
#[path = "../code/families.rs"]
pub(crate) mod families;
#[path = "../code/map_destinations.rs"]
mod map_destinations;
// The names and structures of packet information are those of Linux.
#[cfg(target_os = "linux")]
#[path = "../code/pktinfo.rs"]
mod pktinfo;
#[cfg(target_os = "linux")]
#[path = "../code/reply.rs"]
mod reply;
#[path = "../code/serves_ipv4.rs"]
mod serves_ipv4;
#[path = "../code/source_for.rs"]
mod source_for;
#[path = "../code/two_listeners.rs"]
mod two_listeners;
#[path = "../code/unmap.rs"]
mod unmap;

/// How long a check may take, on a slow machine.
const DEADLINE: Duration = Duration::from_secs(60);

/// The file that is checked, and how.
type Check = (&'static str, fn(&Place));

const CHECKS: &[Check] = &[
    ("allow_list.rs", allow_list::check),
    ("connect_any.rs", connect_any::check),
    ("connect_from.rs", connect_from::check),
    ("dual_stack_listener.rs", dual_stack_listener::check),
    ("fall_back.rs", fall_back::check),
    ("families.rs", families::check),
    ("map_destinations.rs", map_destinations::check),
    #[cfg(target_os = "linux")]
    ("pktinfo.rs", pktinfo::check),
    #[cfg(target_os = "linux")]
    ("reply.rs", reply::check),
    ("serves_ipv4.rs", serves_ipv4::check),
    ("source_for.rs", source_for::check),
    ("two_listeners.rs", two_listeners::check),
    ("unmap.rs", unmap::check),
];

/// Checks all of it; returns how many checks hold, and what is wrong with the others.
pub(crate) fn carry_out(place: Place) -> (usize, Vec<String>) {
    let place = Arc::new(place);
    let wrong: Vec<String> = CHECKS
        .iter()
        .filter_map(|(name, check)| {
            let why = within_deadline(&place, *check).err()?;
            Some(format!("{name}: {why}"))
        })
        .collect();
    (CHECKS.len() - wrong.len(), wrong)
}

fn within_deadline(place: &Arc<Place>, check: fn(&Place)) -> Result<(), String> {
    let (ended, end) = channel();
    let place = Arc::clone(place);
    thread::spawn(move || {
        let held = panic::catch_unwind(AssertUnwindSafe(|| check(&place)));
        _ = ended.send(held.map_err(|panic| message(panic.as_ref())));
    });
    let late = |_| Err(format!("it has not ended within {} s", DEADLINE.as_secs()));
    end.recv_timeout(DEADLINE).unwrap_or_else(late)
}

fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
    text.unwrap_or("it panicked").to_owned()
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::CHECKS;
    use dualstack_handbook::{Language, rules};
    use std::collections::BTreeSet;

    #[test]
    fn every_rust_file_of_the_handbook_is_checked() {
        let shown = rules().flat_map(|rule| rule.code);
        let shown = shown.filter(|code| code.language == Language::Rust);
        let shown: BTreeSet<&str> = shown.map(|code| code.file).collect();
        let checked: BTreeSet<&str> = CHECKS.iter().map(|(name, _)| *name).collect();
        assert_eq!(shown, checked);
    }
}
