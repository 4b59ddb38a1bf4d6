//! What a grader found instead of what it asked for. A finding is something seen, never a guess.

use crate::base::bytes::readable;

/// The kinds of findings. A test gives the kinds that betray a known mistake the mistake's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It ended before it connected.
    LeftBeforeConnecting,
    /// It runs, and has not connected.
    NeverConnected,
    /// It connected, although it was given wrong arguments.
    Connected,
    /// It is connected, and sends nothing, or nothing more.
    Silent,
    /// It has sent all that was asked, and not ended its stream.
    StillOpen,
    /// It ended its stream, or left, before it had sent all that was asked.
    EndedEarly,
    /// It sent other bytes than asked.
    SentOther,
    /// It left out some bytes in the middle.
    LostBytes,
    /// It sent more bytes than asked.
    SentMore,
    /// It does not receive what the grader sends.
    NotReceiving,
    /// It did not end its stream: the connection broke off when the program stopped.
    NeverEnded,
    /// It closed both directions, so that it cannot hear the answer.
    ClosedBoth,
    /// It has not read what was sent to it.
    Unread,
    /// It has read what was sent to it, and not printed it.
    Unprinted,
    /// It runs although it has nothing left to do.
    StillRunning,
    /// It runs, and has printed nothing since it said where it is.
    StillWaiting,
    /// It ended with code 0 and without a word, although something failed.
    ExitedZero,
    /// It explained what failed, and ended with code 0.
    ExplainedAndExitedZero,
    /// It ended with a failure although nothing failed.
    Failed,
    /// It has not said where it is.
    SaidNothing,
    /// It said something else than where it is.
    SaidOther,
    /// It said port 0, which is no port but a wish.
    SaidPortZero,
    /// It said another address than it was asked for.
    SaidOtherPlace,
    /// It said more than where it is, on standard output.
    SaidMore,
    /// It ended before it had said where it is.
    LeftBeforeListening,
    /// It says that it listens, although it can't.
    Listening,
    /// It listens in a place that it has not said.
    ListensElsewhere,
    /// It can't be reached where it says that it is.
    Unreachable,
    /// It does not take a connection.
    NotAccepted,
    /// It ended by itself, although it is to serve until it is killed.
    Gone,
    /// It sends back nothing until a line feed comes.
    HeldForALine,
    /// It sends back nothing until the end of the stream comes.
    HeldForTheEnd,
    /// It sent what stood in its buffer from before.
    SentStale,
    /// It broke a connection off instead of ending it in order.
    CutOff,
    /// It keeps a connection that it should have closed.
    StillConnected,
    /// It closed a connection that it should have kept.
    ClosedEarly,
    /// It sent something to a client that it closes.
    SentBeforeClosing,
    /// It serves a client for which it has no place.
    Served,
    /// It turns clients away although it has a place.
    TurnedAway,
    /// It keeps threads or descriptors of clients that have left.
    Leaked,
    /// It removed or changed a file that was there before.
    Removed,
    /// It was sent a datagram, and has not sent it back.
    NoEcho,
    /// It sent a datagram from another address than the one that it said.
    SentFromElsewhere,
    /// It has sent no datagram.
    NotAsked,
    /// It was sent no answer, and has not asked again.
    NotAskedAgain,
    /// It gave up before its time was over.
    GaveUpEarly,
    /// It asked again with other bytes.
    AskedOtherwise,
    /// It asked again, or something else, when it should have asked no more.
    AskedTooOften,
    /// It sends several messages at once.
    AskedMeanwhile,
    /// Its ids can be guessed.
    Guessable,
    /// It told a client something else than it should.
    ToldOther,
    /// It told an IPv4 client an IPv6 address.
    ToldMapped,
    /// It said an IPv6 address without brackets.
    SaidWithoutBrackets,
    /// It tries one address, and does not go on to the next.
    OneAttempt,
    /// It has never had two attempts at the same time.
    AttemptsInTurn,
    /// It began two attempts at the same time.
    AttemptsAtOnce,
    /// It is connected to another address than the first that answers.
    ConnectedToAnother,
    /// It has not said with which address it is connected.
    WinnerNotSaid,
    /// Others than its owner may connect to its socket.
    OpenToOthers,
    /// Not even its owner may connect to its socket.
    ClosedToItsOwner,
    /// It created a file that it should not have created, or left it.
    Created,
    /// It runs, and its socket file is gone.
    Vanished,
    /// It has ended, and its socket file is still there.
    LeftBehind,
    /// It printed nothing, and ended as if that were right.
    PrintedNothing,
    /// It printed nothing, and ended with a failure.
    FailedBeforePrinting,
    /// It printed the start of what it should, and not the rest.
    PrintedLess,
    /// It printed something else.
    PrintedOther,
    /// It printed what it should, and more.
    PrintedMore,
    /// It printed more than any program of this course has to.
    PrintedForEver,
    /// It has ended, and left a process behind that keeps its output open.
    LeftAChild,
    /// It explained a failure on standard output, where only data goes.
    OnStdout,
    /// It failed without a word on standard error.
    Unexplained,
    /// It panicked, or its counterpart in another language.
    Panicked,
    /// A signal killed it.
    Killed,
}

