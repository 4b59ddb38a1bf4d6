//! Step 2: `sockets inet dgram ADDRESS` binds a datagram socket to ADDRESS, says so in one line, and prints the first
//! datagram that arrives, byte for byte, whatever its size. The page: docs/en/00-sockets.md#step-2

use enchufe_harness::Kind::*;
use enchufe_harness::{binary, pattern};

use crate::{
    A_WHILE, ANYWHERE, LONGEST, expect_bound, expect_bound_to_its_port, expect_datagram,
    expect_longest_datagram, printing_a_datagram, send_datagram, step,
};

#[test]
fn prints_a_datagram() {
    let scene = step(2);

    let program = scene.run(["inet", "dgram", ANYWHERE]);
    let is_taken = send_datagram(&expect_bound(&program, ANYWHERE), b"hola").unwrap();

    expect_datagram(&program, is_taken, b"hola");
}

#[test]
fn prints_a_datagram_that_is_no_text() {
    let scene = step(2);

    let program = scene.run(["inet", "dgram", ANYWHERE]);
    let is_taken = send_datagram(&expect_bound(&program, ANYWHERE), &binary()).unwrap();

    printing_a_datagram(&program, is_taken)
        .mistake("message-altered", &[PrintedLess, Panicked])
        .wait()
        .expect_stdout(&binary())
        .expect_success();
}

#[test]
fn prints_an_empty_datagram() {
    let scene = step(2);

    let program = scene.run(["inet", "dgram", ANYWHERE]);
    let is_taken = send_datagram(&expect_bound(&program, ANYWHERE), b"").unwrap();

    expect_datagram(&program, is_taken, b"");
}

#[test]
fn prints_one_datagram_and_no_more() {
    let scene = step(2);

    let program = scene.run(["inet", "dgram", ANYWHERE]);
    let endpoint = expect_bound(&program, ANYWHERE);
    endpoint.leave_alone_for(A_WHILE);
    let is_taken = endpoint.takes_datagrams();
    endpoint.send_datagrams(&[b"one", b"two"]);

    expect_datagram(&program, is_taken, b"one");
}

#[test]
fn prints_the_longest_datagram() {
    let scene = step(2);
    let message = pattern(LONGEST);

    let program = scene.run(["inet", "dgram", ANYWHERE]);
    let Ok(is_taken) = send_datagram(&expect_bound(&program, ANYWHERE), &message) else {
        return scene.not_run("why-datagram");
    };

    expect_longest_datagram(&program, is_taken, &message);
}

#[test]
fn listens_nowhere_else() {
    let scene = step(2);
    if !enchufe_harness::is_linux() {
        return scene.not_run("why-linux");
    }

    let program = scene.run(["inet", "dgram", ANYWHERE]);

    expect_bound(&program, ANYWHERE).expect_no_other_listener();
}

#[test]
fn is_bound_to_the_port_that_it_is_given() {
    expect_bound_to_its_port(|| step(2), "dgram");
}
