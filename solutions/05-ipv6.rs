//! `ipv6`: a server for both families at once, and a client that takes the address that answers first.
//!
//!     cargo run -p ipv6 --bin ipv6-solution -- serve --bind '[::1]:7002'
//!     cargo run -p ipv6 --bin ipv6-solution -- connect '[::1]:7002' 127.0.0.1:7002
//!
//! It shows what a second family changes: how an address is written, who hears whom, and why a client
//! tries more than one address, and does not wait for one that says nothing.

use std::collections::VecDeque;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream, ToSocketAddrs};
use std::process::ExitCode;
use std::thread;
use std::time::{Duration, Instant};

use clap::{Parser, Subcommand};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use socket2::{Domain, Socket, Type};

/// How long an attempt has the field to itself (RFC 8305, "Connection Attempt Delay").
const HEAD_START: Duration = Duration::from_millis(250);

/// Both families at once · Las dos familias a la vez
#[derive(Parser)]
#[command(name = "ipv6")]
struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Tell each client its address · Di a cada cliente su dirección
    Serve {
        /// Where it listens; [::] is each address of both families · Dónde escucha; [::] es cada una
        #[arg(long, value_name = "ADDRESS", default_value = "[::]:7002")]
        bind: String,

        /// Leave IPv4 to others · Deja IPv4 a otros
        #[arg(long)]
        v6_only: bool,
    },
    /// Connect to the first that answers · Conéctate a la primera que responde
    Connect {
        /// The longest wait for any connection · La espera más larga por alguna conexión, en segundos
        #[arg(long, value_name = "SECONDS", default_value = "30", value_parser = seconds)]
        timeout: Duration,

        /// Where to: [::1]:7002, localhost:7002 · Adónde
        #[arg(value_name = "ADDRESS", required = true)]
        addresses: Vec<String>,
    },
}

fn main() -> ExitCode {
    let outcome = match Args::parse().command {
        Command::Serve { bind, v6_only } => {
            serve(&bind, v6_only).map_err(|error| format!("serving {bind}: {error}"))
        }
        Command::Connect { timeout, addresses } => connect(&addresses, timeout)
            .map_err(|error| format!("connecting to {}: {error}", addresses.join(", "))),
    };
    let Err(problem) = outcome else {
        return ExitCode::SUCCESS;
    };
    eprintln!("ipv6: {problem}");
    ExitCode::FAILURE
}

fn serve(address: &str, v6_only: bool) -> io::Result<()> {
    let listener = listen(address, v6_only)?;
    loop {
        match listener.accept() {
            Ok((stream, client)) => {
                let _ = greet(&stream, client); // one that has left already misses nothing
            }
            Err(_) => pause(), // no descriptor, perhaps, or a client that has left already
        }
    }
}

// Step 1: bind, and say where, with brackets. Step 3: say which families, before the bind.
// Paso 1: vincula, y di dónde, con corchetes. Paso 3: di qué familias, antes de vincular.
fn listen(address: &str, v6_only: bool) -> io::Result<TcpListener> {
    let address = address
        .to_socket_addrs()?
        .next()
        .ok_or(ErrorKind::NotFound)?;
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, None)?;
    match address {
        SocketAddr::V6(_) => socket.set_only_v6(v6_only)?, // the default differs between systems
        SocketAddr::V4(_) if v6_only => {
            return Err(io::Error::other("--v6-only needs an IPv6 address"));
        }
        SocketAddr::V4(_) => {}
    }
    #[cfg(unix)]
    socket.set_reuse_address(true)?; // the port back at once after a restart, as in lesson 2
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

/// A failed `accept` fails again at once: without a pause the loop would take a whole processor.
/// Un `accept` que falló vuelve a fallar enseguida: sin pausa, el bucle tomaría un procesador entero.
fn pause() {
    #[expect(
        clippy::disallowed_methods,
        reason = "nothing tells when a descriptor is free"
    )]
    thread::sleep(Duration::from_millis(10));
}

fn connect(texts: &[String], limit: Duration) -> io::Result<()> {
    let mut addresses = VecDeque::new();
    for text in texts {
        addresses.extend(resolve(text)?);
    }
    let (stream, address) = race(addresses, limit)?;
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

// Step 5: the next address when one refuses. Step 6: also when one says nothing for a while. Whoever
// answers first has won, and the other attempts are dropped, which closes them.
// Paso 5: la dirección siguiente cuando una rechaza. Paso 6: también cuando una no dice nada durante un
// rato. Quien responde primero ganó, y los demás intentos se descartan, lo que los cierra.
fn race(mut waiting: VecDeque<SocketAddr>, limit: Duration) -> io::Result<(TcpStream, SocketAddr)> {
    let deadline = Instant::now() + limit;
    let mut attempts: Vec<(Socket, SocketAddr)> = Vec::new();
    let mut problem = io::Error::from(ErrorKind::NotFound);
    loop {
        match waiting
            .pop_front()
            .map(|address| (attempt(address), address))
        {
            Some((Ok(socket), address)) => attempts.push((socket, address)),
            Some((Err(error), _)) => problem = error,
            None if attempts.is_empty() => return Err(problem),
            None => {}
        }
        let head_start = Instant::now() + HEAD_START;
        let until = if waiting.is_empty() {
            deadline
        } else {
            deadline.min(head_start)
        };
        while !attempts.is_empty() {
            let Some(ready) = first_outcome(&attempts, until)? else {
                break;
            };
            let (socket, address) = attempts.swap_remove(ready);
            match socket.take_error()? {
                None => {
                    socket.set_nonblocking(false)?;
                    return Ok((socket.into(), address));
                }
                Some(error) => problem = error,
            }
            if !waiting.is_empty() {
                break;
            }
        }
        if Instant::now() >= deadline {
            return Err(ErrorKind::TimedOut.into());
        }
    }
}

/// Begins to connect, and does not wait for it.
/// Empieza a conectarse, y no lo espera.
fn attempt(address: SocketAddr) -> io::Result<Socket> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, None)?;
    socket.set_nonblocking(true)?;
    match socket.connect(&address.into()) {
        Err(error) if error.kind() != ErrorKind::WouldBlock && !is_under_way(&error) => Err(error),
        _ => Ok(socket),
    }
}

fn is_under_way(error: &io::Error) -> bool {
    error.raw_os_error() == Some(rustix::io::Errno::INPROGRESS.raw_os_error())
}

/// Waits until an attempt has come to an end, good or bad: its place. `None` when the time is over.
/// Espera a que un intento termine, bien o mal: su lugar. `None` cuando se acabó el tiempo.
fn first_outcome(attempts: &[(Socket, SocketAddr)], until: Instant) -> io::Result<Option<usize>> {
    let mut sockets: Vec<PollFd> = attempts
        .iter()
        .map(|(socket, _)| PollFd::new(socket, PollFlags::OUT))
        .collect();
    loop {
        let left = until.saturating_duration_since(Instant::now());
        match poll(&mut sockets, Timespec::try_from(left).ok().as_ref()) {
            Err(rustix::io::Errno::INTR) => {}
            outcome => {
                outcome?;
                return Ok(sockets
                    .iter()
                    .position(|socket| !socket.revents().is_empty()));
            }
        }
    }
}

/// SECONDS: digits with an optional fraction · dígitos con una fracción opcional
fn seconds(text: &str) -> Result<Duration, &'static str> {
    let seconds = text.parse().unwrap_or(0.0);
    let fits = (0.001..=1_000_000.0).contains(&seconds);
    fits.then(|| Duration::from_secs_f64(seconds))
        .ok_or("a number from 0.001 to 1000000 · un número de 0.001 a 1000000")
}
