//! `tcp-server`: an echo server of many clients, a thread for each.
//! `tcp-server`: un servidor de eco para muchos clientes, con un hilo para cada uno.
//!
//!     cargo run -p tcp-server --bin tcp-server-solution -- --bind 127.0.0.1:7000
//!
//! It shows the life of a server: bind, listen, accept, serve; and what keeps it alive: no client can
//! stop it, hold up another, stay for ever or take more than its place.
//! Muestra la vida de un servidor: vincular, escuchar, aceptar, atender; y lo que lo mantiene vivo:
//! ningún cliente puede detenerlo, retrasar a otro, quedarse para siempre ni tomar más que su lugar.

#[path = "../exercises/02-tcp-server/src/args.rs"]
mod args;

use std::io::{self, ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::thread;
use std::time::Duration;

use args::Args;
use clap::Parser;

// Step 1: bind, and say where. The standard library sets SO_REUSEADDR on Unix, so that the port can be
// bound again at once after a restart (step 6); on Windows that option would share the port.
// Paso 1: vincula, y di dónde. La biblioteca estándar activa SO_REUSEADDR en Unix, así el puerto se
// puede volver a vincular tras un reinicio (paso 6); en Windows esa opción compartiría el puerto.
fn listen(address: &str) -> io::Result<TcpListener> {
    let listener = TcpListener::bind(address)?;
    let mut output = io::stdout().lock();
    writeln!(output, "listening on {}", listener.local_addr()?)?;
    output.flush()?;
    Ok(listener)
}

// Step 2: send back what arrives, as it arrives, until the end of the stream.
// Paso 2: devuelve lo que llega, cuando llega, hasta el fin del flujo.
fn echo(mut stream: &TcpStream) -> io::Result<()> {
    let mut piece = vec![0; 16 * 1024];
    loop {
        match stream.read(&mut piece) {
            Ok(0) => return Ok(()), // the stream is dropped, which ends this direction too
            Ok(count) => stream.write_all(&piece[..count])?,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

// Step 3: serve the next client, and the next, without end.
// Paso 3: atiende al cliente siguiente, y al siguiente, sin fin.
fn serve(listener: &TcpListener, args: &Args) -> io::Result<()> {
    loop {
        serve_next(listener, args);
    }
}

fn serve_next(listener: &TcpListener, args: &Args) {
    match listener.accept() {
        Ok((stream, _)) => {
            if let Some(place) = Place::take(args) {
                let args = args.clone();
                start(move || attend(stream, place, &args));
            }
        }
        Err(error) => accept_failed(&error),
    }
}

// Step 4: in a thread. Where none can be had, the work is dropped, and the client's stream with it.
// Paso 4: en un hilo. Si no se consigue ninguno, se descarta el trabajo, y con él el flujo del cliente.
fn start(work: impl FnOnce() + Send + 'static) {
    let _ = thread::Builder::new().spawn(work);
}

// Step 5: what goes wrong with a client ends its conversation, and nothing else. Its place is given
// back before its stream: what comes last in the list is dropped first.
// Paso 5: lo que sale mal con un cliente termina su conversación, y nada más. Su lugar se devuelve
// antes que su flujo: lo último de la lista se descarta primero.
fn attend(stream: TcpStream, _place: Place, args: &Args) {
    let _ = limit_silence(&stream, args).and_then(|()| echo(&stream));
}

// Step 5: a client that has left already, or no descriptor for it until another leaves. The next
// `accept` may fail at once: without a pause the loop would take a whole processor.
// Paso 5: un cliente que ya se fue, o ningún descriptor hasta que otro se vaya. El `accept` siguiente
// puede fallar enseguida: sin pausa, el bucle tomaría un procesador entero.
#[expect(
    clippy::disallowed_methods,
    reason = "nothing tells when a descriptor is free"
)]
fn accept_failed(_: &io::Error) {
    thread::sleep(Duration::from_millis(10));
}

// Step 6: explain what failed, and name the address.
// Paso 6: explica qué falló, y nombra la dirección.
fn explain(error: &io::Error, args: &Args) -> ExitCode {
    eprintln!("tcp-server: cannot listen on {}: {error}", args.bind);
    ExitCode::FAILURE
}

// Step 7: the limit holds for both directions: a client that takes nothing must not stay for ever.
// Paso 7: el límite vale en ambos sentidos: un cliente que no recibe no debe quedarse para siempre.
fn limit_silence(stream: &TcpStream, args: &Args) -> io::Result<()> {
    stream.set_read_timeout(Some(args.limit()))?;
    stream.set_write_timeout(Some(args.limit()))
}

/// A client's place: it is dropped when the client has left.
/// El lugar de un cliente: se descarta cuando el cliente se fue.
struct Place;

/// How many places are taken · Cuántos lugares están ocupados
static TAKEN: AtomicUsize = AtomicUsize::new(0);

impl Place {
    // Step 8: only one thread takes places, so none is taken between the look and the count.
    // Paso 8: un solo hilo toma lugares, así que nadie toma uno entre la mirada y la cuenta.
    fn take(args: &Args) -> Option<Self> {
        if TAKEN.load(Relaxed) >= args.most() {
            return None;
        }
        TAKEN.fetch_add(1, Relaxed);
        Some(Self)
    }
}

// Step 8: given back with the last use of it, so no way of leaving can forget to.
// Paso 8: se devuelve con su último uso, así que ninguna forma de irse puede olvidarlo.
impl Drop for Place {
    fn drop(&mut self) {
        TAKEN.fetch_sub(1, Relaxed);
    }
}

fn run(args: &Args) -> io::Result<()> {
    let listener = listen(&args.bind)?;
    serve(&listener, args)
}

fn main() -> ExitCode {
    let args = Args::parse();
    match run(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => explain(&error, &args),
    }
}
