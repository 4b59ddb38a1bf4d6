//! `tcp-server`: an echo server of many clients, a thread for each.
//!
//!     cargo run -p tcp-server --bin tcp-server-solution -- --bind 127.0.0.1:7000
//!
//! It shows the life of a server: bind, listen, accept, serve; and what keeps it alive: no client can
//! stop it, hold up another, stay for ever or take more than its place.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::num::NonZeroUsize;
use std::process::ExitCode;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use clap::Parser;

/// Send back what each client sends · Devuelve lo que cada cliente envía
#[derive(Parser)]
#[command(name = "tcp-server")]
struct Args {
    /// Where it listens; port 0 takes a free one · Dónde escucha; el puerto 0 toma uno libre
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:7000")]
    bind: String,

    /// How long a client may be silent, in seconds · Cuánto puede callar un cliente, en segundos
    #[arg(long, value_name = "SECONDS", default_value = "60", value_parser = seconds)]
    idle_timeout: Duration,

    /// How many clients are served at once · Cuántos clientes se atienden a la vez
    #[arg(long, value_name = "N", default_value = "100")]
    max_clients: NonZeroUsize,
}

fn main() -> ExitCode {
    let args = Args::parse();
    match listen(&args.bind) {
        Ok(listener) => serve(&listener, args.idle_timeout, args.max_clients.get()),
        Err(error) => {
            // Step 6: explain what failed, and name the address.
            // Paso 6: explica qué falló, y nombra la dirección.
            eprintln!("tcp-server: cannot listen on {}: {error}", args.bind);
            ExitCode::FAILURE
        }
    }
}

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

// Step 3: serve the next client, and the next. Step 4: each one in a thread of its own.
// Paso 3: atiende al cliente siguiente, y al siguiente. Paso 4: a cada uno en su propio hilo.
fn serve(listener: &TcpListener, idle: Duration, most: usize) -> ! {
    // Step 8: each client that is served holds a clone of this. Nothing else counts them, so no way
    // of leaving can forget to.
    // Paso 8: cada cliente atendido tiene un clon de esto. Nada más los cuenta, así que ninguna
    // forma de irse puede olvidarlo.
    let places = Arc::new(());
    loop {
        match listener.accept() {
            Ok((stream, _)) if Arc::strong_count(&places) <= most => {
                let place = Arc::clone(&places);
                let serve_one = move || {
                    let _place = place; // given back before the stream is, which is dropped last
                    attend(&stream, idle);
                };
                // Where no thread can be had, the closure is dropped, and the client's stream with it.
                // Si no se consigue un hilo, se descarta el closure, y con él el flujo del cliente.
                let _ = thread::Builder::new().spawn(serve_one);
            }
            Ok((one_too_many, _)) => drop(one_too_many),
            // Step 5: a client that has left already, or no descriptor for it until another leaves.
            // Paso 5: un cliente que ya se fue, o ningún descriptor hasta que otro se vaya.
            Err(_) => pause(),
        }
    }
}

// Step 5: what goes wrong with a client ends its conversation, and nothing else.
// Paso 5: lo que sale mal con un cliente termina su conversación, y nada más.
fn attend(stream: &TcpStream, idle: Duration) {
    // Step 7: the limit holds for both directions: a client that takes nothing must not stay for ever.
    // Paso 7: el límite vale en ambos sentidos: un cliente que no recibe no debe quedarse para siempre.
    let limited = stream
        .set_read_timeout(Some(idle))
        .and_then(|()| stream.set_write_timeout(Some(idle)));
    let _ = limited.and_then(|()| echo(stream));
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

/// A failed `accept` fails again at once: without a pause the loop would take a whole processor.
/// Un `accept` que falló vuelve a fallar enseguida: sin pausa, el bucle tomaría un procesador entero.
fn pause() {
    #[expect(
        clippy::disallowed_methods,
        reason = "nothing tells when a descriptor is free"
    )]
    thread::sleep(Duration::from_millis(10));
}

/// SECONDS: digits with an optional fraction · dígitos con una fracción opcional
fn seconds(text: &str) -> Result<Duration, &'static str> {
    let seconds = text.parse().unwrap_or(0.0);
    let fits = (0.001..=1_000_000.0).contains(&seconds);
    fits.then(|| Duration::from_secs_f64(seconds))
        .ok_or("a number from 0.001 to 1000000 · un número de 0.001 a 1000000")
}
