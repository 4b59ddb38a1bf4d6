//! The arguments of `tcp-server`. They are given: there is nothing to change here.
//! Los argumentos de `tcp-server`. Ya están dados: aquí no hay nada que cambiar.

use std::num::NonZeroUsize;
use std::time::Duration;

use clap::Parser;

/// Send back what each client sends · Devuelve lo que cada cliente envía
#[derive(Clone, Parser)]
#[command(name = "tcp-server")]
pub struct Args {
    /// Where it listens; port 0 takes a free one · Dónde escucha; el puerto 0 toma uno libre
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:7000")]
    pub bind: String,

    /// How long a client may be silent, in seconds · Cuánto puede callar un cliente, en segundos [default: 60]
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    pub idle_timeout: Option<Duration>,

    /// How many clients are served at once · Cuántos clientes se atienden a la vez [default: 100]
    #[arg(long, value_name = "N")]
    pub max_clients: Option<NonZeroUsize>,
}

#[allow(dead_code, reason = "for steps 7 and 8 · para los pasos 7 y 8")]
impl Args {
    /// SECONDS, or 60 if they are missing · SECONDS, o 60 si faltan
    pub fn limit(&self) -> Duration {
        self.idle_timeout.unwrap_or(Duration::from_secs(60))
    }

    /// N, or 100 if it is missing · N, o 100 si falta
    pub fn most(&self) -> usize {
        self.max_clients.map_or(100, NonZeroUsize::get)
    }
}

/// SECONDS: digits with an optional fraction · dígitos con una fracción opcional
fn seconds(text: &str) -> Result<Duration, &'static str> {
    let seconds = text.parse().unwrap_or(0.0);
    let fits = (0.001..=1_000_000.0).contains(&seconds);
    fits.then(|| Duration::from_secs_f64(seconds))
        .ok_or("a number from 0.001 to 1000000 · un número de 0.001 a 1000000")
}
