//! Step 2: `serve` echoes each datagram to the one who sent it, from the address where it listens, whatever is in it.
//! The page: docs/en/03-udp.md#step-2

use enchufe_harness::Kind::{self, *};
use enchufe_harness::{UdpClient, binary, checks, pattern};

use crate::{expect_echo, expect_echo_or, expect_no_more, serve, serve_on, serving};

#[test]
fn echoes_one_datagram_after_another() {
    let scene = serving(2);

    let (program, server) = serve(&scene);
    let mut client = server.udp_client();
    expect_echo(&mut client, b"hola");
    expect_echo(&mut client, b"a longer one, of many words");
    expect_echo(&mut client, b" and a short one \r\n");

    expect_no_more(&mut client);
    program.expect_no_panic();
}

#[test]
fn echoes_a_short_datagram_after_a_long_one() {
    let scene = serving(2);

    let (_program, server) = serve(&scene);
    let mut client = server.udp_client();
    expect_echo(&mut client, &pattern(500));
    expect_echo(&mut client, b"x");
    expect_echo(&mut client, b"\n");

    expect_no_more(&mut client);
}

/// Whether all of it comes back, and whether this server lives on, is step 3's matter.
#[test]
fn echoes_a_datagram_in_one_piece() {
    let scene = serving(2);

    let (_program, server) = serve(&scene);
    let mut client = server.udp_client();
    let possible = client
        .mistake("echo-altered", &[SentMore])
        .mistake("answers-elsewhere", &[SentFromElsewhere])
        .expect_one_echo_at_most(&pattern(1200), b"x");

    possible.expect("a datagram that every system sends");
}

#[test]
fn echoes_an_empty_datagram() {
    const ENDED: (&str, &[Kind]) = ("empty-is-end", &[NoEcho, Gone]);
    let scene = serving(2);

    let (_program, server) = serve(&scene);
    let mut client = server.udp_client();
    expect_echo(&mut client, b"hola");
    expect_echo_or(&mut client, b"", ENDED.0, ENDED.1);

    expect_echo_or(&mut client, b"x", ENDED.0, ENDED.1);
}

#[test]
fn echoes_bytes_that_are_no_text() {
    let scene = serving(2);

    let (program, server) = serve(&scene);
    let mut client = server.udp_client();
    expect_echo(&mut client, b"hola");
    for bytes in [b"\xff\0".to_vec(), binary(), b"x".to_vec()] {
        let kinds = &[NoEcho, Gone, Panicked];
        expect_echo_or(&mut client, &bytes, "dies-on-bytes", kinds);
    }

    program
        .mistake("dies-on-bytes", &[Panicked])
        .expect_no_panic();
}

/// A client that is not the first one is echoed too.
fn expect_echo_to_another(client: &mut UdpClient, bytes: &[u8]) {
    expect_echo_or(client, bytes, "answers-the-first", &[NoEcho, Gone]);
}

#[test]
fn echoes_to_the_one_who_sent() {
    let scene = serving(2);

    let (_program, server) = serve(&scene);
    let mut a = server.udp_client();
    let mut b = server.udp_client();
    expect_echo(&mut a, b"I am A");
    expect_echo_to_another(&mut b, b"I am B");
    expect_echo_to_another(&mut a, b"I am A again");
    expect_echo_to_another(&mut b, b"B");

    expect_no_more(&mut a);
    expect_no_more(&mut b);
}

#[test]
fn echoes_many_that_come_together() {
    let scene = serving(2);

    let (_program, server) = serve(&scene);
    let mut a = server.udp_client();
    let mut b = server.udp_client();
    expect_echo(&mut a, b"hola");
    expect_echo_to_another(&mut b, b"hola");
    for message in ["1", "22", "333", "4444"] {
        a.send(message.as_bytes()).unwrap();
        b.send(message.to_uppercase().as_bytes()).unwrap();
    }

    for client in [&mut a, &mut b] {
        client
            .mistake("echo-altered", &[SentOther, SentMore, NoEcho, Gone])
            .mistake("stale-tail", &[SentStale])
            .mistake("answers-elsewhere", &[SentFromElsewhere])
            .expect_all_back(&[b"1", b"22", b"333", b"4444"]);
    }
}

#[test]
fn goes_on_when_a_client_has_left() {
    let scene = serving(2);

    let (program, server) = serve(&scene);
    expect_echo(&mut server.udp_client(), b"hola");
    for _ in 0..20 {
        server.udp_client().send(b"nobody waits for this").unwrap();
    }

    expect_echo_to_another(&mut server.udp_client(), b"x");
    program.expect_no_panic();
}

#[test]
fn echoes_over_ipv6() {
    let scene = serving(2);
    if !checks::has_ipv6() {
        return scene.not_run("why-ipv6");
    }

    let (_program, server) = serve_on(&scene, "[::1]:0");

    expect_echo(&mut server.udp_client(), b"hola");
}

#[test]
fn says_nothing_more_on_standard_output() {
    let scene = serving(2);

    let (program, server) = serve(&scene);
    expect_echo(&mut server.udp_client(), b"hola");

    program
        .mistake("talks-on-stdout", &[SaidMore])
        .expect_no_more_output();
}
