//! Lesson 1 · TCP client. The page: docs/en/01-tcp-client.md. Run it and grade it:
//! Lección 1 · Cliente TCP. La página: docs/es/01-tcp-client.md. Ejecútalo y califícalo:
//!
//!     cargo run -p tcp-client -- 127.0.0.1:7000 hola
//!     cargo test -p tcp-client

#![allow(clippy::todo, reason = "each one is a step that waits for you")]

use std::ffi::{OsStr, OsString};
use std::io;
use std::net::TcpStream;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;

/// Send a message to a TCP server, print its reply · Envía un mensaje y muestra la respuesta
#[derive(Parser)]
#[command(name = "tcp-client")]
struct Args {
    /// Where the server listens: localhost:7000, [::1]:7000 · Dónde escucha el servidor
    #[arg(value_name = "HOST:PORT")]
    address: String,

    /// What is sent; standard input if missing · Lo que se envía; si falta, la entrada estándar
    message: Option<OsString>,

    /// The longest wait for the server, in seconds · La espera más larga, en segundos
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    timeout: Option<Duration>,
}

fn main() -> ExitCode {
    match run(&Args::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        // Step 5: explain what failed on standard error, and exit with code 1.
        // Paso 5: explica en la salida de error qué falló, y termina con el código 1.
        Err(problem) => todo!("step 5: explain \"{problem}\""),
    }
}

fn run(args: &Args) -> io::Result<()> {
    // Step 6: wait no longer than SECONDS, neither to be connected nor for the next byte.
    // Paso 6: no esperes más de SECONDS, ni a estar conectado ni al byte siguiente.
    if let Some(limit) = args.timeout {
        todo!("step 6: wait {limit:?} at most");
    }

    let stream = connect(&args.address)?;
    send(&stream, args.message.as_deref())?;
    half_close(&stream)?;
    print_reply(&stream)?;

    // Step 7: receive while you send, instead of afterwards.
    // Paso 7: recibe mientras envías, en vez de después.
    todo!("step 7: send and receive at once")
}

// Step 1: connect to the address.
// Paso 1: conéctate a la dirección.
fn connect(address: &str) -> io::Result<TcpStream> {
    todo!("step 1: connect to {address}")
}

// Step 2: send the whole message, byte for byte; without a message, standard input.
// Paso 2: envía el mensaje entero, byte por byte; si no hay mensaje, la entrada estándar.
fn send(stream: &TcpStream, message: Option<&OsStr>) -> io::Result<()> {
    todo!("step 2: send {message:?} through {stream:?}")
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

/// SECONDS: digits with an optional fraction · dígitos con una fracción opcional
fn seconds(text: &str) -> Result<Duration, &'static str> {
    let seconds = text.parse().unwrap_or(0.0);
    let fits = (0.001..=1_000_000.0).contains(&seconds);
    fits.then(|| Duration::from_secs_f64(seconds))
        .ok_or("a number from 0.001 to 1000000 · un número de 0.001 a 1000000")
}
