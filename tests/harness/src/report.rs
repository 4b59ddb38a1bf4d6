//! What is read of a test: the page of a failure, the sequence diagram, the result file for the guide.

mod comparison;
pub mod failure_page;
pub mod grader_failure;
pub mod harmless;
mod lanes;
pub mod notes;
pub mod result_file;
pub mod sequence_diagram;
pub mod timeline;
pub mod todos;
