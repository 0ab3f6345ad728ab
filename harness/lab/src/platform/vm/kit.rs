//! Everything that a boot needs.

use std::sync::Arc;

use super::accelerator::Accelerator;
use super::initramfs::Initramfs;
use super::kernel;

/// A kernel, the agent as its first process, and how QEMU runs them.
#[derive(Clone, Debug)]
pub(super) struct Kit {
    pub(super) image: kernel::Image,
    pub(super) initramfs: Arc<Initramfs>,
    pub(super) accelerator: Accelerator,
}

impl Kit {
    /// The same with another accelerator.
    pub(super) fn with(&self, accelerator: Accelerator) -> Self {
        Self {
            accelerator,
            ..self.clone()
        }
    }
}
