//! Every platform that the lab knows.

use crate::{Gvisor, Host, Platform, Wine};

/// Every platform, whether it can be used here or not, in the order of the
/// columns. `host` is the agent that the harness itself can start.
pub fn platforms(host: &Host) -> Vec<Box<dyn Platform>> {
    let mut platforms: Vec<Box<dyn Platform>> =
        vec![Box::new(host.clone()), Box::new(host.clone().isolated())];
    platforms.extend(containers());
    platforms.push(Box::new(Gvisor));
    platforms.extend(machines());
    platforms.push(Box::new(Wine));
    platforms
}

#[cfg(feature = "docker")]
fn containers() -> Vec<Box<dyn Platform>> {
    use crate::Container;
    vec![Box::new(Container::new()), Box::new(Container::gvisor())]
}

#[cfg(not(feature = "docker"))]
fn containers() -> Vec<Box<dyn Platform>> {
    Vec::new()
}

#[cfg(target_os = "linux")]
fn machines() -> impl Iterator<Item = Box<dyn Platform>> {
    crate::Vm::all()
        .into_iter()
        .map(|vm| Box::new(vm) as Box<dyn Platform>)
}

/// The lab's kernels are packed for booting by means that only Linux has.
#[cfg(not(target_os = "linux"))]
fn machines() -> impl Iterator<Item = Box<dyn Platform>> {
    std::iter::empty()
}

/// Removes what harness processes left that are gone; tells what it was.
///
/// # Errors
///
/// Something of the project's own is left that cannot be removed, in one sentence.
pub fn clean() -> Result<Vec<String>, String> {
    let sandboxes = crate::gvisor::clean()?;
    let mut removed: Vec<String> = sandboxes
        .iter()
        .map(|path| format!("the state of a sandbox, {}", path.display()))
        .collect();
    removed.extend(
        clean_containers()?
            .into_iter()
            .map(|name| format!("container {name}")),
    );
    Ok(removed)
}

/// Ends what waits in the background for another run, unless something uses it;
/// tells what it was.
pub fn stop_background() -> Option<String> {
    crate::wine::stop().then(|| "Wine's background processes".to_owned())
}

/// The same after an interrupt, as far as this process may have started it.
pub fn settle() {
    if crate::interrupted() {
        crate::wine::stop_started();
    }
}

#[cfg(feature = "docker")]
fn clean_containers() -> Result<Vec<String>, String> {
    use crate::container;
    // Where there is no engine there is nothing of ours in it.
    match container::leftovers() {
        Ok(_) => container::clean(),
        Err(_) => Ok(Vec::new()),
    }
}

#[cfg(not(feature = "docker"))]
fn clean_containers() -> Result<Vec<String>, String> {
    Ok(Vec::new())
}
