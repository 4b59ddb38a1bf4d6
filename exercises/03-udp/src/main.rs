//! Lesson 3 · UDP. The page: docs/en/03-udp.md. Run it and grade it:
//! Lección 3 · UDP. La página: docs/es/03-udp.md. Ejecútalo y califícalo:
//!
//!     cargo run -p udp -- serve --bind 127.0.0.1:7001
//!     cargo run -p udp -- ask 127.0.0.1:7001 hola
//!     cargo test -p udp

#![allow(clippy::todo, reason = "each one is a step that waits for you")]

use std::ffi::OsString;
use std::io::{self, Write};
use std::net::UdpSocket;
use std::num::NonZeroU32;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, Subcommand};

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
    let mut room = vec![0; 1024];
    loop {
        let length = echo(&socket, &mut room)?;

        // Step 3: this one may have been larger than the room for it. Make room for the largest there
        // is, and delete this `todo!`.
        // Paso 3: este pudo ser más grande que el sitio para él. Haz sitio para el más grande que
        // existe, y borra este `todo!`.
        if length == room.len() {
            todo!("step 3: make room for more than {length} bytes");
        }
    }
}

// Step 1: bind the address, and say `listening on` and the real address in a line.
// Paso 1: vincula la dirección, y di `listening on` y la dirección real en una línea.
fn listen(address: &str) -> io::Result<UdpSocket> {
    todo!("step 1: listen on {address}")
}

// Step 2: receive a datagram, send it back to the one who sent it, and return its length.
// Paso 2: recibe un datagrama, devuélvelo a quien lo envió, y devuelve su longitud como resultado.
fn echo(socket: &UdpSocket, room: &mut [u8]) -> io::Result<usize> {
    let most = room.len();
    todo!("step 2: echo up to {most} bytes through {socket:?}")
}

fn ask(address: &str, limit: Duration, tries: u32, messages: &[&[u8]]) -> io::Result<()> {
    // Step 7: refuse what does not fit in a datagram over IPv4, before anything is sent.
    // Paso 7: rechaza lo que no cabe en un datagrama sobre IPv4, antes de enviar nada.
    if messages.iter().any(|message| ID + message.len() > 65_507) {
        todo!("step 7: refuse a message that is too large");
    }

    // Step 7: an IPv6 address needs a socket of its own family.
    // Paso 7: una dirección IPv6 necesita un socket de su propia familia.
    let socket = UdpSocket::bind("0.0.0.0:0")?;
    for message in messages {
        let answer = answer(&socket, address, message, limit, tries)?;
        let mut output = io::stdout().lock();
        output.write_all(&[&answer, &b"\n"[..]].concat())?;
        output.flush()?;
    }
    Ok(())
}

fn answer(
    socket: &UdpSocket,
    address: &str,
    message: &[u8],
    limit: Duration,
    tries: u32,
) -> io::Result<Vec<u8>> {
    let id = [0; ID];
    let request = [&id, message].concat();
    let Some(received) = send_and_receive(socket, address, &request, limit)? else {
        // Step 5: send the same bytes again, `tries` times in all; then return an error.
        // Paso 5: envía los mismos bytes otra vez, `tries` veces en total; luego devuelve un error.
        todo!("step 5: ask again, {tries} times in all");
    };

    // Step 6: draw a random id for each message. Go on waiting after what is no answer to it, but no
    // longer than `limit` for each try, and hear nobody but the one you asked.
    // Paso 6: saca un id al azar para cada mensaje. Sigue esperando tras lo que no le responde, pero no
    // más que `limit` por intento, y no oigas a nadie más que a quien preguntaste.
    if !received.starts_with(&id) {
        todo!("step 6: go on waiting after a datagram that is no answer");
    }
    Ok(received[ID..].to_vec())
}

// Step 4: send the request to the address in one datagram, and receive one. `None` if none comes
// within the limit.
// Paso 4: envía la petición a la dirección en un datagrama, y recibe uno. `None` si no llega ninguno
// dentro del límite.
fn send_and_receive(
    socket: &UdpSocket,
    address: &str,
    request: &[u8],
    limit: Duration,
) -> io::Result<Option<Vec<u8>>> {
    todo!("step 4: send {request:?} to {address} through {socket:?}, and receive for {limit:?}")
}

/// SECONDS: digits with an optional fraction · dígitos con una fracción opcional
fn seconds(text: &str) -> Result<Duration, &'static str> {
    let seconds = text.parse().unwrap_or(0.0);
    let fits = (0.001..=1_000_000.0).contains(&seconds);
    fits.then(|| Duration::from_secs_f64(seconds))
        .ok_or("a number from 0.001 to 1000000 · un número de 0.001 a 1000000")
}
