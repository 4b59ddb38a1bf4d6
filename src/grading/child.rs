//! Processes that can be ended at any moment, with all that they started.

use std::ffi::OsStr;
use std::io;
use std::process::{Child, ChildStderr, ChildStdout, Command, ExitStatus};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A command in a process group of its own, without what would make it grade something else.
pub fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.env_remove("ENCHUFE_PROGRAM");
    command.env_remove("CARGO_MANIFEST_DIR");
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    command
}

/// Ends whatever runs for somebody who no longer wants to know.
#[derive(Clone, Debug, Default)]
pub struct Cancel(Arc<Mutex<Started>>);

/// What was started for them.
#[derive(Debug, Default)]
struct Started {
    is_cancelled: bool,
    running: Option<u32>,
}

impl Cancel {
    /// Ends what runs, and all that would be started later.
    pub fn cancel(&self) {
        let mut started = self.started();
        started.is_cancelled = true;
        if let Some(id) = started.running.take() {
            kill(id);
        }
    }

    /// Ends what runs before a signal ends this process: what runs is in a group of its own, which
    /// Ctrl+C does not reach.
    pub fn on_signals(&self) -> io::Result<()> {
        #[cfg(unix)]
        {
            use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};
            let signals = [SIGHUP, SIGINT, SIGQUIT, SIGTERM];
            let mut signals = signal_hook::iterator::Signals::new(signals)?;
            let cancel = self.clone();
            std::thread::spawn(move || {
                for signal in signals.forever() {
                    cancel.cancel();
                    let _ = signal_hook::low_level::emulate_default_handler(signal);
                }
            });
        }
        Ok(())
    }

    /// Whether it was cancelled.
    pub fn is_cancelled(&self) -> bool {
        self.started().is_cancelled
    }

    /// Starts a process.
    pub fn start(&self, command: &mut Command) -> io::Result<Running> {
        let mut started = self.started();
        if started.is_cancelled {
            return Err(io::ErrorKind::Interrupted.into());
        }
        let spawns = spawning();
        let child = command.spawn()?;
        drop(spawns);
        started.running = Some(child.id());
        let cancel = self.clone();
        Ok(Running { child, cancel })
    }

    fn started(&self) -> MutexGuard<'_, Started> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Held while a process is started. Until it has a group of its own, a signal to this one's group stops
/// it too, and whoever starts it waits for it (vfork(2)): then neither could go on.
fn spawning() -> MutexGuard<'static, ()> {
    static SPAWNING: Mutex<()> = Mutex::new(());
    SPAWNING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Stops this process until its shell continues it, and with it the `cargo run` that waits for it. Where
/// no shell would continue it, nothing happens (the default of SIGTSTP, signal(7)).
pub fn stop() -> io::Result<()> {
    #[cfg(unix)]
    {
        let _spawns = spawning();
        rustix::process::kill_current_process_group(rustix::process::Signal::TSTP)?;
    }
    Ok(())
}

/// A process that runs. It is killed when nobody holds it.
pub struct Running {
    child: Child,
    cancel: Cancel,
}

impl Running {
    /// What it prints.
    pub fn stdout(&mut self) -> Option<ChildStdout> {
        self.child.stdout.take()
    }

    /// What it prints on standard error.
    pub fn stderr(&mut self) -> Option<ChildStderr> {
        self.child.stderr.take()
    }

    /// Waits for its end.
    pub fn wait(&mut self) -> io::Result<ExitStatus> {
        let status = self.child.wait();
        self.cancel.started().running = None;
        status
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(id) = self.cancel.started().running.take() {
            kill(id);
        }
        let _ = self.child.wait();
    }
}

/// Kills a process with its group. The grader's own warden sees to the learner's program.
fn kill(id: u32) {
    #[cfg(unix)]
    if let Some(group) = i32::try_from(id)
        .ok()
        .and_then(rustix::process::Pid::from_raw)
    {
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
    }
    #[cfg(windows)]
    {
        let id = id.to_string();
        let _ = Command::new("taskkill")
            .args(["/T", "/F", "/PID", &id])
            .output();
    }
}
