//! The engine, called from synchronous code.

use std::fmt;
use std::future::Future;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use testcontainers::bollard::Docker;
use testcontainers::bollard::errors::Error as BollardError;
use testcontainers::bollard::models::SystemInfo;
use testcontainers::core::client::docker_client_instance;
use tokio::runtime::Runtime;
use tokio::task::JoinHandle;

use super::failure::EngineError;
use crate::platform::ledger::{self, Entry};
use crate::platform::owner::Owner;

/// The label of everything that belongs to the lab; its value is the [`Owner`].
pub(super) const LABEL: &str = "dev.dualstack";

/// Waits for a request to the engine.
pub(super) fn wait<F: Future>(future: F) -> F::Output {
    runtime().block_on(future)
}

/// Runs something in the background.
pub(super) fn spawn(future: impl Future<Output = ()> + Send + 'static) -> JoinHandle<()> {
    runtime().spawn(future)
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

/// The engine's client; it has made no request yet.
pub(super) fn client() -> Result<Docker, EngineError> {
    static CLIENT: OnceLock<Result<Docker, EngineError>> = OnceLock::new();
    let made = CLIENT.get_or_init(|| {
        wait(docker_client_instance())
            .map_err(|error| EngineError::new("find the container engine", &error))
    });
    made.clone()
}

/// The engine's information about itself: its version, its OCI runtimes.
pub(super) fn info() -> Result<SystemInfo, EngineError> {
    wait(client()?.info()).map_err(|error| EngineError::new("ask the container engine", &error))
}

/// This process as the owner of something that the engine is about to be asked for, which is
/// recorded first.
pub(super) fn owner() -> Result<Owner, EngineError> {
    let failed = |error: &dyn fmt::Display| {
        EngineError::other("use the container engine", error.to_string())
    };
    let ledger = ledger::this().map_err(|unusable| failed(&unusable))?;
    ledger
        .note(&Entry::Engine)
        .map_err(|error| failed(&error))?;
    Ok(Owner::this())
}

/// A name for something of the lab in the engine.
pub(super) fn fresh_name(owner: &Owner) -> String {
    static NAMED: AtomicU32 = AtomicU32::new(0);
    let number = NAMED.fetch_add(1, Ordering::Relaxed);
    format!("dualstack-{}-{}-{number}", owner.process, owner.since)
}

/// Whether the engine says that the thing does not exist, or is being removed.
pub(super) fn is_gone(error: &BollardError) -> bool {
    match error {
        BollardError::DockerResponseServerError {
            status_code: 404, ..
        } => true,
        BollardError::DockerResponseServerError {
            status_code: 409,
            message,
        } => message.contains("already in progress"),
        _ => false,
    }
}
