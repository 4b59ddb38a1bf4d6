//! The arguments of `sockets`. They are given: there is nothing to change here.
//! Los argumentos de `sockets`. Ya están dados: aquí no hay nada que cambiar.

use std::ffi::OsString;

use clap::{Parser, ValueEnum};

/// Bind a socket, print one message that arrives · Vincula un socket, muestra un mensaje que llega
#[derive(Parser)]
#[command(name = "sockets")]
pub struct Args {
    /// The family of its address · La familia de su dirección
    pub family: Family,

    /// Stream or datagrams · Flujo o datagramas
    #[arg(value_name = "TYPE")]
    pub kind: Kind,

    /// 127.0.0.1:7000, [::1]:7000, or a path · o una ruta
    pub address: OsString,
}

#[derive(Clone, Copy, ValueEnum)]
pub enum Family {
    Inet,
    Inet6,
    Unix,
}

#[derive(Clone, Copy, ValueEnum)]
pub enum Kind {
    Stream,
    Dgram,
}
