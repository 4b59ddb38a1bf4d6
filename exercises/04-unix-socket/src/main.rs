//! Lesson 4 · Unix sockets. The page: docs/en/04-unix-socket.md. Run it and grade it:
//! Lección 4 · Sockets Unix. La página: docs/es/04-unix-socket.md. Ejecútalo y califícalo:
//!
//!     cargo run -p unix-socket -- serve /tmp/echo.sock
//!     cargo run -p unix-socket -- send /tmp/echo.sock hola
//!     cargo test -p unix-socket

#![allow(clippy::todo, reason = "each one is a step that waits for you")]

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;
use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use clap::{Parser, Subcommand};

/// A Unix socket: an echo server and its client · Un socket Unix: un servidor de eco y su cliente
#[derive(Parser)]
#[command(name = "unix-socket")]
struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Tell each client who it is, then echo · Dile a cada cliente quién es y devuélvele lo que envía
    Serve {
        /// Where the socket gets its name · Dónde recibe el socket su nombre
        path: OsString,
    },
    /// Send a message, print the reply · Envía un mensaje, muestra la respuesta
    Send {
        /// The longest wait for the server, in seconds · La espera más larga, en segundos
        #[arg(long, value_name = "SECONDS", default_value = "30", value_parser = seconds)]
        timeout: Duration,

        /// Where the server listens · Dónde escucha el servidor
        path: OsString,

        /// What is sent; standard input if missing · Lo que se envía; si falta, la entrada estándar
        message: Option<OsString>,
    },
}

fn main() -> ExitCode {
    let (path, outcome) = match Args::parse().command {
        Command::Serve { path } => (path.clone(), serve(path.as_ref())),
        Command::Send {
            timeout,
            path,
            message,
        } => (
            path.clone(),
            send(path.as_ref(), timeout, message.as_deref()),
        ),
    };
    let Err(error) = outcome else {
        return ExitCode::SUCCESS;
    };
    eprintln!("unix-socket: {}: {error}", path.display());
    ExitCode::FAILURE
}

fn serve(path: &Path) -> io::Result<()> {
    let listener = match bind(path) {
        Ok(listener) => listener,
        // Step 5: replace what stands at the path if it is the socket of a dead server, and nothing else.
        // Paso 5: reemplaza lo que está en la ruta si es el socket de un servidor muerto, y nada más.
        Err(error) if error.kind() == ErrorKind::AddrInUse => {
            todo!("step 5: \"{error}\": look at what stands there")
        }
        Err(error) => return Err(error),
    };

    // Step 4: let nobody connect but the owner: mode 0600, whatever the umask, before the line is said.
    // Paso 4: que solo el dueño se conecte: modo 0600, sea cual sea la umask, antes de decir la línea.
    let mode = fs::metadata(path)?.permissions().mode();
    if mode & 0o002 != 0 {
        todo!(
            "step 4: the mode is {:o}, and anybody may connect",
            mode & 0o777
        );
    }

    say_where(path)?;
    accept(&listener)?;

    // Step 6: remove your own socket file when SIGINT or SIGTERM ends the program. Then delete this `todo!`.
    // Paso 6: elimina tu archivo de socket cuando SIGINT o SIGTERM termina el programa. Luego borra este `todo!`.
    todo!("step 6: tidy up")
}

// Step 1: bind the path, and listen. The empty path is no path.
// Paso 1: vincula la ruta, y escucha. La ruta vacía no es una ruta.
fn bind(path: &Path) -> io::Result<UnixListener> {
    todo!("step 1: bind {path:?}")
}

fn say_where(path: &Path) -> io::Result<()> {
    let mut output = io::stdout().lock();
    output.write_all(&[b"listening on ", path.as_os_str().as_encoded_bytes(), b"\n"].concat())?;
    output.flush()
}

fn accept(listener: &UnixListener) -> io::Result<()> {
    loop {
        let (stream, _) = listener.accept()?;
        thread::spawn(move || attend(&stream));
    }
}

// Step 2: send the line `uid=U gid=G pid=P`, what the kernel says of this client; then echo.
// Paso 2: envía la línea `uid=U gid=G pid=P`, lo que el kernel dice de este cliente; luego, eco.
fn attend(stream: &UnixStream) -> io::Result<()> {
    todo!("step 2: tell {stream:?} who it is, and echo")
}

// Step 3: send the message, half-close, print the reply: your client of lesson 1, with a path.
// Paso 3: envía el mensaje, cierra tu sentido, muestra la respuesta: tu cliente de la lección 1, con una ruta.
fn send(path: &Path, limit: Duration, message: Option<&OsStr>) -> io::Result<()> {
    todo!("step 3: send {message:?} to {path:?} within {limit:?}")
}

/// SECONDS: digits with an optional fraction · dígitos con una fracción opcional
fn seconds(text: &str) -> Result<Duration, &'static str> {
    let seconds = text.parse().unwrap_or(0.0);
    let fits = (0.001..=1_000_000.0).contains(&seconds);
    fits.then(|| Duration::from_secs_f64(seconds))
        .ok_or("a number from 0.001 to 1000000 · un número de 0.001 a 1000000")
}
