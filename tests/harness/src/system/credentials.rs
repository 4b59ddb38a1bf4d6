//! Who a process is: its user and its group (credentials(7)).

use crate::system::{family, platform};

/// The user and the group of this process, where there are such numbers.
pub fn own() -> Option<(u32, u32)> {
    family::credentials()
}

/// Does something as a member of another group, which the process has to be allowed to: `None` if it is not.
pub fn as_group<T: Send>(group: u32, act: impl FnOnce() -> T + Send) -> Option<T> {
    platform::as_group(group, act)
}
