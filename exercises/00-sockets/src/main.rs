//! Lesson 0 · Sockets. The page: docs/en/00-sockets.md. Run it and grade it:
//! Lección 0 · Sockets. La página: docs/es/00-sockets.md. Ejecútalo y califícalo:
//!
//!     cargo run -p sockets -- inet stream 127.0.0.1:7000
//!     cargo test -p sockets

#![allow(clippy::todo, reason = "each one is a step that waits for you")]

mod args;

use std::ffi::OsStr;
use std::io::{self, Write};
use std::net::SocketAddrV4;
use std::process::ExitCode;
use std::str::FromStr;

use args::{Args, Family, Kind};
use clap::Parser;
use socket2::{Domain, SockAddr, Socket};

// Step 1: make a stream socket, bind it, listen, call `say_where`, accept one connection, and print
// what it sends, to its end.
// Paso 1: crea un socket de flujo, vincúlalo, escucha, llama a `say_where`, acepta una conexión, y
// muestra lo que envía, hasta su fin.
fn receive_stream(domain: Domain, address: &SockAddr, given: &OsStr) -> io::Result<()> {
    todo!("step 1: a stream of {domain:?} on {address:?}, {given:?}")
}

// Step 2: make a datagram socket, bind it, call `say_where`, and print one datagram.
// Paso 2: crea un socket de datagramas, vincúlalo, llama a `say_where`, y muestra un datagrama.
fn receive_datagram(domain: Domain, address: &SockAddr, given: &OsStr) -> io::Result<()> {
    todo!("step 2: datagrams of {domain:?} on {address:?}, {given:?}")
}

/// The family and the address, as the system takes them: over IPv4 they are there already.
/// La familia y la dirección, como las toma el sistema: con IPv4 ya están.
fn inet(text: &OsStr) -> io::Result<(Domain, SockAddr)> {
    Ok((Domain::IPV4, numeric::<SocketAddrV4>(text)?.into()))
}

// Step 3: the same for IPv6; its address is a `SocketAddrV6`.
// Paso 3: lo mismo para IPv6; su dirección es un `SocketAddrV6`.
fn inet6(text: &OsStr) -> io::Result<(Domain, SockAddr)> {
    todo!("step 3: the IPv6 address {text:?}")
}

// Step 4: the same for a path.
// Paso 4: lo mismo para una ruta.
fn unix(text: &OsStr) -> io::Result<(Domain, SockAddr)> {
    todo!("step 4: the path {text:?}")
}

// Step 5: explain on standard error what failed, and return an exit code that is not 0.
// Paso 5: explica en la salida de error qué falló, y devuelve un código de salida que no sea 0.
fn explain(error: &io::Error, address: &OsStr) -> ExitCode {
    todo!("step 5: explain \"{error}\", and name {address:?}")
}

/// An address in numbers, or an error · Una dirección en números, o un error
fn numeric<Address: FromStr>(text: &OsStr) -> io::Result<Address> {
    let address = text.to_str().and_then(|text| text.parse().ok());
    address.ok_or_else(|| io::Error::other("not an address and a port of this family, in numbers"))
}

/// Says where a socket is bound: the real port, or the path that was given.
/// Dice dónde está vinculado un socket: el puerto real, o la ruta dada.
#[allow(dead_code, reason = "you call it in step 1 · lo llamas en el paso 1")]
fn say_where(socket: &Socket, given: &OsStr) -> io::Result<()> {
    let mut output = io::stdout().lock();
    match socket.local_addr()?.as_socket() {
        Some(address) => writeln!(output, "bound to {address}")?,
        None => output.write_all(&[b"bound to ", given.as_encoded_bytes(), b"\n"].concat())?,
    }
    output.flush()
}

fn run(args: &Args) -> io::Result<()> {
    let (domain, address) = match args.family {
        Family::Inet => inet(&args.address)?,
        Family::Inet6 => inet6(&args.address)?,
        Family::Unix => unix(&args.address)?,
    };
    match args.kind {
        Kind::Stream => receive_stream(domain, &address, &args.address),
        Kind::Dgram => receive_datagram(domain, &address, &args.address),
    }
}

fn main() -> ExitCode {
    let args = Args::parse();
    match run(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => explain(&error, &args.address),
    }
}
