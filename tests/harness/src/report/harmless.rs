//! Text from elsewhere, made harmless for terminals.

/// Text from elsewhere, as it may be printed: what a terminal would obey, what turns the direction of
/// writing and what nobody sees is escaped as Rust writes it (`\u{1b}`).
pub fn harmless(text: &str) -> String {
    let shown = |letter: char| match letter {
        '\n' | '\t' | '"' | '\'' | '\\' => letter.to_string(),
        // Behind another letter, an accent that belongs to it stays.
        _ => format!("a{letter}").escape_debug().skip(1).collect(),
    };
    text.chars().map(shown).collect()
}

#[cfg(test)]
mod tests {
    use super::harmless;

    #[test]
    fn what_a_terminal_would_obey_is_escaped_and_words_are_left_alone() {
        let text = "\x1b[2J \u{9b}1m \u{202e} \u{fffe} \x07";
        let kept = "¿Qué «dirección»?\t\"it's\" e\u{301} 日本\n";

        assert_eq!(
            harmless(text),
            r"\u{1b}[2J \u{9b}1m \u{202e} \u{fffe} \u{7}"
        );
        assert_eq!(harmless(kept), kept);
    }
}
