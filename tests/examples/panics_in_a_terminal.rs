//! Takes a terminal as the guide does, and panics: tests/guide_terminal.rs looks at what is left.

#[expect(dead_code, reason = "it never pauses")]
#[path = "../../src/tui/terminal.rs"]
mod terminal;

fn main() -> std::io::Result<()> {
    let mut terminal = terminal::Terminal::enter()?;
    terminal.show(&["drawn".into()])?;
    panic!("this is a panic");
}
