//! The container engine, accessed without the lab.

use std::collections::HashMap;
use std::rc::Rc;

use testcontainers::bollard::Docker;
use testcontainers::bollard::models::{ContainerCreateBody, HostConfig};
use testcontainers::bollard::query_parameters::{
    CreateContainerOptions, InspectContainerOptions, ListContainersOptionsBuilder,
    ListImagesOptionsBuilder, ListNetworksOptionsBuilder, RemoveContainerOptionsBuilder,
    StartContainerOptions,
};
use testcontainers::core::client::docker_client_instance;
use tokio::runtime::Runtime;

/// The label of objects of the lab; for a container it contains the owner process.
const LABEL: &str = "dev.dualstack";

pub(crate) struct Engine {
    runtime: Runtime,
    client: Docker,
}

impl Engine {
    pub(crate) fn connect() -> Self {
        let runtime = Runtime::new().unwrap();
        let client = runtime.block_on(docker_client_instance()).unwrap();
        Self { runtime, client }
    }

    /// The containers and networks of these processes.
    pub(crate) fn left_by(&self, processes: &[u32]) -> Vec<String> {
        let labelled = HashMap::from([("label", vec![LABEL])]);
        let containers = ListContainersOptionsBuilder::new()
            .all(true)
            .filters(&labelled)
            .build();
        let networks = ListNetworksOptionsBuilder::new().filters(&labelled).build();
        let (containers, networks) = self.runtime.block_on(async {
            let containers = self.client.list_containers(Some(containers)).await;
            let networks = self.client.list_networks(Some(networks)).await;
            (containers.unwrap(), networks.unwrap())
        });
        let mine = |labels: Option<HashMap<String, String>>| {
            let owner = labels?.remove(LABEL)?;
            let process = owner.split_once('-')?.0.parse().ok()?;
            (processes.contains(&process) && !owner.ends_with(ELSEWHERE)).then_some(())
        };
        let containers = containers.into_iter().filter_map(|container| {
            mine(container.labels)?;
            Some(format!("container {}", container.names?.join(" ")))
        });
        let networks = networks.into_iter().filter_map(|network| {
            mine(network.labels)?;
            Some(format!("network {}", network.name?))
        });
        containers.chain(networks).collect()
    }
}

/// A machine name whose processes cannot be checked from here.
pub(crate) const ELSEWHERE: &str = "@elsewhere";

/// A container that does not belong to the runs, removed with this value.
pub(crate) struct Bystander {
    engine: Rc<Engine>,
    id: String,
}

impl Bystander {
    /// Starts one from the lab's own image; `owner` replaces the image's label.
    pub(crate) fn start(engine: &Rc<Engine>, owner: Option<String>) -> Self {
        let labels = owner.map(|owner| HashMap::from([(LABEL.to_owned(), owner)]));
        let id = engine.runtime.block_on(async {
            let labelled = HashMap::from([("label", vec![LABEL])]);
            let options = ListImagesOptionsBuilder::new().filters(&labelled).build();
            let images = engine.client.list_images(Some(options)).await.unwrap();
            let image = images.into_iter().next().expect("the lab has built one").id;
            let body = ContainerCreateBody {
                image: Some(image),
                labels,
                open_stdin: Some(true),
                host_config: Some(HostConfig {
                    network_mode: Some("none".to_owned()),
                    ..Default::default()
                }),
                ..Default::default()
            };
            let options = None::<CreateContainerOptions>;
            let created = engine.client.create_container(options, body).await;
            let id = created.unwrap().id;
            let options = None::<StartContainerOptions>;
            engine.client.start_container(&id, options).await.unwrap();
            id
        });
        let engine = Rc::clone(engine);
        Self { engine, id }
    }

    pub(crate) fn is_running(&self) -> bool {
        let options = None::<InspectContainerOptions>;
        let found = self.engine.client.inspect_container(&self.id, options);
        let found = self.engine.runtime.block_on(found);
        found.is_ok_and(|container| container.state.and_then(|state| state.running) == Some(true))
    }
}

impl Drop for Bystander {
    fn drop(&mut self) {
        let options = RemoveContainerOptionsBuilder::new().force(true).build();
        let removed = self.engine.client.remove_container(&self.id, Some(options));
        _ = self.engine.runtime.block_on(removed);
    }
}
