//! Step 8: `--max-clients N` lets the program serve N clients at once, and close each one beyond that without a byte.
//! A client that has left, however it did, leaves its place. The page: docs/en/02-tcp-server.md#step-8

use enchufe_harness::Kind::*;
use enchufe_harness::{Connection, Endpoint, MIB, Named, checks, pattern};

use crate::{
    ANYWHERE, connect, echo_to, echo_to_each, expect_end, expect_refusal, serve, serving, step,
};

/// The server has no place for a client that speaks: it closes it.
fn expect_turned_away(client: &mut Connection) {
    client
        .mistake("limit-missing", &[Served, StillConnected])
        .mistake("limit-with-words", &[SentBeforeClosing])
        .expect_turned_away(b"hola");
}

/// The server has no place for the very next client beyond N.
fn expect_next_turned_away(client: &mut Connection) {
    client
        .mistake("limit-off-by-one", &[Served, StillConnected])
        .mistake("limit-with-words", &[SentBeforeClosing])
        .expect_turned_away(b"hola");
}

/// The server closes a client that says nothing.
fn expect_close(client: &mut Connection) {
    client
        .mistake("limit-missing", &[StillConnected])
        .mistake("limit-with-words", &[SentBeforeClosing])
        .expect_close();
}

/// The server echoes a client that it has a place for. Whoever is turned away is sent no bytes but an echo, which
/// earlier steps have seen to be unaltered.
fn expect_echo(client: &mut Connection) {
    echo_to(client)
        .mistake("limit-off-by-one", &[EndedEarly, CutOff, Silent])
        .mistake("limit-with-words", &[SentOther])
        .expect_echo(b"hola");
}

/// `most` clients are served, no more, and these are not disturbed.
fn expect_places(server: &Endpoint, most: usize) {
    let mut crowd = serving(server)
        .mistake("limit-missing", &[EndedEarly, CutOff, Silent])
        .mistake("limit-with-words", &[SentOther])
        .served_crowd(most - 1, b"hola");
    let mut last = connect(server);
    expect_echo(&mut last);
    let mut one_too_many = connect(server);
    let mut two_too_many = connect(server);

    expect_turned_away(&mut two_too_many);
    expect_next_turned_away(&mut one_too_many);
    expect_close(&mut connect(server));
    expect_echo(&mut last);
    echo_to_each(&mut crowd)
        .mistake("limit-off-by-one", &[EndedEarly, CutOff, Silent])
        .expect_echoes_last_first(b"hola");
}

#[test]
fn serves_three_and_no_more() {
    let scene = step(8);

    let (_program, server) = serve(&scene, &["--max-clients", "3"]);

    expect_places(&server, 3);
}

#[test]
fn serves_one_and_no_more() {
    let scene = step(8);

    let (_program, server) = serve(&scene, &["--max-clients", "1"]);

    expect_places(&server, 1);
}

#[test]
fn serves_100_and_no_more_by_default() {
    let scene = step(8);

    let (_program, server) = serve(&scene, &[]);

    expect_places(&server, 100);
}

#[test]
fn serves_1000_and_no_more() {
    let scene = step(8);
    if !enchufe_harness::is_linux() {
        return scene.not_run("why-linux");
    }
    if !enchufe_harness::has_descriptors_for(1100) {
        return scene.not_run("why-descriptors");
    }

    let (_program, server) = serve(&scene, &["--max-clients", "1000"]);

    expect_places(&server, 1000);
}

/// The server, which is expected to have a place, because somebody has left.
fn free_again<'server, 'scene>(
    server: &'server Endpoint<'scene>,
) -> Named<'scene, &'server Endpoint<'scene>> {
    serving(server)
        .mistake("place-leaked", &[TurnedAway, Silent, NotAccepted])
        .mistake("limit-with-words", &[SentOther])
}

#[test]
fn has_a_place_again_when_clients_have_left_in_order() {
    let scene = step(8);

    let (_program, server) = serve(&scene, &["--max-clients", "2"]);
    for _ in 0..3 {
        let mut client = free_again(&server).connect_when_there_is_a_place(b"hola");
        client.end();
        expect_end(&mut client);
    }

    free_again(&server).expect_service_again(b"hola");
}

#[test]
fn has_a_place_again_when_clients_have_left_without_a_word() {
    let scene = step(8);

    let (_program, server) = serve(&scene, &["--max-clients", "2"]);
    for _ in 0..3 {
        let mut client = free_again(&server).connect_when_there_is_a_place(b"hola");
        client.end();
        expect_end(&mut client);
        let mut silent = connect(&server); // served or turned away, as the other is noticed
        silent.end();
        expect_close(&mut silent);
    }

    free_again(&server).expect_service_again(b"hola");
}

#[test]
fn has_a_place_again_when_clients_have_reset() {
    let scene = step(8);

    let (_program, server) = serve(&scene, &["--max-clients", "2"]);
    for _ in 0..3 {
        let client = free_again(&server).connect_when_there_is_a_place(b"hola");
        client.reset();
    }
    let _first = free_again(&server).connect_when_there_is_a_place(b"hola");
    let _second = free_again(&server).connect_when_there_is_a_place(b"hola");

    expect_turned_away(&mut connect(&server));
}

#[test]
fn has_a_place_again_when_clients_have_left_without_reading() {
    let scene = step(8);
    let message = pattern(MIB);

    let (_program, server) = serve(&scene, &["--max-clients", "2"]);
    for _ in 0..3 {
        let mut client = free_again(&server).connect_when_there_is_a_place(b"hola");
        client.send_until_blocked(&message);
        client.reset();
    }

    free_again(&server).expect_service_again(b"hola");
}

#[test]
fn has_a_place_again_when_silent_clients_are_closed() {
    let scene = step(8);

    let (_program, server) = serve(&scene, &["--max-clients", "2", "--idle-timeout", "0.1"]);
    for _ in 0..3 {
        let mut client = free_again(&server).connect_when_there_is_a_place(b"hola");
        client
            .mistake("idle-never-closed", &[StillConnected])
            .expect_close();
    }

    free_again(&server).expect_service_again(b"hola");
}

#[test]
fn gives_no_place_to_those_it_turns_away() {
    let scene = step(8);

    let (_program, server) = serve(&scene, &["--max-clients", "2"]);
    let served = [(); 2].map(|()| {
        serving(&server)
            .mistake("limit-off-by-one", &[TurnedAway])
            .mistake("limit-with-words", &[SentOther])
            .connect_when_there_is_a_place(b"hola")
    });
    for _ in 0..2 {
        let mut one_too_many = connect(&server);
        expect_turned_away(&mut connect(&server));
        expect_next_turned_away(&mut one_too_many);
    }
    for mut client in served {
        client.end();
        expect_end(&mut client);
    }

    free_again(&server).expect_service_again(b"hola");
}

#[test]
fn refuses_a_number_that_is_none() {
    for number in checks::NO_NUMBERS {
        let scene = step(8);

        let program = scene.run(["--bind", ANYWHERE, "--max-clients", number]);

        expect_refusal(&program);
    }
}
