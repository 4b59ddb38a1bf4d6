//! `ipv6`: a server for both families at once, and a client that takes the address that answers first.
//! `ipv6`: un servidor para las dos familias a la vez, y un cliente que toma la dirección que responde primero.
//!
//!     cargo run -p ipv6 --bin ipv6-solution -- connect '[::1]:7002' 127.0.0.1:7002
//!
//! It shows how an address is written, who hears whom, and why a client does not wait for a silent address.
//! Muestra cómo se escribe una dirección, quién oye a quién, y por qué un cliente no espera a una que calla.

#[path = "../exercises/05-ipv6/src/args.rs"]
mod args;

use std::io::{self, ErrorKind, Read, Write};
use std::iter;
use std::net::{SocketAddr, TcpListener, TcpStream, ToSocketAddrs};
use std::process::ExitCode;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use args::{Args, Command, Connect, Serve};
use clap::Parser;
use socket2::{Domain, Socket, Type};

// Step 1: bind, and say where. An IPv6 address is written with brackets, as `SocketAddr` does it.
// Paso 1: vincula, y di dónde. Una dirección IPv6 se escribe con corchetes, como hace `SocketAddr`.
fn listen(socket: Socket, address: SocketAddr) -> io::Result<TcpListener> {
    socket.bind(&address.into())?;
    socket.listen(128)?;
    let listener = TcpListener::from(socket);
    let mut output = io::stdout().lock();
    writeln!(output, "listening on {}", listener.local_addr()?)?;
    output.flush()?;
    Ok(listener)
}

// Step 2: an IPv4 client of an IPv6 socket has a mapped address. Its own is the one inside.
// Paso 2: un cliente IPv4 de un socket IPv6 tiene una dirección mapeada. La suya es la de dentro.
fn greet(mut stream: &TcpStream, client: SocketAddr) -> io::Result<()> {
    let client = SocketAddr::new(client.ip().to_canonical(), client.port());
    stream.write_all(format!("you are {client}\n").as_bytes())
}

// Step 3: say it always, because the default differs between systems; and before the bind.
// Paso 3: dilo siempre, porque el valor por defecto varía entre sistemas; y antes de vincular.
fn choose_families(socket: &Socket, address: SocketAddr, v6_only: bool) -> io::Result<()> {
    match address {
        SocketAddr::V6(_) => socket.set_only_v6(v6_only),
        SocketAddr::V4(_) if v6_only => Err(io::Error::other("--v6-only needs an IPv6 address")),
        SocketAddr::V4(_) => Ok(()),
    }
}

// Step 4: an address, or a name, whose IPv6 addresses come first. Brackets keep the colons of an IPv6
// address from the one before the port: without them, `::1:80` would be read as `[::1]:80`.
// Paso 4: una dirección, o un nombre, cuyas direcciones IPv6 van primero. Los corchetes separan los dos
// puntos de una dirección IPv6 de los del puerto: sin ellos, `::1:80` se leería como `[::1]:80`.
fn resolve(text: &str) -> io::Result<Vec<SocketAddr>> {
    if let Ok(address) = text.parse() {
        return Ok(vec![address]);
    }
    if text.matches(':').count() > 1 {
        let problem = format!("{text}: an IPv6 address is written in brackets, as [::1]:7002");
        return Err(io::Error::other(problem));
    }
    let mut addresses: Vec<SocketAddr> = text.to_socket_addrs()?.collect();
    addresses.sort_by_key(SocketAddr::is_ipv4); // the order stays the same within a family
    Ok(addresses)
}

/// An address, and how the attempt to connect to it ended.
/// Una dirección, y cómo terminó el intento de conectarse a ella.
type Attempt = (SocketAddr, io::Result<TcpStream>);

// Step 5: the first one that succeeds. To return drops the others, which closes them.
// Paso 5: el primero que resulta. Al volver se descartan los demás, lo que los cierra.
fn first_connected(attempts: impl Iterator<Item = Attempt>) -> io::Result<(SocketAddr, TcpStream)> {
    let mut problem = io::Error::from(ErrorKind::NotFound);
    for (address, outcome) in attempts {
        match outcome {
            Ok(stream) => return Ok((address, stream)),
            Err(error) => problem = error,
        }
    }
    Err(problem)
}

/// How long an attempt is alone (RFC 8305) · Cuánto tiempo está solo un intento
const HEAD_START: Duration = Duration::from_millis(250);

// Step 6: each attempt in a thread, which ends by itself when the time is over. The next one begins when
// one has failed, or has said nothing for a while.
// Paso 6: cada intento en un hilo, que termina solo cuando se acaba el tiempo. El siguiente empieza cuando
// uno falló, o no dijo nada durante un rato.
fn attempts(addresses: Vec<SocketAddr>, args: &Connect) -> impl Iterator<Item = Attempt> {
    let (limit, deadline) = (args.limit(), Instant::now() + args.limit());
    let (sender, outcomes) = mpsc::channel();
    let (mut waiting, mut under_way) = (addresses.into_iter(), 0);
    iter::from_fn(move || {
        loop {
            if let Some(address) = waiting.next() {
                begin(address, deadline, sender.clone());
                under_way += 1;
            } else if under_way == 0 {
                return None;
            }
            let is_last = waiting.len() == 0;
            let patience = if is_last { limit } else { HEAD_START };
            if let Ok(attempt) = outcomes.recv_timeout(patience) {
                under_way -= 1;
                return Some(attempt);
            }
        }
    })
}

/// Connects in a thread. When somebody else has won, nobody receives any more, and `send` drops the stream.
/// Conecta en un hilo. Cuando ganó otro, ya nadie recibe, y `send` descarta el flujo.
fn begin(address: SocketAddr, deadline: Instant, sender: mpsc::Sender<Attempt>) {
    let left = deadline.saturating_duration_since(Instant::now());
    let left = left.max(Duration::from_millis(1));
    thread::spawn(move || sender.send((address, TcpStream::connect_timeout(&address, left))));
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
