//! `unix-socket`: an echo server with a name in the file system, and a client for it.
//!
//!     cargo run -p unix-socket --bin unix-socket-solution -- serve /tmp/echo.sock
//!     cargo run -p unix-socket --bin unix-socket-solution -- send /tmp/echo.sock hola
//!
//! It shows what a path adds to a socket: who may connect, who the other end is, what a dead server
//! leaves behind, and what a server must never remove.

use std::ffi::{OsStr, OsString};
use std::fs::{self, Permissions};
use std::io::{self, Cursor, ErrorKind, Read, Write};
use std::net::Shutdown;
use std::os::unix::fs::{FileTypeExt, MetadataExt, PermissionsExt};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use clap::{Parser, Subcommand};
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;
use socket2::{Domain, SockAddr, Socket, Type};

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
    // Step 6: hear of signals from here on, so that none can end the program before it has tidied up.
    // Paso 6: oye las señales desde aquí, así ninguna puede terminar el programa antes de que ordene.
    let mut signals = Signals::new([SIGINT, SIGTERM])?;
    let listener = listen(path)?;
    let _name = Name::of(path)?; // removed when it is dropped, however this function ends
    say_where(path)?;

    // The listener lives on in its thread until the program ends. So the file's inode stays taken, and
    // another file at this path cannot have the same number.
    // El listener sigue vivo en su hilo hasta que el programa termina. Así el inodo del archivo sigue
    // ocupado, y otro archivo en esta ruta no puede tener el mismo número.
    thread::spawn(move || accept(&listener));
    signals.forever().next();
    Ok(())
}

// Step 1: bind the path. Step 4: give it its mode before anyone can connect. Step 5: replace what is stale.
// Paso 1: vincula la ruta. Paso 4: dale su modo antes de que alguien pueda conectarse. Paso 5: reemplaza
// lo que está muerto.
fn listen(path: &Path) -> io::Result<UnixListener> {
    if path.as_os_str().is_empty() {
        return Err(io::Error::other("a path is missing"));
    }
    let address = SockAddr::unix(path)?; // fails if the path is too long
    let socket = Socket::new(Domain::UNIX, Type::STREAM, None)?;
    let bound = match socket.bind(&address) {
        Err(error) if error.kind() == ErrorKind::AddrInUse && is_stale(path, &address) => {
            fs::remove_file(path)?;
            socket.bind(&address)
        }
        bound => bound,
    };
    bound?;
    // Nobody can connect to a socket that is bound and does not listen yet.
    // Nadie puede conectarse a un socket vinculado que todavía no escucha.
    fs::set_permissions(path, Permissions::from_mode(0o600))?;
    socket.listen(128)?;
    Ok(socket.into())
}

fn say_where(path: &Path) -> io::Result<()> {
    let mut output = io::stdout().lock();
    output.write_all(&[b"listening on ", path.as_os_str().as_encoded_bytes(), b"\n"].concat())?;
    output.flush()
}

// Step 5: a socket to which one connects in vain. Only a refusal says that nobody is there any more: a
// full queue, another type or a missing permission say that somebody is.
// Paso 5: un socket al que uno se conecta en vano. Solo un rechazo dice que ya no hay nadie: una cola
// llena, otro tipo o un permiso que falta dicen que hay alguien.
fn is_stale(path: &Path, address: &SockAddr) -> bool {
    let is_socket = fs::symlink_metadata(path).is_ok_and(|file| file.file_type().is_socket());
    let refuses = || {
        let probe = Socket::new(Domain::UNIX, Type::STREAM, None)?;
        probe.set_nonblocking(true)?; // a full queue would hold the probe for ever
        probe.connect(address)
    };
    is_socket && refuses().is_err_and(|error| error.kind() == ErrorKind::ConnectionRefused)
}

/// The name of our socket in the file system: a path, and which file it was when we made it.
/// El nombre de nuestro socket en el sistema de archivos: una ruta, y qué archivo era al crearlo.
struct Name {
    path: PathBuf,
    file: (u64, u64),
}

impl Name {
    fn of(path: &Path) -> io::Result<Self> {
        let file = identity(path)?;
        Ok(Self {
            path: path.to_owned(),
            file,
        })
    }
}

impl Drop for Name {
    // Step 6: remove our own socket, and nobody else's that stands there now.
    // Paso 6: elimina nuestro propio socket, y no el de otro que ahora esté ahí.
    fn drop(&mut self) {
        if identity(&self.path).is_ok_and(|file| file == self.file) {
            let _ = fs::remove_file(&self.path); // somebody was faster: as good
        }
    }
}

