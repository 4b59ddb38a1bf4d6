//! What several graders check alike, written once: addresses, standard output, signals, arguments.
//!
//! A check that takes a scene is one test's; one that takes a function that begins a scene tries several
//! things, each in a scene of its own. The names of the mistakes stand here, at what is expected. The pages of all
//! lessons that use a check have sections of these names.
//!
//! ```no_run
//! use enchufe_harness::{Scene, checks};
//!
//! let serving = || Scene::new("udp", 1);
//! checks::explains_bad_addresses(serving, &["serve", "--bind"], "wrong-address-line");
//! ```

use std::ffi::OsStr;
use std::fs::File;
use std::net::{Ipv6Addr, TcpListener};
use std::process::Stdio;

use crate::base::finding::Kind::*;
use crate::peer::client::endpoint::Endpoint;
use crate::scene::Scene;
use crate::scene::program::Program;
use crate::system;
use crate::system::pipes::closed_pipe;
use crate::system::signals::Signal;

/// What a server says before the address where it can be reached.
pub const LISTENING: &str = "listening on";

/// Values of an option `SECONDS` that a program refuses.
pub const NO_SECONDS: [&str; 4] = ["0", "-1", "soon", ""];
/// Values of an option `SECONDS` that a program may take or refuse, as it likes.
pub const ODD_SECONDS: [&str; 6] = ["0.001", "1000000", "1e30", "1e-30", "nan", "inf"];
/// Values of an option `N` that a program refuses.
pub const NO_NUMBERS: [&str; 5] = ["0", "-1", "1.5", "many", ""];

/// Addresses of the documentation, which no machine has (RFC 5737, RFC 3849).
const NOT_ITS_OWN: [&str; 2] = ["192.0.2.1:0", "[2001:db8::1]:0"];

/// Whether this machine has the loopback address of IPv6. A test that needs it is `why-ipv6` without.
pub fn has_ipv6() -> bool {
    TcpListener::bind((Ipv6Addr::LOCALHOST, 0)).is_ok()
}

/// Texts that are no address with a port. The last one is a host with a label of 64 letters, one more than there
/// can be (RFC 1035, section 2.3.4): a machine knows that without asking another one.
pub fn malformed_addresses() -> [String; 7] {
    let label_of_64_letters = format!("{}:7000", "a".repeat(64));
    [
        "127.0.0.1:70000",
        "[::1]:70000",
        "127.0.0.1",
        "127.0.0.1:",
        "[::1]",
        "",
        &label_of_64_letters,
    ]
    .map(str::to_owned)
}

/// The program says that it listens, there where it was told to: the server that it is.
pub fn expect_listening<'scene>(program: &Program<'scene>, address: &str) -> Endpoint<'scene> {
    program
        .mistake(
            "wrong-address-line",
            &[SaidNothing, SaidOther, SaidPortZero],
        )
        .mistake("listens-elsewhere", &[SaidOtherPlace])
        .expect_address_line(LISTENING, address)
}

/// The server listens where it has said, and nowhere else. Where the system does not tell, the test was not run.
pub fn expect_no_other_listener(scene: &Scene, server: &Endpoint) {
    if !system::is_linux() {
        return scene.not_run("why-linux");
    }
    server
        .mistake("listens-elsewhere", &[ListensElsewhere])
        .expect_no_other_listener();
}

/// The program cannot listen where it was told to: it explains that, and ends. One that says that it listens has
/// made the mistake with this id.
pub fn expect_no_start(program: &Program, mistake: &'static str) {
    program
        .mistake(mistake, &[Listening])
        .expect_never_says(LISTENING);
    program.wait().expect_failure();
}

/// The program cannot listen on addresses that are not its own, nor on what is no address. `before` are its
/// arguments up to there. One that says that it listens has made the mistake with this id.
pub fn explains_bad_addresses(begin: impl Fn() -> Scene, before: &[&str], mistake: &'static str) {
    let malformed = malformed_addresses();
    let bad = malformed.iter().map(String::as_str).chain(NOT_ITS_OWN);
    for address in bad {
        let scene = begin();

        let program = scene.run(before.iter().chain(&[address]));

        expect_no_start(&program, mistake);
    }
}

/// The program refuses each of these command lines.
pub fn explains_wrong_arguments(begin: impl Fn() -> Scene, wrong: &[&[&str]]) {
    for &arguments in wrong {
        let scene = begin();

        let program = scene.run(arguments);

        program.wait().expect_failure();
    }
}

/// A server ends when a signal asks it to. `start` starts it, up to where it serves.
pub fn ends_at_a_signal(
    begin: impl Fn() -> Scene,
    start: impl for<'scene> Fn(&'scene Scene) -> Program<'scene>,
) {
    if !system::is_unix() {
        return begin().not_run("why-unix");
    }
    for signal in [Signal::Interrupt, Signal::Terminate] {
        let scene = begin();

        let program = start(&scene);

        expect_end_at(&program, signal);
    }
}

/// The program ends when it is sent this signal.
pub fn expect_end_at(program: &Program, signal: Signal) {
    program.signal(signal);
    program
        .mistake("ignores-signals", &[StillRunning, LeftAChild])
        .wait();
}

/// A standard output that takes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeadOutput {
    /// A pipe that nobody reads.
    Closed,
    /// A device that is always full (full(4), Linux).
    Full,
}

impl DeadOutput {
    /// The output, or why this system has none.
    fn open(self) -> Result<Stdio, &'static str> {
        match self {
            Self::Closed => Ok(closed_pipe().expect("a pipe").into()),
            Self::Full => {
                let device = File::options().write(true).open("/dev/full");
                device.map(Into::into).map_err(|_| "why-linux")
            }
        }
    }
}

/// A server that cannot say where it is, explains that and ends.
pub fn server_explains_output<S: AsRef<OsStr>>(
    scene: &Scene,
    output: DeadOutput,
    arguments: impl IntoIterator<Item = S>,
) {
    let Some(program) = start_into(scene, output, arguments) else {
        return;
    };

    program
        .mistake("exits-zero", &[StillRunning, StillWaiting])
        .wait()
        .expect_failure();
}

/// A client that cannot print what it is answered, explains that and ends. `answer` plays the server.
pub fn client_explains_output<S: AsRef<OsStr>>(
    scene: &Scene,
    output: DeadOutput,
    arguments: impl IntoIterator<Item = S>,
    answer: impl FnOnce(),
) {
    let Some(program) = start_into(scene, output, arguments) else {
        return;
    };
    answer();

    program.wait().expect_failure();
}

/// Starts the program with an output that takes nothing: `None` where the system has none, which is said.
fn start_into<S: AsRef<OsStr>>(
    scene: &Scene,
    output: DeadOutput,
    arguments: impl IntoIterator<Item = S>,
) -> Option<Program<'_>> {
    match output.open() {
        Ok(place) => Some(scene.program(arguments).output_into(place).start()),
        Err(why) => {
            scene.not_run(why);
            None
        }
    }
}
