//! What is on the screen.

use enchufe_syllabus::result::Report;

/// One of the guide's views.
#[derive(Debug, PartialEq, Eq)]
pub enum View {
    Main,
    /// The hint, so many of its parts.
    Hint(usize),
    List {
        cursor: usize,
        search: Option<String>,
    },
    Read,
    /// The picture of the solution's run, once it is there.
    Show(Option<Option<Box<Report>>>),
    /// The solution beside the learner's program.
    Solution,
    Ask(Question),
}

/// What is asked before it is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    Solution,
    Reset,
}
