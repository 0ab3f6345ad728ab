//! Which system this is, to the build.

#[cfg_attr(unix, path = "unix.rs")]
#[cfg_attr(windows, path = "windows.rs")]
mod imp;

use dualstack_scenario::System;

use crate::protocol::Machine;

/// The system that this process makes its calls on.
pub fn machine() -> Machine {
    let info = os_info::get();
    let edition = match info.edition() {
        Some(edition) => edition.to_owned(),
        None => format!("{} {}", info.os_type(), info.version()),
    };
    Machine {
        system: System {
            os: std::env::consts::OS.to_owned(),
            version: imp::version(&info),
            environment: imp::environment(),
        },
        edition,
        build: imp::build(&info),
    }
}

#[cfg(test)]
mod tests {
    use super::machine;

    #[test]
    fn the_machine_knows_its_system_and_build() {
        let machine = machine();
        assert_eq!(machine.system.os, std::env::consts::OS);
        assert!(
            machine
                .system
                .version
                .starts_with(|c: char| c.is_ascii_digit()),
            "{machine:?}"
        );
        assert!(
            machine.build.contains(&machine.system.version),
            "{machine:?}"
        );
    }
}
