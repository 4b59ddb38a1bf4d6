//! Lesson 5 · IPv6. The page: docs/en/05-ipv6.md. Run it and grade it:
//! Lección 5 · IPv6. La página: docs/es/05-ipv6.md. Ejecútalo y califícalo:
//!
//!     cargo run -p ipv6 -- serve --bind '[::1]:7002'
//!     cargo run -p ipv6 -- connect '[::1]:7002' 127.0.0.1:7002
//!     cargo test -p ipv6

#![allow(clippy::todo, reason = "each one is a step that waits for you")]

mod args;

use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream, ToSocketAddrs};
use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use args::{Args, Command, Connect, Serve};
use clap::Parser;
use socket2::{Domain, Socket, Type};

// Step 1: bind the socket, listen, and say `listening on` and the real address in a line, with brackets.
// Paso 1: vincula el socket, escucha, y di `listening on` y la dirección real en una línea, con corchetes.
fn listen(socket: Socket, address: SocketAddr) -> io::Result<TcpListener> {
    todo!("step 1: bind {socket:?} to {address}, and listen")
}

// Step 2: send the line `you are ADDRESS`; an IPv4 client has an IPv4 address.
// Paso 2: envía la línea `you are ADDRESS`; un cliente IPv4 tiene una dirección IPv4.
fn greet(stream: &TcpStream, client: SocketAddr) -> io::Result<()> {
    todo!("step 2: tell {client} who it is through {stream:?}")
}

// Step 3: with `--v6-only`, leave IPv4 to others. Without it, serve both families wherever the program
// runs: the system's default differs.
// Paso 3: con `--v6-only`, deja IPv4 a otros. Sin ella, atiende a las dos familias dondequiera que se
// ejecute el programa: el valor por defecto del sistema varía.
fn choose_families(socket: &Socket, address: SocketAddr, v6_only: bool) -> io::Result<()> {
    if v6_only {
        todo!("step 3: {socket:?} serves IPv6 alone on {address}");
    }
    Ok(())
}

// Step 4: the addresses that a text stands for, those of IPv6 first. `::1:7002` stands for none.
// Paso 4: las direcciones que representa un texto, primero las de IPv6. `::1:7002` no representa ninguna.
fn resolve(text: &str) -> io::Result<Vec<SocketAddr>> {
    todo!("step 4: look {text} up")
}

/// An address, and how the attempt to connect to it ended.
/// Una dirección, y cómo terminó el intento de conectarse a ella.
type Attempt = (SocketAddr, io::Result<TcpStream>);

// Step 5: go on to the next attempt when one has failed; the error of the last one is the whole's.
// Paso 5: sigue con el intento siguiente cuando uno falla; el error del último es el del conjunto.
fn first_connected(
    mut attempts: impl Iterator<Item = Attempt>,
) -> io::Result<(SocketAddr, TcpStream)> {
    let (address, outcome) = attempts.next().ok_or(ErrorKind::NotFound)?;
    match outcome {
        Ok(stream) => Ok((address, stream)),
        Err(error) => todo!("step 5: go on after \"{error}\""),
    }
}

// Step 6: do not wait for an address that says nothing: after 250 ms, begin the next attempt beside it, and
// give the outcomes in the order in which they come. `args.limit()` is the longest wait for any connection.
// Paso 6: no esperes a una dirección que no dice nada: tras 250 ms, empieza el intento siguiente a su lado, y
// da los resultados en el orden en que llegan. `args.limit()` es la espera más larga por alguna conexión.
fn attempts(addresses: Vec<SocketAddr>, args: &Connect) -> impl Iterator<Item = Attempt> {
    if let Some(limit) = args.timeout {
        todo!("step 6: wait no longer than {limit:?}");
    }
    let attempt = |address| (address, TcpStream::connect(address));
    addresses.into_iter().map(attempt)
}

#[expect(clippy::disallowed_methods, reason = "as in lesson 2")]
fn serve(args: &Serve) -> io::Result<()> {
    let address = args.bind.to_socket_addrs()?.next();
    let address = address.ok_or(ErrorKind::NotFound)?;
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, None)?;
    choose_families(&socket, address, args.v6_only)?;
    #[cfg(unix)]
    socket.set_reuse_address(true)?; // the port back at once after a restart, as in lesson 2
    let listener = listen(socket, address)?;
    loop {
        match listener.accept() {
            Ok((stream, client)) => drop(greet(&stream, client)), // one that has left misses nothing
            Err(_) => thread::sleep(Duration::from_millis(10)),   // lesson 2 says why
        }
    }
}

fn connect(args: &Connect) -> io::Result<()> {
    let mut addresses = Vec::new();
    for text in &args.addresses {
        addresses.extend(resolve(text)?);
    }
    let (address, stream) = first_connected(attempts(addresses, args))?;
    eprintln!("connected to {address}");
    print_all(&stream)
}

/// Prints what arrives, as it arrives, to the end of the stream.
/// Muestra lo que llega, cuando llega, hasta el fin del flujo.
fn print_all(mut stream: &TcpStream) -> io::Result<()> {
    let mut output = io::stdout().lock();
    let mut piece = vec![0; 16 * 1024];
    loop {
        match stream.read(&mut piece) {
            Ok(0) => return Ok(()),
            Ok(count) => {
                output.write_all(&piece[..count])?;
                output.flush()?;
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

fn main() -> ExitCode {
    let command = Args::parse().command;
    let outcome = match &command {
        Command::Serve(args) => serve(args),
        Command::Connect(args) => connect(args),
    };
    let Err(error) = outcome else {
        return ExitCode::SUCCESS;
    };
    eprintln!("ipv6: {}: {error}", command.addresses());
    ExitCode::FAILURE
}
