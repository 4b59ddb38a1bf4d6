//! Starts a program so that it, and whatever it starts, ends with the test (Linux).
//!
//! Between the test and the program stands a supervisor: this very binary, which turns into one before
//! `main` when `ENCHUFE_SUPERVISOR` names the descriptor of its control stream. A supervisor is a
//! subreaper (prctl(2), `PR_SET_CHILD_SUBREAPER`), so that processes that fork away become its
//! children and can't escape it. When the control stream ends, for whatever reason (also because
//! the test process was killed), it kills them all and ends.

use std::env;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::Shutdown;
use std::os::fd::AsRawFd;
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

use rustix::event::{Timespec, poll};
use rustix::io::Errno;
use rustix::process::{
    Pid, Resource, Rlimit, Signal, WaitId, WaitIdOptions, WaitOptions, kill_process,
    kill_process_group, set_child_subreaper, setrlimit, wait, waitid,
};

use crate::base::exit::Exit;
use crate::system::linux::processes::{self, ProcessTree};
use crate::system::linux::raw;
use crate::system::spawn::{Pipes, ProcessEvent, Spec};

const CONTROL: &str = "ENCHUFE_SUPERVISOR";
/// How many descriptors the supervisor, and with it the program, may have open.
const DESCRIPTORS: &str = "ENCHUFE_DESCRIPTORS";
/// The mode bits that new files of the supervisor, and with it of the program, do not get.
const UMASK: &str = "ENCHUFE_UMASK";
/// In the environment of a program and of all that it starts, so that it is found without its supervisor.
const MARK: &str = "ENCHUFE_SCENE";

/// The hold on a running program: dropping it ends the program with all that it started.
pub struct Handle {
    supervisor: Child,
    control: UnixStream,
    mark: String,
}

impl Handle {
    /// The program and all that it started.
    pub fn tree(&self) -> ProcessTree {
        ProcessTree {
            supervisor: self.supervisor.id(),
        }
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        let _ = self.control.shutdown(Shutdown::Both);
        let ended = self.supervisor.wait(); // it kills what is left, which needs no patience, and ends
        if !ended.is_ok_and(|status| status.success()) {
            end_all_marked(&self.mark); // the program killed its supervisor
        }
    }
}

/// Starts what `spec` says; `report` hears, in a thread of its own, what becomes of it.
pub fn spawn(
    spec: Spec,
    report: impl Fn(ProcessEvent) + Send + 'static,
) -> io::Result<(Pipes, Handle)> {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let (control, theirs) = UnixStream::pair()?;
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let mark = format!("{}-{number}", std::process::id());
    let mut command = spec.command(&env::current_exe()?, &spec.words);
    command
        .env(CONTROL, theirs.as_raw_fd().to_string())
        .env(MARK, &mark)
        .env(UMASK, spec.umask.to_string())
        .envs(spec.descriptors.map(|most| (DESCRIPTORS, most.to_string())))
        .process_group(0);
    raw::inherit(&mut command, &theirs);
    let mut supervisor = command.stdin(spec.stdin).stdout(spec.stdout).spawn()?;
    drop(theirs);
    let pipes = Pipes {
        stdin: supervisor.stdin.take(),
        stdout: supervisor.stdout.take(),
        stderr: supervisor.stderr.take(),
    };
    let lines = BufReader::new(control.try_clone()?).lines();
    let life = Handle {
        supervisor,
        control,
        mark,
    };
    thread::spawn(move || {
        for line in lines.map_while(Result::ok) {
            report(understood(&line));
        }
        report(ProcessEvent::Lost);
    });
    Ok((pipes, life))
}

fn understood(line: &str) -> ProcessEvent {
    let (word, number) = line.split_once(' ').unwrap_or((line, ""));
    match (word, number.parse::<i32>()) {
        ("started", Ok(process)) => ProcessEvent::Started(process.cast_unsigned()),
        ("refused", Ok(errno)) => ProcessEvent::Refused(io::Error::from_raw_os_error(errno)),
        ("code", Ok(code)) => ProcessEvent::Exited(Exit::Code(code)),
        ("signal", Ok(signal)) => ProcessEvent::Exited(Exit::Signal(signal)),
        _ => ProcessEvent::Lost,
    }
}

