//! The program that is graded: a real process with its input and output under the grader's control.

use std::ffi::{OsStr, OsString};
use std::io::Write;
use std::path::Path;
use std::process::{ChildStdin, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use crate::bytes::Sample;
use crate::ended::Ended;
use crate::fact::{Fact, Kind};
use crate::process::{Report, Spec};
use crate::scene::{Running, Scene, pause};
use crate::spawn;
use crate::tape::{Event, Tape};
use crate::watch::{Stream, Watch, drain};

/// In how many looks in a row a program has to stand still.
pub(crate) const RESTING: u32 = 20;

enum Input {
    Nothing,
    Bytes(Vec<u8>),
    From(Stdio),
    Open,
}

enum Output {
    Drained,
    Held,
    Into(Stdio),
}

/// A program that is about to start.
pub struct Setup<'scene> {
    scene: &'scene Scene,
    arguments: Vec<OsString>,
    input: Input,
    output: Output,
}

impl<'scene> Setup<'scene> {
    pub(crate) fn new<S: AsRef<OsStr>>(
        scene: &'scene Scene,
        arguments: impl IntoIterator<Item = S>,
    ) -> Self {
        Self {
            scene,
            arguments: arguments
                .into_iter()
                .map(|argument| argument.as_ref().into())
                .collect(),
            input: Input::Nothing,
            output: Output::Drained,
        }
    }

    /// Gives these bytes as standard input, which then ends. Without it there is no input at all.
    #[must_use]
    pub fn input(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.input = Input::Bytes(bytes.into());
        self
    }

    /// Takes standard input from elsewhere, for example from a file.
    #[must_use]
    pub fn input_from(mut self, place: impl Into<Stdio>) -> Self {
        self.input = Input::From(place.into());
        self
    }

    /// Keeps standard input open: [`Program::give`] and [`Program::end_input`] go on from there.
    #[must_use]
    pub fn open_input(mut self) -> Self {
        self.input = Input::Open;
        self
    }

    /// Leaves standard output unread, so that the program blocks when its pipe is full, until
    /// [`Program::release_output`].
    #[must_use]
    pub fn held_output(mut self) -> Self {
        self.output = Output::Held;
        self
    }

    /// Sends standard output elsewhere, for example to a device that takes nothing.
    #[must_use]
    pub fn output_into(mut self, place: impl Into<Stdio>) -> Self {
        self.output = Output::Into(place.into());
        self
    }

    /// Starts the program. One that cannot be started ends the test with one line.
    pub fn start(self) -> Program<'scene> {
        let scene = self.scene;
        scene.is_begun();
        let mut words = scene.command();
        let name = words[0].clone();
        words.extend(self.arguments);
        let line = shown(&words);
        let (stdin, bytes) = match self.input {
            Input::Nothing => (Stdio::null(), None),
            Input::From(place) => (place, None),
            Input::Open => (Stdio::piped(), None),
            Input::Bytes(bytes) => (Stdio::piped(), Some(bytes)),
        };
        let is_held = matches!(self.output, Output::Held);
        let stdout = if let Output::Into(place) = self.output {
            place
        } else {
            Stdio::piped()
        };

        let watch = Arc::new(Watch::new(is_held));
        let report = reporter(&watch, scene.tape());
        let (pipes, life) = spawn::spawn(
            Spec {
                words,
                stdin,
                stdout,
            },
            report,
        )
        .unwrap_or_else(|error| scene.cannot_run(&name, &error));
        let tape = scene.tape();
        drain(pipes.stdout, &watch, Stream::Output, move |bytes| {
            tape.output(bytes)
        });
        drain(pipes.stderr, &watch, Stream::Error, |_| {});
        if let Err(error) = watch.started() {
            scene.cannot_run(&name, &error);
        }

        let input = Arc::new(Mutex::new(pipes.stdin));
        if let Some(bytes) = bytes {
            feed(&input, bytes, &watch, scene.tape());
        }
        let running = Running {
            watch: Arc::clone(&watch),
            life,
            line,
        };
        scene.runs(running);
        Program {
            scene,
            watch,
            input,
        }
    }
}

/// A command line as a shell takes it; of the program's path, the name is enough.
fn shown(words: &[OsString]) -> String {
    let name = Path::new(&words[0]).file_name().unwrap_or(&words[0]);
    let words = std::iter::once(name).chain(words[1..].iter().map(OsString::as_os_str));
    words.map(quoted).collect::<Vec<_>>().join(" ")
}

