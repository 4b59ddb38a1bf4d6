//! One test: the step that it grades, the program, the peers, and the transcript of what they did.

pub mod ended;
mod graded;
pub mod launch;
pub mod mistakes;
pub mod network;
pub mod program;
mod verdict;

use std::cell::{Cell, RefCell};
use std::ffi::{OsStr, OsString};
use std::io;
use std::net::UdpSocket;
use std::panic::Location;
use std::path::Path;
use std::sync::{Arc, Weak};

use socket2::Socket;

use crate::base::deadline::{self, Deadline, Idleness};
use crate::base::exit::Exit;
use crate::base::finding::Name;
use crate::base::transcript::{Event, Transcript};
use crate::process::watch::Watch;
use crate::report::{grader_failure, notes, result_file, sequence_diagram, todos};
use crate::system::connections::Ends;
use crate::system::processes::ProcessTree;
use crate::system::spawn::{Handle, is_for_want_of_resources};
use enchufe_syllabus::result::{Outcome, Report};
use enchufe_syllabus::{Language, Lesson, Words};

/// A test of one step, from its first line to its verdict.
pub struct Scene {
    pub(crate) lesson: Lesson,
    pub(crate) step: u8,
    command: Vec<OsString>,
    pub(crate) transcript: Arc<Transcript>,
    /// The names that the expectation at hand gives.
    pub(crate) expecting: RefCell<Vec<Name>>,
    running: RefCell<Vec<Running>>, // dropped before what is kept until the program has ended
    streams: RefCell<Vec<Weak<Socket>>>,
    kept: RefCell<Vec<Arc<Socket>>>,
    ports: RefCell<Vec<UdpSocket>>,
    clients: Cell<u8>,
    idleness: Arc<Idleness>,
    pub(crate) explaining: Cell<Option<u8>>,
    pub(crate) is_server: Cell<bool>,
    pub(crate) is_told_to_end: Cell<bool>,
    said: Cell<usize>,
}

/// What a scene keeps of a program that it started.
pub(crate) struct Running {
    pub watch: Arc<Watch>,
    pub life: Handle,
    /// The command line that started it.
    pub line: String,
}

impl Scene {
    /// Begins a test of one step of the lesson with this id.
    ///
    /// The line that calls it, or the function that is `#[track_caller]` and calls it, is the test's place among those
    /// of its step.
    #[track_caller]
    pub fn new(lesson: &str, step: u8) -> Self {
        result_file::begin(step, Location::caller().line());
        if result_file::is_plan() {
            notes::end();
        }
        let cannot = |id, parts: (&str, String)| -> ! { notes::cannot_run(step, id, &[parts]) };
        let lesson = Lesson::named(lesson)
            .unwrap_or_else(|error| cannot("no-lesson-here", ("error", error.to_string())));
        if let Err(text) = deadline::patience() {
            cannot("patience", ("text", text));
        }
        if let Some(file) = graded::missed_change(&lesson) {
            let parts = [("file", file.to_owned()), ("lesson", lesson.id.clone())];
            notes::cannot_run(step, "missed-change", &parts);
        }
        let command =
            graded::command(&lesson).unwrap_or_else(|line| cannot("no-command", ("line", line)));
        Self::of(lesson, step, command)
    }

    /// Begins a test of another program than the one that is to be graded.
    ///
    /// # Panics
    ///
    /// Where there is no such lesson.
    pub fn with_program(lesson: &str, step: u8, program: &Path) -> Self {
        let lesson = Lesson::named(lesson).expect("a lesson of the course");
        Self::of(lesson, step, vec![program.into()])
    }

    fn of(lesson: Lesson, step: u8, command: Vec<OsString>) -> Self {
        grader_failure::tell_from_here_on();
        Self {
            lesson,
            step,
            command,
            transcript: Arc::default(),
            expecting: RefCell::default(),
            running: RefCell::default(),
            streams: RefCell::default(),
            kept: RefCell::default(),
            ports: RefCell::default(),
            clients: Cell::default(),
            idleness: Arc::default(),
            explaining: Cell::default(),
            is_server: Cell::default(),
            is_told_to_end: Cell::default(),
            said: Cell::default(),
        }
    }

