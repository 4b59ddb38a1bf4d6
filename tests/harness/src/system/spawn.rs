//! The process that a program runs in, whatever the platform: what starts it, and what is heard of it.

use std::ffi::OsString;
use std::io;
use std::path::Path;
use std::process::{ChildStderr, ChildStdin, ChildStdout, Command, Stdio};

use crate::base::exit::Exit;
use crate::system::family;
pub use crate::system::platform::{Handle, spawn};

/// What the place where a program runs reports of it.
#[derive(Debug)]
pub enum ProcessEvent {
    /// It runs, as the process with this number.
    Started(u32),
    /// A supervisor could not start it.
    #[cfg_attr(
        any(enchufe_portable, not(target_os = "linux")),
        expect(dead_code, reason = "only a supervisor says so")
    )]
    Refused(io::Error),
    /// It has ended.
    Exited(Exit),
    /// Nothing more will be heard of it.
    Lost,
}

/// Whether a process could not be started because the system has no more to give: that is not the program's
/// fault.
pub fn is_for_want_of_resources(error: &io::Error) -> bool {
    family::is_for_want_of_resources(error)
}

/// What to start, and with which standard input and output.
pub struct Spec {
    pub words: Vec<OsString>,
    pub stdin: Stdio,
    pub stdout: Stdio,
    /// How many descriptors it may have open, where that is limited.
    #[cfg_attr(
        any(enchufe_portable, not(target_os = "linux")),
        expect(dead_code, reason = "only a supervisor can set it")
    )]
    pub descriptors: Option<u64>,
    /// The mode bits that its new files do not get.
    #[cfg_attr(
        any(enchufe_portable, not(target_os = "linux")),
        expect(dead_code, reason = "only a supervisor can set it")
    )]
    pub umask: u32,
}

impl Spec {
    /// A command that starts in the workspace, and knows nothing of the harness.
    pub fn command(&self, program: &Path, arguments: &[OsString]) -> Command {
        let mut command = Command::new(program);
        command
            .args(arguments)
            .current_dir(enchufe_syllabus::root())
            .stderr(Stdio::piped());
        for name in ["ENCHUFE_PROGRAM", "ENCHUFE_PATIENCE", "PYTHONUNBUFFERED"] {
            command.env_remove(name);
        }
        command.env("RUST_BACKTRACE", "0"); // a panic is one line to find, not a page
        command
    }
}

/// The ends of a program's pipes that are the harness's.
pub struct Pipes {
    pub stdin: Option<ChildStdin>,
    pub stdout: Option<ChildStdout>,
    pub stderr: Option<ChildStderr>,
}

impl From<Exit> for std::process::ExitStatus {
    fn from(exit: Exit) -> Self {
        family::status(exit)
    }
}

/// Whether a command line has room for an argument of so many bytes. A test that needs it is `why-argument` without.
pub fn has_room_for_argument(bytes: usize) -> bool {
    bytes <= family::LONGEST_ARGUMENT
}

/// The word of an argument that is these bytes, which need not be text; `None` where arguments are always text.
pub fn argument(bytes: &[u8]) -> Option<OsString> {
    family::argument(bytes)
}
