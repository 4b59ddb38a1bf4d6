//! Where `unix-socket-solution` begins: its `main` on Unix, a line elsewhere.
//! Donde empieza `unix-socket-solution`: su `main` en Unix, una línea en otro sistema.

use std::process::ExitCode;

#[cfg(unix)]
#[path = "../../../solutions/04-unix-socket.rs"]
mod program;

#[cfg(unix)]
fn main() -> ExitCode {
    program::main()
}

#[cfg(not(unix))]
fn main() -> ExitCode {
    eprintln!("unix-socket: needs Unix, or WSL on Windows · necesita Unix, o WSL en Windows");
    ExitCode::FAILURE
}
