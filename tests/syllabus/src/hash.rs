//! What git calls a file's contents.

use sha1_smol::Sha1;

/// What `git hash-object` says of these bytes.
pub fn blob_hash(bytes: &[u8]) -> String {
    let mut hash = Sha1::new();
    hash.update(format!("blob {}\0", bytes.len()).as_bytes());
    hash.update(bytes);
    hash.digest().to_string()
}
