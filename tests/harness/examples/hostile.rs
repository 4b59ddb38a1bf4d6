//! A program that leaves a child behind, which holds its output and a port: `hostile NAME`.
//! `tests/hostile.rs` starts it.

use std::net::TcpListener;
use std::process::{Command, ExitCode};

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let (Some(name), child) = (arguments.next(), arguments.next()) else {
        eprintln!("hostile: give a name");
        return ExitCode::from(2);
    };
    if child.as_deref() == Some("child") {
        let listener = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.accept());
        return ExitCode::from(u8::from(listener.is_err())); // nobody comes
    }
    let program = std::env::current_exe().and_then(|program| {
        Command::new(program).args([&name, "child"]).spawn() // never waited for
    });
    ExitCode::from(u8::from(program.is_err()))
}
