//! A server with a fault of choice: `server FAULT`. `tests/servers.rs` of the harness starts it.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

fn main() -> io::Result<()> {
    let fault = std::env::args().nth(1).unwrap_or_default();
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    match &*fault {
        "says-nothing" => {}
        "says-another-thing" => println!("hello"),
        "says-port-0" => println!("listening on 127.0.0.1:0"),
        "says-another-place" => println!("listening on 127.0.0.2:{}", address.port()),
        "says-more" => println!("listening on {address}\nand so on"),
        _ => println!("listening on {address}"),
    }
    let _second = (fault == "listens-twice").then(|| TcpListener::bind("127.0.0.1:0"));
    for (number, stream) in listener.incoming().enumerate() {
        let (stream, fault) = (stream?, fault.clone());
        match &*fault {
            "one-at-a-time" => serve(stream, &fault)?,
            "ends-after-the-first" if number == 1 => return Ok(()),
            "turns-away-after-20" if number >= 20 => {}
            _ => drop(thread::spawn(move || serve(stream, &fault))),
        }
    }
    Ok(())
}

fn serve(mut stream: TcpStream, fault: &str) -> io::Result<()> {
    if fault == "panics" {
        let refused = stream.set_read_timeout(Some(Duration::ZERO));
        refused.expect("zero is no timeout");
    }
    let mut piece = [0; 4096];
    loop {
        let count = match stream.read(&mut piece) {
            Ok(0) if fault == "keeps-descriptors" => {
                stream.shutdown(Shutdown::Write)?;
                std::mem::forget(stream);
                return Ok(());
            }
            Ok(0) | Err(_) => return Ok(()),
            Ok(count) => count,
        };
        match fault {
            "closes" => return Ok(()),
            "greets" => stream.write_all(b"hello ")?,
            "waits-for-a-line" if !piece[..count].contains(&b'\n') => continue,
            "sends-the-buffer" => stream.write_all(&piece)?,
            _ => {}
        }
        stream.write_all(&piece[..count])?;
    }
}
