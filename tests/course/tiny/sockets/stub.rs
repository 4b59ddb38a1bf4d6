//! A second lesson that was made for the guide's own tests.
//! Una segunda lección hecha para las pruebas de la guía.

#![allow(clippy::todo, reason = "each one is a step that waits for you")]

// Step 1: receive a stream.
// Paso 1: recibe un flujo.
fn receive_a_stream() {
    todo!("step 1: receive a stream")
}

// Step 2: receive datagrams.
// Paso 2: recibe datagramas.
fn receive_datagrams() {
    todo!("step 2: receive datagrams")
}

fn main() {
    receive_a_stream();
    receive_datagrams();
}
