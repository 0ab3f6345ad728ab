//! Containers of the engine: how one is started, and how leftover ones are found and
//! removed.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use dualstack_agent::CHANGE_NETWORK;
use dualstack_agent::program::COMMAND;
use futures_util::StreamExt;
use testcontainers::bollard::errors::Error as BollardError;
use testcontainers::bollard::exec::{CreateExecOptions, StartExecOptions, StartExecResults};
use testcontainers::bollard::models::ExecInspectResponse;
use testcontainers::bollard::query_parameters::{
    EventsOptionsBuilder, ListContainersOptionsBuilder, RemoveContainerOptionsBuilder,
};
use testcontainers::runners::AsyncRunner;
use testcontainers::{ContainerAsync, GenericImage, ImageExt};

use super::engine::{LABEL, client, fresh_name, is_gone, owner, wait};
use super::failure::EngineError;
use super::image::PROGRAM;
use super::network::Network;
use super::settings::Settings;

/// How long the engine may take to start a container, not counting pulling and building.
const START: Duration = Duration::from_secs(30);

/// A running container.
pub(super) struct Started {
    container: Option<ContainerAsync<GenericImage>>,
    name: String,
    /// Its network; held until the container is gone.
    _network: Option<Arc<Network>>,
}

/// A container on a network, or with only its own loopback. Its first process is an agent
/// that no one talks to, which keeps it running.
pub(super) fn start(
    image: GenericImage,
    runtime: Option<&'static str>,
    settings: &Settings,
    network: Option<Arc<Network>>,
) -> Result<Started, EngineError> {
    let owner = owner()?;
    let name = fresh_name(&owner);
    let asked = settings.clone();
    let request = image
        .with_container_name(&name)
        .with_label(LABEL, owner.to_string())
        .with_network(network.as_ref().map_or("none", |network| &network.name))
        .with_open_stdin(true)
        .with_startup_timeout(START)
        .with_host_config_modifier(move |host| {
            asked.apply(host);
            host.runtime = runtime.map(str::to_owned);
            host.publish_all_ports = None;
        });
    let started = wait(request.start()).map_err(|error| {
        // testcontainers leaves a container that was created but could not be started.
        EngineError::new(format!("start the container {name}"), &error)
            .refused_for(|said| settings.refused_for(said))
            .and(remove(&name).err())
    });
    Ok(Started {
        container: Some(started?),
        name,
        _network: network,
    })
}

impl Started {
    /// Starts an agent to talk to in it; returns its id with its streams.
    pub(super) fn exec(&self) -> Result<(String, StartExecResults), EngineError> {
        let client = client()?;
        let options = CreateExecOptions {
            attach_stdin: Some(true),
            attach_stdout: Some(true),
            attach_stderr: Some(true),
            cmd: Some(vec![PROGRAM, COMMAND, CHANGE_NETWORK]),
            ..Default::default()
        };
        let started = wait(async {
            let id = client.create_exec(&self.name, options).await?.id;
            let streams = client.start_exec(&id, None::<StartExecOptions>).await?;
            Ok((id, streams))
        });
        started.map_err(|error: BollardError| {
            EngineError::new(format!("start the agent in {}", self.name), &error)
        })
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        let Some(container) = self.container.take() else {
            return;
        };
        wait(async {
            // If it is already gone, there is nothing to do and no one to report to.
            _ = container.rm().await;
        });
    }
}

/// The state of an agent that was started by [`Started::exec`].
pub(super) fn agent_state(exec: &str) -> Result<ExecInspectResponse, EngineError> {
    wait(client()?.inspect_exec(exec))
        .map_err(|error| EngineError::new("get the state of the agent", &error))
}

/// Waits until an agent that was started by [`Started::exec`] has ended, according to the
/// engine's events, but no longer than this. It reads the events from the beginning,
/// because the event may already have occurred.
pub(super) fn await_end(exec: &str, longest: Duration) -> Result<(), EngineError> {
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
        .map_err(|error: BollardError| EngineError::new("wait for the agent's end", &error))
}

/// The names and owners of the lab's containers, in any state.
pub(super) fn containers() -> Result<Vec<(String, String)>, EngineError> {
    let filters = HashMap::from([("label", vec![LABEL])]);
    let options = ListContainersOptionsBuilder::new()
        .all(true)
        .filters(&filters)
        .build();
    let found = wait(client()?.list_containers(Some(options)))
        .map_err(|error| EngineError::new("list the containers", &error))?;
    let named = found.into_iter().filter_map(|container| {
        let name = container.names?.into_iter().next()?;
        let owner = container.labels?.remove(LABEL)?;
        Some((name.trim_start_matches('/').to_owned(), owner))
    });
    Ok(named.collect())
}

/// Removes a container in any state; it is not an error if it is already gone.
pub(super) fn remove(container: &str) -> Result<(), EngineError> {
    let options = RemoveContainerOptionsBuilder::new()
        .force(true)
        .v(true)
        .build();
    match wait(client()?.remove_container(container, Some(options))) {
        Ok(()) => Ok(()),
        Err(error) if is_gone(&error) => Ok(()),
        Err(error) => {
            let doing = format!("remove the container {container}");
            Err(EngineError::new(doing, &error))
        }
    }
}
