//! The image with the agent, and the removal of images that are no longer used.
//!
//! An image is named by the agent's fingerprint, and also by a tag for each harness
//! process that uses it. When all these processes are gone, the next one with its own
//! image removes it. So there is one image per agent in use, not one per build.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::OnceLock;

use dualstack_agent::program::COMMAND;
use testcontainers::bollard::errors::Error as BollardError;
use testcontainers::bollard::query_parameters::{
    ListImagesOptionsBuilder, RemoveImageOptions, TagImageOptionsBuilder,
};
use testcontainers::core::BuildImageOptions;
use testcontainers::runners::AsyncBuilder;
use testcontainers::{GenericBuildableImage, GenericImage};

use super::engine::{self, LABEL, client, wait};
use super::failure::EngineError;
use crate::platform::owner::Owner;
use crate::platform::payload::payload;
use crate::run::broken::NoStart;

/// The name of the images.
const IMAGE: &str = "dualstack-agent";

/// Where the agent is in an image.
pub(super) const PROGRAM: &str = "/dualstack-agent";

/// An agent's files, with their absolute paths in the image.
type Files = [(String, Vec<u8>)];

/// The image with the agent's files, built at most once per process.
pub(super) fn image() -> Result<GenericImage, NoStart> {
    static IMAGE: OnceLock<Result<GenericImage, NoStart>> = OnceLock::new();
    IMAGE.get_or_init(make).clone()
}

fn make() -> Result<GenericImage, NoStart> {
    let owner = engine::owner()?;
    hold(&payload()?.files(PROGRAM)?, &owner)?;
    // What cannot be removed now is left to the next harness process.
    _ = remove_unused();
    Ok(GenericImage::new(IMAGE, &tag_of(&owner)))
}

/// Builds the image with an agent unless the engine has it, and adds a tag that keeps it
/// as long as the owner exists.
fn hold(files: &Files, owner: &Owner) -> Result<(), EngineError> {
    // Not for secrecy: two different agents must not have the same tag.
    let mut hasher = DefaultHasher::new();
    files.hash(&mut hasher);
    let fingerprint = format!("{:016x}", hasher.finish());
    let tag = tag_of(owner);
    build(files, &fingerprint)?;
    // It had no tag yet: another harness process may have removed it.
    while !add_tag(&fingerprint, &tag)? {
        build(files, &fingerprint)?;
    }
    Ok(())
}

fn build(files: &Files, fingerprint: &str) -> Result<(), EngineError> {
    let description = format!(
        "FROM scratch\nLABEL {LABEL}=image\nCOPY --chmod=755 root /\nENTRYPOINT [\"{PROGRAM}\", \"{COMMAND}\"]\n"
    );
    let buildable =
        GenericBuildableImage::new(IMAGE, fingerprint).with_dockerfile_string(description);
    let buildable = files.iter().fold(buildable, |buildable, (path, content)| {
        buildable.with_data(content.clone(), format!("./root{path}"))
    });
    let options = BuildImageOptions::new().with_skip_if_exists(true);
    wait(buildable.build_image_with(options))
        .map(drop)
        .map_err(|error| EngineError::new("build the image around the agent", &error))
}

/// Adds a tag to an image; returns whether the image exists.
fn add_tag(known: &str, tag: &str) -> Result<bool, EngineError> {
    let options = TagImageOptionsBuilder::new().repo(IMAGE).tag(tag).build();
    let name = format!("{IMAGE}:{known}");
    there(wait(client()?.tag_image(&name, Some(options))), || {
        format!("tag the image {name}")
    })
}

/// A tag cannot contain an `@`.
fn tag_of(owner: &Owner) -> String {
    owner.to_string().replacen('@', ".", 1)
}

fn owner_of(name: &str) -> Option<Owner> {
    let (_, tag) = name.rsplit_once(':')?;
    tag.replacen('.', "@", 1).parse().ok()
}

/// Removes the tags of owners that are gone, and the images that have no other tags.
fn remove_unused() -> Result<(), EngineError> {
    for names in images()? {
        for name in unused(names) {
            // A container may still use it.
            remove_name(&name)?;
        }
    }
    Ok(())
}

