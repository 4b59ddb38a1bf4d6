//! Lesson 2 · TCP server. The page: docs/en/02-tcp-server.md. Run it and grade it:
//! Lección 2 · Servidor TCP. La página: docs/es/02-tcp-server.md. Ejecútalo y califícalo:
//!
//!     cargo run -p tcp-server -- --bind 127.0.0.1:7000
//!     cargo test -p tcp-server

#![allow(clippy::todo, reason = "each one is a step that waits for you")]

use std::io;
use std::net::{TcpListener, TcpStream};
use std::num::NonZeroUsize;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;

/// Send back what each client sends · Devuelve lo que cada cliente envía
#[derive(Parser)]
#[command(name = "tcp-server")]
struct Args {
    /// Where it listens; port 0 takes a free one · Dónde escucha; el puerto 0 toma uno libre
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:7000")]
    bind: String,

    /// How long a client may be silent, in seconds · Cuánto puede callar un cliente, en segundos
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    idle_timeout: Option<Duration>,

    /// How many clients are served at once · Cuántos clientes se atienden a la vez
    #[arg(long, value_name = "N")]
    max_clients: Option<NonZeroUsize>,
}

fn main() -> ExitCode {
    match run(&Args::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        // Step 6: explain what failed on standard error, and exit with code 1.
        // Paso 6: explica en la salida de error qué falló, y termina con el código 1.
        Err(problem) => todo!("step 6: explain \"{problem}\""),
    }
}

fn run(args: &Args) -> io::Result<()> {
    // Step 7: close a connection on which nothing has arrived for SECONDS; 60 if they are missing.
    // Paso 7: cierra una conexión en la que no llegó nada durante SECONDS; 60 si faltan.
    if let Some(limit) = args.idle_timeout {
        todo!("step 7: close what is silent for {limit:?}");
    }

    // Step 8: serve N clients at once, 100 if N is missing, and close each one beyond.
    // Paso 8: atiende a N clientes a la vez, 100 si falta N, y cierra cada uno de más.
    if let Some(most) = args.max_clients {
        todo!("step 8: serve {most} clients at most");
    }

    let listener = listen(&args.bind)?;
    serve(&listener)?;

    // Step 4: in `serve`, serve each client in a thread of its own. Then delete this `todo!`.
    // Paso 4: en `serve`, atiende a cada cliente en su propio hilo. Luego borra este `todo!`.
    todo!("step 4: serve many clients at once")
}

// Step 1: bind the address, and say `listening on` and the real address in a line.
// Paso 1: vincula la dirección, y di `listening on` y la dirección real en una línea.
fn listen(address: &str) -> io::Result<TcpListener> {
    todo!("step 1: listen on {address}")
}

fn serve(listener: &TcpListener) -> io::Result<()> {
    let (stream, _) = listener.accept()?;
    if let Err(error) = echo(&stream) {
        // Step 5: go on when a client fails, and when `accept` does.
        // Paso 5: sigue cuando falla un cliente, y cuando falla `accept`.
        todo!("step 5: go on after \"{error}\"");
    }
    drop(stream);

    // Step 3: serve the next client after this one, and the next, without end.
    // Paso 3: atiende al cliente siguiente, y al siguiente, sin fin.
    todo!("step 3: serve the next client")
}

// Step 2: send back what arrives, as it arrives, until the client has ended its stream.
// Paso 2: devuelve lo que llega, cuando llega, hasta que el cliente terminó su flujo.
fn echo(stream: &TcpStream) -> io::Result<()> {
    todo!("step 2: echo what arrives through {stream:?}")
}

/// SECONDS: digits with an optional fraction · dígitos con una fracción opcional
fn seconds(text: &str) -> Result<Duration, &'static str> {
    let seconds = text.parse().unwrap_or(0.0);
    let fits = (0.001..=1_000_000.0).contains(&seconds);
    fits.then(|| Duration::from_secs_f64(seconds))
        .ok_or("a number from 0.001 to 1000000 · un número de 0.001 a 1000000")
}
