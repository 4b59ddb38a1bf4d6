//! `udp`: an echo server of datagrams, and a client that copes with what the network does to them.
//!
//!     cargo run -p udp --bin udp-solution -- serve --bind 127.0.0.1:7001
//!     cargo run -p udp --bin udp-solution -- ask 127.0.0.1:7001 hola
//!
//! It shows what TCP does for you, by doing it: an answer that is missing is asked for again, and one
//! that belongs to no question of ours is thrown away.

use std::ffi::OsString;
use std::io::{self, ErrorKind, Write};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs, UdpSocket};
use std::num::NonZeroU32;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use clap::{Parser, Subcommand};

/// The largest datagram over IPv4: 65,535 bytes less 20 of IP's header and 8 of UDP's (RFC 768, RFC 791).
const LARGEST_V4: usize = 65_507;
/// Likewise over IPv6, whose length does not count its own header (RFC 8200).
const LARGEST_V6: usize = 65_527;
/// How many bytes of a request are its id.
const ID: usize = 4;

/// Datagrams: an echo server, and one who asks it · Datagramas: un servidor de eco, y quien le pregunta
#[derive(Parser)]
#[command(name = "udp")]
struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Send each datagram back to its sender · Devuelve cada datagrama a quien lo envió
    Serve {
        /// Where it listens; port 0 takes a free one · Dónde escucha; el puerto 0 toma uno libre
        #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:7001")]
        bind: String,
    },
    /// Send messages, print the answers · Envía mensajes, muestra las respuestas
    Ask {
        /// How long an answer may take, in seconds · Cuánto puede tardar una respuesta, en segundos
        #[arg(long, value_name = "SECONDS", default_value = "1", value_parser = seconds)]
        timeout: Duration,

        /// How often a message is sent at most · Cuántas veces se envía un mensaje, como mucho
        #[arg(long, value_name = "N", default_value = "3")]
        tries: NonZeroU32,

        /// Whom it asks: localhost:7001, [::1]:7001 · A quién pregunta
        address: String,

        /// What it sends, each in a datagram · Lo que envía, cada uno en un datagrama
        #[arg(value_name = "MESSAGE", required = true)]
        messages: Vec<OsString>,
    },
}

fn main() -> ExitCode {
    let outcome = match Args::parse().command {
        Command::Serve { bind } => serve(&bind).map_err(|error| format!("serving {bind}: {error}")),
        Command::Ask {
            timeout,
            tries,
            address,
            messages,
        } => {
            let messages: Vec<&[u8]> = messages
                .iter()
                .map(|text| text.as_encoded_bytes())
                .collect();
            ask(&address, timeout, tries.get(), &messages)
                .map_err(|error| format!("asking {address}: {error}"))
        }
    };
    let Err(problem) = outcome else {
        return ExitCode::SUCCESS;
    };
    eprintln!("udp: {problem}");
    ExitCode::FAILURE
}

fn serve(address: &str) -> io::Result<()> {
    let socket = listen(address)?;
    // Step 3: room for the largest datagram, and a byte more. What does not fit is lost without a word.
    // Paso 3: sitio para el datagrama más grande, y un byte más. Lo que no cabe se pierde sin aviso.
    let mut room = vec![0; LARGEST_V6 + 1];
    loop {
        echo(&socket, &mut room)?;
    }
}

// Step 1: bind, and say where. There is nothing to accept: one socket hears everybody.
// Paso 1: vincula, y di dónde. No hay nada que aceptar: un socket los oye a todos.
fn listen(address: &str) -> io::Result<UdpSocket> {
    let socket = UdpSocket::bind(address)?;
    let mut output = io::stdout().lock();
    writeln!(output, "listening on {}", socket.local_addr()?)?;
    output.flush()?;
    Ok(socket)
}

// Step 2: whatever is in it, an empty datagram too, goes back to the one who sent it.
// Paso 2: lleve lo que lleve, también un datagrama vacío, vuelve a quien lo envió.
fn echo(socket: &UdpSocket, room: &mut [u8]) -> io::Result<()> {
    match socket.recv_from(room) {
        Ok((length, sender)) => {
            let _ = socket.send_to(&room[..length], sender); // if it is lost, its sender asks again
            Ok(())
        }
        // On Windows, an earlier answer that found nobody makes the next `recv_from` fail.
        // En Windows, una respuesta anterior que no encontró a nadie hace fallar el `recv_from` siguiente.
        Err(error) if is_of_a_moment(&error) => Ok(()),
        Err(error) => Err(error),
    }
}