fn identity(path: &Path) -> io::Result<(u64, u64)> {
    fs::symlink_metadata(path).map(|file| (file.dev(), file.ino()))
}

fn accept(listener: &UnixListener) {
    loop {
        match listener.accept() {
            Ok((stream, _)) => {
                let _ = thread::Builder::new().spawn(move || attend(&stream));
            }
            Err(_) => pause(), // no descriptor, perhaps: one is free when a client leaves
        }
    }
}

// Step 2: first who the client is, as the kernel says, then whatever it sends.
// Paso 2: primero quién es el cliente, según el kernel, luego lo que envíe.
fn attend(mut stream: &UnixStream) -> io::Result<()> {
    let who = credentials(stream)?;
    stream.write_all(who.as_bytes())?;
    let mut piece = vec![0; 16 * 1024];
    loop {
        match stream.read(&mut piece) {
            Ok(0) => return Ok(()),
            Ok(count) => stream.write_all(&piece[..count])?,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

#[cfg(target_os = "linux")]
fn credentials(stream: &UnixStream) -> io::Result<String> {
    let peer = rustix::net::sockopt::socket_peercred(stream)?;
    let (uid, gid, pid) = (peer.uid, peer.gid, peer.pid);
    Ok(format!("uid={uid} gid={gid} pid={pid}\n"))
}

#[cfg(not(target_os = "linux"))]
fn credentials(_: &UnixStream) -> io::Result<String> {
    Err(ErrorKind::Unsupported.into()) // the page names the calls of other systems
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

// Step 3: the client of lesson 1, with a path for an address.
// Paso 3: el cliente de la lección 1, con una ruta como dirección.
fn send(path: &Path, limit: Duration, message: Option<&OsStr>) -> io::Result<()> {
    let stream = connect(path, limit)?;
    let message: Box<dyn Read + Send> = match message {
        Some(message) => Box::new(Cursor::new(message.as_encoded_bytes().to_vec())),
        None => Box::new(io::stdin()),
    };
    let sender = stream.try_clone()?;
    let failure = Arc::new(Mutex::new(None));
    let shared = Arc::clone(&failure);
    thread::spawn(move || send_all(&sender, message, &shared));

    print_reply(&stream)?;

    // The kernel reports a reset once: perhaps the sender has met it. See lesson 1.
    // El kernel informa de un reinicio una sola vez: quizá lo encontró quien envía. Véase la lección 1.
    let _ = stream.shutdown(Shutdown::Write);
    let mut failure = failure.lock().unwrap_or_else(PoisonError::into_inner);
    match failure.take() {
        Some(error) if error.kind() != ErrorKind::BrokenPipe => Err(error),
        _ => Ok(()),
    }
}

fn connect(path: &Path, limit: Duration) -> io::Result<UnixStream> {
    if path.as_os_str().is_empty() {
        return Err(io::Error::other("a path is missing"));
    }
    let socket = Socket::new(Domain::UNIX, Type::STREAM, None)?;
    socket.set_write_timeout(Some(limit))?; // it limits the wait for a place in the queue, too
    socket.connect(&SockAddr::unix(path)?)?;
    socket.set_write_timeout(None)?;
    socket.set_read_timeout(Some(limit))?;
    Ok(socket.into())
}

fn send_all(mut stream: &UnixStream, mut message: impl Read, failure: &Mutex<Option<io::Error>>) {
    let mut piece = vec![0; 64 * 1024];
    loop {
        let read = message.read(&mut piece); // may take for ever, so the lock is not held here
        let mut failure = failure.lock().unwrap_or_else(PoisonError::into_inner);
        let outcome = match read {
            Ok(0) => {
                let _ = stream.shutdown(Shutdown::Write); // fails if the server has left: as good
                return;
            }
            Ok(count) => stream.write_all(&piece[..count]),
            Err(error) if error.kind() == ErrorKind::Interrupted => Ok(()),
            Err(error) => Err(error),
        };
        if let Err(error) = outcome {
            *failure = Some(error);
            let _ = stream.shutdown(Shutdown::Both); // wakes the side that prints
            return;
        }
    }
}

fn print_reply(mut stream: &UnixStream) -> io::Result<()> {
    let mut output = io::stdout().lock();
    let mut piece = vec![0; 64 * 1024];
    loop {
        match stream.read(&mut piece) {
            Ok(0) => return Ok(()),
            Ok(count) => {
                output.write_all(&piece[..count])?;
                output.flush()?;
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                return Err(io::Error::other("the server has gone silent")); // set_read_timeout
            }
            Err(error) => return Err(error),
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
