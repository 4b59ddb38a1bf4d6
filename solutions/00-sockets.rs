//! `sockets`: one program for six sockets: three families, two types, the same calls.
//!
//!     cargo run -p sockets --bin sockets-solution -- inet stream 127.0.0.1:7000
//!
//! It shows what a socket is to the operating system: a family, a type and an address. What differs
//! between the six is data; the calls (socket, bind, listen, accept, recv) stay the same.

use std::ffi::{OsStr, OsString};
use std::io::{self, Read, Write};
use std::net::{SocketAddrV4, SocketAddrV6};
use std::process::ExitCode;
use std::str::FromStr;

use clap::{Parser, ValueEnum};
use socket2::{Domain, SockAddr, Socket, Type};

/// Bind a socket, print one message that arrives · Vincula un socket, muestra un mensaje que llega
#[derive(Parser)]
#[command(name = "sockets")]
struct Args {
    /// The family of its address · La familia de su dirección
    family: Family,

    /// Stream or datagrams · Flujo o datagramas
    #[arg(value_name = "TYPE")]
    kind: Kind,

    /// 127.0.0.1:7000, [::1]:7000, or a path · o una ruta
    address: OsString,
}

#[derive(Clone, Copy, ValueEnum)]
enum Family {
    Inet,
    Inet6,
    Unix,
}

#[derive(Clone, Copy, ValueEnum)]
enum Kind {
    Stream,
    Dgram,
}

fn main() -> ExitCode {
    let args = Args::parse();
    let Err(error) = run(&args) else {
        return ExitCode::SUCCESS;
    };
    // Step 5: explain what failed, and name the address.
    // Paso 5: explica qué falló, y nombra la dirección.
    eprintln!("sockets: {}: {error}", args.address.display());
    ExitCode::FAILURE
}

fn run(args: &Args) -> io::Result<()> {
    let (domain, address) = place(args.family, &args.address)?;
    match args.kind {
        Kind::Stream => receive_stream(domain, &address, &args.address),
        Kind::Dgram => receive_datagram(domain, &address, &args.address),
    }
}

// Step 3: an IPv6 address. Step 4: a path. The calls that follow do not know the difference.
// Paso 3: una dirección IPv6. Paso 4: una ruta. Las llamadas que siguen no notan la diferencia.
fn place(family: Family, text: &OsStr) -> io::Result<(Domain, SockAddr)> {
    Ok(match family {
        Family::Inet => (Domain::IPV4, numeric::<SocketAddrV4>(text)?.into()),
        Family::Inet6 => (Domain::IPV6, numeric::<SocketAddrV6>(text)?.into()),
        Family::Unix if text.is_empty() => return Err(io::Error::other("a path is missing")),
        Family::Unix => (Domain::UNIX, SockAddr::unix(text)?),
    })
}

fn numeric<Address: FromStr>(text: &OsStr) -> io::Result<Address> {
    let address = text.to_str().and_then(|text| text.parse().ok());
    address.ok_or_else(|| io::Error::other("not an address and a port of this family, in numbers"))
}

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

fn say_where(socket: &Socket, given: &OsStr) -> io::Result<()> {
    let mut output = io::stdout().lock();
    match socket.local_addr()?.as_socket() {
        Some(address) => writeln!(output, "bound to {address}")?, // with the real port
        None => output.write_all(&[b"bound to ", given.as_encoded_bytes(), b"\n"].concat())?,
    }
    output.flush()
}
