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
    let removed = crate::platform::gvisor::clean()?
        .into_iter()
        .map(|path| format!("the state of a sandbox, {}", path.display()));
    #[cfg(feature = "docker")]
    let removed = removed.chain(crate::platform::container::clean()?);
    Ok(removed.collect())
}

/// Ends what waits in the background for another run, unless something uses it;
/// tells what it was.
pub fn stop_background() -> Option<String> {
    crate::platform::wine::stop().then(|| "Wine's background processes".to_owned())
}

/// After an interrupt waits until all is ended, what waits in the background as
/// well if this process may have started it.
pub fn settle() {
    if crate::interrupted() {
        crate::run::live::await_interrupt();
        crate::platform::wine::stop_started();
    }
}