    /// Failures are explained in this step: a program that stops at its `todo!` has failed.
    pub fn failures_are_explained_in(&self, step: u8) {
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

    pub(crate) fn set_said(&self, bytes: usize) {
        self.said.set(bytes);
    }

    /// Ends the program, with all that it started.
    pub(crate) fn end_program(&self) {
        let running = self.running.borrow_mut().pop();
        drop(running);
        self.said.set(0);
    }

    /// The step that is graded.
    pub fn step(&self) -> u8 {
        self.step
    }

    /// Says aloud, past the capture of libtest, that a test was not run here, and why.
    pub fn not_run(&self, why: &'static str) {
        notes::not_run(&self.lesson, self.step, why);
    }

    /// The picture of what has happened so far.
    pub fn sequence_diagram(&self, words: &Words) -> String {
        let lines = sequence_diagram::draw(&self.transcript.so_far(), words);
        lines
            .iter()
            .map(|line| line.trim_end())
            .collect::<Vec<_>>()
            .join("\n")
    }

    /// Adds a remark on what the grader does to the transcript.
    pub fn remark(&self, word: &'static str) {
        self.transcript.add(Event::Remark(word));
    }

    /// A wait for this step's program.
    pub(crate) fn deadline(&self) -> Deadline {
        Deadline::new(deadline::stuck_after(self.step), &self.idleness)
    }

    pub(crate) fn transcript(&self) -> Arc<Transcript> {
        Arc::clone(&self.transcript)
    }

    pub(crate) fn command(&self) -> Vec<OsString> {
        self.command.clone()
    }

    /// Ends the test with one line if the program still holds the `todo!` of this step. Nothing is run:
    /// some steps change what is there already, so that their `todo!` may not be reached.
    pub(crate) fn require_begun(&self) {
        let todos = todos::steps(&self.command[0]);
        if let (true, Some(&first)) = (todos.contains(&self.step), todos.first()) {
            let place = self.lesson.place_of_todo(first);
            notes::not_begun(&self.lesson, self.step, first, &place);
        }
    }

    pub(crate) fn add_running(&self, running: Running) {
        crate::process::idle::observe(running.life.tree(), &running.watch, &self.idleness);
        self.running.borrow_mut().push(running);
    }

    /// Counts the clients that the grader plays.
    pub(crate) fn next_client(&self) -> u8 {
        self.clients.replace(self.clients.get().wrapping_add(1))
    }

    /// Keeps a port until the program has ended: what comes to it late must reach nobody who would
    /// otherwise have it by then, of this test or of another one.
    pub(crate) fn keep_port_of(&self, socket: &UdpSocket) {
        self.ports.borrow_mut().extend(socket.try_clone());
    }

    /// Keeps a connection until the program has ended.
    pub(crate) fn keep(&self, stream: Arc<Socket>) {
        self.kept.borrow_mut().push(stream);
    }

    pub(crate) fn track(&self, stream: &Arc<Socket>) {
        self.streams.borrow_mut().push(Arc::downgrade(stream));
    }

    /// Says in one line that the program cannot be run.
    pub(crate) fn cannot_run(&self, name: &OsStr, error: &io::Error) -> ! {
        let name = name.to_string_lossy().into_owned();
        assert!(
            !is_for_want_of_resources(error),
            "{name} was not started: {error}"
        );
        let parts = [("name", name), ("error", error.to_string())];
        notes::cannot_run(self.step, "cannot-run", &parts)
    }

    /// The watch over the program of this scene.
    pub(crate) fn watch(&self) -> Option<Arc<Watch>> {
        self.running
            .borrow()
            .last()
            .map(|running| Arc::clone(&running.watch))
    }

    /// The program with all that it has started.
    pub(crate) fn tree(&self) -> Option<ProcessTree> {
        self.running
            .borrow()
            .last()
            .map(|running| running.life.tree())
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
    pub(crate) fn open_streams(&self) -> Vec<Arc<Socket>> {
        self.streams
            .borrow()
            .iter()
            .filter_map(Weak::upgrade)
            .collect()
    }
}

/// A scene that ends well tells the guide so, with its sequence diagram.
impl Drop for Scene {
    fn drop(&mut self) {
        grader_failure::stop_telling();
        if !std::thread::panicking() && result_file::is_wanted() {
            let report = Report {
                command: self.line(),
                diagram: sequence_diagram::draw(
                    &self.transcript.so_far(),
                    &Words::of(&Language::current()),
                ),
                ..Report::default()
            };
            result_file::tell(Outcome::Passed { report });
        }
    }
}

impl Scene {
    /// Whether the program has not yet read something that was sent to it. A program that has closed
    /// its socket reads nothing more, and leaves nothing unread. Where the system does not tell, nothing is unread.
    pub(crate) fn is_unread(&self) -> bool {
        const ENOUGH: usize = 10; // of a crowd: each look reads a table
        let streams = self.open_streams();
        let mut ends = streams.iter().take(ENOUGH).filter_map(|s| Ends::of(s));
        ends.any(|ends| {
            let is_on_its_way = ends.ours().is_some_and(|end| end.unsent > 0);
            is_on_its_way
                || ends
                    .theirs()
                    .is_some_and(|end| end.is_held && end.unread > 0)
        })
    }

    /// Whether every thread of the program waits, and none in a write to a connection that is gone. Where the
    /// system does not tell, it is taken to be so.
    pub(crate) fn is_idle(&self) -> bool {
        let is_cut_off = self.open_streams().is_empty();
        let is_idle = self.tree().and_then(|tree| tree.is_idle(is_cut_off));
        is_idle.unwrap_or(true)
    }
}
