//! Lines of text with tones, and what is made of them: pages in Markdown, a compiler's messages, links.

pub mod ansi;
pub mod line;
pub mod link;
pub mod markdown;
mod table;