fn is_of_a_moment(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::Interrupted | ErrorKind::ConnectionReset
    )
}

fn ask(address: &str, limit: Duration, tries: u32, messages: &[&[u8]]) -> io::Result<()> {
    let (socket, largest) = open(address)?;
    // Step 7: nothing is sent before all of it is known to fit.
    // Paso 7: no se envía nada antes de saber que todo cabe.
    if let Some(message) = messages.iter().find(|message| ID + message.len() > largest) {
        let problem = format!(
            "a message of {} bytes does not fit in a datagram",
            message.len()
        );
        return Err(io::Error::other(problem));
    }
    for message in messages {
        let answer = answer(&socket, message, limit, tries)?;
        let mut output = io::stdout().lock();
        output.write_all(&[&answer, &b"\n"[..]].concat())?;
        output.flush()?;
    }
    Ok(())
}

// Step 4: a socket for this address. Step 6: connected, it hears nobody else. Step 7: of its family.
// Paso 4: un socket para esta dirección. Paso 6: conectado, no oye a nadie más. Paso 7: de su familia.
fn open(address: &str) -> io::Result<(UdpSocket, usize)> {
    let mut problem = io::Error::from(ErrorKind::NotFound);
    for address in address.to_socket_addrs()? {
        let (local, largest): (SocketAddr, _) = match address {
            SocketAddr::V4(_) => ((Ipv4Addr::UNSPECIFIED, 0).into(), LARGEST_V4),
            SocketAddr::V6(_) => ((Ipv6Addr::UNSPECIFIED, 0).into(), LARGEST_V6),
        };
        let opened =
            UdpSocket::bind(local).and_then(|socket| socket.connect(address).map(|()| socket));
        match opened {
            Ok(socket) => return Ok((socket, largest)),
            Err(error) => problem = error,
        }
    }
    Err(problem)
}

// Step 5: the same bytes again, N times in all. Step 6: an id that nobody can guess.
// Paso 5: los mismos bytes otra vez, N veces en total. Paso 6: un id que nadie puede adivinar.
fn answer(socket: &UdpSocket, message: &[u8], limit: Duration, tries: u32) -> io::Result<Vec<u8>> {
    let mut id = [0; ID];
    getrandom::fill(&mut id)?;
    let request = [&id, message].concat();
    for _ in 0..tries {
        socket.send(&request)?;
        if let Some(answer) = receive(socket, id, limit)? {
            return Ok(answer);
        }
    }
    let problem = format!("no answer, asked {tries} times");
    Err(io::Error::new(ErrorKind::TimedOut, problem))
}

// Step 4: receive the answer. Step 6: what has another id is not it, and does not stretch the wait.
// Paso 4: recibe la respuesta. Paso 6: lo que tiene otro id no lo es, y no alarga la espera.
fn receive(socket: &UdpSocket, id: [u8; ID], limit: Duration) -> io::Result<Option<Vec<u8>>> {
    let deadline = Instant::now() + limit;
    let mut room = vec![0; LARGEST_V6 + 1];
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Ok(None);
        }
        socket.set_read_timeout(Some(left.max(Duration::from_micros(1))))?;
        match socket.recv(&mut room) {
            Ok(length) => {
                if let Some(answer) = room[..length].strip_prefix(&id) {
                    return Ok(Some(answer.to_vec()));
                }
            }
            Err(error) if is_silence(&error) => {}
            Err(error) => return Err(error), // such as: nobody is there
        }
    }
}

/// The time is over, or a signal came: the word differs between systems.
fn is_silence(error: &io::Error) -> bool {
    use ErrorKind::{Interrupted, TimedOut, WouldBlock};
    matches!(error.kind(), Interrupted | TimedOut | WouldBlock)
}

/// SECONDS: digits with an optional fraction · dígitos con una fracción opcional
fn seconds(text: &str) -> Result<Duration, &'static str> {
    let seconds = text.parse().unwrap_or(0.0);
    let fits = (0.001..=1_000_000.0).contains(&seconds);
    fits.then(|| Duration::from_secs_f64(seconds))
        .ok_or("a number from 0.001 to 1000000 · un número de 0.001 a 1000000")
}
