//! The one whom a program asks in datagrams, under the grader's control: it loses, repeats, delays and
//! forges answers as a test wants it.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::time::{Duration, Instant};

use socket2::{Domain, Socket, Type};

use crate::base::bytes::readable;
use crate::base::finding::{Finding, Kind};
use crate::base::time::pause;
use crate::base::transcript::{Event, Fate, Side};
use crate::peer::connection::LOOK;
use crate::scene::Scene;
use crate::scene::mistakes::expectations;
use crate::scene::program::Program;
use crate::system::sockets::{is_readable, share_address};

/// How many bytes of a request are its id.
const ID: usize = 4;
/// How far apart the datagrams of [`UdpPeer::send_junk_until_repetition`] are.
const JUNK_APART: Duration = Duration::from_millis(10);

/// A UDP socket that is bound to an address of its own.
pub struct UdpPeer<'scene> {
    pub(crate) scene: &'scene Scene,
    socket: UdpSocket,
    address: SocketAddr,
}

/// A datagram from the program: an id, and what it asks.
#[derive(Clone, Debug)]
pub struct Request {
    from: SocketAddr,
    bytes: Vec<u8>,
    place: usize,
}

impl Request {
    /// Its id, as a number.
    pub fn id(&self) -> u32 {
        self.bytes[..ID].try_into().map_or(0, u32::from_be_bytes)
    }

    /// What follows the id.
    pub fn message(&self) -> &[u8] {
        &self.bytes[ID..]
    }

    /// An answer to it, which is `answer` behind the id.
    fn answered_with(&self, answer: &[u8]) -> Vec<u8> {
        [&self.bytes[..ID], answer].concat()
    }
}

impl<'scene> UdpPeer<'scene> {
    /// Takes a port of 127.0.0.1 that the system chooses.
    pub fn bind(scene: &'scene Scene) -> Self {
        Self::bind_on(scene, (Ipv4Addr::LOCALHOST, 0).into()).expect("127.0.0.1 is there")
    }

    /// Takes an address of the machine.
    pub fn bind_on(scene: &'scene Scene, address: SocketAddr) -> io::Result<Self> {
        Self::of(scene, UdpSocket::bind(address)?)
    }

    fn of(scene: &'scene Scene, socket: UdpSocket) -> io::Result<Self> {
        let address = socket.local_addr()?;
        Ok(Self {
            scene,
            socket,
            address,
        })
    }

    /// Takes a port of 127.0.0.1, and shares it with every socket that wants to share its own
    /// (`SO_REUSEADDR`, `SO_REUSEPORT`: socket(7)).
    pub fn bind_and_share(scene: &'scene Scene) -> Self {
        let socket = Socket::new(Domain::IPV4, Type::DGRAM, None).expect("a socket");
        share_address(&socket).expect("an open socket");
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        socket.bind(&address.into()).expect("127.0.0.1 is there");
        Self::of(scene, socket.into()).expect("a bound socket")
    }

    /// A port where nobody is: it is taken, and hears only one who never speaks, so that the system
    /// answers all others that the port is closed (udp(7), connect(2)).
    pub fn refuse(scene: &'scene Scene) -> Self {
        let peer = Self::bind(scene);
        let itself = peer.socket.connect(peer.address);
        itself.expect("loopback is reachable");
        peer
    }

    /// Where it is, as a program takes it: `127.0.0.1:40001`.
    pub fn address(&self) -> String {
        self.address.to_string()
    }

    /// The same place by name.
    pub fn address_of(&self, name: &str) -> String {
        format!("{name}:{}", self.address.port())
    }

    /// Waits for a datagram from the program, which must be an id and then this message.
    pub fn expect_request(&self, message: &[u8]) -> Request {
        let request = self.waits(Kind::NotAsked);
        if request.bytes.get(ID..) != Some(message) {
            self.scene.settle();
            self.pending_requests(); // for the picture
            let sent = request.bytes.get(ID..).unwrap_or(&request.bytes);
            let finding = Finding::of(Kind::SentOther).sent(message, sent);
            self.scene.fail(finding);
        }
        request
    }

    /// Waits until the program asks the same again, with the same bytes.
    pub fn expect_repetition(&self, first: &Request) -> Request {
        let again = self.waits(Kind::NotAskedAgain);
        if again.bytes != first.bytes {
            let finding = Finding::of(Kind::AskedOtherwise);
            self.scene.fail(finding.sent(&first.bytes, &again.bytes));
        }
        again
    }

