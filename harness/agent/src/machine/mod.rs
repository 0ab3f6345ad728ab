//! Which system this is, including the exact build.

#[cfg_attr(unix, path = "unix.rs")]
#[cfg_attr(windows, path = "windows.rs")]
mod imp;

use dualstack_scenario::System;

use crate::protocol::Machine;

/// The system that this process makes its calls on.
pub fn machine() -> Machine {
    Machine {
        system: System {
            os: std::env::consts::OS.to_owned(),
            version: imp::version(),
            environment: imp::environment(),
        },
        edition: imp::edition(),
        build: imp::build(),
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
