//! `unix-socket`: an echo server with a name in the file system, and a client for it.
//! `unix-socket`: un servidor de eco con un nombre en el sistema de archivos, y su cliente.
//!
//!     cargo run -p unix-socket --bin unix-socket-solution -- serve /tmp/echo.sock
//!
//! It shows what a path adds to a socket: who may connect, who does, and what a dead server leaves behind.
//! Muestra lo que una ruta le añade a un socket: quién puede conectarse, quién lo hace, qué deja un servidor muerto.

#[path = "../exercises/04-unix-socket/src/args.rs"]
mod args;

use std::fs::{self, Permissions};
use std::io::{self, ErrorKind, Write};
use std::net::Shutdown;
use std::os::unix::fs::{FileTypeExt, MetadataExt, PermissionsExt};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;
use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use args::{Args, Command, Send};
use clap::Parser;
use signal_hook::{consts, iterator::Signals};
use socket2::{Domain, SockAddr, Socket, Type};

// Step 1: bind the path. Linux would take an empty one for an address that it chooses.
// Paso 1: vincula la ruta. Linux tomaría una vacía por una dirección que él elige.
fn bind(path: &Path) -> io::Result<Socket> {
    let socket = Socket::new(Domain::UNIX, Type::STREAM, None)?;
    socket.bind(&address(path)?).map(|()| socket)
}

fn address(path: &Path) -> io::Result<SockAddr> {
    if path.as_os_str().is_empty() {
        return Err(io::Error::other("a path is missing"));
    }
    SockAddr::unix(path) // fails if the path is too long
}

// Step 2: first who the client is, as the kernel says, then whatever it sends. See the page for macOS.
// Paso 2: primero quién es el cliente, según el kernel, luego lo que envíe. Para macOS, mira la página.
fn attend(mut stream: &UnixStream) -> io::Result<()> {
    #[cfg(target_os = "linux")]
    {
        let peer = rustix::net::sockopt::socket_peercred(stream)?;
        let line = format!("uid={} gid={} pid={}\n", peer.uid, peer.gid, peer.pid);
        stream.write_all(line.as_bytes())?;
    }
    io::copy(&mut &*stream, &mut stream).map(|_| ())
}

// Step 3: the client of lesson 1 in few words, because a short message needs no thread.
// Paso 3: el cliente de la lección 1 en pocas palabras, porque un mensaje corto no necesita un hilo.
fn send(args: &Send) -> io::Result<()> {
    let socket = Socket::new(Domain::UNIX, Type::STREAM, None)?;
    socket.set_write_timeout(Some(args.timeout))?; // limits the wait for a place in the queue, too
    socket.set_read_timeout(Some(args.timeout))?;
    socket.connect(&address(&args.path)?)?;
    (&socket).write_all(args.message.as_encoded_bytes())?;
    socket.shutdown(Shutdown::Write)?;

    let mut output = io::stdout().lock();
    match io::copy(&mut &socket, &mut output) {
        Err(error) if error.kind() == ErrorKind::WouldBlock => Err(ErrorKind::TimedOut.into()),
        copied => copied.and(output.flush()),
    }
}

// Step 4: the owner and nobody else. A socket that does not listen yet has no client to be too late for.
// Paso 4: el dueño y nadie más. Un socket que aún no escucha no tiene clientes, así que no es tarde.
fn protect(path: &Path) -> io::Result<()> {
    fs::set_permissions(path, Permissions::from_mode(0o600))
}

// Step 5: replace a socket that refuses, and nothing else: a full queue, for one, says that somebody is there.
// Paso 5: reemplaza un socket que rechaza, y nada más: una cola llena, por ejemplo, dice que hay alguien.
fn claim(path: &Path) -> io::Result<Socket> {
    match bind(path) {
        Err(error) if error.kind() == ErrorKind::AddrInUse && is_stale(path) => {
            fs::remove_file(path)?;
            bind(path)
        }
        bound => bound,
    }
}

fn is_stale(path: &Path) -> bool {
    let is_socket = fs::symlink_metadata(path).is_ok_and(|file| file.file_type().is_socket());
    let probe = || {
        let socket = Socket::new(Domain::UNIX, Type::STREAM, None)?;
        socket.set_nonblocking(true)?; // a full queue would hold it for ever
        socket.connect(&address(path)?)
    };
    is_socket && probe().is_err_and(|error| error.kind() == ErrorKind::ConnectionRefused)
}

// Step 6: a signal does not end it from now on. It removes its own file, and nobody else's that is there now.
// Paso 6: una señal ya no lo termina. Elimina su propio archivo, y no el de otro que ahora esté ahí.
fn serve(path: &Path) -> io::Result<()> {
    let mut signals = Signals::new([consts::SIGINT, consts::SIGTERM])?;
    let socket = claim(path)?;
    let identity = || fs::symlink_metadata(path).map(|file| (file.dev(), file.ino()));
    let ours = identity()?;
    let outcome = serve_until(&mut signals, socket, path);
    if identity().is_ok_and(|file| file == ours) {
        let _ = fs::remove_file(path); // somebody was faster: as good
    }
    outcome
}

fn serve_until(signals: &mut Signals, socket: Socket, path: &Path) -> io::Result<()> {
    let listener = listen(socket, path)?;
    thread::spawn(move || accept(&listener)); // it is never dropped: its file's number stays taken
    signals.forever().next();
    Ok(())
}

fn listen(socket: Socket, path: &Path) -> io::Result<UnixListener> {
    protect(path)?;
    socket.listen(128)?;
    let line = [b"listening on ", path.as_os_str().as_encoded_bytes(), b"\n"].concat();
    io::stdout().write_all(&line)?; // its line feed flushes it
    Ok(socket.into())
}

/// Serves each client in a thread of its own. Lesson 2 says why it pauses when that fails.
/// Atiende a cada cliente en su propio hilo. La lección 2 dice por qué hace una pausa si eso falla.
#[expect(clippy::disallowed_methods, reason = "as in lesson 2")]
fn accept(listener: &UnixListener) -> io::Result<()> {
    loop {
        match listener.accept() {
            Ok((stream, _)) => drop(thread::Builder::new().spawn(move || attend(&stream))),
            Err(_) => thread::sleep(Duration::from_millis(10)),
        }
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
