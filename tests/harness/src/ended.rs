//! What is asked of a program that has ended. The checks are assert_cmd's; a check that fails becomes
//! a page for the learner.

use std::process::Output;

use assert_cmd::assert::{Assert, OutputAssertExt};
use predicates::function::function;

use crate::fact::{Fact, Kind};
use crate::scene::Scene;

/// A program that has ended by itself.
pub struct Ended<'scene> {
    scene: &'scene Scene,
    assert: Assert,
}

impl<'scene> Ended<'scene> {
    pub(crate) fn new(scene: &'scene Scene, output: Output) -> Self {
        Self {
            scene,
            assert: output.assert(),
        }
    }

    /// It did its work: it ended with code 0, or at the `todo!` of a later step.
    pub fn succeeds(self) -> Self {
        let Self { scene, assert } = self;
        match assert.try_success() {
            Ok(assert) => {
                scene.has_not_panicked();
                Self { scene, assert }
            }
            Err(error) => {
                if !scene.awaits_a_later_step() {
                    scene.fail(Fact::of(Kind::Failed));
                }
                let assert = error.assert();
                Self { scene, assert }
            }
        }
    }

    /// It printed exactly these bytes, after the line that says where it is.
    pub fn prints(self, expected: &[u8]) -> Self {
        let Self { scene, assert } = self;
        let is_success = assert.get_output().status.success();
        let said = scene.said_already();
        let has_failed = !is_success && !scene.awaits_a_later_step();
        let assert = assert
            .try_stdout(function(|out: &[u8]| out.get(said..) == Some(expected)))
            .unwrap_or_else(|error| {
                let mut printed = error.assert().get_output().stdout.clone();
                let printed = printed.split_off(said.min(printed.len()));
                let kind = match () {
                    () if printed.is_empty() && has_failed => Kind::FailedBeforePrinting,
                    () if printed.is_empty() => Kind::PrintedNothing,
                    () if expected.starts_with(&printed) => Kind::PrintedLess,
                    () if holds(&printed, expected) => Kind::PrintedMore,
                    () => Kind::PrintedOther,
                };
                scene.fail(Fact::of(kind).printed(expected, &printed));
            });
        Self { scene, assert }
    }

    /// It said with which address it was connected, on standard error.
    pub fn was_connected_to(self, address: &str) -> Self {
        let said = String::from_utf8_lossy(&self.assert.get_output().stderr).into_owned();
        let is_said = said
            .lines()
            .any(|line| line.contains("connected to") && line.contains(address));
        if !is_said {
            let fact = Fact::of(Kind::WinnerNotSaid);
            self.scene.fail(fact.saying(first_line(&said)));
        }
        self
    }

    /// Whether it printed exactly these bytes, for tests that try more than once.
    pub fn has_printed(&self, expected: &[u8]) -> bool {
        let said = self.scene.said_already();
        self.assert.get_output().stdout.get(said..) == Some(expected)
    }

    /// It failed, and explained that on standard error, with nothing on standard output.
    pub fn fails(self) -> Self {
        self.fails_after(b"")
    }

    /// Like [`Ended::fails`], but all or a part of `received` may have been printed before.
    pub fn fails_after(self, received: &[u8]) -> Self {
        let Self { scene, assert } = self;
        let said = scene.said_already();
        if scene.awaits_a_later_step() {
            scene.fail(Fact::of(Kind::ExitedZero)); // it went on as if nothing had failed
        }
        let assert = assert
            .try_failure()
            .unwrap_or_else(|error| {
                let said = error.assert().get_output().stderr.clone();
                let is_silent = said.trim_ascii().is_empty();
                let kind = if is_silent {
                    Kind::ExitedZero
                } else {
                    Kind::ExplainedAndExitedZero
                };
                scene.fail(Fact::of(kind))
            })
            .try_stdout(function(|printed: &[u8]| {
                received.starts_with(printed.get(said..).unwrap_or_default())
            }))
            .unwrap_or_else(|error| {
                let mut printed = error.assert().get_output().stdout.clone();
                let printed = printed.split_off(said.min(printed.len()));
                scene.fail(
                    Fact::of(Kind::OnStdout).saying(first_line(&String::from_utf8_lossy(&printed))),
                )
            })
            .try_stderr(function(|said: &[u8]| !said.trim_ascii().is_empty()))
            .unwrap_or_else(|_| scene.fail(Fact::of(Kind::Unexplained)));
        scene.has_not_panicked();
        Self { scene, assert }
    }

    /// assert_cmd's own hold on the ended program, for checks beyond these.
    pub fn assert(self) -> Assert {
        self.assert
    }
}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or("").to_owned()
}

/// Whether `part` stands somewhere in `whole`.
fn holds(whole: &[u8], part: &[u8]) -> bool {
    part.is_empty() || whole.windows(part.len()).any(|window| window == part)
}
