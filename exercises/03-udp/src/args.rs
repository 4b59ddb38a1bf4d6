//! The arguments of `udp`. They are given: there is nothing to change here.
//! Los argumentos de `udp`. Ya están dados: aquí no hay nada que cambiar.

use std::ffi::OsString;
use std::num::NonZeroU32;
use std::time::Duration;

use clap::{Parser, Subcommand};

/// Datagrams: an echo server, and one who asks it · Datagramas: un servidor de eco, y quien le pregunta
#[derive(Parser)]
#[command(name = "udp")]
pub struct Args {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Subcommand)]
pub enum Command {
    /// Send each datagram back to its sender · Devuelve cada datagrama a quien lo envió
    Serve {
        /// Where it listens; port 0 takes a free one · Dónde escucha; el puerto 0 toma uno libre
        #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:7001")]
        bind: String,
    },
    /// Send messages, print the answers · Envía mensajes, muestra las respuestas
    Ask(Ask),
}

#[derive(clap::Args)]
pub struct Ask {
    /// How long an answer may take, in seconds · Cuánto puede tardar una respuesta, en segundos
    #[arg(long, value_name = "SECONDS", default_value = "1", value_parser = seconds)]
    pub timeout: Duration,

    /// How often a message is sent at most · Cuántas veces se envía un mensaje, como mucho
    #[arg(long, value_name = "N", default_value = "3")]
    pub tries: NonZeroU32,

    /// Whom it asks: localhost:7001, [::1]:7001 · A quién pregunta
    pub address: String,

    /// What it sends, each in a datagram · Lo que envía, cada uno en un datagrama
    #[arg(value_name = "MESSAGE", required = true)]
    pub messages: Vec<OsString>,
}

impl Command {
    /// The address that an error is about · La dirección de la que trata un error
    pub fn address(&self) -> &str {
        match self {
            Self::Serve { bind } => bind,
            Self::Ask(ask) => &ask.address,
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
