//! `udp`: an echo server of datagrams, and a client that copes with what the network does to them.
//! `udp`: un servidor de eco de datagramas, y un cliente que soporta lo que la red les hace.
//!
//!     cargo run -p udp --bin udp-solution -- ask 127.0.0.1:7001 hola
//!
//! It shows what TCP does for you, by doing it: asking again, and telling answers from strangers' words.
//! Muestra lo que TCP hace por ti, haciéndolo: preguntar otra vez, y distinguir las respuestas ajenas.

#[path = "../exercises/03-udp/src/args.rs"]
mod args;

use std::ffi::OsString;
use std::io::ErrorKind::{ConnectionReset, Interrupted, NotFound, TimedOut, WouldBlock};
use std::io::{self, Write};
use std::net::{ToSocketAddrs, UdpSocket};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use args::{Args, Ask, Command};
use clap::Parser;

/// How many bytes of a request are its id · Cuántos bytes de una petición son su id
const ID: usize = 4;
/// Room for any datagram: the largest has 65,527 bytes · Sitio para cualquier datagrama
const ROOM: usize = 65_536;

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
fn echo(socket: &UdpSocket, room: &mut [u8]) -> io::Result<usize> {
    match socket.recv_from(room) {
        Ok((length, sender)) => socket.send_to(&room[..length], sender).or(Ok(length)), // lost: as good
        // On Windows an earlier echo that found nobody fails here · En Windows falla aquí un eco anterior
        Err(error) if matches!(error.kind(), ConnectionReset | Interrupted) => Ok(0),
        Err(error) => Err(error),
    }
}

// Step 3: room for the largest datagram. What does not fit is lost without a word.
// Paso 3: sitio para el datagrama más grande. Lo que no cabe se pierde sin aviso.
fn serve(address: &str) -> io::Result<()> {
    let socket = listen(address)?;
    let mut room = vec![0; ROOM];
    loop {
        echo(&socket, &mut room)?;
    }
}

// Step 4: a socket for this address; connected, it hears nobody else. Step 7: of its family.
// Paso 4: un socket para esta dirección; conectado, no oye a nadie más. Paso 7: de su familia.
fn open(address: &str) -> io::Result<UdpSocket> {
    let mut opened = Err(NotFound.into());
    for address in address.to_socket_addrs()? {
        let is_v4 = address.is_ipv4();
        let any_port = if is_v4 { "0.0.0.0:0" } else { "[::]:0" };
        opened = UdpSocket::bind(any_port).and_then(|it| it.connect(address).map(|()| it));
        if opened.is_ok() {
            break;
        }
    }
    opened
}

// Step 4: one datagram. A limit that is over has another name on each system; a signal may end it, too.
// Paso 4: un datagrama. Un límite agotado se llama distinto en cada sistema; una señal también lo termina.
fn receive(socket: &UdpSocket, limit: Duration) -> io::Result<Option<Vec<u8>>> {
    socket.set_read_timeout(Some(limit.max(Duration::from_micros(1))))?; // 0 is refused
    let mut room = vec![0; ROOM];
    match socket.recv(&mut room) {
        Ok(length) => Ok(Some(room[..length].to_vec())),
        Err(error) if matches!(error.kind(), Interrupted | TimedOut | WouldBlock) => Ok(None),
        Err(error) => Err(error), // such as: nobody is there
    }
}

// Step 5: the same bytes again, N times in all.
// Paso 5: los mismos bytes otra vez, N veces en total.
fn answer(socket: &UdpSocket, message: &[u8], args: &Ask) -> io::Result<Vec<u8>> {
    let id = draw_id()?;
    let request = [&id, message].concat();
    for _ in 0..args.tries.get() {
        socket.send(&request)?;
        if let Some(answer) = wait_for(socket, id, args.timeout)? {
            return Ok(answer);
        }
    }
    Err(io::Error::new(TimedOut, "no answer"))
}

// Step 6: an id that nobody can guess.
// Paso 6: un id que nadie puede adivinar.
fn draw_id() -> io::Result<[u8; ID]> {
    Ok(getrandom::u32()?.to_be_bytes())
}

// Step 6: what has another id is no answer, and does not stretch the wait.
// Paso 6: lo que tiene otro id no es la respuesta, y no alarga la espera.
fn wait_for(socket: &UdpSocket, id: [u8; ID], limit: Duration) -> io::Result<Option<Vec<u8>>> {
    let deadline = Instant::now() + limit;
    while let Some(left) = deadline.checked_duration_since(Instant::now()) {
        let received = receive(socket, left)?;
        if let Some(answer) = received.as_deref().and_then(|it| it.strip_prefix(&id)) {
            return Ok(Some(answer.to_vec()));
        }
    }
    Ok(None)
}

// Step 7: what fits is 65,535 bytes less 8 of UDP's header, and over IPv4 20 of IP's (RFC 768, 791, 8200).
// Paso 7: caben 65535 bytes menos 8 de la cabecera de UDP, y sobre IPv4 20 de la de IP.
fn refuse_too_large(socket: &UdpSocket, messages: &[OsString]) -> io::Result<()> {
    let is_v4 = socket.local_addr()?.is_ipv4();
    let largest = if is_v4 { 65_507 } else { 65_527 };
    if messages.iter().any(|message| ID + message.len() > largest) {
        return Err(io::Error::other("a message is too large for a datagram"));
    }
    Ok(())
}

fn ask(args: &Ask) -> io::Result<()> {
    let socket = open(&args.address)?;
    refuse_too_large(&socket, &args.messages)?;
    for message in &args.messages {
        let answer = answer(&socket, message.as_encoded_bytes(), args)?;
        io::stdout().write_all(&[&answer, &b"\n"[..]].concat())?; // its line feed flushes it
    }
    Ok(())
}

fn main() -> ExitCode {
    let command = Args::parse().command;
    let outcome = match &command {
        Command::Serve { bind } => serve(bind),
        Command::Ask(args) => ask(args),
    };
    let Err(error) = outcome else {
        return ExitCode::SUCCESS;
    };
    eprintln!("udp: {}: {error}", command.address());
    ExitCode::FAILURE
}
