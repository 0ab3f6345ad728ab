//! The container engine, accessed without the lab.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use dualstack_lab::{Container, Platform};
use testcontainers::bollard::Docker;
use testcontainers::bollard::query_parameters::{
    ListContainersOptionsBuilder, ListNetworksOptionsBuilder, RemoveContainerOptionsBuilder,
};
use testcontainers::core::client::docker_client_instance;
use tokio::runtime::Runtime;

use crate::real::usable;

/// Objects are found by this process's number, so two tests in one process would find
/// each other's containers.
static ALONE: Mutex<()> = Mutex::new(());

/// The engine, accessed without the lab, unless there is none.
pub(crate) struct Engine {
    runtime: Runtime,
    client: Docker,
    _alone: MutexGuard<'static, ()>,
}

impl Engine {
    pub(crate) fn of(container: Container) -> Option<Self> {
        let alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
        if !usable(container.name(), container.availability()) {
            return None;
        }
        let runtime = Runtime::new().unwrap();
        let client = runtime.block_on(docker_client_instance()).unwrap();
        Some(Self {
            runtime,
            client,
            _alone: alone,
        })
    }

    /// The names of the objects with the lab's label and that process's number:
    /// containers, then networks.
    pub(crate) fn labelled(&self, process: u32) -> Vec<String> {
        let filters = HashMap::from([("label", vec!["dev.dualstack"])]);
        let owned = |labels: &HashMap<String, String>| {
            labels["dev.dualstack"].starts_with(&format!("{process}-"))
        };
        let containers = ListContainersOptionsBuilder::new()
            .all(true)
            .filters(&filters)
            .build();
        let networks = ListNetworksOptionsBuilder::new().filters(&filters).build();
        let (containers, networks) = self.runtime.block_on(async {
            let containers = self.client.list_containers(Some(containers)).await;
            let networks = self.client.list_networks(Some(networks)).await;
            (containers.unwrap(), networks.unwrap())
        });
        let containers = containers
            .into_iter()
            .filter(|container| owned(container.labels.as_ref().unwrap()))
            .map(|container| {
                let name = container.names.unwrap().remove(0);
                name.trim_start_matches('/').to_owned()
            });
        let networks = networks
            .into_iter()
            .filter(|network| owned(network.labels.as_ref().unwrap()))
            .map(|network| network.name.unwrap());
        containers.chain(networks).collect()
    }

    pub(crate) fn mine(&self) -> Vec<String> {
        self.labelled(std::process::id())
    }

    pub(crate) fn remove(&self, name: &str) {
        let options = RemoveContainerOptionsBuilder::new().force(true).build();
        let removed = self.client.remove_container(name, Some(options));
        self.runtime.block_on(removed).unwrap();
    }
}
