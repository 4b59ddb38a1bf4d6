//! What is asked of a program that has ended. The checks are assert_cmd's; a check that fails becomes
//! a page for the learner.

use std::process::Output;

use assert_cmd::assert::{Assert, OutputAssertExt};
use predicates::function::function;

use crate::base::finding::{Finding, Kind};
use crate::scene::Scene;
use crate::scene::mistakes::expectations;

/// A program that has ended by itself.
pub struct Ended<'scene> {
    scene: &'scene Scene,
    output: Output,
}

impl<'scene> Ended<'scene> {
    pub(crate) fn new(scene: &'scene Scene, output: Output) -> Self {
        Self { scene, output }
    }

    /// It did its work: it ended with code 0, or at the `todo!` of a later step.
    pub fn expect_success(&self) -> &Self {
        if self.assert().try_success().is_ok() {
            self.scene.expect_no_panic();
        } else if !self.scene.awaits_a_later_step() {
            self.scene.fail(Finding::of(Kind::Failed));
        }
        self
    }

    /// It printed exactly these bytes, after the line that says where it is.
    pub fn expect_stdout(&self, expected: &[u8]) -> &Self {
        let said = self.scene.said_already();
        let is_expected = function(|out: &[u8]| out.get(said..) == Some(expected));
        if self.assert().try_stdout(is_expected).is_ok() {
            return self;
        }
        let has_failed = !self.output.status.success() && !self.scene.awaits_a_later_step();
        let printed = self.printed();
        let kind = match () {
            () if printed.is_empty() && has_failed => Kind::FailedBeforePrinting,
            () if printed.is_empty() => Kind::PrintedNothing,
            () if expected.starts_with(printed) => Kind::PrintedLess,
            () if holds(printed, expected) => Kind::PrintedMore,
            () => Kind::PrintedOther,
        };
        let finding = Finding::of(kind);
        self.scene.fail(finding.printed(expected, printed));
    }

    /// It said with which address it was connected, on standard error.
    pub fn expect_connected_to(&self, address: &str) -> &Self {
        let said = String::from_utf8_lossy(&self.output.stderr);
        let is_said = said
            .lines()
            .any(|line| line.contains("connected to") && line.contains(address));
        if !is_said {
            let finding = Finding::of(Kind::WinnerNotSaid);
            self.scene.fail(finding.saying(first_line(&said)));
        }
        self
    }

    /// Whether it printed exactly these bytes, for tests that try more than once.
    pub fn has_printed(&self, expected: &[u8]) -> bool {
        self.printed() == expected
    }

    /// It failed, and explained that on standard error, with nothing on standard output.
    pub fn expect_failure(&self) -> &Self {
        self.expect_failure_after(b"")
    }

    /// Like [`Ended::expect_failure`], but all or a part of `received` may have been printed before.
    pub fn expect_failure_after(&self, received: &[u8]) -> &Self {
        let fail = |finding| -> ! { self.scene.fail(finding) };
        if self.scene.awaits_a_later_step() {
            fail(Finding::of(Kind::ExitedZero)); // it went on as if nothing had failed
        }
        let is_silent = self.output.stderr.trim_ascii().is_empty();
        if self.assert().try_failure().is_err() {
            fail(Finding::of(match is_silent {
                true => Kind::ExitedZero,
                false => Kind::ExplainedAndExitedZero,
            }));
        }
        if !received.starts_with(self.printed()) {
            let printed = String::from_utf8_lossy(self.printed());
            fail(Finding::of(Kind::OnStdout).saying(first_line(&printed)));
        }
        if is_silent {
            fail(Finding::of(Kind::Unexplained));
        }
        self.scene.expect_no_panic();
        self
    }

    /// What it printed after the line that says where it is.
    fn printed(&self) -> &[u8] {
        let said = self.scene.said_already();
        self.output.stdout.get(said..).unwrap_or_default()
    }

    /// assert_cmd's own hold on the ended program, for checks beyond these.
    pub fn assert(&self) -> Assert {
        self.output.clone().assert()
    }
}

expectations!(Ended<'scene>, self.scene);

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or("").to_owned()
}

/// Whether `part` stands somewhere in `whole`.
fn holds(whole: &[u8], part: &[u8]) -> bool {
    part.is_empty() || whole.windows(part.len()).any(|window| window == part)
}