/// Findings of these kinds, of any kind where there is none, and the id that they betray.
pub type Name = (&'static [Kind], &'static str);

/// Two byte strings, and where they part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compared {
    /// How many bytes were asked for.
    pub expected: usize,
    /// How many bytes there were.
    pub received: usize,
    /// How many bytes at the start are the same.
    pub same: usize,
    /// What was asked for, readable, from shortly before the difference.
    pub expected_there: String,
    /// What there was, likewise.
    pub received_there: String,
    /// Whether the data is shown from its start to its end.
    pub is_whole: bool,
}

impl Compared {
    /// Text up to this size is shown whole.
    const WHOLE: usize = 44;
    /// So much is shown of other data, from the difference on.
    const WINDOW: usize = 8;

    /// Compares what was asked for with what there was.
    pub fn new(expected: &[u8], received: &[u8]) -> Self {
        let same = expected
            .iter()
            .zip(received)
            .take_while(|(a, b)| a == b)
            .count();
        let is_text = [expected, received]
            .iter()
            .all(|bytes| readable(bytes).starts_with('"'));
        let most = if is_text { Self::WHOLE } else { Self::WINDOW };
        let is_whole = expected.len().max(received.len()) <= most;
        let shown = |bytes: &[u8]| {
            let from = if is_whole { 0 } else { same.min(bytes.len()) };
            let to = if is_whole {
                bytes.len()
            } else {
                bytes.len().min(from + Self::WINDOW)
            };
            readable(&bytes[from..to])
        };
        Self {
            expected: expected.len(),
            received: received.len(),
            same,
            expected_there: shown(expected),
            received_there: shown(received),
            is_whole,
        }
    }

    /// Whether what follows the difference stands further on in what was asked for: then bytes were
    /// left out, and not changed.
    pub fn are_bytes_lost(expected: &[u8], received: &[u8]) -> bool {
        const ENOUGH: usize = 64;
        let same = expected
            .iter()
            .zip(received)
            .take_while(|(a, b)| a == b)
            .count();
        let next = received[same..].get(..ENOUGH);
        next.is_some_and(|next| {
            expected[same..]
                .windows(ENOUGH)
                .any(|window| window == next)
        })
    }
}

/// Which bytes were compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// What the program sent.
    Sent,
    /// What it printed on standard output.
    Printed,
}

/// A finding with its details.
#[derive(Clone, Debug)]
pub struct Finding {
    /// What kind of finding it is.
    pub kind: Kind,
    /// What was asked for and what there was, where bytes tell it.
    pub compared: Option<(Source, Compared)>,
    /// A message of the program, where that is the finding.
    pub message: Option<String>,
}

