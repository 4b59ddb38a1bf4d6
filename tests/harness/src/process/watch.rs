//! What is known of a running program: its output so far, whether it has ended, and how.

use std::io::{self, Read};
use std::process::Output;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use crate::base::bytes::MIB;
use crate::base::deadline::Deadline;
use crate::base::exit::Exit;
use crate::system::spawn::ProcessEvent;

/// The two streams that a program writes, and how much of each is kept.
#[derive(Clone, Copy, Debug)]
pub enum Stream {
    /// Standard output.
    Output,
    /// Standard error.
    Error,
}

/// How long one look at the state lasts at most; between two, a program may be seen to stand still.
const LOOK: Duration = Duration::from_millis(100);

impl Stream {
    const fn cap(self) -> usize {
        match self {
            Self::Output => 64 * MIB,
            Self::Error => MIB,
        }
    }
}

/// From when on standard output is left unread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hold {
    /// From its first byte on.
    Now,
    /// From the end of its first line on.
    AfterALine,
}

#[derive(Default)]
struct Kept {
    bytes: Vec<u8>,
    is_closed: bool,
    overflows: bool,
}

/// The state that [`Watch::wait`] looks at.
#[derive(Default)]
pub struct State {
    start: Option<io::Result<()>>,
    process: Option<u32>,
    exit: Option<Exit>,
    is_lost: bool,
    hold: Option<Hold>,
    is_output_closed: bool,
    kept: [Kept; 2],
    progress: u64,
}

impl State {
    /// Whether the program has ended and its output too.
    pub fn is_over(&self) -> bool {
        (self.exit.is_some() || self.is_lost) && self.kept.iter().all(|kept| kept.is_closed)
    }

    /// Whether the program has written more than is kept.
    pub fn overflows(&self) -> bool {
        self.kept.iter().any(|kept| kept.overflows)
    }

    /// Whether the program has ended, its output perhaps not.
    pub fn has_exited(&self) -> bool {
        self.exit.is_some() || self.is_lost
    }

    /// Whether standard output is left unread now.
    fn is_held(&self) -> bool {
        match self.hold {
            Some(Hold::Now) => true,
            Some(Hold::AfterALine) => self.printed().contains(&b'\n'),
            None => false,
        }
    }

    /// Standard output so far.
    pub fn printed(&self) -> &[u8] {
        &self.kept[Stream::Output as usize].bytes
    }

    /// Standard error so far.
    pub fn said(&self) -> &[u8] {
        &self.kept[Stream::Error as usize].bytes
    }
}

/// A state that threads write to and the test waits on.
pub struct Watch {
    state: Mutex<State>,
    changed: Condvar,
}

impl Watch {
    /// A watch over a program that is about to start. Held output is not read until released.
    pub fn new(hold: Option<Hold>) -> Self {
        let state = State {
            hold,
            ..State::default()
        };
        Self {
            state: Mutex::new(state),
            changed: Condvar::new(),
        }
    }

    /// Takes note of what is heard of the process.
    pub fn hear(&self, report: ProcessEvent) {
        self.change(|state| match report {
            ProcessEvent::Started(process) => {
                state.process = Some(process);
                state.start = Some(Ok(()));
            }
            ProcessEvent::Refused(error) => state.start = Some(Err(error)),
            ProcessEvent::Exited(exit) => state.exit = Some(exit),
            ProcessEvent::Lost => {
                state.is_lost = true;
                state
                    .start
                    .get_or_insert(Err(io::ErrorKind::UnexpectedEof.into()));
            }
        });
    }

    /// Takes note that the program has taken some standard input.
    pub fn note_input(&self) {
        self.change(|_| {});
    }

    /// Lets held output be read.
    pub fn release(&self) {
        self.change(|state| state.hold = None);
    }

    /// Lets nobody read held output.
    pub fn close_output(&self) {
        self.change(|state| state.is_output_closed = true);
        let mut deadline = Deadline::new(Duration::from_secs(60), &Arc::default());
        self.wait(&mut deadline, |state| {
            state.kept[Stream::Output as usize].is_closed
        });
    }

