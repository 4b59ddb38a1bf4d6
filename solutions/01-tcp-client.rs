//! `tcp-client`: send a message to a TCP server and print its reply.
//!
//!     printf hola | cargo run -p tcp-client --bin tcp-client-solution -- 127.0.0.1:7000
//!
//! It shows the life of a client: connect, send, half-close, receive to the end of the stream; and
//! what a client for daily use adds: errors explained, waits limited, both directions at once.

use std::ffi::{OsStr, OsString};
use std::io::{self, Cursor, ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream, ToSocketAddrs};
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

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
    #[arg(long, value_name = "SECONDS", default_value = "30", value_parser = seconds)]
    timeout: Duration,
}

fn main() -> ExitCode {
    let Err(problem) = run(&Args::parse()) else {
        return ExitCode::SUCCESS;
    };
    // Step 5: explain what failed, and name the address.
    // Paso 5: explica qué falló, y nombra la dirección.
    eprintln!("tcp-client: {problem}");
    ExitCode::FAILURE
}

fn run(args: &Args) -> Result<(), String> {
    let address = &args.address;
    let stream = connect(address, args.timeout)
        .map_err(|error| format!("cannot connect to {address}: {error}"))?;
    converse(&stream, source(args.message.as_deref()))
        .map_err(|error| format!("the conversation with {address} failed: {error}"))
}

fn source(message: Option<&OsStr>) -> Box<dyn Read + Send> {
    match message {
        Some(message) => Box::new(Cursor::new(message.as_encoded_bytes().to_vec())),
        None => Box::new(io::stdin()),
    }
}

// Step 1: connect. Step 6: within the limit, which holds for all addresses of the name together.
// Paso 1: conéctate. Paso 6: dentro del límite, que vale para todas las direcciones del nombre.
fn connect(address: &str, limit: Duration) -> io::Result<TcpStream> {
    let mut problem = io::Error::from(ErrorKind::NotFound);
    let addresses = address.to_socket_addrs()?; // looks the name up, however long that takes
    let deadline = Instant::now() + limit;
    for address in addresses {
        let left = deadline.saturating_duration_since(Instant::now());
        match TcpStream::connect_timeout(&address, left.max(Duration::from_millis(1))) {
            Ok(stream) => return stream.set_read_timeout(Some(limit)).map(|()| stream),
            Err(error) => problem = error,
        }
    }
    Err(problem)
}

// Step 7: send and receive at once. The end of the reply is the end of the conversation.
// Paso 7: envía y recibe a la vez. El fin de la respuesta es el fin de la conversación.
fn converse(stream: &TcpStream, message: Box<dyn Read + Send>) -> io::Result<()> {
    let sender = stream.try_clone()?;
    let failure = Arc::new(Mutex::new(None));
    let shared = Arc::clone(&failure);
    thread::spawn(move || send(&sender, message, &shared));

    print_reply(stream)?;

    // Linux reports a reset once. If the sender met it, the reply seems to end in order: so stop a
    // write that still blocks, wait for its outcome, and look. A broken pipe is no failure: the
    // server had ended its stream first, and wanted no more.
    let _ = stream.shutdown(Shutdown::Write);
    let mut failure = failure.lock().unwrap_or_else(PoisonError::into_inner);
    match failure.take() {
        Some(error) if error.kind() != ErrorKind::BrokenPipe => Err(error),
        _ => Ok(()),
    }
}

// Step 2: send the whole message. Step 3: half-close, so that the server knows where it ends.
// Paso 2: envía el mensaje entero. Paso 3: cierra tu sentido, así el servidor sabe dónde termina.
fn send(mut stream: &TcpStream, mut message: impl Read, failure: &Mutex<Option<io::Error>>) {
    let mut piece = vec![0; 64 * 1024];
    loop {
        let read = message.read(&mut piece); // may take for ever, so the lock is not held here
        let mut failure = failure.lock().unwrap_or_else(PoisonError::into_inner);
        let outcome = match read {
            Ok(0) => {
                let _ = stream.shutdown(Shutdown::Write); // fails if the server has left: as good
                return;
            }
            Ok(count) => stream.write_all(&piece[..count]),
            Err(error) if error.kind() == ErrorKind::Interrupted => Ok(()),
            Err(error) => Err(error),
        };
        if let Err(error) = outcome {
            *failure = Some(error);
            let _ = stream.shutdown(Shutdown::Both); // wakes the side that prints
            return;
        }
    }
}

// Step 4: print the reply to its end, each piece as it arrives.
// Paso 4: muestra la respuesta hasta su fin, cada trozo cuando llega.
fn print_reply(mut stream: &TcpStream) -> io::Result<()> {
    let mut output = io::stdout().lock();
    let mut piece = vec![0; 64 * 1024];
    loop {
        match stream.read(&mut piece) {
            Ok(0) => return Ok(()),
            Ok(count) => {
                output.write_all(&piece[..count])?;
                output.flush()?;
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                return Err(io::Error::other("the server has gone silent")); // set_read_timeout
            }
            Err(error) => return Err(error),
        }
    }
}

/// SECONDS: digits with an optional fraction · dígitos con una fracción opcional
fn seconds(text: &str) -> Result<Duration, &'static str> {
    let seconds = text.parse().unwrap_or(0.0);
    let fits = (0.001..=1_000_000.0).contains(&seconds);
    fits.then(|| Duration::from_secs_f64(seconds))
        .ok_or("a number from 0.001 to 1000000 · un número de 0.001 a 1000000")
}
