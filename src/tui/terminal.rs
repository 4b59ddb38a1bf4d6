//! The terminal, as the guide needs it, and given back as it was: also after a panic.

use std::io::{self, Write};
use std::panic;
use std::sync::Once;

use crossterm::cursor::{Hide, Show};
use crossterm::terminal::{
    EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use crossterm::{execute, queue};

/// A terminal that the guide draws on. It is given back when nobody holds it.
pub struct Terminal(());

impl Terminal {
    /// Takes it.
    pub fn enter() -> io::Result<Self> {
        restore_before_a_panic_is_told();
        let terminal = Self(()); // from here on it is given back, whatever fails
        take()?;
        Ok(terminal)
    }

    /// Gives it back as long as `stop` takes.
    pub fn pause(&mut self, stop: impl FnOnce() -> io::Result<()>) -> io::Result<()> {
        restore();
        stop()?;
        take()
    }

    /// Writes to it what `lines` are, all at once.
    pub fn show(&mut self, lines: &[String]) -> io::Result<()> {
        use crossterm::cursor::MoveTo;
        use crossterm::style::Print;
        use crossterm::terminal::{
            BeginSynchronizedUpdate, Clear, ClearType, EndSynchronizedUpdate,
        };
        let mut out = io::stdout().lock();
        queue!(out, BeginSynchronizedUpdate)?;
        for (row, line) in (0..).zip(lines) {
            queue!(
                out,
                MoveTo(0, row),
                Print(line),
                Clear(ClearType::UntilNewLine)
            )?;
        }
        queue!(out, Clear(ClearType::FromCursorDown), EndSynchronizedUpdate)?;
        out.flush()
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        restore();
    }
}

fn take() -> io::Result<()> {
    enable_raw_mode()?;
    execute!(io::stdout(), EnterAlternateScreen, Hide)
}

/// What can't be restored is left: there is nobody to tell it to.
fn restore() {
    let _ = execute!(io::stdout(), Show, LeaveAlternateScreen);
    let _ = disable_raw_mode();
}

/// A panic's message is read on the screen that the learner had before.
fn restore_before_a_panic_is_told() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let tell = panic::take_hook();
        panic::set_hook(Box::new(move |told| {
            restore();
            tell(told);
        }));
    });
}
