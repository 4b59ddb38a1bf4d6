//! The arguments of `ipv6`. They are given: there is nothing to change here.
//! Los argumentos de `ipv6`. Ya están dados: aquí no hay nada que cambiar.

use std::time::Duration;

use clap::{Parser, Subcommand};

/// Both families at once · Las dos familias a la vez
#[derive(Parser)]
#[command(name = "ipv6")]
pub struct Args {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Subcommand)]
pub enum Command {
    /// Tell each client its address · Di a cada cliente su dirección
    Serve(Serve),
    /// Connect to the first that answers · Conéctate a la primera que responde
    Connect(Connect),
}

#[derive(clap::Args)]
pub struct Serve {
    /// Where it listens; [::] is each address of both families · Dónde escucha; [::] es cada una
    #[arg(long, value_name = "ADDRESS", default_value = "[::]:7002")]
    pub bind: String,

    /// Leave IPv4 to others · Deja IPv4 a otros
    #[arg(long)]
    pub v6_only: bool,
}

#[derive(clap::Args)]
pub struct Connect {
    /// The longest wait for any connection · La espera más larga por alguna conexión, en segundos [default: 30]
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    pub timeout: Option<Duration>,

    /// Where to: [::1]:7002, localhost:7002 · Adónde
    #[arg(value_name = "ADDRESS", required = true)]
    pub addresses: Vec<String>,
}

impl Connect {
    /// SECONDS, or 30 if they are missing · SECONDS, o 30 si faltan
    #[allow(dead_code, reason = "for step 6 · para el paso 6")]
    pub fn limit(&self) -> Duration {
        self.timeout.unwrap_or(Duration::from_secs(30))
    }
}

impl Command {
    /// The addresses that an error is about · Las direcciones de las que trata un error
    pub fn addresses(&self) -> String {
        match self {
            Self::Serve(args) => args.bind.clone(),
            Self::Connect(args) => args.addresses.join(", "),
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