/// The names of an image that can be removed. An image without an owner is about to get
/// one from the harness process that built it.
fn unused(names: Vec<String>) -> Vec<String> {
    let gone = |name: &String| owner_of(name).map(|owner| owner.is_gone());
    let owners: Vec<bool> = names.iter().filter_map(gone).collect();
    if !owners.is_empty() && owners.iter().all(|gone| *gone) {
        return names;
    }
    let names = names.into_iter();
    names.filter(|name| gone(name) == Some(true)).collect()
}

/// Who holds an image, whether or not it is gone.
pub(super) fn owners() -> Result<Vec<Owner>, EngineError> {
    let names = images()?.into_iter().flatten();
    Ok(names.filter_map(|name| owner_of(&name)).collect())
}

/// The names of each image of the lab.
fn images() -> Result<Vec<Vec<String>>, EngineError> {
    let filters = HashMap::from([("label", vec![LABEL])]);
    let options = ListImagesOptionsBuilder::new().filters(&filters).build();
    let found = wait(client()?.list_images(Some(options)))
        .map_err(|error| EngineError::new("list the images", &error))?;
    Ok(found.into_iter().map(|image| image.repo_tags).collect())
}

/// Removes a name from an image, which is deleted with its last name; returns whether it
/// was removed.
fn remove_name(name: &str) -> Result<bool, EngineError> {
    let removed = wait(client()?.remove_image(name, None::<RemoveImageOptions>, None));
    there(removed.map(drop), || format!("remove the image {name}"))
}

/// Whether a request about an image was fulfilled; it is not if the image is gone or in
/// use.
fn there(
    done: Result<(), BollardError>,
    doing: impl FnOnce() -> String,
) -> Result<bool, EngineError> {
    match done {
        Ok(()) => Ok(true),
        Err(BollardError::DockerResponseServerError {
            status_code: 404 | 409,
            ..
        }) => Ok(false),
        Err(error) => Err(EngineError::new(doing(), &error)),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::platform::Platform;
    use crate::platform::container::Container;
    use crate::platform::ledger::{self, Entry};

    #[test]
    fn an_owner_is_read_from_the_tag_that_it_is_written_to() {
        let owner = Owner::this();
        assert_eq!(
            owner_of(&format!("{IMAGE}:{}", tag_of(&owner))),
            Some(owner)
        );
        assert_eq!(owner_of("dualstack-agent:0123456789abcdef"), None);
    }

    #[rstest]
    #[case::built_and_not_held_yet(&[], &[])]
    #[case::held(&[false], &[])]
    #[case::held_after_another(&[true, false], &[1])]
    #[case::held_no_longer(&[true, true], &[0, 1, 2])]
    fn an_image_goes_with_its_last_owner(#[case] gone: &[bool], #[case] unused_names: &[usize]) {
        let fingerprint = format!("{IMAGE}:0123456789abcdef");
        let left = Owner::other(5);
        ledger::abandon(&left, &[Entry::Engine]);
        let owner = |gone: &bool| if *gone { left.clone() } else { Owner::this() };
        let tags = gone.iter().map(|gone| tag_of(&owner(gone)));
        let names: Vec<String> = std::iter::once(fingerprint)
            .chain(tags.map(|tag| format!("{IMAGE}:{tag}")))
            .collect();
        let expected: Vec<_> = unused_names.iter().map(|&at| names[at].clone()).collect();
        assert_eq!(unused(names), expected);
    }

    #[test]
    fn the_engine_keeps_no_image_of_a_harness_that_is_gone() {
        if let Err(unusable) = Container::new().availability() {
            println!("container cannot be used here: {unusable}");
            return;
        }
        // On another machine, so that no process here takes it to be gone.
        let process = std::process::id();
        let owner: Owner = format!("{process}-1@elsewhere").parse().unwrap();
        let agent = |what: &str| {
            let content = format!("{what} of {process}").into_bytes();
            [(PROGRAM.to_owned(), content)]
        };
        let gone = Owner::other(6);
        ledger::abandon(&gone, &[Entry::Engine]);
        hold(&agent("an earlier agent"), &gone).unwrap();
        hold(&agent("the agent"), &owner).unwrap();
        remove_unused().unwrap();
        let images = images().unwrap();
        let held_by = |owner: &Owner| {
            let name = format!("{IMAGE}:{}", tag_of(owner));
            images.iter().find(|names| names.contains(&name))
        };
        assert_eq!(held_by(&gone), None);
        let held = held_by(&owner).unwrap();
        assert_eq!(held.len(), 2, "{held:?}");
        for name in held {
            assert!(remove_name(name).unwrap(), "{name}");
        }
    }
}
