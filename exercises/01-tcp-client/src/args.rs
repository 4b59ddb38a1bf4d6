//! The arguments of `tcp-client`. They are given: there is nothing to change here.
//! Los argumentos de `tcp-client`. Ya están dados: aquí no hay nada que cambiar.

use std::ffi::OsString;
use std::time::Duration;

use clap::Parser;

/// Send a message to a TCP server, print its reply · Envía un mensaje y muestra la respuesta
#[derive(Parser)]
#[command(name = "tcp-client")]
pub struct Args {
    /// Where the server listens: localhost:7000, [::1]:7000 · Dónde escucha el servidor
    #[arg(value_name = "HOST:PORT")]
    pub address: String,

    /// What is sent; standard input if missing · Lo que se envía; si falta, la entrada estándar
    pub message: Option<OsString>,

    /// The longest wait for the server, in seconds · La espera más larga, en segundos [default: 30]
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    pub timeout: Option<Duration>,
}

impl Args {
    /// SECONDS, or 30 if they are missing · SECONDS, o 30 si faltan
    #[allow(dead_code, reason = "for step 6 · para el paso 6")]
    pub fn limit(&self) -> Duration {
        self.timeout.unwrap_or(Duration::from_secs(30))
    }
}

/// SECONDS: digits with an optional fraction · dígitos con una fracción opcional
fn seconds(text: &str) -> Result<Duration, &'static str> {
    let seconds = text.parse().unwrap_or(0.0);
    let fits = (0.001..=1_000_000.0).contains(&seconds);
    fits.then(|| Duration::from_secs_f64(seconds))
        .ok_or("a number from 0.001 to 1000000 · un número de 0.001 a 1000000")
}