    /// Waits until the program runs, or could not be started.
    pub fn started(&self) -> io::Result<()> {
        let mut state = self.lock();
        loop {
            if let Some(start) = &mut state.start {
                return std::mem::replace(start, Ok(()));
            }
            state = self
                .changed
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Waits until `done`, and says whether it came to that. Every change is progress.
    pub fn wait(&self, deadline: &mut Deadline, done: impl Fn(&State) -> bool) -> bool {
        let mut state = self.lock();
        loop {
            if done(&state) {
                return true;
            }
            if deadline.is_over() {
                return false;
            }
            let before = state.progress;
            let wait = self.changed.wait_timeout(state, deadline.left().min(LOOK));
            state = wait.unwrap_or_else(PoisonError::into_inner).0;
            if state.progress != before {
                deadline.progress();
            }
        }
    }

    /// Waits a short time for the end of a program that seems to be ending.
    pub fn grace(&self, time: Duration) -> bool {
        self.wait(&mut Deadline::new(time, &Arc::default()), State::is_over)
    }

    /// The number of the program's process.
    pub fn process(&self) -> Option<u32> {
        self.lock().process
    }

    /// How the program has ended, if it has.
    pub fn exit(&self) -> Option<Exit> {
        self.lock().exit
    }

    /// Whether the program and its output have ended.
    pub fn is_over(&self) -> bool {
        self.lock().is_over()
    }

    /// Whether the program has written more than is kept.
    pub fn overflows(&self) -> bool {
        self.lock().overflows()
    }

    /// How often something has changed.
    pub fn progress(&self) -> u64 {
        self.lock().progress
    }

    /// Standard output so far.
    pub fn printed(&self) -> Vec<u8> {
        self.lock().printed().to_vec()
    }

    /// Standard error so far, as text.
    pub fn said(&self) -> String {
        String::from_utf8_lossy(self.lock().said()).into_owned()
    }

    /// The end and the output of a program that has ended.
    pub fn output(&self) -> Output {
        let state = self.lock();
        Output {
            status: state.exit.unwrap_or(Exit::Code(-1)).into(),
            stdout: state.printed().to_vec(),
            stderr: state.said().to_vec(),
        }
    }

    fn change(&self, how: impl FnOnce(&mut State)) {
        let mut state = self.lock();
        how(&mut state);
        state.progress += 1;
        drop(state);
        self.changed.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Reads a stream of the program to its end, in a thread of its own. What is over the cap is read and
/// forgotten, so that memory stays bounded and the program does not block.
pub fn drain(
    pipe: Option<impl Read + Send + 'static>,
    watch: &Arc<Watch>,
    stream: Stream,
    note: impl Fn(&[u8]) + Send + 'static,
) {
    let watch = Arc::clone(watch);
    let Some(mut pipe) = pipe else {
        watch.change(|state| state.kept[stream as usize].is_closed = true);
        return;
    };
    thread::spawn(move || {
        let mut piece = vec![0; 64 * 1024];
        while watch.wait_for_release(stream)
            && let Ok(count @ 1..) = pipe.read(&mut piece)
        {
            watch.keep(stream, &piece[..count], &note);
        }
        drop(pipe);
        watch.change(|state| state.kept[stream as usize].is_closed = true);
    });
}

impl Watch {
    /// Keeps a piece of output if there is room for it. It is noted before anybody hears of it, so that
    /// what the grader does next comes after it.
    fn keep(&self, stream: Stream, piece: &[u8], note: impl Fn(&[u8])) {
        self.change(|state| {
            let kept = &mut state.kept[stream as usize];
            if kept.bytes.len() + piece.len() <= stream.cap() {
                kept.bytes.extend_from_slice(piece);
                note(piece);
            } else {
                kept.overflows = true;
            }
        });
    }

    /// Waits as long as a stream is held; whether it is to be read then.
    fn wait_for_release(&self, stream: Stream) -> bool {
        let mut state = self.lock();
        while matches!(stream, Stream::Output) && state.is_held() && !state.has_exited() {
            if state.is_output_closed {
                return false;
            }
            state = self
                .changed
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
        true
    }
}
