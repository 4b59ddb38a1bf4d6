//! `tcp-client`: send a message to a TCP server and print its reply.
//! `tcp-client`: envía un mensaje a un servidor TCP y muestra su respuesta.
//!
//!     printf hola | cargo run -p tcp-client --bin tcp-client-solution -- 127.0.0.1:7000
//!
//! It shows the life of a client: connect, send, half-close, receive to the end of the stream; and
//! what a client for daily use adds: errors explained, waits limited, both directions at once.
//! Muestra la vida de un cliente: conectarse, enviar, cerrar su sentido, recibir hasta el fin del
//! flujo; y lo que añade uno de uso diario: errores explicados, esperas limitadas, enviar y recibir a la vez.

#[path = "../exercises/01-tcp-client/src/args.rs"]
mod args;

use std::ffi::OsString;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream, ToSocketAddrs};
use std::process::ExitCode;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use args::Args;
use clap::Parser;

// Step 1: connect. Step 6: within the limit, which holds for all addresses of the name together.
// Paso 1: conéctate. Paso 6: dentro del límite, que vale para todas las direcciones del nombre.
fn connect(args: &Args) -> io::Result<TcpStream> {
    let mut problem = io::Error::from(ErrorKind::NotFound);
    let addresses = args.address.to_socket_addrs()?; // looks the name up, however long that takes
    let deadline = Instant::now() + args.limit();
    for address in addresses {
        let left = deadline.saturating_duration_since(Instant::now());
        match TcpStream::connect_timeout(&address, left.max(Duration::from_millis(1))) {
            Ok(stream) => return Ok(stream),
            Err(error) => problem = error,
        }
    }
    Err(problem)
}

// Step 2: send the whole message, each piece as it comes.
// Paso 2: envía el mensaje entero, cada trozo cuando llega.
fn send(mut stream: impl Write, message: Option<OsString>) -> io::Result<()> {
    match message {
        Some(message) => stream.write_all(message.as_encoded_bytes()),
        None => io::copy(&mut io::stdin(), &mut stream).map(|_| ()),
    }
}

// Step 3: half-close, so that the server knows where the message ends.
// Paso 3: cierra tu sentido, así el servidor sabe dónde termina el mensaje.
fn half_close(stream: &TcpStream) -> io::Result<()> {
    stream.shutdown(Shutdown::Write)
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
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                return Err(io::Error::other("the server has gone silent")); // step 6
            }
            Err(error) => return Err(error),
        }
    }
}

// Step 5: explain what failed, and name the address.
// Paso 5: explica qué falló, y nombra la dirección.
fn explain(error: &io::Error, args: &Args) -> ExitCode {
    eprintln!("tcp-client: {}: {error}", args.address);
    ExitCode::FAILURE
}

// Step 6: wait no longer than this for the next byte.
// Paso 6: no esperes más que esto al byte siguiente.
fn limit_silence(stream: &TcpStream, args: &Args) -> io::Result<()> {
    stream.set_read_timeout(Some(args.limit()))
}

// Step 7: send in a thread of its own. The end of the reply is the end of the conversation.
// Paso 7: envía en un hilo propio. El fin de la respuesta es el fin de la conversación.
fn converse(stream: &TcpStream, message: Option<OsString>) -> io::Result<()> {
    let failure = Failure::default();
    let mut sender = Sender(stream.try_clone()?, Arc::clone(&failure));
    thread::spawn(move || match send(&mut sender, message) {
        Ok(()) => half_close(&sender.0), // fails if the server has left: as good
        Err(error) => {
            *lock(&sender.1) = Some(error);
            sender.0.shutdown(Shutdown::Both) // wakes the side that prints
        }
    });

    print_reply(stream)?;

    // Linux reports a reset once. If the sender met it, the reply seems to end in order: so stop a
    // write that still blocks, and look. A broken pipe is no failure: the server had ended first.
    // Linux informa de un reinicio una vez. Si lo encontró quien envía, la respuesta parece terminar en
    // orden: detén una escritura bloqueada, y mira. Una tubería rota no es un fallo: el servidor terminó antes.
    let _ = half_close(stream);
    match lock(&failure).take() {
        Some(error) if error.kind() != ErrorKind::BrokenPipe => Err(error),
        _ => Ok(()),
    }
}

type Failure = Arc<Mutex<Option<io::Error>>>;

fn lock(failure: &Failure) -> MutexGuard<'_, Option<io::Error>> {
    failure.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Keeps what went wrong. Its lock is held during each write, and not while the input is waited for.
/// Guarda lo que salió mal. Su candado se toma durante cada escritura, y no mientras espera la entrada.
struct Sender(TcpStream, Failure);

impl Write for Sender {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut failure = lock(&self.1);
        let keep = |error: &io::Error| *failure = Some(error.kind().into());
        self.0.write(bytes).inspect_err(keep)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
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
