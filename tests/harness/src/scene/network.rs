//! A network of a test's own, with nothing but loopback, and its own settings.

use std::env;
use std::io::{self, Write};
use std::panic::resume_unwind;
use std::process::Command;
use std::thread;

use crate::system::network::{self, Default6};

/// Set in a process that was started again, as root of a user namespace.
const INSIDE: &str = "ENCHUFE_USER_NAMESPACE";

/// Runs `test` in a network of its own; whether the system allows it. Where this process is not root, it is
/// started once more for this test, as root of a user namespace.
pub fn in_a_network_of_its_own(default: Default6, test: impl FnOnce() + Send + 'static) -> bool {
    if crate::report::result_file::is_plan() {
        return false; // the scene that says so tells its step
    }
    let name = name_of_this_test();
    let (tell, told) = std::sync::mpsc::channel();
    let run = move || {
        let is_there = network::enter_a_new_one(default).is_ok();
        let _ = tell.send(is_there);
        if is_there {
            test();
        }
    };
    // A thread of its own: the namespace is the thread's and that of what it starts, and ends with it. It has the
    // test's name, by which the test's result is known.
    let thread = thread::Builder::new().name(name.clone());
    let thread = thread.spawn(run).expect("room for a thread");
    if let Err(panic) = thread.join() {
        resume_unwind(panic);
    }
    told.recv().unwrap_or(false) || is_run_as_root_of_a_user_namespace(&name)
}

/// libtest gives each test a thread of the test's name.
fn name_of_this_test() -> String {
    let thread = thread::current();
    thread.name().expect("a test's thread").to_owned()
}

/// Runs one test of this binary as root of a new user namespace; whether that is possible.
/// A failure there is one here, with the same words.
fn is_run_as_root_of_a_user_namespace(name: &str) -> bool {
    let is_possible = |mut probe: Command| probe.output().is_ok_and(|out| out.status.success());
    let probe = network::as_root_of_one("true".as_ref());
    let is_inside = env::var_os(INSIDE).is_some();
    if is_inside || !probe.is_some_and(is_possible) {
        return false;
    }
    let this = env::current_exe().ok();
    let Some(mut again) = this.and_then(|this| network::as_root_of_one(this.as_os_str())) else {
        return false;
    };
    let run = again
        .args([name, "--exact", "--nocapture", "--test-threads=1"])
        .env(INSIDE, "1")
        .output();
    let Ok(output) = run else { return false };
    let _ = io::stderr().write_all(&output.stderr); // what was not run there
    if !output.status.success() {
        print!("{}", String::from_utf8_lossy(&output.stdout));
        crate::report::notes::end();
    }
    true
}
