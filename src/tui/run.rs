//! The run of the grader that the screen tells of.

use std::collections::BTreeMap;
use std::time::Instant;

use crate::grading::child::Cancel;
use crate::grading::verdict::StepResult;

/// The run of the grader that counts: the last one.
#[derive(Default)]
pub struct Run {
    pub id: u64,
    pub phase: Phase,
    pub results: BTreeMap<u8, StepResult>,
    pub warnings: String,
    /// When it began.
    pub started: Option<Instant>,
    /// Ends it.
    pub cancel: Cancel,
    /// Ends what draws a picture meanwhile.
    pub shows: Cancel,
}

/// How far a run is.
#[derive(Debug, Default, PartialEq, Eq)]
pub enum Phase {
    #[default]
    Building,
    /// The compiler's errors.
    Broken(String),
    Grading,
    Ended,
    /// Something kept it from being run.
    Trouble(String),
}
