//! The engine, asked from code that does not wait asynchronously. All of the
//! lab's async code is in here.

use std::collections::HashMap;
use std::error::Error;
use std::future::Future;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use dualstack_agent::program::COMMAND;
use futures_util::StreamExt;
use testcontainers::bollard::Docker;
use testcontainers::bollard::errors::Error as EngineError;
use testcontainers::bollard::exec::{CreateExecOptions, StartExecOptions, StartExecResults};
use testcontainers::bollard::models::{ExecInspectResponse, SystemInfo};
use testcontainers::bollard::query_parameters::{
    EventsOptionsBuilder, ListContainersOptionsBuilder, ListImagesOptionsBuilder,
    RemoveContainerOptionsBuilder, RemoveImageOptions,
};
use testcontainers::core::BuildImageOptions;
use testcontainers::core::client::docker_client_instance;
use testcontainers::runners::{AsyncBuilder, AsyncRunner};
use testcontainers::{ContainerAsync, GenericBuildableImage, GenericImage, ImageExt};
use tokio::runtime::Runtime;

use super::network::Network;
use super::settings::Settings;
use crate::platform::owner::Owner;

/// The label of everything that is the lab's; its value is the [`Owner`].
pub(super) const LABEL: &str = "dev.dualstack";

/// The name of the image; its tag is the agent's fingerprint.
const IMAGE: &str = "dualstack-agent";

/// Where the agent is in the image.
pub(super) const PROGRAM: &str = "/dualstack-agent";

/// How long the engine may take to start a container, pulling and building apart.
const START: Duration = Duration::from_secs(30);

/// Waits for what the engine is asked.
pub(super) fn wait<F: Future>(future: F) -> F::Output {
    runtime().block_on(future)
}

/// Has something done while nobody waits for it.
pub(super) fn spawn(future: impl Future<Output = ()> + Send + 'static) {
    runtime().spawn(future);
}

fn runtime() -> &'static Runtime {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    RUNTIME.get_or_init(|| {
        tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("dualstack-engine")
            .enable_all()
            .build()
            .expect("a thread can be started")
    })
}

/// The engine's client; nothing has been asked yet.
pub(super) fn client() -> Result<Docker, String> {
    static CLIENT: OnceLock<Result<Docker, String>> = OnceLock::new();
    let made = CLIENT.get_or_init(|| {
        wait(docker_client_instance()).map_err(|error| failed("find the container engine", &error))
    });
    made.clone()
}

/// What the engine says of itself: its version, its OCI runtimes.
pub(super) fn info() -> Result<SystemInfo, String> {
    wait(client()?.info()).map_err(|error| failed("ask the container engine", &error))
}

/// The image around the agent's files, built unless the engine has it.
pub(super) fn image(files: &[(String, Vec<u8>)]) -> Result<GenericImage, String> {
    // Not for secrecy: two agents that differ must not share a tag.
    let mut hasher = DefaultHasher::new();
    files.hash(&mut hasher);
    let tag = format!("{:016x}", hasher.finish());
    let description = format!(
        "FROM scratch\nLABEL {LABEL}=image\nCOPY --chmod=755 root /\nENTRYPOINT [\"{PROGRAM}\", \"{COMMAND}\"]\n"
    );
    let buildable = GenericBuildableImage::new(IMAGE, tag).with_dockerfile_string(description);
    let buildable = files.iter().fold(buildable, |buildable, (path, content)| {
        buildable.with_data(content.clone(), format!("./root{path}"))
    });
    let options = BuildImageOptions::new().with_skip_if_exists(true);
    wait(buildable.build_image_with(options))
        .map_err(|error| failed("build the image around the agent", &error))
}

/// A name for something of the lab's in the engine.
pub(super) fn fresh_name() -> String {
    static NAMED: AtomicU32 = AtomicU32::new(0);
    let owner = Owner::this();
    let number = NAMED.fetch_add(1, Ordering::Relaxed);
    format!("dualstack-{}-{}-{number}", owner.process, owner.started)
}

/// A container that is up.
pub(super) struct Started {
    container: Option<ContainerAsync<GenericImage>>,
    name: String,
    /// What it is on; held until it is gone.
    _network: Option<Arc<Network>>,
}

/// A container on a network, or without any but its own loopback. Its first
/// process is an agent that nobody talks to, which keeps it up.
pub(super) fn start(
    image: GenericImage,
    runtime: Option<&'static str>,
    settings: Settings,
    network: Option<Arc<Network>>,
) -> Result<Started, String> {
    let name = fresh_name();
    let request = image
        .with_container_name(&name)
        .with_label(LABEL, Owner::this().to_string())
        .with_network(network.as_ref().map_or("none", |network| &network.name))
        .with_open_stdin(true)
        .with_startup_timeout(START)
        .with_host_config_modifier(move |host| {
            settings.apply(host);
            host.runtime = runtime.map(str::to_owned);
            host.publish_all_ports = None;
        });
    match wait(request.start()) {
        Ok(container) => Ok(Started {
            container: Some(container),
            name,
            _network: network,
        }),
        Err(error) => {
            // A container that was made and could not be started is left by testcontainers.
            let left = remove(&name).err();
            let left = left.map(|why| format!("; {why}")).unwrap_or_default();
            Err(failed(&format!("start the container {name}"), &error) + &left)
        }
    }
}

