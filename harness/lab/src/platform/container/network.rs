//! A network of the engine with both families, on which two containers are hosts.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::net::Ipv6Addr;

use testcontainers::bollard::errors::Error as BollardError;
use testcontainers::bollard::models::{Ipam, IpamConfig, NetworkCreateRequest};
use testcontainers::bollard::query_parameters::ListNetworksOptionsBuilder;

use super::engine::{LABEL, client, fresh_name, is_gone, owner, wait};
use super::failure::EngineError;
use crate::platform::owner::Owner;

/// A bridge network; it is removed when dropped, which must be after its containers are
/// removed.
pub(super) struct Network {
    pub(super) name: String,
}

impl Network {
    pub(super) fn create() -> Result<Self, EngineError> {
        let owner = owner()?;
        let name = fresh_name(&owner);
        let ipv6 = IpamConfig {
            subnet: Some(format!("{}/64", unique_local(&name))),
            ..Default::default()
        };
        let request = NetworkCreateRequest {
            name: name.clone(),
            driver: Some("bridge".to_owned()),
            enable_ipv6: Some(true),
            ipam: Some(Ipam {
                config: Some(vec![ipv6]),
                ..Default::default()
            }),
            labels: Some(HashMap::from([(LABEL.to_owned(), owner.to_string())])),
            ..Default::default()
        };
        wait(client()?.create_network(request))
            .map_err(|error| EngineError::new(format!("make the network {name}"), &error))?;
        Ok(Self { name })
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        // What cannot be removed now is left to the next run, which finds it by its
        // label.
        _ = remove(&self.name);
    }
}

/// A prefix of local addresses that no other network is likely to have (RFC 4193);
/// engines before 28 require one.
fn unique_local(name: &str) -> Ipv6Addr {
    let mut hasher = DefaultHasher::new();
    name.hash(&mut hasher);
    Owner::this().to_string().hash(&mut hasher);
    let prefix = (0xfd << 56) | (hasher.finish() >> 8);
    Ipv6Addr::from(u128::from(prefix) << 64)
}

/// The names and owners of the lab's networks.
pub(super) fn networks() -> Result<Vec<(String, String)>, EngineError> {
    let filters = HashMap::from([("label", vec![LABEL])]);
    let options = ListNetworksOptionsBuilder::new().filters(&filters).build();
    let found = wait(client()?.list_networks(Some(options)))
        .map_err(|error| EngineError::new("list the networks", &error))?;
    let named = found.into_iter().filter_map(|network| {
        let owner = network.labels?.remove(LABEL)?;
        Some((network.name?, owner))
    });
    Ok(named.collect())
}

/// Removes a network, unless a container is still on it; returns whether it is gone, by
/// this call or another one.
pub(super) fn remove(name: &str) -> Result<bool, EngineError> {
    match wait(client()?.remove_network(name)) {
        Ok(()) => Ok(true),
        Err(error) if is_gone(&error) => Ok(true),
        Err(BollardError::DockerResponseServerError {
            status_code: 403, ..
        }) => Ok(false),
        Err(error) => {
            let doing = format!("remove the network {name}");
            Err(EngineError::new(doing, &error))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::unique_local;

    #[test]
    fn each_network_has_local_addresses_of_its_own() {
        let [one, other] = ["one", "other"].map(unique_local);
        assert_ne!(one, other);
        assert!(one.is_unique_local() && other.is_unique_local());
        assert_eq!(one.segments()[4..], [0; 4]);
    }
}