/// Called before `main`. In a supervisor it does not return.
pub fn become_supervisor_if_asked() {
    let Ok(fd) = env::var(CONTROL) else { return };
    let done = fd
        .parse()
        .map_err(io::Error::other)
        .and_then(raw::take_over)
        .and_then(guard);
    #[expect(
        clippy::disallowed_methods,
        reason = "a supervisor has no main to return from"
    )]
    std::process::exit(done.is_err().into());
}

/// The life of a supervisor.
fn guard(mut control: UnixStream) -> io::Result<()> {
    raw::hears_signals();
    set_child_subreaper(rustix::process::getpid().into())?;
    limit_descriptors()?;
    if let Some(umask) = env::var(UMASK).ok().and_then(|bits| bits.parse().ok()) {
        rustix::process::umask(rustix::fs::Mode::from_raw_mode(umask));
    }
    let mut words = env::args_os().skip(1);
    let program = words.next().unwrap_or_default();
    let child = match Command::new(&program)
        .args(words)
        .env_remove(CONTROL)
        .env_remove(DESCRIPTORS)
        .env_remove(UMASK)
        .process_group(0)
        .spawn()
    {
        Ok(child) => child,
        Err(error) => {
            return writeln!(control, "refused {}", error.raw_os_error().unwrap_or(0));
        }
    };
    let leader = Pid::from_child(&child);
    let guarded = watch(&mut control, leader);
    end_all(leader);
    guarded
}

/// Sets the soft and the hard limit that the program inherits (getrlimit(2)).
fn limit_descriptors() -> io::Result<()> {
    let Ok(most) = env::var(DESCRIPTORS) else {
        return Ok(());
    };
    let most = most.parse().map_err(io::Error::other)?;
    let (current, maximum) = (Some(most), Some(most));
    Ok(setrlimit(Resource::Nofile, Rlimit { current, maximum })?)
}

/// Tells what becomes of the program, until the control stream ends.
fn watch(control: &mut UnixStream, leader: Pid) -> io::Result<()> {
    writeln!(control, "started {}", leader.as_raw_nonzero())?;
    let nowhere = File::options().read(true).write(true).open("/dev/null")?;
    rustix::stdio::dup2_stdin(&nowhere)?; // the pipes are the program's alone
    rustix::stdio::dup2_stdout(&nowhere)?;
    rustix::stdio::dup2_stderr(&nowhere)?;
    let teller = control.try_clone()?;
    // Two threads, one for each thing to wait for: pidfd_open(2), with which one thread could poll both, is
    // missing in older kernels and forbidden in some containers.
    let thread = thread::Builder::new().stack_size(64 * 1024);
    thread.spawn(move || tell_the_end(leader, teller))?;
    let _ = control.read(&mut [0]); // nothing is ever sent: this is the end
    Ok(())
}

/// Waits for the end of the program, and tells it. It is not reaped yet: as long as it is there, its number names no
/// other process.
fn tell_the_end(leader: Pid, mut control: UnixStream) -> io::Result<()> {
    let how = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
    let status = loop {
        match waitid(WaitId::Pid(leader), how) {
            Ok(Some(status)) => break status,
            Ok(None) | Err(Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    };
    match (status.exit_status(), status.terminating_signal()) {
        (Some(code), _) => writeln!(control, "code {code}"),
        (None, signal) => writeln!(control, "signal {}", signal.unwrap_or(0)),
    }
}

/// Kills the program, and what it left behind wherever it hid, until there is nothing left.
fn end_all(leader: Pid) {
    let _ = kill_process_group(leader, Signal::KILL);
    loop {
        match wait(WaitOptions::NOHANG) {
            Ok(Some(_)) => {}
            Ok(None) => {
                for child in processes::children(rustix::process::getpid()) {
                    let _ = kill_process(child, Signal::KILL);
                }
                let a_moment = Timespec {
                    tv_sec: 0,
                    tv_nsec: 500_000,
                };
                let _ = poll(&mut [], Some(&a_moment));
            }
            Err(_) => return, // no child is left
        }
    }
}

/// Kills whatever has this mark in its environment, a number of times, since it may start more.
fn end_all_marked(mark: &str) {
    let mark = format!("{MARK}={mark}");
    for _ in 0..100 {
        let marked = processes::with_environment(&mark);
        if marked.is_empty() {
            return;
        }
        for process in marked {
            let _ = kill_process(process, Signal::KILL);
        }
    }
}