    /// Acts as if a datagram had never come.
    pub fn lose(&self, request: &Request) {
        self.scene.transcript().meets(request.place, Fate::Lost);
    }

    /// Answers a question.
    pub fn answer(&self, request: &Request, answer: &[u8]) {
        self.send(request, Fate::Arrives, &request.answered_with(answer));
    }

    /// Sends an answer again that it has sent before.
    pub fn repeat_answer(&self, request: &Request, answer: &[u8]) {
        self.send(request, Fate::Repeated, &request.answered_with(answer));
    }

    /// Sends an answer when later ones have been sent already.
    pub fn answer_late(&self, request: &Request, answer: &[u8]) {
        self.send(request, Fate::Late, &request.answered_with(answer));
    }

    /// Sends something with the right id to the one who asked somebody else.
    pub fn forge(&self, request: &Request, answer: &[u8]) {
        self.send(request, Fate::Stranger, &request.answered_with(answer));
    }

    /// Sends these bytes to the one who asked, which are no answer.
    pub fn send_junk(&self, request: &Request, bytes: &[u8]) {
        self.send(request, Fate::Forged, bytes);
    }

    /// Sends an answer with another id.
    pub fn answer_another(&self, request: &Request, id: u32, answer: &[u8]) {
        self.send_junk(request, &[&id.to_be_bytes(), answer].concat());
    }

    /// Sends what is no answer, over and over, from here and from a stranger in turn, until the program asks
    /// again: `None` if it ends instead.
    pub fn send_junk_until_repetition(&self, first: &Request) -> Option<Request> {
        self.scene
            .transcript()
            .add(Event::Many("junk-arrives", JUNK_APART.as_millis() as u64));
        let junk = [&(!first.id()).to_be_bytes()[..], b"junk"].concat();
        let stranger = Self::bind(self.scene);
        let deadline = self.scene.deadline();
        for sender in [self, &stranger].into_iter().cycle() {
            let _ = sender.socket.send_to(&junk, first.from);
            pause(JUNK_APART);
            let has_left = self.scene.exit().is_some();
            let again = self.next_now();
            if again.is_some() || has_left {
                return again;
            }
            if deadline.is_over() {
                self.scene.fail(Finding::of(Kind::NotAskedAgain));
            }
        }
        None
    }

    /// Checks that the program has ended its questions: that no datagram has come since.
    pub fn expect_no_more_requests(&self) {
        if self.next_now().is_some() {
            self.scene.fail(Finding::of(Kind::AskedTooOften));
        }
    }

    /// Waits for the next message, past what still comes of the question before it.
    pub fn expect_next_request(&self, before: &Request, message: &[u8]) -> Request {
        let next = self.expect_next_request_unless_it_ends(before, message);
        next.unwrap_or_else(|| self.scene.fail(Finding::of(Kind::NotAsked)))
    }

    /// Likewise: `None` if the program ends instead.
    pub fn expect_next_request_unless_it_ends(
        &self,
        before: &Request,
        message: &[u8],
    ) -> Option<Request> {
        loop {
            let request = self.awaited()?;
            if request.bytes == before.bytes {
                continue;
            }
            if request.message() != message {
                let finding = Finding::of(Kind::SentOther);
                self.scene.fail(finding.sent(message, request.message()));
            }
            return Some(request);
        }
    }

    /// Loses all that the program sends until it ends, or should have ended; how often it has asked then.
    /// What it asks must be the first question again.
    pub fn count_requests_until_the_end_of(&self, program: Program, first: &Request) -> usize {
        let mut deadline = self.scene.deadline();
        program.watch.wait(&mut deadline, |state| state.is_over());
        let again = self.pending_requests();
        for request in &again {
            self.lose(request);
            if request.bytes != first.bytes {
                let kind = match request.bytes.get(ID..) == first.bytes.get(ID..) {
                    true => Kind::AskedOtherwise,
                    false => Kind::AskedTooOften, // the next message
                };
                let finding = Finding::of(kind);
                self.scene.fail(finding.sent(&first.bytes, &request.bytes));
            }
        }
        1 + again.len()
    }

