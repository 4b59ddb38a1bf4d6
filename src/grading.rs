//! Has a lesson built by Cargo and graded by its grader, and says of each step how it went.

pub mod build;
pub mod child;
pub mod picture;
pub mod report;
pub mod run;
pub mod verdict;
