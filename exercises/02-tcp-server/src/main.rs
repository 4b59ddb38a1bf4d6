//! Lesson 2 · TCP server. The page: docs/en/02-tcp-server.md. Run it and grade it:
//! Lección 2 · Servidor TCP. La página: docs/es/02-tcp-server.md. Ejecútalo y califícalo:
//!
//!     cargo run -p tcp-server -- --bind 127.0.0.1:7000
//!     cargo test -p tcp-server

#![allow(clippy::todo, reason = "each one is a step that waits for you")]

mod args;

use std::io;
use std::net::{TcpListener, TcpStream};
use std::process::ExitCode;

use args::Args;
use clap::Parser;

// Step 1: bind the address, and say `listening on` and the real address in a line.
// Paso 1: vincula la dirección, y di `listening on` y la dirección real en una línea.
fn listen(address: &str) -> io::Result<TcpListener> {
    todo!("step 1: listen on {address}")
}

// Step 2: send back what arrives, as it arrives, until the client has ended its stream.
// Paso 2: devuelve lo que llega, cuando llega, hasta que el cliente terminó su flujo.
fn echo(stream: &TcpStream) -> io::Result<()> {
    todo!("step 2: echo what arrives through {stream:?}")
}

// Step 3: serve the next client after this one, and the next, without end.
// Paso 3: atiende al cliente siguiente, y al siguiente, sin fin.
fn serve(listener: &TcpListener, args: &Args) -> io::Result<()> {
    serve_next(listener, args);
    todo!("step 3: serve the next client")
}

fn serve_next(listener: &TcpListener, args: &Args) {
    match listener.accept() {
        Ok((stream, _)) => {
            if let Some(place) = Place::take(args) {
                let args = args.clone();
                start(move || attend(stream, place, &args));
            }
        }
        Err(error) => accept_failed(&error),
    }
}

// Step 4: do this work in a thread of its own. Then delete the `todo!` of step 4 in `run`.
// Paso 4: haz este trabajo en un hilo propio. Luego borra el `todo!` del paso 4 en `run`.
fn start(work: impl FnOnce() + Send + 'static) {
    work();
}

// Step 5: go on when a client fails, and when `accept` does.
// Paso 5: sigue cuando falla un cliente, y cuando falla `accept`.
fn attend(stream: TcpStream, _place: Place, args: &Args) {
    if let Err(error) = limit_silence(&stream, args).and_then(|()| echo(&stream)) {
        todo!("step 5: go on after \"{error}\"");
    }
}

fn accept_failed(error: &io::Error) {
    todo!("step 5: go on after \"{error}\"")
}

// Step 6: explain on standard error what failed, and return an exit code that is not 0.
// Paso 6: explica en la salida de error qué falló, y devuelve un código de salida que no sea 0.
fn explain(error: &io::Error, args: &Args) -> ExitCode {
    todo!("step 6: explain \"{error}\", and name {}", args.bind)
}

// Step 7: close a connection on which nothing has arrived for `args.limit()`.
// Paso 7: cierra una conexión en la que no llegó nada durante `args.limit()`.
fn limit_silence(stream: &TcpStream, args: &Args) -> io::Result<()> {
    if let Some(limit) = args.idle_timeout {
        todo!("step 7: close {stream:?} when it is silent for {limit:?}");
    }
    Ok(())
}

/// A client's place: it is dropped when the client has left.
/// El lugar de un cliente: se descarta cuando el cliente se fue.
struct Place;

impl Place {
    // Step 8: serve `args.most()` clients at once: `None` if no place is free, which closes the client.
    // Paso 8: atiende a `args.most()` clientes a la vez: `None` si no queda lugar, y el cliente se cierra.
    fn take(args: &Args) -> Option<Self> {
        if let Some(most) = args.max_clients {
            todo!("step 8: serve {most} clients at most");
        }
        Some(Self)
    }
}

fn run(args: &Args) -> io::Result<()> {
    let listener = listen(&args.bind)?;
    serve(&listener, args)?;
    todo!("step 4: serve many clients at once")
}

fn main() -> ExitCode {
    let args = Args::parse();
    match run(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => explain(&error, &args),
    }
}
