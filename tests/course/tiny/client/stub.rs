//! A lesson that was made for the guide's own tests: a client in three steps.
//! Una lección hecha para las pruebas de la guía: un cliente en tres pasos.

#![allow(clippy::todo, reason = "each one is a step that waits for you")]

use std::io::{self, Write};
use std::net::TcpStream;

// Step 1: connect to `address`.
// Paso 1: conéctate a `address`.
fn connect(address: &str) -> io::Result<TcpStream> {
    todo!("step 1: connect to {address}")
}

// Step 2: send the whole message.
// Paso 2: envía el mensaje entero.
fn send(stream: impl Write, message: &str) -> io::Result<()> {
    drop(stream);
    todo!("step 2: send {message:?}")
}

// Step 3: tell the server that the message has ended.
// Paso 3: dile al servidor que el mensaje terminó.
fn half_close(stream: &TcpStream) -> io::Result<()> {
    todo!("step 3: half-close {stream:?}")
}

fn main() -> io::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [address, message] = &arguments[..] else {
        return Err(io::Error::other("give an address and a message"));
    };
    let mut stream = connect(address)?;
    send(&stream, message)?;
    half_close(&stream)?;
    io::copy(&mut stream, &mut io::stdout()).map(|_| ())
}
