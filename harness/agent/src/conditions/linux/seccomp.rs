//! A filter that refuses a family of sockets, as systemd's
//! RestrictAddressFamilies does for services.

use std::collections::BTreeMap;

use nix::libc::{EAFNOSUPPORT, SYS_socket};
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter,
    SeccompRule, apply_filter,
};

/// From now on this process and its children get EAFNOSUPPORT for `socket(family, …)`. It
/// blocks the family, not the stack itself.
pub(super) fn refuse(family: u64) -> Result<(), String> {
    let program = program(family).map_err(failed)?;
    apply_filter(&program).map_err(failed)
}

fn program(family: u64) -> seccompiler::Result<BpfProgram> {
    let is_family = SeccompCondition::new(0, SeccompCmpArgLen::Dword, SeccompCmpOp::Eq, family)?;
    let rules = BTreeMap::from([(SYS_socket, vec![SeccompRule::new(vec![is_family])?])]);
    let filter = SeccompFilter::new(
        rules,
        SeccompAction::Allow,
        SeccompAction::Errno(EAFNOSUPPORT as u32),
        std::env::consts::ARCH.try_into()?,
    )?;
    Ok(filter.try_into()?)
}

fn failed(error: impl std::fmt::Display) -> String {
    format!("failed to install a seccomp filter: {error}")
}
