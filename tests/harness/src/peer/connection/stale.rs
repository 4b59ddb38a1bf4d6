//! What an old buffer looks like.

use memchr::memmem;

/// Whether what came, from where it is wrong on, is what may stand in a buffer behind its last message:
/// zeros, or the rest of an earlier one.
pub fn is_stale(expected: &[u8], received: &[u8]) -> bool {
    let same = expected
        .iter()
        .zip(received)
        .take_while(|(a, b)| a == b)
        .count();
    let tail = &received[same..];
    let tail = &tail[..tail.len().min(16)];
    if tail.is_empty() {
        return false;
    }
    // The start of a message is no rest of it: then the message came twice.
    let old = expected.get(1..same).unwrap_or_default();
    let back = memmem::rfind(old, tail).map(|place| old.len() - place);
    let forth = memmem::find(&expected[same..], tail);
    let is_old = back.is_some_and(|back| forth.is_none_or(|forth| back < forth));
    tail.iter().all(|&byte| byte == 0) || is_old
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::bytes::pattern;

    #[test]
    fn what_stood_in_the_buffer_is_stale_and_what_is_left_out_is_not() {
        let message = pattern(1000);
        let stale = [&message[..500], &message[400..500]].concat();
        let zeros = [&message[..500], &[0; 9]].concat();
        let lost = [&message[..500], &message[600..]].concat();
        let twice = [&message[..], &message[..]].concat();
        assert!(is_stale(&message, &stale));
        assert!(is_stale(&message, &zeros));
        assert!(!is_stale(&message, &lost));
        assert!(!is_stale(&message, &twice));
        assert!(!is_stale(&message, &message[..500]));
        assert!(!is_stale(b"hola", b"HOLA"));
    }
}
