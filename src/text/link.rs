//! Links that terminals follow (OSC 8).

use std::fmt::Write as _;
use std::path::Path;

/// The address of a file, as links hold it (RFC 8089).
pub fn link_to(path: &Path) -> String {
    let mut link = String::from("file://");
    for byte in path.to_string_lossy().bytes() {
        match byte {
            b'\\' => link.push('/'),
            b'/' | b'-' | b'_' | b'.' | b'~' | b':' => link.push(byte.into()),
            _ if byte.is_ascii_alphanumeric() => link.push(byte.into()),
            _ => {
                let _ = write!(link, "%{byte:02X}");
            }
        }
    }
    link
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_names_a_path_with_spaces_and_accents() {
        let path = Path::new("/tmp/curso ñ/main.rs");

        assert_eq!(link_to(path), "file:///tmp/curso%20%C3%B1/main.rs");
    }
}
