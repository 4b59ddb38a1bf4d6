//! Starts a program so that it ends with the test, where there is no supervisor (see `linux/supervisor.rs`).
//!
//! On Unix it leads a process group of its own, on Windows a job object: both are ended as a whole when
//! the test ends, and on Unix also when a signal ends the test process. A program that leaves its group,
//! and a test process that is killed outright, are beyond this.

use std::io;
use std::process::ExitStatus;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use process_wrap::std::{ChildWrapper, CommandWrap};

use crate::base::exit::Exit;
use crate::base::time::pause;
use crate::system::portable::processes::ProcessTree;
use crate::system::spawn::{Pipes, ProcessEvent, Spec};

/// How long one look for the end of a program lasts.
const LOOK: Duration = Duration::from_millis(2);

type Shared = Arc<Mutex<Box<dyn ChildWrapper>>>;

/// The hold on a running program: dropping it ends the program and its group.
pub struct Handle {
    child: Shared,
    is_over: Arc<AtomicBool>,
}

impl Handle {
    /// The program and all that it started.
    pub fn tree(&self) -> ProcessTree {
        ProcessTree
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::Relaxed);
        let mut child = lock(&self.child);
        let _ = child.start_kill();
        let _ = child.inner_mut().wait();
        #[cfg(unix)]
        on_signal::forget(child.id());
    }
}

/// Starts what `spec` says; `report` hears, in a thread of its own, what becomes of it. It is an error if it cannot be
/// started.
pub fn spawn(
    spec: Spec,
    report: impl Fn(ProcessEvent) + Send + 'static,
) -> io::Result<(Pipes, Handle)> {
    let words = spec
        .words
        .split_first()
        .ok_or(io::ErrorKind::InvalidInput)?;
    let mut command = spec.command(words.0.as_ref(), words.1);
    command.stdin(spec.stdin).stdout(spec.stdout);
    let mut command = CommandWrap::from(command);
    #[cfg(unix)]
    command.wrap(process_wrap::std::ProcessGroup::leader());
    #[cfg(windows)]
    command.wrap(process_wrap::std::JobObject);
    let mut child = command.spawn()?;
    #[cfg(unix)]
    on_signal::end_too(child.id());
    let pipes = Pipes {
        stdin: child.stdin().take(),
        stdout: child.stdout().take(),
        stderr: child.stderr().take(),
    };
    report(ProcessEvent::Started(child.id()));
    let life = Handle {
        child: Arc::new(Mutex::new(child)),
        is_over: Arc::default(),
    };
    let (child, is_over) = (Arc::clone(&life.child), Arc::clone(&life.is_over));
    thread::spawn(move || {
        while !is_over.load(Ordering::Relaxed) {
            if let Ok(Some(status)) = lock(&child).inner_mut().try_wait() {
                return report(ProcessEvent::Exited(exit(status)));
            }
            pause(LOOK);
        }
        report(ProcessEvent::Lost);
    });
    Ok((pipes, life))
}

fn lock(child: &Shared) -> MutexGuard<'_, Box<dyn ChildWrapper>> {
    child.lock().unwrap_or_else(PoisonError::into_inner)
}

fn exit(status: ExitStatus) -> Exit {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return Exit::Signal(signal);
    }
    Exit::Code(status.code().unwrap_or(-1))
}

/// Ends the programs when a signal ends the test process.
#[cfg(unix)]
mod on_signal {
    use std::collections::BTreeSet;
    use std::sync::{Mutex, Once, PoisonError};
    use std::thread;

    use rustix::process::{Pid, Signal, kill_process_group};
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    use signal_hook::iterator::Signals;
    use signal_hook::low_level::emulate_default_handler;

    static GROUPS: Mutex<BTreeSet<u32>> = Mutex::new(BTreeSet::new());

    pub fn end_too(group: u32) {
        static LISTENING: Once = Once::new();
        LISTENING.call_once(listen);
        GROUPS
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(group);
    }

    pub fn forget(group: u32) {
        GROUPS
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&group);
    }

    fn listen() {
        let Ok(mut signals) = Signals::new([SIGHUP, SIGINT, SIGTERM]) else {
            return;
        };
        thread::spawn(move || {
            for signal in signals.forever() {
                for &group in &*GROUPS.lock().unwrap_or_else(PoisonError::into_inner) {
                    if let Some(group) = Pid::from_raw(group.cast_signed()) {
                        let _ = kill_process_group(group, Signal::KILL);
                    }
                }
                let _ = emulate_default_handler(signal);
            }
        });
    }
}
