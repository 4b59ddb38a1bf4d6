//! The guide in a pseudo-terminal, with what a terminal would show of it.

use std::io::{Read, Write};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

use super::Learner;

/// Nothing here takes so long, on any machine.
const TOO_LONG: Duration = Duration::from_secs(120);

/// As many rows as most terminals have.
pub const ROWS: u16 = 24;

/// A terminal with the guide in it. The guide is killed when nobody holds it.
pub struct Terminal {
    seen: Arc<(Mutex<Seen>, Condvar)>,
    input: Box<dyn Write + Send>,
    pub pty: Box<dyn MasterPty + Send>,
    pub child: Box<dyn Child + Send + Sync>,
}

struct Seen {
    screen: vt100::Parser,
    /// All bytes that came.
    raw: Vec<u8>,
    is_over: bool,
}

impl Seen {
    /// The screen's text. A space that holds two words together is a space.
    fn text(&self) -> String {
        self.screen.screen().contents().replace('\u{a0}', " ")
    }

    fn is_restored(&self) -> bool {
        !self.screen.screen().alternate_screen() && !self.screen.screen().hide_cursor()
    }
}

impl Learner {
    /// Starts the guide in a terminal of 24 rows and so many columns.
    pub fn terminal(
        &self,
        columns: u16,
        arguments: &[&str],
        environment: &[(&str, &str)],
    ) -> Terminal {
        self.terminal_of((columns, ROWS), arguments, environment)
    }

    /// Starts the guide in a terminal of so many columns and rows.
    pub fn terminal_of(
        &self,
        (columns, rows): (u16, u16),
        arguments: &[&str],
        environment: &[(&str, &str)],
    ) -> Terminal {
        let mut command = self.command(env!("CARGO_BIN_EXE_enchufe"));
        command.args(arguments);
        for (name, value) in environment {
            command.env(name, value);
        }
        Terminal::start(command, columns, rows)
    }

    /// Starts a shell in a terminal, as a learner has it before the guide.
    pub fn shell(&self) -> Terminal {
        let mut command = self.command("sh");
        command.arg("-i");
        Terminal::start(command, 80, ROWS)
    }

    fn command(&self, program: &str) -> CommandBuilder {
        let mut command = CommandBuilder::new(program);
        command.cwd(&self.root);
        command.env("TERM", "xterm-256color");
        for (name, value) in self.surroundings() {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            }
        }
        command
    }
}

impl Terminal {
    /// Starts a command in a terminal.
    pub fn start(command: CommandBuilder, columns: u16, rows: u16) -> Self {
        let pair = native_pty_system().openpty(size(columns, rows)).unwrap();
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let seen = Arc::new((
            Mutex::new(Seen {
                screen: vt100::Parser::new(rows, columns, 0),
                raw: Vec::new(),
                is_over: false,
            }),
            Condvar::new(),
        ));
        let mut output = pair.master.try_clone_reader().unwrap();
        let told = Arc::clone(&seen);
        thread::spawn(move || {
            let mut room = [0; 4096];
            loop {
                let count = output.read(&mut room).unwrap_or(0); // an error is the end, on Linux
                let mut seen = told.0.lock().unwrap();
                seen.screen.process(&room[..count]);
                seen.raw.extend(&room[..count]);
                seen.is_over = count == 0;
                told.1.notify_all();
                if count == 0 {
                    return;
                }
            }
        });
        Self {
            seen,
            input: pair.master.take_writer().unwrap(),
            pty: pair.master,
            child,
        }
    }

    /// Presses keys.
    pub fn presses(&mut self, keys: &str) {
        self.input.write_all(keys.as_bytes()).unwrap();
        self.input.flush().unwrap();
    }

    /// Makes the terminal this wide. What is drawn beyond it is seen, so that it is found.
    pub fn resizes(&mut self, columns: u16) {
        self.pty.resize(size(columns, ROWS)).unwrap();
    }

    /// Waits until the screen shows all of these, and returns its text.
    #[track_caller]
    pub fn shows(&self, texts: &[&str]) -> String {
        self.waits(
            |seen| texts.iter().all(|text| seen.text().contains(text)),
            texts,
        )
    }

    /// Waits until the screen shows none of these.
    #[track_caller]
    pub fn hides(&self, texts: &[&str]) -> String {
        self.waits(
            |seen| !texts.iter().any(|text| seen.text().contains(text)),
            texts,
        )
    }

    /// Waits until the screen is so, and returns its text.
    #[track_caller]
    pub fn comes_to(&self, is_so: impl Fn(&str) -> bool) -> String {
        self.waits(|seen| is_so(&seen.text()), &[])
    }

    /// Waits until all that was ever printed holds this.
    #[track_caller]
    pub fn expect_printed(&self, text: &str) {
        self.waits(
            |seen| String::from_utf8_lossy(&seen.raw).contains(text),
            &[text],
        );
    }

    /// Waits until the guide has given the terminal back.
    #[track_caller]
    pub fn comes_back(&self) {
        self.waits(|seen| seen.is_restored(), &["the terminal as it was"]);
    }

    /// Waits for the end of what was started, and says whether it went well.
    #[track_caller]
    pub fn ends(&mut self) -> bool {
        self.waits(|seen| seen.is_over, &["the end"]);
        self.child.wait().unwrap().success()
    }

    #[track_caller]
    fn waits(&self, is_so: impl Fn(&Seen) -> bool, wanted: &[&str]) -> String {
        let until = Instant::now() + TOO_LONG;
        let mut seen = self.seen.0.lock().unwrap();
        while !is_so(&seen) {
            let left = until.saturating_duration_since(Instant::now());
            let contents = seen.text();
            assert!(
                !left.is_zero(),
                "waited for {wanted:?}, and the screen says:\n{contents}"
            );
            seen = self.seen.1.wait_timeout(seen, left).unwrap().0;
        }
        seen.text()
    }

    /// What the terminal was told: the whole output.
    pub fn raw(&self) -> String {
        String::from_utf8_lossy(&self.seen.0.lock().unwrap().raw).into_owned()
    }

    /// Whether the terminal is as it was: its first screen, and a cursor.
    pub fn is_restored(&self) -> bool {
        self.seen.0.lock().unwrap().is_restored()
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill(); // it may have ended
        let _ = self.child.wait();
    }
}

fn size(columns: u16, rows: u16) -> PtySize {
    PtySize {
        rows,
        cols: columns,
        pixel_width: 0,
        pixel_height: 0,
    }
}
