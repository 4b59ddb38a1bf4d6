//! How a program is asked to end (signal(7)).

use crate::system::family;

/// A signal that asks a program to end.
#[derive(Clone, Copy, Debug)]
pub enum Signal {
    /// As by Ctrl+C in a terminal.
    Interrupt,
    /// As by kill(1).
    Terminate,
}

/// Sends a signal to a program and to all of its group. One that has left is none the wiser.
pub fn send(signal: Signal, process: u32) {
    family::send(signal, process);
}
