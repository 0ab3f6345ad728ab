//! Sets up what cases require with the smallest change that works, and checks it by
//! calls.
//!
//! Every change is probed afterwards, and a state that cannot be set up is reported with
//! the calls that show it.

#[cfg(target_os = "linux")]
mod linux;
pub(crate) use imp::{Namespace, Network};
#[cfg(target_os = "linux")]
use linux as imp;
#[cfg(target_os = "linux")]
pub(crate) use linux::raise_loopback;
#[cfg(not(target_os = "linux"))]
mod elsewhere;
#[cfg(not(target_os = "linux"))]
use elsewhere as imp;
mod obstacle;
mod probe;

use dualstack_scenario::{Bindv6only, Ipv4, Ipv6, Requires};

use crate::protocol::{Cannot, Place, Probe, Ready};
use probe::{Found, State};

/// Sets up the required state; it cannot be undone.
///
/// `isolate` requests a separate network namespace even if the machine already meets the
/// requirements.
pub(crate) fn establish(
    requires: &Requires,
    isolate: bool,
) -> Result<(Ready, Option<Namespace>), Cannot> {
    let mut means = Vec::new();
    let mut namespace = None;
    let mut state = State::probe(imp::bindv6only());
    if isolate || !state.fits(requires) {
        namespace = imp::arrange(requires, isolate, &state, &mut means)
            .map_err(|why| cannot(why, state.probes()))?;
        state = State::probe(imp::bindv6only());
    }
    match state.shortfall(requires) {
        None => {
            let ready = Ready {
                means,
                probes: state.probes(),
                settings: imp::settings(),
                host: None,
            };
            Ok((ready, namespace))
        }
        Some(shortfall) => {
            let tried = if means.is_empty() {
                String::new()
            } else {
                format!(" after {}", means.join(", "))
            };
            Err(cannot(format!("{shortfall}{tried}"), state.probes()))
        }
    }
}

/// Makes the hosts with these names in separate namespaces, with a link between them, and
/// sets up the required state on each.
pub(crate) fn establish_hosts(
    requires: &Requires,
    names: &[String],
) -> Result<(Ready, Network), Cannot> {
    have_ipv4_addresses(requires)?;
    let mut means = Vec::new();
    let network = Network::make(names, requires, &mut means).map_err(|obstacle| Cannot {
        probes: vec![Probe {
            call: format!("hosts {}", names.join(", ")),
            result: obstacle.why.clone(),
        }],
        why: obstacle.why,
        module: obstacle.module.map(str::to_owned),
    })?;
    let mut probes = Vec::new();
    for (host, name) in names.iter().enumerate() {
        network.enter(host).map_err(without_probes)?;
        let state = State::probe(imp::bindv6only());
        probes.extend(state.probes().into_iter().map(|probe| Probe {
            call: format!("{} on {name}", probe.call),
            ..probe
        }));
        if let Some(shortfall) = state.shortfall(requires) {
            let why = format!("{shortfall}, on {name}, after {}", means.join(", "));
            return Err(cannot(why, probes));
        }
    }
    let settings = imp::settings();
    let ready = Ready {
        means,
        probes,
        settings,
        host: None,
    };
    Ok((ready, network))
}

/// Gives this machine the addresses of one of two hosts, on its only link, and sets up
/// the required state.
pub(crate) fn establish_host(requires: &Requires, place: &Place) -> Result<Ready, Cannot> {
    have_ipv4_addresses(requires)?;
    let facts = imp::take_place(place, requires).map_err(without_probes)?;
    let (mut ready, _) = establish(requires, false)?;
    ready
        .means
        .insert(0, "addresses given to its link".to_owned());
    ready.host = Some(facts);
    Ok(ready)
}

fn have_ipv4_addresses(requires: &Requires) -> Result<(), Cannot> {
    match requires.ipv4() {
        Ipv4::NoAddress => Err(without_probes(
            "hosts have IPv4 addresses on their link".to_owned(),
        )),
        Ipv4::On | Ipv4::Disabled | Ipv4::Any => Ok(()),
    }
}

fn without_probes(why: String) -> Cannot {
    cannot(why, Vec::new())
}

fn cannot(why: String, probes: Vec<Probe>) -> Cannot {
    Cannot {
        why,
        probes,
        module: None,
    }
}

impl State {
    fn fits(&self, requires: &Requires) -> bool {
        self.shortfall(requires).is_none()
    }

    /// The requirement that is not met, in one sentence.
    fn shortfall(&self, requires: &Requires) -> Option<String> {
        let ipv4 = match requires.ipv4() {
            Ipv4::On => Some(Found::On),
            Ipv4::Disabled => Some(Found::Refused),
            Ipv4::NoAddress => Some(Found::NoAddress),
            Ipv4::Any => None,
        };
        let ipv6 = match requires.ipv6() {
            Ipv6::On => Some(Found::On),
            Ipv6::Disabled => Some(Found::Refused),
            Ipv6::Off => Some(Found::NoAddress),
            Ipv6::Any => None,
        };
        let family = |name: &str, wanted: Option<Found>, found: &Found| {
            let short = wanted.is_some_and(|wanted| wanted != *found);
            short.then(|| format!("{name} {found} here"))
        };
        family("IPv4", ipv4, &self.ipv4.found)
            .or_else(|| family("IPv6", ipv6, &self.ipv6.found))
            .or_else(|| self.bindv6only_shortfall(requires.bindv6only?))
    }

    fn bindv6only_shortfall(&self, wanted: Bindv6only) -> Option<String> {
        match (wanted, self.bindv6only) {
            (Bindv6only::Zero, None | Some(Bindv6only::Zero)) => None,
            (Bindv6only::One, Some(Bindv6only::One)) => None,
            (_, None) => Some("this system has no net.ipv6.bindv6only".to_owned()),
            (_, Some(found)) => Some(format!("net.ipv6.bindv6only is {} here", u8::from(found))),
        }
    }
}
