//! Lesson 1 · TCP client. The page: docs/en/01-tcp-client.md. Run it and grade it:
//! Lección 1 · Cliente TCP. La página: docs/es/01-tcp-client.md. Ejecútalo y califícalo:
//!
//!     cargo run -p tcp-client -- 127.0.0.1:7000 hola
//!     cargo test -p tcp-client

#![allow(clippy::todo, reason = "each one is a step that waits for you")]

mod args;

use std::ffi::OsString;
use std::io::{self, Write};
use std::net::TcpStream;
use std::process::ExitCode;

use args::Args;
use clap::Parser;

// Step 1: connect to `args.address`.
// Paso 1: conéctate a `args.address`.
fn connect(args: &Args) -> io::Result<TcpStream> {
    todo!("step 1: connect to {}", args.address)
}

// Step 2: send the whole message, byte for byte; without a message, standard input.
// Paso 2: envía el mensaje entero, byte por byte; si no hay mensaje, la entrada estándar.
fn send(stream: impl Write, message: Option<OsString>) -> io::Result<()> {
    drop(stream);
    todo!("step 2: send {message:?}")
}

// Step 3: tell the server that the message has ended, and stay able to hear its reply.
// Paso 3: dile al servidor que el mensaje terminó, sin dejar de oír su respuesta.
fn half_close(stream: &TcpStream) -> io::Result<()> {
    todo!("step 3: half-close {stream:?}")
}

// Step 4: print the reply on standard output, byte for byte, to its end.
// Paso 4: muestra la respuesta en la salida estándar, byte por byte, hasta su fin.
fn print_reply(stream: &TcpStream) -> io::Result<()> {
    todo!("step 4: print what arrives through {stream:?}")
}

// Step 5: explain on standard error what failed, and return an exit code that is not 0.
// Paso 5: explica en la salida de error qué falló, y devuelve un código de salida que no sea 0.
fn explain(error: &io::Error, args: &Args) -> ExitCode {
    todo!("step 5: explain \"{error}\", and name {}", args.address)
}

// Step 6: wait no longer than `args.limit()`: here for the next byte, and in `connect` to be connected.
// Paso 6: no esperes más de `args.limit()`: aquí al byte siguiente, y en `connect` a estar conectado.
fn limit_silence(stream: &TcpStream, args: &Args) -> io::Result<()> {
    if let Some(limit) = args.timeout {
        todo!("step 6: wait {limit:?} at most for {stream:?}");
    }
    Ok(())
}

// Step 7: receive while you send, instead of afterwards.
// Paso 7: recibe mientras envías, en vez de después.
fn converse(stream: &TcpStream, message: Option<OsString>) -> io::Result<()> {
    send(stream, message)?;
    half_close(stream)?;
    print_reply(stream)?;
    todo!("step 7: send and receive at once")
}

fn run(args: &Args) -> io::Result<()> {
    let stream = connect(args)?;
    limit_silence(&stream, args)?;
    converse(&stream, args.message.clone())
}

fn main() -> ExitCode {
    let args = Args::parse();
    match run(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => explain(&error, &args),
    }
}
