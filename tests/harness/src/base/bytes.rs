//! Bytes: test data, and how a learner gets to see them.

/// The size in which the graders count.
pub const MIB: usize = 1024 * 1024;

/// The longest data shown in full; longer ones are shown by their size.
const SHOWN: usize = 16;
/// The longest line shown in full, where it is one that says where a program is.
const LINE: usize = 34;

/// The start of some data, and how long it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sample {
    head: Vec<u8>,
    total: u64,
}

impl Sample {
    /// Takes note of the bytes that follow.
    pub fn extend(&mut self, bytes: &[u8]) {
        let room = (LINE + 1).saturating_sub(self.head.len()).min(bytes.len());
        self.head.extend_from_slice(&bytes[..room]);
        self.total += bytes.len() as u64;
    }

    /// How many bytes there were.
    pub fn len(&self) -> u64 {
        self.total
    }

    /// A whole line of simple text, in quotes.
    pub fn line(&self) -> Option<String> {
        let is_line = self.total as usize == self.head.len()
            && (SHOWN + 1..=LINE).contains(&self.head.len())
            && self.head.iter().position(|&byte| byte == b'\n') == Some(self.head.len() - 1);
        let text = is_line.then(|| readable(&self.head))?;
        text.starts_with('"').then_some(text)
    }

    /// The bytes as text in quotes, else in hexadecimal; `None` when they are too many, or none.
    pub fn shown(&self) -> Option<String> {
        let head = &self.head[..self.head.len().min(SHOWN + 1)];
        let is_text = std::str::from_utf8(head).is_ok_and(|text| text.chars().all(is_simple));
        let most = if is_text { SHOWN } else { SHOWN / 2 }; // a byte in hexadecimal takes three columns
        (1..=most as u64)
            .contains(&self.total)
            .then(|| readable(&self.head))
    }
}

impl From<&[u8]> for Sample {
    fn from(bytes: &[u8]) -> Self {
        let mut sample = Self::default();
        sample.extend(bytes);
        sample
    }
}

/// Bytes as a learner can read them: text in quotes, everything else in hexadecimal.
pub fn readable(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) if text.chars().all(is_simple) => format!("\"{}\"", escaped(text)),
        _ => bytes
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect::<Vec<_>>()
            .join(" "),
    }
}

/// Characters one column wide, and the line ends that have an escape.
fn is_simple(c: char) -> bool {
    matches!(c, ' '..='~' | '\u{a1}'..='\u{24f}' | '\n' | '\r' | '\t') && c != '\u{ad}'
}

fn escaped(text: &str) -> String {
    let escapes = [
        ('\\', "\\\\"),
        ('"', "\\\""),
        ('\n', "\\n"),
        ('\r', "\\r"),
        ('\t', "\\t"),
    ];
    escapes
        .iter()
        .fold(text.to_owned(), |text, (from, to)| text.replace(*from, to))
}

/// Bytes that are no text: each one that there is, a byte order mark before them, and NULs at the end.
pub fn binary() -> Vec<u8> {
    let each: Vec<u8> = (0..=255).collect();
    [&b"\xef\xbb\xbf"[..], &each, b" \r\n \0\0"].concat()
}

/// `len` letters and digits without a visible order, the same in every run. The period is a prime,
/// so that a piece that is lost, doubled or moved shows. It is text: what takes bytes for text is
/// another test's matter.
pub fn pattern(len: usize) -> Vec<u8> {
    const PERIOD: usize = 65_521;
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut state = 0x9e37_79b9_u32;
    let period: Vec<u8> = std::iter::repeat_with(|| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        LETTERS[(state >> 26) as usize]
    })
    .take(PERIOD)
    .collect();
    let mut bytes = period.repeat(len.div_ceil(PERIOD));
    bytes.truncate(len);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_quoted_and_binary_is_hexadecimal() {
        assert_eq!(readable("¡hola!\r\n".as_bytes()), r#""¡hola!\r\n""#);
        assert_eq!(readable(b"a\"b\\"), r#""a\"b\\""#);
        assert_eq!(readable(b"h\xff\0i"), "68 ff 00 69");
    }

    #[test]
    fn long_data_is_shown_by_its_size_alone() {
        let mut sample = Sample::from(&b"hola"[..]);
        assert_eq!(sample.shown().as_deref(), Some("\"hola\""));
        sample.extend(&pattern(100));
        assert_eq!((sample.shown(), sample.len()), (None, 104));
    }

    #[test]
    fn a_pattern_has_its_length_and_does_not_repeat_within_its_period() {
        let bytes = pattern(200_000);
        assert_eq!(bytes.len(), 200_000);
        assert_eq!(bytes[..1000], bytes[65_521..66_521]);
        assert!((1..65_521).all(|shift| bytes[..64] != bytes[shift..shift + 64]));
    }
}
