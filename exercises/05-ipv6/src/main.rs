//! Lesson 5 · IPv6. The page: docs/en/05-ipv6.md. Run it and grade it:
//! Lección 5 · IPv6. La página: docs/es/05-ipv6.md. Ejecútalo y califícalo:
//!
//!     cargo run -p ipv6 -- serve --bind '[::1]:7002'
//!     cargo run -p ipv6 -- connect '[::1]:7002' 127.0.0.1:7002
//!     cargo test -p ipv6

#![allow(clippy::todo, reason = "each one is a step that waits for you")]

use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, Subcommand};

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
        #[arg(long, value_name = "SECONDS", value_parser = seconds)]
        timeout: Option<Duration>,

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
    // Step 3: leave IPv4 to others. And without `--v6-only`, serve both families wherever the program runs:
    // the system's default differs.
    // Paso 3: deja IPv4 a otros. Y sin `--v6-only`, atiende a las dos familias dondequiera que se ejecute
    // el programa: el valor por defecto del sistema varía.
    if v6_only {
        todo!("step 3: serve IPv6 alone");
    }

    let listener = listen(address)?;
    loop {
        if let Ok((stream, client)) = listener.accept() {
            let _ = greet(&stream, client); // one that has left already misses nothing
        }
    }
}

// Step 1: bind the address, and say `listening on` and the real address in a line, with brackets.
// Paso 1: vincula la dirección, y di `listening on` y la dirección real en una línea, con corchetes.
fn listen(address: &str) -> io::Result<TcpListener> {
    todo!("step 1: listen on {address}")
}

// Step 2: send the line `you are ADDRESS`; an IPv4 client has an IPv4 address.
// Paso 2: envía la línea `you are ADDRESS`; un cliente IPv4 tiene una dirección IPv4.
fn greet(stream: &TcpStream, client: SocketAddr) -> io::Result<()> {
    todo!("step 2: tell {client} who it is through {stream:?}")
}

fn connect(texts: &[String], limit: Option<Duration>) -> io::Result<()> {
    // Step 6: do not wait for an address that says nothing: after 250 ms, try the next one beside it, and
    // take the first that answers. SECONDS, 30 if they are missing, is the longest wait for any of them.
    // Paso 6: no esperes a una dirección que no dice nada: tras 250 ms, prueba la siguiente a su lado, y
    // toma la primera que responda. SECONDS, 30 si faltan, es la espera más larga por alguna de ellas.
    if let Some(limit) = limit {
        todo!("step 6: wait no longer than {limit:?}");
    }

    let mut addresses = Vec::new();
    for text in texts {
        addresses.extend(resolve(text)?);
    }
    let (stream, address) = first_that_answers(&addresses)?;
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

// Step 4: the addresses that a text stands for, those of IPv6 first. `::1:7002` stands for none.
// Paso 4: las direcciones que representa un texto, primero las de IPv6. `::1:7002` no representa ninguna.
fn resolve(text: &str) -> io::Result<Vec<SocketAddr>> {
    todo!("step 4: look {text} up")
}

fn first_that_answers(addresses: &[SocketAddr]) -> io::Result<(TcpStream, SocketAddr)> {
    let &address = addresses.first().ok_or(ErrorKind::NotFound)?;
    match TcpStream::connect(address) {
        Ok(stream) => Ok((stream, address)),
        // Step 5: go on to the next address; the error of the last one is the whole's.
        // Paso 5: sigue con la dirección siguiente; el error de la última es el del conjunto.
        Err(error) => todo!("step 5: go on after \"{error}\""),
    }
}

/// SECONDS: digits with an optional fraction · dígitos con una fracción opcional
fn seconds(text: &str) -> Result<Duration, &'static str> {
    let seconds = text.parse().unwrap_or(0.0);
    let fits = (0.001..=1_000_000.0).contains(&seconds);
    fits.then(|| Duration::from_secs_f64(seconds))
        .ok_or("a number from 0.001 to 1000000 · un número de 0.001 a 1000000")
}
