//! The container engine, asked without the lab.

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

/// The label of what is the lab's; of a container it holds the process that owns it.
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

    /// The containers of some processes, and the lab's networks, of which there are never any.
    pub(crate) fn left_by(&self, processes: &[u32]) -> Vec<String> {
        let labelled = HashMap::from([("label", vec![LABEL])]);
        let options = ListContainersOptionsBuilder::new()
            .all(true)
            .filters(&labelled)
            .build();
        let containers = self.client.list_containers(Some(options));
        let containers = self.runtime.block_on(containers).unwrap().into_iter();
        let mine = containers.filter_map(|container| {
            let owner = container.labels?.remove(LABEL)?;
            let process = owner.split_once('-')?.0.parse().ok()?;
            let name = container.names.unwrap_or_default().join(" ");
            let mine = processes.contains(&process) && !owner.ends_with(ELSEWHERE);
            mine.then(|| format!("container {name}"))
        });
        let mut left: Vec<_> = mine.collect();
        let options = ListNetworksOptionsBuilder::new().filters(&labelled).build();
        let networks = self.client.list_networks(Some(options));
        let networks = self.runtime.block_on(networks).unwrap();
        left.extend(networks.iter().map(|network| format!("{network:?}")));
        left
    }
}

/// The machine of an owner that nobody here can ask after.
pub(crate) const ELSEWHERE: &str = "@elsewhere";

/// A container that is none of the runs', removed with this value.
pub(crate) struct Bystander {
    engine: Rc<Engine>,
    id: String,
}

impl Bystander {
    /// Starts one from the lab's own image; `owner` takes the place of the image's label.
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
