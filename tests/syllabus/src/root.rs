//! Where the course is.

use std::env;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// The root of the course: the first folder with a course in it, from the one that Cargo names to whatever it
/// runs (`CARGO_MANIFEST_DIR`) upwards, else from the current folder upwards. `ENCHUFE_ROOT` names another one.
///
/// It is looked for while a program runs: the path of the folder in which it was built may be another course's by
/// now, or nobody's.
pub fn find_root() -> Option<PathBuf> {
    static ROOT: OnceLock<Option<PathBuf>> = OnceLock::new(); // a process has one course
    ROOT.get_or_init(look_for_root).clone()
}

fn look_for_root() -> Option<PathBuf> {
    if let Some(root) = env::var_os("ENCHUFE_ROOT").filter(|root| !root.is_empty()) {
        return Some(root.into());
    }
    let of_cargo = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let current = env::current_dir().ok();
    let mut starts = of_cargo.into_iter().chain(current);
    starts.find_map(|start| above(&start))
}

/// The root of the course, or the current folder where there is no course: its files are then missing by a path
/// that says where they were looked for.
pub fn root() -> PathBuf {
    find_root().unwrap_or_else(|| PathBuf::from("."))
}

fn above(start: &Path) -> Option<PathBuf> {
    let holds_a_course = |folder: &&Path| {
        folder.join("docs/en/interface.ftl").is_file() && folder.join("exercises").is_dir()
    };
    start
        .ancestors()
        .find(holds_a_course)
        .map(Path::to_path_buf)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_is_found_from_a_folder_in_the_course_and_not_beside_it() {
        let root = above(Path::new(&env::var("CARGO_MANIFEST_DIR").unwrap())).unwrap();
        let exercise = root.join("exercises/00-sockets/src");
        assert_eq!(above(&exercise), Some(root.clone()));
        assert_eq!(above(root.parent().unwrap()), None);
    }
}
