//! A program that waits: `waits WAY SECONDS`. `tests/idle.rs` starts it.

use std::io::{self, Read};
use std::net::UdpSocket;
use std::process::Command;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

fn main() -> io::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [way, seconds] = &arguments[..] else {
        return Err(io::ErrorKind::InvalidInput.into());
    };
    let time = Duration::from_secs(seconds.parse().map_err(io::Error::other)?);
    let socket = UdpSocket::bind("127.0.0.1:0")?; // nobody knows its port
    let mut nothing = [0];
    match &**way {
        "socket-timeout" => {
            socket.set_read_timeout(Some(time))?;
            let came = socket.recv(&mut nothing);
            assert!(came.is_err(), "nobody sends");
        }
        #[expect(clippy::disallowed_methods, reason = "it is a program that sleeps")]
        "sleep" => thread::sleep(time),
        "channel-timeout" => {
            let (_sender, receiver) = mpsc::channel::<()>();
            let came = receiver.recv_timeout(time);
            assert!(came.is_err(), "nobody sends");
        }
        "child" => {
            let itself = std::env::current_exe()?;
            Command::new(itself).args(["sleep", seconds]).status()?;
        }
        "socket" => drop(socket.recv(&mut nothing)?),
        "thread" => drop(thread::spawn(move || socket.recv(&mut nothing)).join()),
        "pipe" => drop(io::stdin().read(&mut nothing)?),
        _ => return Err(io::ErrorKind::InvalidInput.into()),
    }
    Ok(())
}
