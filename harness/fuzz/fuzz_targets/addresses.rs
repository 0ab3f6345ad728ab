//! Addresses and values as texts: what is read says the same when it is written.
#![no_main]

use std::net::IpAddr;

use dualstack_names::{SocketOption, ValueType};
use dualstack_scenario::{ParsedAddress, Selector, Template, parse_ip};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(address) = ParsedAddress::parse(text) {
        assert_eq!(ParsedAddress::parse(&written(&address)), Ok(address));
    }
    if let Some((ip, scope)) = parse_ip(text) {
        assert_eq!(
            parse_ip(&with_scope(ip, scope.as_deref())),
            Some((ip, scope))
        );
    }
    if let Ok(template) = Template::try_from(text.to_owned()) {
        assert_eq!(Template::try_from(template.to_string()), Ok(template));
    }
    if let Ok(selector) = Selector::parse(text) {
        assert_eq!(Selector::parse(&selector.to_string()), Ok(selector));
    }
    for option in SocketOption::ALL {
        if let ValueType::One(scalar) = option.value {
            let value = scalar.parse(text, |_| None);
            assert!(
                value.is_none_or(|value| scalar.accepts(text) && !value.to_string().is_empty())
            );
        }
    }
});

fn with_scope(ip: IpAddr, scope: Option<&str>) -> String {
    scope.map_or_else(|| ip.to_string(), |scope| format!("{ip}%{scope}"))
}

fn written(address: &ParsedAddress) -> String {
    let ip = with_scope(address.ip, address.scope.as_deref());
    match address.ip {
        IpAddr::V4(_) => format!("{ip}:{}", address.port),
        IpAddr::V6(_) => format!("[{ip}]:{}", address.port),
    }
}