fn quoted(word: &OsStr) -> String {
    let is_plain = |text: &&str| !text.chars().any(char::is_control);
    if let Some(text) = word.to_str().filter(is_plain) {
        return shlex::try_quote(text).map_or_else(|_| text.to_owned(), Into::into);
    }
    let escaped = word
        .as_encoded_bytes()
        .iter()
        .flat_map(|byte| byte.escape_ascii());
    format!(
        "$'{}'",
        String::from_utf8_lossy(&escaped.collect::<Vec<_>>())
    )
}

/// Takes note of what is heard of a process.
fn reporter(watch: &Arc<Watch>, tape: Arc<Tape>) -> impl Fn(Report) + Send + 'static {
    let watch = Arc::clone(watch);
    move |report| {
        if let Report::Exited(exit) = report {
            tape.add(Event::Exit(exit));
        }
        watch.hears(report);
    }
}

/// Gives all of `bytes` as standard input, as fast as the program takes it, and ends it.
fn feed(input: &OpenInput, bytes: Vec<u8>, watch: &Arc<Watch>, tape: Arc<Tape>) {
    let Some(mut pipe) = lock(input).take() else {
        return;
    };
    let watch = Arc::clone(watch);
    thread::spawn(move || {
        if !bytes.is_empty() {
            let place = tape.add(Event::Input(Sample::default()));
            for piece in bytes.chunks(64 * 1024) {
                if pipe.write_all(piece).is_err() {
                    break; // the program has closed it
                }
                tape.grow(place, piece);
                watch.fed();
            }
        }
        drop(pipe);
        tape.add(Event::InputEnd);
        watch.fed();
    });
}

/// The open standard input of a program; `None` once it has ended.
pub type OpenInput = Arc<Mutex<Option<ChildStdin>>>;

fn lock(input: &OpenInput) -> std::sync::MutexGuard<'_, Option<ChildStdin>> {
    input.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The program while it runs. It ends, with all that it started, when its scene does.
pub struct Program<'scene> {
    scene: &'scene Scene,
    watch: Arc<Watch>,
    input: OpenInput,
}

impl<'scene> Program<'scene> {
    /// Gives a piece of standard input.
    pub fn give(&self, bytes: &[u8]) {
        if let Some(pipe) = lock(&self.input).as_mut() {
            self.scene.tape().add(Event::Input(bytes.into()));
            let _ = pipe.write_all(bytes); // a program that has left is judged by what it did
        }
    }

    /// Ends standard input.
    pub fn end_input(&self) {
        if lock(&self.input).take().is_some() {
            self.scene.tape().add(Event::InputEnd);
        }
    }

    /// Waits until the program has printed all of `expected`, and nothing else, while it runs on.
    pub fn has_printed(&self, expected: &[u8]) {
        let mut deadline = self.scene.deadline();
        let came = self.watch.wait(&mut deadline, |state| {
            let printed = state.printed();
            printed.len() >= expected.len() || !expected.starts_with(printed) || state.is_over()
        });
        let printed = self.watch.printed();
        if printed == expected {
            return;
        }
        let kind = match () {
            () if !expected.starts_with(&printed) => Kind::PrintedOther,
            () if !came && self.scene.is_unread() => Kind::Unread,
            () => Kind::Unprinted,
        };
        self.scene.fail(Fact::of(kind).printed(expected, &printed));
    }

    /// Waits until the program stands still: until every thread of it waits for something, and none
    /// for a connection that has been cut off.
    pub fn comes_to_rest(&self) {
        let mut looks = 0;
        let deadline = self.scene.deadline();
        while !deadline.is_over() && !self.watch.is_over() && looks < RESTING {
            looks = if self.scene.is_at_rest() {
                looks + 1
            } else {
                0
            };
            pause(Duration::from_millis(1));
        }
    }

    /// Reads on what [`Setup::held_output`] left unread.
    pub fn release_output(&self) {
        self.watch.release();
    }

    /// Waits for the program's end, and for the end of its output.
    pub fn ends(self) -> Ended<'scene> {
        let mut deadline = self.scene.deadline();
        let ended = self
            .watch
            .wait(&mut deadline, |state| state.is_over() || state.overflows());
        if self.watch.overflows() {
            self.scene.fail(Fact::of(Kind::PrintedForEver));
        }
        if !ended {
            let kind = match self.watch.exit() {
                Some(_) => Kind::LeftAChild,
                None if self.scene.is_unread() => Kind::Unread,
                None => Kind::StillRunning,
            };
            self.scene.fail(Fact::of(kind));
        }
        Ended::new(self.scene, self.watch.output())
    }

    /// Whether the program still runs.
    pub fn runs(&self) -> bool {
        self.watch.exit().is_none()
    }
}
