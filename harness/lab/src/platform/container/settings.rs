//! What the engine is asked for so that a container is as cases require.

use std::collections::HashMap;

use dualstack_scenario::{Bindv6only, Ipv4, Ipv6, Requires};
use serde_json::{Value, json};
use testcontainers::bollard::models::HostConfig;

use super::failure::Cause;

/// The families by their numbers (Linux include/linux/socket.h).
const AF_INET: u32 = 2;
const AF_INET6: u32 = 10;

/// Linux include/uapi/asm-generic/errno.h.
const EAFNOSUPPORT: u32 = 97;

/// The capabilities with which the agent may make a network namespace inside
/// the container and change it: the engine has no setting of its own that takes
/// 127.0.0.1 away, and a namespace that the agent made is never another's.
const TO_CHANGE_A_NETWORK: [&str; 2] = ["NET_ADMIN", "SYS_ADMIN"];

/// The settings of a container, beside the network that it has not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Settings {
    /// Kernel parameters of its network namespace, by their names.
    sysctls: Vec<(&'static str, u8)>,
    /// The families of sockets that a seccomp profile refuses.
    refused: Vec<(&'static str, u32)>,
    capabilities: &'static [&'static str],
}

impl Settings {
    pub(super) fn new(requires: &Requires) -> Self {
        let mut settings = Self::default();
        let sysctls = &mut settings.sysctls;
        if requires.ipv6() != Ipv6::Any {
            // An engine switches IPv6 off wherever it is not part of the network.
            let off = u8::from(requires.ipv6() == Ipv6::Off);
            sysctls.push(("net.ipv6.conf.all.disable_ipv6", off));
        }
        let bindv6only = requires.bindv6only.map(u8::from);
        sysctls.extend(bindv6only.map(|value| ("net.ipv6.bindv6only", value)));
        if requires.ipv4() == Ipv4::Disabled {
            settings.refused.push(("AF_INET", AF_INET));
        }
        if requires.ipv6() == Ipv6::Disabled {
            settings.refused.push(("AF_INET6", AF_INET6));
        }
        if requires.ipv4() == Ipv4::NoAddress {
            settings.capabilities = &TO_CHANGE_A_NETWORK;
        }
        settings
    }

    /// gVisor takes kernel parameters and a seccomp profile and does nothing with
    /// them: it knows no sysctls of the OCI, and profiles only when it is started
    /// with `--oci-seccomp` (gVisor runsc/boot/loader.go). What can be had there
    /// is for the agent to arrange.
    pub(super) fn of_gvisor(requires: &Requires) -> Self {
        let changed = requires.ipv4() == Ipv4::NoAddress
            || requires.ipv6() == Ipv6::Off
            || requires.bindv6only == Some(Bindv6only::One);
        let capabilities: &[_] = if changed { &TO_CHANGE_A_NETWORK } else { &[] };
        Self {
            capabilities,
            ..Self::default()
        }
    }

    /// The settings of a container that is one of two hosts: it gives its link
    /// the addresses that the host has.
    pub(super) fn of_a_host(mut self) -> Self {
        self.capabilities = &["NET_ADMIN"];
        self
    }

    /// Settings with which a container can be made and not started.
    #[cfg(test)]
    pub(super) fn impossible() -> Self {
        Self {
            sysctls: vec![("net.ipv6.no_such_setting", 1)],
            ..Self::default()
        }
    }

    /// The same in words.
    pub(super) fn means(&self) -> Vec<String> {
        let sysctls = self.sysctls.iter();
        let sysctls = sysctls.map(|(name, value)| format!("container with {name} = {value}"));
        let refused = self.refused.iter().map(|(family, _)| {
            format!("container whose seccomp profile answers socket({family}) with EAFNOSUPPORT")
        });
        let capabilities = self.capabilities.iter();
        let capabilities = capabilities.map(|name| format!("container with CAP_{name}"));
        sysctls.chain(refused).chain(capabilities).collect()
    }

    /// What a container with them was refused for, as far as the engine says it:
    /// it names the file of a kernel parameter that it could not open.
    pub(super) fn refused_for(&self, said: &str) -> Option<Cause> {
        let mut sysctls = self.sysctls.iter();
        let named = |name: &str| said.contains(&format!("/proc/sys/{}", name.replace('.', "/")));
        let missing = sysctls.any(|(name, _)| named(name));
        missing.then_some(Cause::NoParameter)
    }

    /// Adds them to what the engine is told.
    pub(super) fn apply(&self, host: &mut HostConfig) {
        let owned = |(name, value): &(&str, u8)| ((*name).to_owned(), value.to_string());
        host.sysctls = Some(self.sysctls.iter().map(owned).collect::<HashMap<_, _>>());
        if !self.refused.is_empty() {
            host.security_opt = Some(vec![format!("seccomp={}", self.profile())]);
        }
        let capabilities = self.capabilities.iter();
        host.cap_add = Some(capabilities.map(|&name| name.to_owned()).collect());
    }

    /// A seccomp profile that takes the place of the engine's own: everything is
    /// allowed but sockets of the families that are refused.
    fn profile(&self) -> Value {
        let rules = self.refused.iter().map(|&(_, family)| {
            json!({
                "names": ["socket"],
                "action": "SCMP_ACT_ERRNO",
                "errnoRet": EAFNOSUPPORT,
                "args": [{ "index": 0, "value": family, "op": "SCMP_CMP_EQ" }],
            })
        });
        json!({ "defaultAction": "SCMP_ACT_ALLOW", "syscalls": rules.collect::<Vec<_>>() })
    }
}

#[cfg(test)]
mod tests {
    use dualstack_scenario::Requires;
    use rstest::rstest;
    use serde_json::{Value, json};

    use super::{Cause, Settings};

    fn means(requires: Value) -> String {
        let requires: Requires = serde_json::from_value(requires).unwrap();
        Settings::new(&requires).means().join("; ")
    }

    #[rstest]
    #[case::runc(
        "OCI runtime create failed: runc create failed: unable to start container process: error \
         during container init: open /proc/sys/net/ipv6/no_such_setting: no such file or \
         directory: unknown",
        Some(Cause::NoParameter)
    )]
    #[case::crun(
        "crun: open `/proc/sys/net/ipv6/no_such_setting`: No such file or directory: OCI runtime \
         attempted to invoke a command that was not found",
        Some(Cause::NoParameter)
    )]
    #[case::another_file("open /proc/sys/net/core/somaxconn: permission denied", None)]
    #[case::no_file("OCI runtime create failed: cannot allocate memory", None)]
    fn a_parameter_that_the_kernel_has_not_is_told_from_other_refusals(
        #[case] said: &str,
        #[case] cause: Option<Cause>,
    ) {
        assert_eq!(Settings::impossible().refused_for(said), cause);
    }

    #[rstest]
    #[case(json!({}), "container with net.ipv6.conf.all.disable_ipv6 = 0")]
    #[case(json!({ "ipv6": "off" }), "container with net.ipv6.conf.all.disable_ipv6 = 1")]
    #[case(
        json!({ "bindv6only": 1 }),
        "container with net.ipv6.conf.all.disable_ipv6 = 0; container with net.ipv6.bindv6only = 1"
    )]
    #[case(
        json!({ "ipv4": "disabled" }),
        "container with net.ipv6.conf.all.disable_ipv6 = 0; \
         container whose seccomp profile answers socket(AF_INET) with EAFNOSUPPORT"
    )]
    fn a_requirement_has_its_setting(#[case] requires: Value, #[case] expected: &str) {
        assert_eq!(means(requires), expected);
    }
}
