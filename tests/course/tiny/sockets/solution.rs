//! The solution of the second lesson that was made for the guide's own tests.

// Step 1: receive a stream.
fn receive_a_stream() {
    println!("a stream");
}

// Step 2: receive datagrams.
fn receive_datagrams() {
    println!("datagrams");
}

fn main() {
    receive_a_stream();
    receive_datagrams();
}
