//! The program that is graded: a real process with its input and output under the grader's control.

use std::io::Write;
use std::process::ChildStdin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::base::finding::{Finding, Kind};
use crate::base::time::{pause, wait_while};
use crate::base::transcript::Event;
use crate::process::watch::Watch;
use crate::scene::Scene;
use crate::scene::ended::Ended;
use crate::scene::mistakes::expectations;
use crate::system::pipes::has_a_reader;

/// In how many looks in a row a program has to stand still.
pub(crate) const RESTING: u32 = 20;

/// The open standard input of a program; `None` once it has ended.
pub type OpenInput = Arc<Mutex<Option<ChildStdin>>>;

pub(crate) fn lock(input: &OpenInput) -> std::sync::MutexGuard<'_, Option<ChildStdin>> {
    input.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The program while it runs. It ends, with all that it started, when its scene does.
pub struct Program<'scene> {
    pub(crate) scene: &'scene Scene,
    pub(crate) watch: Arc<Watch>,
    pub(crate) input: OpenInput,
}

impl<'scene> Program<'scene> {
    /// Gives a piece of standard input.
    pub fn give(&self, bytes: &[u8]) {
        if let Some(pipe) = lock(&self.input).as_mut() {
            self.scene.transcript().add(Event::Input(bytes.into()));
            let _ = pipe.write_all(bytes); // a program that has left is judged by what it did
        }
    }

    /// Ends standard input.
    pub fn end_input(&self) {
        if lock(&self.input).take().is_some() {
            self.scene.transcript().add(Event::InputEnd);
        }
    }

    /// Waits until the program has printed all of `expected`, and nothing else, while it runs on.
    pub fn expect_printed(&self, expected: &[u8]) {
        let mut deadline = self.scene.deadline();
        let said = self.scene.said_already();
        let came = self.watch.wait(&mut deadline, |state| {
            let printed = &state.printed()[said..];
            printed.len() >= expected.len() || !expected.starts_with(printed) || state.is_over()
        });
        let printed = self.watch.printed().split_off(said);
        if printed == expected {
            return;
        }
        let kind = match () {
            () if !expected.starts_with(&printed) => Kind::PrintedOther,
            () if !came && self.scene.is_unread() => Kind::Unread,
            () => Kind::Unprinted,
        };
        self.scene
            .fail(Finding::of(kind).printed(expected, &printed));
    }

    /// Waits until the program stands still: until every thread of it waits for something, and none
    /// for a connection that has been cut off.
    pub fn wait_until_idle(&self) {
        let mut looks = 0;
        let deadline = self.scene.deadline();
        while !deadline.is_over() && !self.watch.is_over() && looks < RESTING {
            looks = if self.scene.is_idle() { looks + 1 } else { 0 };
            pause(Duration::from_millis(1));
        }
    }

    /// Reads on what [`crate::Launch::held_output`] left unread.
    pub fn release_output(&self) {
        self.watch.release();
    }

    /// Closes the reading end of what [`crate::Launch::output_held_after_a_line`] left unread: from here on,
    /// standard output is a pipe without a reader.
    pub fn close_output(&self) {
        self.watch.close_output();
        if let Some(process) = self.watch.process() {
            let is_read = || has_a_reader(process) == Some(true) && !self.watch.is_over();
            wait_while(is_read);
        }
    }

    /// Waits for the program's end, and for the end of its output.
    pub fn wait(&self) -> Ended<'scene> {
        let mut deadline = self.scene.deadline();
        let ended = self
            .watch
            .wait(&mut deadline, |state| state.is_over() || state.overflows());
        if self.watch.overflows() {
            self.scene.fail(Finding::of(Kind::PrintedForEver));
        }
        if !ended {
            let kind = match self.watch.exit() {
                Some(_) => Kind::LeftAChild,
                None if self.scene.is_unread() => Kind::Unread,
                None if self.has_only_said_where_it_is() => Kind::StillWaiting,
                None => Kind::StillRunning,
            };
            self.scene.fail(Finding::of(kind));
        }
        Ended::new(self.scene, self.watch.output())
    }

    /// Whether the program was to print something after its line, and has printed nothing.
    fn has_only_said_where_it_is(&self) -> bool {
        let said = self.scene.said_already();
        said > 0 && !self.scene.is_server.get() && self.watch.printed().len() == said
    }

    /// Whether the program still runs.
    pub fn runs(&self) -> bool {
        self.watch.exit().is_none()
    }
}

expectations!(Program<'scene>, self.scene);
