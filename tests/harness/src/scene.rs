//! One test: the step that it grades, the program, the peers, and the tape of what they did.

use std::cell::{Cell, RefCell};
use std::ffi::{OsStr, OsString};
use std::io;
use std::net::UdpSocket;
use std::sync::{Arc, Weak};
use std::time::Duration;

use socket2::Socket;

use crate::deadline::{self, Deadline, Stillness};
use crate::explain;
use crate::fact::Kind;
use crate::lesson::Lesson;
use crate::picture;
use crate::process::Exit;
use crate::program::Program;
use crate::report;
use crate::setup::Setup;
use crate::spawn::Life;
use crate::tape::{Event, Tape};
use crate::text::{Language, Words};
use crate::todo;
use crate::watch::Watch;

/// A test of one step, from its first line to its verdict.
pub struct Scene {
    pub(crate) lesson: Lesson,
    pub(crate) step: u8,
    command: Vec<OsString>,
    pub(crate) tape: Arc<Tape>,
    pub(crate) names: RefCell<Vec<(Kind, &'static str)>>,
    running: RefCell<Vec<Running>>, // dropped before what is kept until the program has ended
    streams: RefCell<Vec<Weak<Socket>>>,
    kept: RefCell<Vec<Arc<Socket>>>,
    ports: RefCell<Vec<UdpSocket>>,
    clients: Cell<u8>,
    stillness: Arc<Stillness>,
    pub(crate) explaining: Cell<Option<u8>>,
    pub(crate) is_server: Cell<bool>,
    pub(crate) is_told_to_end: Cell<bool>,
    said: Cell<usize>,
}

/// What a scene keeps of a program that it started.
pub(crate) struct Running {
    pub watch: Arc<Watch>,
    #[cfg_attr(
        not(target_os = "linux"),
        expect(dead_code, reason = "held to be dropped")
    )]
    pub life: Life,
    /// The command line that started it.
    pub line: String,
}

impl Scene {
    pub(crate) fn new(lesson: Lesson, step: u8) -> Self {
        if let Err(text) = deadline::patience() {
            explain::once(step, "patience", &[("text", text)]);
            explain::end();
        }
        let command = lesson.command().unwrap_or_else(|line| {
            explain::once(step, "no-command", &[("line", line)]);
            explain::end()
        });
        Self {
            lesson,
            step,
            command,
            tape: Arc::default(),
            names: RefCell::default(),
            running: RefCell::default(),
            streams: RefCell::default(),
            kept: RefCell::default(),
            ports: RefCell::default(),
            clients: Cell::default(),
            stillness: Arc::default(),
            explaining: Cell::default(),
            is_server: Cell::default(),
            is_told_to_end: Cell::default(),
            said: Cell::default(),
        }
    }

    /// In this test, facts of these kinds betray the mistake with this id on the lesson's page.
    pub fn mistake(&self, id: &'static str, kinds: &[Kind]) {
        self.names
            .borrow_mut()
            .extend(kinds.iter().map(|&kind| (kind, id)));
    }

    /// Failures are explained in this step: a program that stops at its `todo!` has failed.
    pub fn explains_failures_in(&self, step: u8) {
        self.explaining.set(Some(step));
    }

    /// The program serves until it is killed: if it ends by itself, that is what is wrong.
    pub fn serves_until_killed(&self) {
        self.is_server.set(true);
    }

    /// How many bytes of its output say where the program is.
    pub(crate) fn said_already(&self) -> usize {
        self.said.get()
    }

    pub(crate) fn has_said(&self, bytes: usize) {
        self.said.set(bytes);
    }

    /// Ends the program, with all that it started.
    pub(crate) fn ends_the_program(&self) {
        let running = self.running.borrow_mut().pop();
        drop(running);
        self.said.set(0);
    }

