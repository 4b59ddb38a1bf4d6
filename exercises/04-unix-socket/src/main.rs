//! Lesson 4 · Unix sockets. The page: docs/en/04-unix-socket.md. Run it and grade it:
//! Lección 4 · Sockets Unix. La página: docs/es/04-unix-socket.md. Ejecútalo y califícalo:
//!
//!     cargo run -p unix-socket -- serve /tmp/echo.sock
//!     cargo run -p unix-socket -- send /tmp/echo.sock hola
//!     cargo test -p unix-socket

#![allow(clippy::todo, reason = "each one is a step that waits for you")]

mod args;

use std::fs;
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;
use std::process::ExitCode;
use std::thread;

use args::{Args, Command, Send};
use clap::Parser;
use socket2::Socket;

// Step 1: make a stream socket, as in lesson 0, and bind it to the path. The empty path is no path.
// Paso 1: crea un socket de flujo, como en la lección 0, y vincúlalo a la ruta. La ruta vacía no lo es.
fn bind(path: &Path) -> io::Result<Socket> {
    todo!("step 1: bind {path:?}")
}

// Step 2: send the line `uid=U gid=G pid=P`, what the kernel says of this client; then echo.
// Paso 2: envía la línea `uid=U gid=G pid=P`, lo que el kernel dice de este cliente; luego, eco.
fn attend(stream: &UnixStream) -> io::Result<()> {
    todo!("step 2: tell {stream:?} who it is, and echo")
}

// Step 3: send the message, half-close, print the reply; wait no longer than `args.timeout` each time.
// Paso 3: envía el mensaje, cierra tu sentido, muestra la respuesta; cada espera dura como mucho `args.timeout`.
fn send(args: &Send) -> io::Result<()> {
    todo!(
        "step 3: {:?} to {:?}, {:?}",
        args.message,
        args.path,
        args.timeout
    )
}

// Step 4: let nobody connect but the owner: mode 0600, whatever the umask.
// Paso 4: que solo el dueño se conecte: modo 0600, sea cual sea la umask.
fn protect(path: &Path) -> io::Result<()> {
    let mode = fs::metadata(path)?.permissions().mode();
    if mode & 0o002 != 0 {
        todo!("step 4: anybody may connect to {path:?}");
    }
    Ok(())
}

// Step 5: replace what stands at the path if it is the socket of a dead server, and nothing else.
// Paso 5: reemplaza lo que está en la ruta si es el socket de un servidor muerto, y nada más.
fn claim(path: &Path) -> io::Result<Socket> {
    match bind(path) {
        Err(error) if error.kind() == ErrorKind::AddrInUse => {
            todo!("step 5: \"{error}\": look at what stands there")
        }
        bound => bound,
    }
}

// Step 6: remove your own socket file when SIGINT or SIGTERM ends the program. Then delete this `todo!`.
// Paso 6: elimina tu archivo de socket cuando SIGINT o SIGTERM termina el programa. Luego borra este `todo!`.
fn serve(path: &Path) -> io::Result<()> {
    let socket = claim(path)?;
    let listener = listen(socket, path)?;
    accept(&listener)?;
    todo!("step 6: tidy up")
}

/// Protects the socket before it listens: until then, nobody can connect.
/// Protege el socket antes de que escuche: hasta entonces, nadie puede conectarse.
fn listen(socket: Socket, path: &Path) -> io::Result<UnixListener> {
    protect(path)?;
    socket.listen(128)?;
    let line = [b"listening on ", path.as_os_str().as_encoded_bytes(), b"\n"].concat();
    io::stdout().write_all(&line)?; // its line feed flushes it
    Ok(socket.into())
}

/// Serves each client in a thread of its own · Atiende a cada cliente en su propio hilo
fn accept(listener: &UnixListener) -> io::Result<()> {
    loop {
        let (stream, _) = listener.accept()?;
        thread::spawn(move || attend(&stream));
    }
}

pub fn main() -> ExitCode {
    let command = Args::parse().command;
    let outcome = match &command {
        Command::Serve { path } => serve(path),
        Command::Send(args) => send(args),
    };
    let Err(error) = outcome else {
        return ExitCode::SUCCESS;
    };
    eprintln!("unix-socket: {}: {error}", command.path().display());
    ExitCode::FAILURE
}
