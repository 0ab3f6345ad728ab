//! The settings of a container that meet what cases require.

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

/// The capabilities with which the agent may make a network namespace inside the
/// container and change it: the engine has no setting that removes 127.0.0.1, and a
/// namespace made by the agent is never shared.
const TO_CHANGE_A_NETWORK: [&str; 2] = ["NET_ADMIN", "SYS_ADMIN"];

/// The settings of a container, other than having no network.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Settings {
    /// Kernel parameters of its network namespace, by name.
    sysctls: Vec<(&'static str, u8)>,
    /// The families of sockets that a seccomp profile rejects.
    refused: Vec<(&'static str, u32)>,
    capabilities: &'static [&'static str],
}

impl Settings {
    pub(super) fn new(requires: &Requires) -> Self {
        let mut settings = Self::default();
        let sysctls = &mut settings.sysctls;
        if requires.ipv6() != Ipv6::Any {
            // An engine turns IPv6 off if it is not part of the network.
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

    /// gVisor accepts kernel parameters and a seccomp profile but ignores them: it does
    /// not implement the sysctls of the OCI, and profiles only if it is started with
    /// `--oci-seccomp` (gVisor runsc/boot/loader.go). The agent sets up what is possible
    /// there.
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

    /// The settings of a container that is one of two hosts and gives its link the
    /// addresses of the host.
    pub(super) fn of_a_host(mut self) -> Self {
        self.capabilities = &["NET_ADMIN"];
        self
    }

    /// Settings with which a container can be created but not started.
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

    /// What the engine refused these settings for, as far as it says so: it names the
    /// file of a kernel parameter that it could not open.
    pub(super) fn refused_for(&self, said: &str) -> Option<Cause> {
        let mut sysctls = self.sysctls.iter();
        let named = |name: &str| said.contains(&format!("/proc/sys/{}", name.replace('.', "/")));
        let missing = sysctls.any(|(name, _)| named(name));
        missing.then_some(Cause::NoParameter)
    }

    /// Adds them to the engine's configuration of the container.
    pub(super) fn apply(&self, host: &mut HostConfig) {
        let owned = |(name, value): &(&str, u8)| ((*name).to_owned(), value.to_string());
        host.sysctls = Some(self.sysctls.iter().map(owned).collect::<HashMap<_, _>>());
        if !self.refused.is_empty() {
            host.security_opt = Some(vec![format!("seccomp={}", self.profile())]);
        }
        let capabilities = self.capabilities.iter();
        host.cap_add = Some(capabilities.map(|&name| name.to_owned()).collect());
    }

    /// A seccomp profile that replaces the engine's default: it allows everything except
    /// sockets of the rejected families.
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
