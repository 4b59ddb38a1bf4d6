//! `sockets`: one program for six sockets: three families, two types, the same calls.
//! `sockets`: un programa para seis sockets: tres familias, dos tipos, las mismas llamadas.
//!
//!     cargo run -p sockets --bin sockets-solution -- inet stream 127.0.0.1:7000
//!
//! It shows what a socket is to the operating system: a family, a type and an address. What differs
//! between the six is data; the calls (socket, bind, listen, accept, recv) stay the same.
//! Muestra qué es un socket para el sistema operativo: una familia, un tipo y una dirección. Lo que
//! cambia entre los seis son datos; las llamadas (socket, bind, listen, accept, recv) son las mismas.

#[path = "../exercises/00-sockets/src/args.rs"]
mod args;

use std::ffi::OsStr;
use std::io::{self, Read, Write};
use std::net::{SocketAddrV4, SocketAddrV6};
use std::process::ExitCode;
use std::str::FromStr;

use args::{Args, Family, Kind};
use clap::Parser;
use socket2::{Domain, SockAddr, Socket, Type};

// Step 1: a stream listens, accepts a connection, and reads it to its end.
// Paso 1: un flujo escucha, acepta una conexión, y la lee hasta su fin.
fn receive_stream(domain: Domain, address: &SockAddr, given: &OsStr) -> io::Result<()> {
    let socket = Socket::new(domain, Type::STREAM, None)?;
    socket.bind(address)?;
    socket.listen(1)?;
    say_where(&socket, given)?;

    let (mut connection, _) = socket.accept()?;
    let mut output = io::stdout().lock();
    io::copy(&mut connection, &mut output)?;
    output.flush()
}

// Step 2: a datagram socket has no connection: what it receives is a whole message.
// Paso 2: un socket de datagramas no tiene conexión: lo que recibe es un mensaje entero.
fn receive_datagram(domain: Domain, address: &SockAddr, given: &OsStr) -> io::Result<()> {
    let socket = Socket::new(domain, Type::DGRAM, None)?;
    socket.bind(address)?;
    say_where(&socket, given)?;

    let mut message = vec![0; 65_536]; // the longest has 65,507 bytes; what does not fit is lost
    let count = (&socket).read(&mut message)?;
    let mut output = io::stdout().lock();
    output.write_all(&message[..count])?;
    output.flush()
}

/// The family and the address, as the system takes them: over IPv4 they are there already.
/// La familia y la dirección, como las toma el sistema: con IPv4 ya están.
fn inet(text: &OsStr) -> io::Result<(Domain, SockAddr)> {
    Ok((Domain::IPV4, numeric::<SocketAddrV4>(text)?.into()))
}

// Step 3: an IPv6 address. The calls of the steps above do not know the difference.
// Paso 3: una dirección IPv6. Las llamadas de los pasos de arriba no notan la diferencia.
fn inet6(text: &OsStr) -> io::Result<(Domain, SockAddr)> {
    Ok((Domain::IPV6, numeric::<SocketAddrV6>(text)?.into()))
}

// Step 4: a path. Linux would take an empty one for an address that it chooses.
// Paso 4: una ruta. Linux tomaría una vacía por una dirección que él elige.
fn unix(text: &OsStr) -> io::Result<(Domain, SockAddr)> {
    if text.is_empty() {
        return Err(io::Error::other("a path is missing"));
    }
    Ok((Domain::UNIX, SockAddr::unix(text)?))
}

// Step 5: explain what failed, and name the address.
// Paso 5: explica qué falló, y nombra la dirección.
fn explain(error: &io::Error, address: &OsStr) -> ExitCode {
    eprintln!("sockets: {}: {error}", address.display());
    ExitCode::FAILURE
}

/// An address in numbers, or an error · Una dirección en números, o un error
fn numeric<Address: FromStr>(text: &OsStr) -> io::Result<Address> {
    let address = text.to_str().and_then(|text| text.parse().ok());
    address.ok_or_else(|| io::Error::other("not an address and a port of this family, in numbers"))
}

/// Says where a socket is bound: the real port, or the path that was given.
/// Dice dónde está vinculado un socket: el puerto real, o la ruta dada.
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