impl Started {
    /// Starts an agent in it, to be talked to; returns its number with its streams.
    pub(super) fn exec(&self) -> Result<(String, StartExecResults), String> {
        let client = client()?;
        let options = CreateExecOptions {
            attach_stdin: Some(true),
            attach_stdout: Some(true),
            attach_stderr: Some(true),
            cmd: Some(vec![PROGRAM, COMMAND]),
            ..Default::default()
        };
        let started = wait(async {
            let id = client.create_exec(&self.name, options).await?.id;
            let streams = client.start_exec(&id, None::<StartExecOptions>).await?;
            Ok((id, streams))
        });
        started.map_err(|error: EngineError| {
            failed(&format!("start the agent in {}", self.name), &error)
        })
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        let Some(container) = self.container.take() else {
            return;
        };
        wait(async {
            // Where it is gone already there is nothing to do, and nobody to tell.
            _ = container.rm().await;
        });
    }
}

/// What has become of an agent that was started by [`Started::exec`].
pub(super) fn agent_state(exec: &str) -> Result<ExecInspectResponse, String> {
    wait(client()?.inspect_exec(exec)).map_err(|error| failed("ask after the agent", &error))
}

/// Waits until an agent that was started by [`Started::exec`] has ended, as the
/// engine's events tell, but no longer than that. Since the beginning: the event
/// may be there already.
pub(super) fn await_end(exec: &str, longest: Duration) -> Result<(), String> {
    let filters = HashMap::from([("type", vec!["container"]), ("event", vec!["exec_die"])]);
    let options = EventsOptionsBuilder::new()
        .since("0")
        .filters(&filters)
        .build();
    let mut events = Box::pin(client()?.events(Some(options)));
    let ended = async {
        while let Some(event) = events.next().await {
            let attributes = event?.actor.and_then(|actor| actor.attributes);
            if attributes.is_some_and(|attributes| attributes.get("execID") == Some(&exec.into())) {
                break;
            }
        }
        Ok(())
    };
    let waited = wait(async { tokio::time::timeout(longest, ended).await });
    waited
        .unwrap_or(Ok(()))
        .map_err(|error: EngineError| failed("hear of the agent's end", &error))
}

/// The names and owners of the lab's containers, whatever their state.
pub(super) fn containers() -> Result<Vec<(String, String)>, String> {
    let filters = HashMap::from([("label", vec![LABEL])]);
    let options = ListContainersOptionsBuilder::new()
        .all(true)
        .filters(&filters)
        .build();
    let found = wait(client()?.list_containers(Some(options)))
        .map_err(|error| failed("list the containers", &error))?;
    let named = found.into_iter().filter_map(|container| {
        let name = container.names?.into_iter().next()?;
        let owner = container.labels?.remove(LABEL)?;
        Some((name.trim_start_matches('/').to_owned(), owner))
    });
    Ok(named.collect())
}

/// Removes a container, whatever its state; one that is gone already is fine.
pub(super) fn remove(container: &str) -> Result<(), String> {
    let options = RemoveContainerOptionsBuilder::new()
        .force(true)
        .v(true)
        .build();
    match wait(client()?.remove_container(container, Some(options))) {
        Ok(()) => Ok(()),
        Err(error) if is_gone(&error) => Ok(()),
        Err(error) => Err(failed(&format!("remove the container {container}"), &error)),
    }
}

/// The ids and names of the lab's images.
pub(super) fn images() -> Result<Vec<(String, String)>, String> {
    let filters = HashMap::from([("label", vec![LABEL])]);
    let options = ListImagesOptionsBuilder::new().filters(&filters).build();
    let found = wait(client()?.list_images(Some(options)))
        .map_err(|error| failed("list the images", &error))?;
    let named = found.into_iter().map(|image| {
        let name = image.repo_tags.into_iter().next();
        (image.id.clone(), name.unwrap_or(image.id))
    });
    Ok(named.collect())
}

/// Removes an image, unless a container uses it; tells whether it did.
pub(super) fn remove_image(id: &str) -> Result<bool, String> {
    match wait(client()?.remove_image(id, None::<RemoveImageOptions>, None)) {
        Ok(_) => Ok(true),
        Err(EngineError::DockerResponseServerError {
            status_code: 404 | 409,
            ..
        }) => Ok(false),
        Err(error) => Err(failed(&format!("remove the image {id}"), &error)),
    }
}

/// Whether the engine says that there is no such thing, or that it is going.
pub(super) fn is_gone(error: &EngineError) -> bool {
    match error {
        EngineError::DockerResponseServerError {
            status_code: 404, ..
        } => true,
        EngineError::DockerResponseServerError {
            status_code: 409,
            message,
        } => message.contains("already in progress"),
        _ => false,
    }
}

/// An error with what caused it: the engine's own words are at the end.
pub(super) fn failed(what: &str, error: &dyn Error) -> String {
    let mut said = vec![error.to_string()];
    let mut cause = error.source();
    while let Some(error) = cause {
        let text = error.to_string();
        if !said.iter().any(|earlier| earlier.contains(&text)) {
            said.push(text);
        }
        cause = error.source();
    }
    format!("failed to {what}: {}", said.join(": "))
}