    /// Starts the program to grade with these arguments.
    pub fn run<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Program<'_> {
        self.program(arguments).start()
    }

    /// Prepares to start it, with more than arguments.
    pub fn program<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Setup<'_> {
        Setup::new(self, arguments)
    }

    /// The step that is graded.
    pub fn step(&self) -> u8 {
        self.step
    }

    /// Says aloud, past the capture of libtest, that a test was not run here, and why.
    pub fn not_run(&self, why: &'static str) {
        explain::not_run(self.lesson, self.step, why);
    }

    /// The picture of what has happened so far.
    pub fn picture(&self, words: &Words) -> String {
        let lines = picture::draw(&self.tape.so_far(), words);
        lines
            .iter()
            .map(|line| line.trim_end())
            .collect::<Vec<_>>()
            .join("\n")
    }

    /// Adds a remark on what the grader does to the tape.
    pub fn remark(&self, word: &'static str) {
        self.tape.add(Event::Remark(word));
    }

    /// A wait for this step's program.
    pub(crate) fn deadline(&self) -> Deadline {
        Deadline::new(deadline::stuck_after(self.step), &self.stillness)
    }

    pub(crate) fn tape(&self) -> Arc<Tape> {
        Arc::clone(&self.tape)
    }

    pub(crate) fn command(&self) -> Vec<OsString> {
        self.command.clone()
    }

    /// Ends the test with one line if the program still holds the `todo!` of this step. Nothing is run:
    /// some steps change what is there already, so that their `todo!` may not be reached.
    pub(crate) fn is_begun(&self) {
        let todos = todo::steps(&self.command[0]);
        if let (true, Some(&first)) = (todos.contains(&self.step), todos.first()) {
            deadline::step_failed(self.step);
            explain::not_begun(
                self.lesson,
                self.step,
                first,
                &todo::place(self.lesson, first),
            );
            explain::end();
        }
    }

    pub(crate) fn runs(&self, running: Running) {
        #[cfg(target_os = "linux")]
        crate::stillness::observe(running.life.warden(), &running.watch, &self.stillness);
        self.running.borrow_mut().push(running);
    }

    /// Counts the clients that the grader plays.
    pub(crate) fn next_client(&self) -> u8 {
        self.clients.replace(self.clients.get().wrapping_add(1))
    }

    /// Keeps a port until the program has ended: what comes to it late must reach nobody who would
    /// otherwise have it by then, of this test or of another one.
    pub(crate) fn keeps_the_port_of(&self, socket: &UdpSocket) {
        self.ports.borrow_mut().extend(socket.try_clone());
    }

    /// Keeps a connection until the program has ended.
    pub(crate) fn keeps(&self, stream: Arc<Socket>) {
        self.kept.borrow_mut().push(stream);
    }

    pub(crate) fn holds(&self, stream: &Arc<Socket>) {
        self.streams.borrow_mut().push(Arc::downgrade(stream));
    }

    /// Says in one line that the program cannot be run.
    pub(crate) fn cannot_run(&self, name: &OsStr, error: &io::Error) -> ! {
        let name = name.to_string_lossy().into_owned();
        explain::once(
            self.step,
            "cannot-run",
            &[("name", name), ("error", error.to_string())],
        );
        explain::end()
    }

    /// The watch over the program of this scene.
    pub(crate) fn watch(&self) -> Option<Arc<Watch>> {
        self.running
            .borrow()
            .last()
            .map(|running| Arc::clone(&running.watch))
    }

    /// The process above the program.
    #[cfg(target_os = "linux")]
    pub(crate) fn warden(&self) -> Option<u32> {
        self.running
            .borrow()
            .last()
            .map(|running| running.life.warden())
    }

    /// How the program has ended, if it has.
    pub(crate) fn exit(&self) -> Option<Exit> {
        self.watch()?.exit()
    }

    /// The command line of the program, as a shell takes it.
    pub(crate) fn line(&self) -> Option<String> {
        self.running
            .borrow()
            .last()
            .map(|running| running.line.clone())
    }

    /// The connections of this scene that are still open.
    #[cfg(target_os = "linux")]
    pub(crate) fn open_streams(&self) -> Vec<Arc<Socket>> {
        self.streams
            .borrow()
            .iter()
            .filter_map(Weak::upgrade)
            .collect()
    }
}

/// A test that ends well tells the guide so, with its picture.
impl Drop for Scene {
    fn drop(&mut self) {
        if !std::thread::panicking() && report::is_wanted() {
            let picture = self.picture(&Words::of(&Language::current()));
            let line = self.line().map(|line| format!("  $ {line}\n\n"));
            let text = format!("{}{picture}\n", line.unwrap_or_default());
            report::tell(report::State::Passed, &text);
        }
    }
}

/// A short pause between two looks at something that tells nobody when it changes.
pub(crate) fn pause(time: Duration) {
    #[expect(
        clippy::disallowed_methods,
        reason = "between two looks; never in place of one"
    )]
    std::thread::sleep(time);
}

#[cfg(target_os = "linux")]
impl Scene {
    /// Whether the program has not yet read something that was sent to it. A program that has closed
    /// its socket reads nothing more, and leaves nothing unread.
    pub(crate) fn is_unread(&self) -> bool {
        const ENOUGH: usize = 10; // of a crowd: each look reads a table
        self.open_streams().iter().take(ENOUGH).any(|stream| {
            let Some((ours, theirs)) = crate::tcp::ends_of(stream) else {
                return false; // reset
            };
            let on_its_way =
                crate::proc::socket(ours, theirs).is_some_and(|socket| socket.unsent > 0);
            let arrived = crate::proc::socket(theirs, ours);
            on_its_way || arrived.is_some_and(|socket| socket.is_held && socket.unread > 0)
        })
    }

    /// Whether every thread of the program waits, and none in a write to a connection that is gone.
    pub(crate) fn is_at_rest(&self) -> bool {
        let threads = self.warden().map(crate::proc::threads).unwrap_or_default();
        let is_cut_off = self.open_streams().is_empty();
        threads.iter().all(|thread| {
            thread.doing != crate::proc::Doing::Running
                && (!is_cut_off || !thread.is_writing_to_a_socket())
        })
    }
}

#[cfg(not(target_os = "linux"))]
impl Scene {
    pub(crate) fn is_unread(&self) -> bool {
        false
    }

    pub(crate) fn is_at_rest(&self) -> bool {
        true
    }
}
