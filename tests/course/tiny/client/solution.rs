//! The solution of the lesson that was made for the guide's own tests.

use std::io::{self, Write};
use std::net::{Shutdown, TcpStream};

// Step 1: connect to `address`.
fn connect(address: &str) -> io::Result<TcpStream> {
    TcpStream::connect(address)
}

// Step 2: send the whole message.
fn send(mut stream: impl Write, message: &str) -> io::Result<()> {
    stream.write_all(message.as_bytes())
}

// Step 3: tell the server that the message has ended.
fn half_close(stream: &TcpStream) -> io::Result<()> {
    stream.shutdown(Shutdown::Write)
}

fn main() -> io::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [address, message] = &arguments[..] else {
        return Err(io::Error::other("give an address and a message"));
    };
    let mut stream = connect(address)?;
    send(&stream, message)?;
    half_close(&stream)?;
    io::copy(&mut stream, &mut io::stdout()).map(|_| ())
}
