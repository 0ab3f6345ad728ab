//! The kernel's parameters at boot.

use dualstack_scenario::{Bindv6only, Ipv6, Requires};

/// A boot, with what cases can require of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Boot {
    ipv6: Option<&'static str>,
    bindv6only: Option<&'static str>,
}

impl Boot {
    pub(super) fn new(requires: &Requires) -> Self {
        // Linux Documentation/networking/ipv6.rst
        let ipv6 = match requires.ipv6() {
            Ipv6::Disabled => Some("ipv6.disable=1"),
            Ipv6::Off => Some("ipv6.disable_ipv6=1"),
            Ipv6::On | Ipv6::Any => None,
        };
        // Since Linux 5.8: fs/proc/proc_sysctl.c, do_sysctl_args().
        let one = requires.bindv6only == Some(Bindv6only::One);
        Self {
            ipv6,
            bindv6only: one.then_some("sysctl.net.ipv6.bindv6only=1"),
        }
    }

    /// The words on the kernel's command line.
    pub(super) fn words(self) -> Vec<&'static str> {
        self.ipv6.into_iter().chain(self.bindv6only).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Boot;
    use dualstack_scenario::{Bindv6only, Ipv4, Ipv6, Requires};
    use rstest::rstest;

    #[rstest]
    #[case(None, None, None, &[])]
    #[case(Some(Ipv4::Disabled), None, Some(Bindv6only::Zero), &[])]
    #[case(Some(Ipv4::NoAddress), Some(Ipv6::On), None, &[])]
    #[case(None, Some(Ipv6::Disabled), None, &["ipv6.disable=1"])]
    #[case(None, Some(Ipv6::Off), None, &["ipv6.disable_ipv6=1"])]
    #[case(None, None, Some(Bindv6only::One), &["sysctl.net.ipv6.bindv6only=1"])]
    fn only_what_a_kernel_can_be_told_needs_a_boot(
        #[case] ipv4: Option<Ipv4>,
        #[case] ipv6: Option<Ipv6>,
        #[case] bindv6only: Option<Bindv6only>,
        #[case] words: &[&str],
    ) {
        let requires = Requires {
            ipv4,
            ipv6,
            bindv6only,
            lost: None,
        };
        assert_eq!(Boot::new(&requires).words(), words);
    }
}
