//! How a program is started: its arguments, its standard input and output, its limits.

use std::ffi::{OsStr, OsString};
use std::io::Write;
use std::path::Path;
use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::thread;

use crate::base::bytes::Sample;
use crate::base::transcript::{Event, Transcript};
use crate::process::watch::{Hold, Stream, Watch, drain};
use crate::scene::program::{OpenInput, Program, lock};
use crate::scene::{Running, Scene};
use crate::system::spawn::{self, ProcessEvent, Spec};

/// What others than the owner may not do with new files on most systems.
const USUAL_UMASK: u32 = 0o022;

enum Input {
    Nothing,
    Bytes(Vec<u8>),
    From(Stdio),
    Open,
}

enum Output {
    Drained,
    Held,
    HeldAfterALine,
    Into(Stdio),
}

/// A program that is about to start.
pub struct Launch<'scene> {
    scene: &'scene Scene,
    arguments: Vec<OsString>,
    input: Input,
    output: Output,
    descriptors: Option<u64>,
    umask: u32,
}

impl Scene {
    /// Starts the program to grade with these arguments.
    pub fn run<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Program<'_> {
        self.program(arguments).start()
    }

    /// Prepares to start it, with more than arguments.
    pub fn program<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Launch<'_> {
        Launch::new(self, arguments)
    }
}

impl<'scene> Launch<'scene> {
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
            descriptors: None,
            umask: USUAL_UMASK,
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

    /// Keeps standard input open: [`crate::Program::give`] and [`crate::Program::end_input`] go on from there.
    #[must_use]
    pub fn open_input(mut self) -> Self {
        self.input = Input::Open;
        self
    }

    /// Leaves standard output unread, so that the program blocks when its pipe is full, until
    /// [`crate::Program::release_output`].
    #[must_use]
    pub fn held_output(mut self) -> Self {
        self.output = Output::Held;
        self
    }

    /// Like [`Launch::held_output`], from the end of the first line on, until [`crate::Program::close_output`].
    #[must_use]
    pub fn output_held_after_a_line(mut self) -> Self {
        self.output = Output::HeldAfterALine;
        self
    }

    /// Sends standard output elsewhere, for example to a device that takes nothing.
    #[must_use]
    pub fn output_into(mut self, place: impl Into<Stdio>) -> Self {
        self.output = Output::Into(place.into());
        self
    }

    /// Lets the program have no more descriptors open than these, standard input and output among
    /// them (Linux).
    #[must_use]
    pub fn descriptors(mut self, most: u64) -> Self {
        self.descriptors = Some(most);
        self
    }

    /// Sets the mode bits that new files of the program do not get (umask(2), Linux).
    #[must_use]
    pub fn umask(mut self, umask: u32) -> Self {
        self.umask = umask;
        self
    }

    /// Starts the program. One that cannot be started ends the test with one line.
    pub fn start(self) -> Program<'scene> {
        let scene = self.scene;
        scene.require_begun();
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
        let hold = match self.output {
            Output::Held => Some(Hold::Now),
            Output::HeldAfterALine => Some(Hold::AfterALine),
            Output::Drained | Output::Into(_) => None,
        };
        let stdout = if let Output::Into(place) = self.output {
            place
        } else {
            Stdio::piped()
        };

        let watch = Arc::new(Watch::new(hold));
        let report = reporter(&watch, scene.transcript());
        let (pipes, life) = spawn::spawn(
            Spec {
                words,
                stdin,
                stdout,
                descriptors: self.descriptors,
                umask: self.umask,
            },
            report,
        )
        .unwrap_or_else(|error| scene.cannot_run(&name, &error));
        let transcript = scene.transcript();
        drain(pipes.stdout, &watch, Stream::Output, move |bytes| {
            transcript.output(bytes)
        });
        drain(pipes.stderr, &watch, Stream::Error, |_| {});
        if let Err(error) = watch.started() {
            scene.cannot_run(&name, &error);
        }

        let input = Arc::new(Mutex::new(pipes.stdin));
        if let Some(bytes) = bytes {
            feed(&input, bytes, &watch, scene.transcript());
        }
        let running = Running {
            watch: Arc::clone(&watch),
            life,
            line,
        };
        scene.add_running(running);
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
fn reporter(
    watch: &Arc<Watch>,
    transcript: Arc<Transcript>,
) -> impl Fn(ProcessEvent) + Send + 'static {
    let watch = Arc::clone(watch);
    move |report| {
        if let ProcessEvent::Exited(exit) = report {
            transcript.add(Event::Exit(exit));
        }
        watch.hear(report);
    }
}

/// Gives all of `bytes` as standard input, as fast as the program takes it, and ends it.
fn feed(input: &OpenInput, bytes: Vec<u8>, watch: &Arc<Watch>, transcript: Arc<Transcript>) {
    let Some(mut pipe) = lock(input).take() else {
        return;
    };
    let watch = Arc::clone(watch);
    thread::spawn(move || {
        if !bytes.is_empty() {
            let place = transcript.add(Event::Input(Sample::default()));
            for piece in bytes.chunks(64 * 1024) {
                if pipe.write_all(piece).is_err() {
                    break; // the program has closed it
                }
                transcript.grow(place, piece);
                watch.note_input();
            }
        }
        drop(pipe);
        transcript.add(Event::InputEnd);
        watch.note_input();
    });
}
