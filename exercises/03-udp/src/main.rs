//! Lesson 3 · UDP. The page: docs/en/03-udp.md. Run it and grade it:
//! Lección 3 · UDP. La página: docs/es/03-udp.md. Ejecútalo y califícalo:
//!
//!     cargo run -p udp -- serve --bind 127.0.0.1:7001
//!     cargo run -p udp -- ask 127.0.0.1:7001 hola
//!     cargo test -p udp

#![allow(clippy::todo, reason = "each one is a step that waits for you")]

mod args;

use std::ffi::OsString;
use std::io::{self, Write};
use std::net::UdpSocket;
use std::process::ExitCode;
use std::time::Duration;

use args::{Args, Ask, Command};
use clap::Parser;

/// How many bytes of a request are its id · Cuántos bytes de una petición son su id
const ID: usize = 4;

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

// Step 3: make room for the largest datagram there is. What does not fit is lost without a word.
// Paso 3: haz sitio para el datagrama más grande que existe. Lo que no cabe se pierde sin aviso.
fn serve(address: &str) -> io::Result<()> {
    let socket = listen(address)?;
    let mut room = vec![0; 1024];
    loop {
        let length = echo(&socket, &mut room)?;
        if length == room.len() {
            todo!("step 3: make room for more than {length} bytes");
        }
    }
}

// Step 4: bind a socket of your own to `0.0.0.0:0`, any free port, and connect it to the address.
// Paso 4: vincula un socket tuyo a `0.0.0.0:0`, cualquier puerto libre, y conéctalo a la dirección.
fn open(address: &str) -> io::Result<UdpSocket> {
    todo!("step 4: a socket that asks {address}")
}

// Step 4: receive a datagram. `None` if none comes within the limit.
// Paso 4: recibe un datagrama. `None` si no llega ninguno dentro del límite.
fn receive(socket: &UdpSocket, limit: Duration) -> io::Result<Option<Vec<u8>>> {
    todo!("step 4: receive through {socket:?} for {limit:?}")
}

// Step 5: without an answer, send the same bytes again, `args.tries` times in all; then return an error.
// Paso 5: sin respuesta, envía los mismos bytes otra vez, `args.tries` veces en total; luego devuelve un error.
fn answer(socket: &UdpSocket, message: &[u8], args: &Ask) -> io::Result<Vec<u8>> {
    let id = draw_id()?;
    let request = [&id, message].concat();
    socket.send(&request)?;
    match wait_for(socket, id, args.timeout)? {
        Some(answer) => Ok(answer),
        None => todo!("step 5: ask again, {} times in all", args.tries),
    }
}

// Step 6: draw the id at random, for each message.
// Paso 6: saca el id al azar, para cada mensaje.
fn draw_id() -> io::Result<[u8; ID]> {
    Ok([0; ID])
}

// Step 6: go on waiting after what is no answer to this id, but no longer than `limit` for all of it.
// Paso 6: sigue esperando tras lo que no responde a este id, pero no más que `limit` por todo.
fn wait_for(socket: &UdpSocket, id: [u8; ID], limit: Duration) -> io::Result<Option<Vec<u8>>> {
    let Some(received) = receive(socket, limit)? else {
        return Ok(None);
    };
    match received.strip_prefix(&id) {
        Some(answer) => Ok(Some(answer.to_vec())),
        None => todo!("step 6: go on waiting after a datagram that is no answer"),
    }
}

// Step 7: refuse what does not fit in a datagram, before anything is sent; over IPv6 a little more fits.
// And in `open`, give an IPv6 address a socket of its own family.
// Paso 7: rechaza lo que no cabe en un datagrama, antes de enviar nada; sobre IPv6 cabe un poco más.
// Y en `open`, dale a una dirección IPv6 un socket de su propia familia.
fn refuse_too_large(socket: &UdpSocket, messages: &[OsString]) -> io::Result<()> {
    if messages.iter().any(|message| ID + message.len() > 65_507) {
        todo!("step 7: refuse a message that is too large for {socket:?}");
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
