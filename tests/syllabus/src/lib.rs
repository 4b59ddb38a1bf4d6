//! What the course is, for everybody who has to know it: the guide, the graders and the course's own tests.
//!
//! It is read from the files of the course while a program runs: the lessons from their manifests, their steps
//! and mistakes from their pages, the words from `docs/<language>/interface.ftl`. Nothing of it is compiled in, so
//! that a folder may be renamed, copied or shared.
//!
//! ```no_run
//! use enchufe_syllabus::{Language, Lesson};
//!
//! let lesson = Lesson::named("tcp-client")?;
//! let page = lesson.page(&Language::current())?;
//! println!("{}: {}", lesson.exercise(), page.title);
//! # Ok::<(), std::io::Error>(())
//! ```

mod hash;
mod language;
mod lesson;
mod page;
pub mod provenance;
pub mod result;
mod root;
mod todos;
mod words;

pub use hash::blob_hash;
pub use language::Language;
pub use lesson::Lesson;
pub use page::{Page, Section};
pub use root::{find_root, root};
pub use todos::todos;
pub use words::Words;
