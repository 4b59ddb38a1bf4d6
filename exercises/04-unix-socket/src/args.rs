//! The arguments of `unix-socket`. They are given: there is nothing to change here.
//! Los argumentos de `unix-socket`. Ya están dados: aquí no hay nada que cambiar.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{Parser, Subcommand};

/// A Unix socket: an echo server and its client · Un socket Unix: un servidor de eco y su cliente
#[derive(Parser)]
#[command(name = "unix-socket")]
pub struct Args {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Subcommand)]
pub enum Command {
    /// Tell each client who it is, then echo · Dile a cada cliente quién es y devuélvele lo que envía
    Serve {
        /// Where the socket gets its name · Dónde recibe el socket su nombre
        path: PathBuf,
    },
    /// Send a message, print the reply · Envía un mensaje, muestra la respuesta
    Send(Send),
}

#[derive(clap::Args)]
pub struct Send {
    /// The longest wait for the server, in seconds · La espera más larga, en segundos
    #[arg(long, value_name = "SECONDS", default_value = "30", value_parser = seconds)]
    pub timeout: Duration,

    /// Where the server listens · Dónde escucha el servidor
    pub path: PathBuf,

    /// What is sent · Lo que se envía
    pub message: OsString,
}

impl Command {
    /// The path that an error is about · La ruta de la que trata un error
    pub fn path(&self) -> &Path {
        match self {
            Self::Serve { path } => path,
            Self::Send(args) => &args.path,
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
