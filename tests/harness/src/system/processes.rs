//! The processes of a program: itself and all that it has started. What a platform knows of them stands behind
//! [`ProcessTree`], which each platform has: everything it is asked is `None` where the system does not tell.

pub use crate::system::platform::processes::ProcessTree;

/// What a program holds of the system's.
#[derive(Clone, Copy, Debug)]
pub struct Resources {
    pub threads: usize,
    pub descriptors: usize,
}

/// Makes room for `count` descriptors in this process and in what it starts; whether there is room.
pub fn has_descriptors_for(count: u64) -> bool {
    crate::system::family::has_descriptors_for(count)
}
