//! What a server says of itself: the line with its address. And what it is told by signals.

use std::net::{IpAddr, Ipv6Addr, SocketAddr, ToSocketAddrs};
use std::path::Path;

use crate::base::finding::{Finding, Kind};
use crate::base::transcript::Event;
use crate::peer::client::endpoint::Endpoint;
use crate::scene::program::Program;
use crate::system::files;
use crate::system::signals::{self, Signal};

impl<'scene> Program<'scene> {
    /// Waits for the line `WORDS ADDRESS`, with the real port in place of a port 0 that was asked for,
    /// and takes the program at its word.
    pub fn expect_address_line(&self, words: &str, asked: &str) -> Endpoint<'scene> {
        let line = self.line();
        let fail = |kind| -> ! { self.scene.fail(Finding::of(kind).saying(shown(&line))) };
        let address = std::str::from_utf8(&line)
            .ok()
            .and_then(|line| line.strip_prefix(words)?.strip_prefix(' '))
            .and_then(|text| text.parse::<SocketAddr>().ok());
        let Some(address) = address else {
            fail(match is_without_brackets(&line) {
                true => Kind::SaidWithoutBrackets,
                false => Kind::SaidOther,
            })
        };
        let asked: Vec<SocketAddr> = asked.to_socket_addrs().into_iter().flatten().collect();
        let is_asked = |asked: &SocketAddr| {
            is_same(asked.ip(), address.ip()) && [0, address.port()].contains(&asked.port())
        };
        if address.port() == 0 {
            fail(Kind::SaidPortZero);
        }
        if !asked.iter().any(is_asked) {
            fail(Kind::SaidOtherPlace);
        }
        Endpoint::new(self.scene, address.into(), address.to_string())
    }

    /// Like [`Program::expect_address_line`], for an address that somebody else may have taken meanwhile: `None`
    /// if the program ends before it has said anything.
    pub fn expect_address_line_unless_it_ends(
        &self,
        words: &str,
        asked: &str,
    ) -> Option<Endpoint<'scene>> {
        let mut deadline = self.scene.deadline();
        self.watch.wait(&mut deadline, |state| {
            !state.printed().is_empty() || state.is_over()
        });
        let has_left = self.watch.is_over() && self.watch.printed().is_empty();
        (!has_left).then(|| self.expect_address_line(words, asked))
    }

    /// Waits for the line `WORDS PATH`.
    pub fn expect_path_line(&self, words: &str, path: &Path) -> Endpoint<'scene> {
        let line = self.line();
        let asked = [words.as_bytes(), b" ", path.as_os_str().as_encoded_bytes()].concat();
        if line != asked {
            let finding = Finding::of(Kind::SaidOther);
            self.scene.fail(finding.saying(shown(&line)));
        }
        if let Ok(file) = std::fs::symlink_metadata(path) {
            let mode = format!("{:o}", files::mode(&file));
            let event = Event::File("picture-file-made", mode);
            self.scene.transcript().add_before_output(event);
        }
        Endpoint::at_path(self.scene, path)
    }

    /// The first line of the output, without its end.
    fn line(&self) -> Vec<u8> {
        let mut deadline = self.scene.deadline();
        self.watch.wait(&mut deadline, |state| {
            state.printed().contains(&b'\n') || state.is_over() || state.overflows()
        });
        let printed = self.watch.printed();
        let Some(end) = printed.iter().position(|&byte| byte == b'\n') else {
            let kind = match () {
                () if self.watch.exit().is_some() => Kind::LeftBeforeListening,
                () if printed.is_empty() => Kind::SaidNothing,
                () => Kind::SaidOther,
            };
            let finding = Finding::of(kind);
            self.scene.fail(if printed.is_empty() {
                finding
            } else {
                finding.saying(shown(&printed))
            });
        };
        self.scene.set_said(end + 1);
        printed[..end].to_vec()
    }

    /// Waits for the program to end, or to say something. That must not begin with these words.
    pub fn expect_never_says(&self, words: &str) {
        self.wait_until_it_speaks_or_ends();
        if self.watch.printed().starts_with(words.as_bytes()) {
            self.scene.fail(Finding::of(Kind::Listening));
        }
    }

    /// Waits for the program to end, or to say something.
    pub fn wait_until_it_speaks_or_ends(&self) {
        let mut deadline = self.scene.deadline();
        self.watch.wait(&mut deadline, |state| {
            state.printed().contains(&b'\n') || state.is_over() || state.overflows()
        });
    }

    /// Checks that the program has printed nothing but the line that says where it is.
    pub fn expect_no_more_output(&self) {
        self.scene.settle();
        let more = self.watch.printed().split_off(self.scene.said_already());
        if !more.is_empty() {
            let finding = Finding::of(Kind::SaidMore);
            self.scene.fail(finding.saying(shown(&more)));
        }
    }

    /// Checks that the program, which is to serve until it is killed, still runs when it has done what it can for now.
    pub fn expect_running(&self) {
        self.scene.settle();
        if !self.runs() {
            self.scene.fail(Finding::of(Kind::Gone));
        }
    }

    /// Checks that nothing that came over a connection has made a part of the program panic, even if
    /// the rest of it serves on. A `Traceback` of Python's is no panic then: servers of its library log
    /// so what went wrong with a client.
    pub fn expect_no_panic(&self) {
        self.scene.settle();
        if self.watch.exit().is_some() || self.watch.said().contains("panicked at ") {
            self.scene.expect_no_panic();
        }
    }

    /// Asks the program, and whatever it has started, to end, when it has done what it can for now.
    pub fn signal(&self, signal: Signal) {
        self.scene.settle();
        let word = match signal {
            Signal::Interrupt => "is-interrupted",
            Signal::Terminate => "is-terminated",
        };
        if let Some(process) = self.watch.process() {
            self.scene.transcript().add(Event::Remark(word));
            self.scene.is_told_to_end.set(true);
            signals::send(signal, process);
        }
    }

    /// Kills the program and whatever it has started: its connections end, as with its machine.
    pub fn kill(self) {
        self.scene.remark("is-killed");
        self.scene.end_program();
    }
}

/// Whether a line ends in an IPv6 address and a port with nothing but a colon between them.
fn is_without_brackets(line: &[u8]) -> bool {
    let parts = std::str::from_utf8(line).ok().and_then(|line| {
        let (ip, port) = line.rsplit_once(' ')?.1.rsplit_once(':')?;
        Some((ip.parse::<Ipv6Addr>().ok()?, port.parse::<u16>().ok()?))
    });
    parts.is_some()
}

/// The wildcard address is itself only; a mapped IPv4 address may be written in both ways.
fn is_same(asked: IpAddr, said: IpAddr) -> bool {
    asked == said || asked.to_canonical() == said.to_canonical()
}

/// The start of a line, as a learner can read it.
fn shown(line: &[u8]) -> String {
    crate::base::bytes::readable(&line[..line.len().min(60)])
}
