//! Where `unix-socket` begins: your `main` on Unix, a line elsewhere. There is nothing to change here.
//! Donde empieza `unix-socket`: tu `main` en Unix, una línea en otro sistema. Aquí no hay nada que cambiar.

use std::process::ExitCode;

#[cfg(unix)]
#[path = "main.rs"]
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