impl Finding {
    /// A finding without details.
    pub fn of(kind: Kind) -> Self {
        Self {
            kind,
            compared: None,
            message: None,
        }
    }

    /// Adds what the program was to send, and what it sent.
    #[must_use]
    pub fn sent(mut self, expected: &[u8], received: &[u8]) -> Self {
        self.compared = Some((Source::Sent, Compared::new(expected, received)));
        self
    }

    /// Adds what the program was to print, and what it printed.
    #[must_use]
    pub fn printed(mut self, expected: &[u8], received: &[u8]) -> Self {
        self.compared = Some((Source::Printed, Compared::new(expected, received)));
        self
    }

    /// Adds what the program said.
    #[must_use]
    pub fn saying(mut self, message: impl Into<String>) -> Self {
        self.message = Some(message.into());
        self
    }
}

/// Why a program stopped that says so in a way of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stop {
    /// It came to the `todo!` of a step.
    NotBegun {
        step: u8,
        message: String,
        place: String,
    },
    /// It panicked, or raised an exception that nobody caught.
    Panicked { message: String, place: String },
}

impl Stop {
    /// Reads standard error: `thread 'main' (7) panicked at src/main.rs:60:5:`, then the message; or
    /// Python's `Traceback`, whose last line is the message.
    pub fn read(said: &str) -> Option<Self> {
        if let Some((_, after)) = said.split_once("panicked at ") {
            let mut lines = after.lines();
            let place = lines.next().unwrap_or("").trim_end_matches(':').to_owned();
            let message = lines.next().unwrap_or("").to_owned();
            let begun = message.strip_prefix("not yet implemented: step ");
            let number = begun.map(|text| {
                text.chars()
                    .take_while(char::is_ascii_digit)
                    .collect::<String>()
            });
            return Some(match number.and_then(|digits| digits.parse().ok()) {
                Some(step) => {
                    let message = message
                        .trim_start_matches("not yet implemented: ")
                        .to_owned();
                    Self::NotBegun {
                        step,
                        message,
                        place,
                    }
                }
                None => Self::Panicked { message, place },
            });
        }
        said.contains("Traceback (most recent call last)").then(|| {
            let last = said.lines().rfind(|line| !line.trim().is_empty());
            let message = last.unwrap_or("Traceback").trim().to_owned();
            Self::Panicked {
                message,
                place: String::new(),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn panicked(message: &str, place: &str) -> Option<Stop> {
        Some(Stop::Panicked {
            message: message.into(),
            place: place.into(),
        })
    }

    #[test]
    fn a_todo_names_its_step_and_its_place() {
        let said = "\nthread 'main' (4059) panicked at exercises/01/src/main.rs:60:5:\n\
                    not yet implemented: step 12: connect to [::1]:7\nnote: run with …\n";
        let (message, place) = (
            "step 12: connect to [::1]:7".into(),
            "exercises/01/src/main.rs:60:5".into(),
        );
        assert_eq!(
            Stop::read(said),
            Some(Stop::NotBegun {
                step: 12,
                message,
                place
            })
        );
    }

    #[test]
    fn a_panic_and_a_traceback_give_their_message() {
        let panic = "thread 'main' panicked at src/main.rs:3:9:\ncalled `unwrap()`\n";
        assert_eq!(
            Stop::read(panic),
            panicked("called `unwrap()`", "src/main.rs:3:9")
        );
        let python = "Traceback (most recent call last):\n  File \"x.py\"\nOSError: refused\n\n";
        assert_eq!(Stop::read(python), panicked("OSError: refused", ""));
        assert_eq!(Stop::read("tcp-client: connection refused\n"), None);
    }

    #[test]
    fn long_data_is_shown_from_the_difference_on() {
        let mut received = crate::base::bytes::pattern(1000);
        let expected = received.clone();
        received[500] ^= 1;
        let compared = Compared::new(&expected, &received);
        assert_eq!((compared.same, compared.is_whole), (500, false));
        assert_ne!(compared.expected_there, compared.received_there);
    }
}
