//! How a test ends that does not pass: what was found, and what the program itself says of it.

use std::panic::resume_unwind;
use std::time::{Duration, Instant};

use crate::base::deadline;
use crate::base::exit::Exit;
use crate::base::finding::{Finding, Kind, Stop};
use crate::base::transcript::Event;
use crate::report::failure_page::Failure;
use crate::report::notes;
use crate::scene::Scene;

/// How long a program that seems to be ending may take to do so before it is judged as it is.
const GRACE: Duration = Duration::from_secs(2);

impl Scene {
    /// Ends the test with what was found. It first looks whether the program stopped for a reason
    /// that it gives itself: a panic, or the `todo!` of a step.
    pub fn fail(&self, finding: Finding) -> ! {
        if is_stuck(finding.kind) && self.exit().is_none() {
            self.transcript.add(Event::Silence);
        } else {
            self.grace();
        }
        let (stop, exit) = (self.stop(), self.exit());
        let awaits = matches!(stop, Some(Stop::NotBegun { step, .. }) if step > self.step);
        let is_gone = self.is_server.get() && exit.is_some() && !awaits;
        let finding = if is_gone && is_of_a_connection(finding.kind) {
            Finding::of(Kind::Gone)
        } else {
            finding
        };
        let mut entries = self.transcript.so_far();
        deadline::step_failed(self.step);
        if let Some(Stop::NotBegun { step, place, .. }) = &stop
            && *step <= self.step
        {
            notes::not_begun(&self.lesson, self.step, *step, place);
        }
        let exit = match (&stop, exit) {
            (Some(Stop::NotBegun { step, .. }), Some(_)) => Some(Exit::Todo(*step)),
            (_, exit) => exit,
        };
        for entry in &mut entries {
            if let (Event::Exit(shown), Some(exit)) = (&mut entry.event, exit) {
                *shown = exit;
            }
        }
        let finding = match (stop, exit) {
            (Some(Stop::Panicked { .. }), _) => Finding::of(Kind::Panicked),
            (_, Some(Exit::Signal(signal))) if !self.is_told_to_end.get() => {
                Finding::of(Kind::Killed).saying(signal.to_string())
            }
            _ => finding,
        };
        let failure = Failure {
            lesson: &self.lesson,
            step: self.step,
            explaining: self.explaining.get(),
            mistake: self.name(finding.kind),
            line: self.line(),
            said: self.watch().map(|watch| watch.said()).unwrap_or_default(),
            finding,
            entries,
            exit,
        };
        let kind = failure.finding.kind;
        failure.explain();
        resume_unwind(Box::new(kind)) // all has been said: libtest adds nothing to it
    }

    /// Checks that so much time has passed since a moment before the program began to wait, and ends the test
    /// with this kind of finding if not. A busy machine makes a wait longer, never shorter; a coarse clock takes
    /// a little off it.
    pub fn expect_waited(&self, since: Instant, time: Duration, kind: Kind) {
        if since.elapsed() < time.mul_f64(0.9) {
            self.fail(Finding::of(kind));
        }
    }

    /// Ends the test if the program has panicked, or was killed by a signal.
    pub(crate) fn expect_no_panic(&self) {
        let is_panic = matches!(self.stop(), Some(Stop::Panicked { .. }));
        if is_panic || self.signal().is_some() || self.exit() == Some(Exit::Code(101)) {
            self.fail(Finding::of(Kind::Panicked));
        }
    }

    /// Whether the program has stopped at the `todo!` of a later step, which this test does not ask for.
    /// One that has come to the step that explains failures has failed, whatever it will say then.
    pub(crate) fn awaits_a_later_step(&self) -> bool {
        self.grace();
        let is_failure = |step| Some(step) == self.explaining.get();
        matches!(self.stop(), Some(Stop::NotBegun { step, .. }) if step > self.step && !is_failure(step))
    }

    /// Whether the program has stopped at the `todo!` of the very next step.
    pub(crate) fn awaits_the_next_step(&self) -> bool {
        self.grace();
        matches!(self.stop(), Some(Stop::NotBegun { step, .. }) if step == self.step + 1)
    }

    fn name(&self, kind: Kind) -> Option<&'static str> {
        let expecting = self.expecting.borrow();
        let given = expecting
            .iter()
            .rfind(|(kinds, _)| kinds.is_empty() || kinds.contains(&kind))
            .map(|&(_, id)| id);
        given.or(match kind {
            Kind::Panicked | Kind::Killed => Some("panics"),
            Kind::ExitedZero | Kind::ExplainedAndExitedZero => Some("exits-zero"),
            Kind::OnStdout => Some("error-on-stdout"),
            Kind::Unexplained => Some("fails-silently"),
            _ => None,
        })
    }

    fn grace(&self) {
        if self.is_server.get() {
            return self.settle(); // it ends only if something is wrong
        }
        if let Some(watch) = self.watch() {
            watch.grace(GRACE.mul_f64(deadline::patience().unwrap_or(1.0)));
        }
    }

    fn stop(&self) -> Option<Stop> {
        Stop::read(&self.watch()?.said())
    }

    fn signal(&self) -> Option<i32> {
        match self.exit()? {
            Exit::Signal(signal) => Some(signal),
            Exit::Code(_) | Exit::Todo(_) => None,
        }
    }
}

/// Whether a finding is what a client sees of a server that has ended.
fn is_of_a_connection(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Unreachable
            | Kind::NotAccepted
            | Kind::Silent
            | Kind::StillOpen
            | Kind::NotReceiving
            | Kind::EndedEarly
            | Kind::CutOff
            | Kind::ClosedEarly
            | Kind::TurnedAway
            | Kind::NoEcho
    )
}

/// Whether a finding is that nothing more happened.
fn is_stuck(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::NeverConnected
            | Kind::Silent
            | Kind::StillOpen
            | Kind::NotReceiving
            | Kind::Unread
            | Kind::Unprinted
            | Kind::StillRunning
            | Kind::StillWaiting
            | Kind::LeftAChild
            | Kind::SaidNothing
            | Kind::NotAccepted
            | Kind::StillConnected
            | Kind::Leaked
            | Kind::NoEcho
            | Kind::NotAsked
            | Kind::NotAskedAgain
    )
}
