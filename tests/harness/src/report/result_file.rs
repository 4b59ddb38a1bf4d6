//! What a test tells the guide: see [`enchufe_syllabus::result`].
//!
//! Each test has a thread of its own, which libtest names after it. A test may have several scenes, one after
//! another; it is over when its thread ends, which a value of the thread's own hears.

use std::cell::RefCell;
use std::env;
use std::path::PathBuf;
use std::thread;

use enchufe_syllabus::result::{Outcome, PLAN, REPORT, TestResult};

thread_local! {
    static TEST: RefCell<Option<Test>> = const { RefCell::new(None) };
}

/// The test of a thread, and where its result goes.
struct Test {
    folder: PathBuf,
    result: TestResult,
}

impl Test {
    /// Without the folder nobody listens any more.
    fn write(&self) {
        let _ = self.result.write(&self.folder);
    }
}

impl Drop for Test {
    fn drop(&mut self) {
        self.result.is_over = true;
        self.write();
    }
}

/// Whether anybody wants to be told.
pub fn is_wanted() -> bool {
    env::var_os(REPORT).is_some()
}

/// Whether only the plan is wanted: which test belongs to which step.
pub fn is_plan() -> bool {
    is_wanted() && env::var_os(PLAN).is_some()
}

/// This thread's test has begun a scene of this step; `order` is its place among the tests of the step.
pub fn begin(step: u8, order: u32) {
    let (Some(folder), Some(test)) = (
        env::var_os(REPORT),
        thread::current().name().map(str::to_owned),
    ) else {
        return;
    };
    let outcome = if is_plan() {
        Outcome::Planned
    } else {
        Outcome::Running
    };
    TEST.with_borrow_mut(|current| {
        if current.is_some() {
            return; // a later scene of the same test
        }
        let test = Test {
            folder: folder.into(),
            result: TestResult {
                test,
                step,
                order,
                is_over: is_plan(),
                outcome,
            },
        };
        test.write();
        *current = Some(test);
    });
}

/// Tells how this thread's test goes. What passed may fail yet; what has failed stays.
pub fn tell(outcome: Outcome) {
    TEST.with_borrow_mut(|current| {
        let Some(test) = current else { return };
        if weight(&outcome) >= weight(&test.result.outcome) && !is_final(&test.result.outcome) {
            test.result.outcome = outcome;
            test.write();
        }
    });
}

/// A test that was run in part has been run.
fn weight(outcome: &Outcome) -> u8 {
    match outcome {
        Outcome::Planned | Outcome::Running => 0,
        Outcome::NotRun { .. } => 1,
        Outcome::Passed { .. } => 2,
        _ => 3,
    }
}

fn is_final(outcome: &Outcome) -> bool {
    weight(outcome) == 3
}