    /// Checks that the program has ended, and has asked so often.
    pub fn expect_requests(&self, asked: usize, tries: usize) {
        let has_ended = self.scene.exit().is_some();
        match () {
            () if asked > tries => self.scene.fail(Finding::of(Kind::AskedTooOften)),
            () if !has_ended => self.scene.fail(Finding::of(Kind::StillRunning)),
            () if asked < tries => self.scene.fail(Finding::of(Kind::NotAskedAgain)),
            () => {}
        }
    }

    /// Checks that so much time has passed since a moment before the program began to wait, and ends the test
    /// with this kind of finding if not. A busy machine makes a wait longer, never shorter.
    pub fn expect_waited(&self, since: Instant, time: Duration, kind: Kind) {
        self.scene.expect_waited(since, time, kind);
    }

    /// Somebody with the same port of another loopback address; all of 127.0.0.0/8 is loopback on Linux.
    pub fn at_another_address(&self) -> Option<Self> {
        let other = (Ipv4Addr::new(127, 0, 0, 2), self.address.port()).into();
        Self::bind_on(self.scene, other).ok()
    }

    /// Whether this system sends datagrams of this size.
    pub fn can_send(&self, size: usize) -> bool {
        let somebody = Self::bind(self.scene);
        let sent = somebody.socket.send_to(&vec![0; size], somebody.address);
        sent.is_ok()
    }

    /// All questions that have come and were not received yet.
    pub fn pending_requests(&self) -> Vec<Request> {
        std::iter::from_fn(|| self.next_now()).collect()
    }

    fn waits(&self, kind: Kind) -> Request {
        let request = self.awaited();
        request.unwrap_or_else(|| self.scene.fail(Finding::of(kind)))
    }

    /// Waits for the next datagram of the program: `None` if it ends, or makes no progress.
    fn awaited(&self) -> Option<Request> {
        let deadline = self.scene.deadline();
        loop {
            // What it sent before it ended has come when its end is known.
            let has_left = self.scene.watch().is_none_or(|watch| watch.is_over());
            if let Some(request) = self.next(!has_left) {
                return Some(self.understood(request));
            }
            if has_left || deadline.is_over() {
                return None;
            }
        }
    }

    fn understood(&self, request: Request) -> Request {
        if request.bytes.len() < ID {
            let finding = Finding::of(Kind::SentOther);
            self.scene.fail(finding.saying(readable(&request.bytes)));
        }
        request
    }

    fn next_now(&self) -> Option<Request> {
        self.next(false)
    }

    fn next(&self, waits: bool) -> Option<Request> {
        let mut room = vec![0; 65_536];
        if !is_readable(&self.socket, if waits { LOOK } else { Duration::ZERO }) {
            return None;
        }
        let (length, from) = self.socket.recv_from(&mut room).ok()?;
        room.truncate(length);
        let event = shown(Side::Program, Fate::Arrives, &room);
        let place = self.scene.transcript().add(event);
        Some(Request {
            from,
            bytes: room,
            place,
        })
    }

    fn send(&self, request: &Request, fate: Fate, bytes: &[u8]) {
        self.scene
            .transcript()
            .add(shown(Side::Grader, fate, bytes));
        let _ = self.socket.send_to(bytes, request.from); // a program that has left needs no more
    }
}

/// A datagram as the picture shows it: an id and a message, where it is long enough.
fn shown(side: Side, fate: Fate, bytes: &[u8]) -> Event {
    match bytes.split_first_chunk() {
        Some((id, message)) => Event::Message(side, fate, u32::from_be_bytes(*id), message.into()),
        None => Event::Datagram(side, fate, bytes.into()),
    }
}

/// A program that still asks does not ask whoever has this port next.
impl Drop for UdpPeer<'_> {
    fn drop(&mut self) {
        self.scene.keep_port_of(&self.socket);
    }
}

impl Program<'_> {
    /// Waits until the program waits for its answer, and has sent nothing but the same question.
    pub fn expect_no_other_request(&self, peer: &UdpPeer, first: &Request) {
        self.wait_until_idle();
        for request in peer.pending_requests() {
            if request.bytes != first.bytes {
                peer.scene.fail(Finding::of(Kind::AskedMeanwhile));
            }
        }
    }
}

expectations!(UdpPeer<'scene>, self.scene);
