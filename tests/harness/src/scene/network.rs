//! A network of a test's own: a namespace with nothing but loopback, and its own settings (Linux,
//! network_namespaces(7)).

use std::env;
use std::fs;
use std::io::{self, Write};
use std::panic::resume_unwind;
use std::process::Command;
use std::thread;

use nix::sched::{CloneFlags, unshare};
use rustix::net::netlink::SocketAddrNetlink;
use rustix::net::{AddressFamily, SendFlags, SocketType, sendto, socket};

/// Set in a process that was started again, as root of a user namespace.
const INSIDE: &str = "ENCHUFE_USER_NAMESPACE";

/// What an IPv6 socket is for whose program does not say it (`bindv6only` in the kernel's ip-sysctl).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Default6 {
    /// For both families.
    Both,
    /// For IPv6 alone.
    Alone,
}

/// Runs `test` in a network of its own; whether the system allows it. Where this process is not root, it is
/// started once more for this test, as root of a user namespace.
pub fn in_a_network_of_its_own(default: Default6, test: impl FnOnce() + Send + 'static) -> bool {
    if crate::report::result_file::is_plan() {
        return false; // the scene that says so tells its step
    }
    let name = name_of_this_test();
    let (tell, told) = std::sync::mpsc::channel();
    let run = move || {
        let is_there = new_network(default).is_ok();
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

fn new_network(default: Default6) -> io::Result<()> {
    unshare(CloneFlags::CLONE_NEWNET)?;
    loopback_up()?;
    let setting = match default {
        Default6::Both => "0",
        Default6::Alone => "1",
    };
    fs::write("/proc/sys/net/ipv6/bindv6only", setting)
}

/// Turns on the interface 1, which is loopback (rtnetlink(7): protocol 0, `RTM_NEWLINK` with `IFF_UP`).
fn loopback_up() -> io::Result<()> {
    const REQUEST_AND_ACKNOWLEDGE: u16 = 1 | 4;
    const NEW_LINK: u16 = 16;
    const UP: u32 = 1;
    let header = [
        &32_u32.to_ne_bytes()[..],
        &NEW_LINK.to_ne_bytes(),
        &REQUEST_AND_ACKNOWLEDGE.to_ne_bytes(),
        &[0; 8],
    ];
    let link = [
        &[0; 4][..],
        &1_u32.to_ne_bytes(),
        &UP.to_ne_bytes(),
        &UP.to_ne_bytes(),
    ];
    let message = [header.concat(), link.concat()].concat();
    let kernel = SocketAddrNetlink::new(0, 0);
    let socket = socket(AddressFamily::NETLINK, SocketType::RAW, None)?;
    sendto(&socket, &message, SendFlags::empty(), &kernel)?; // done when it returns
    Ok(())
}

/// Runs one test of this binary as root of a new user namespace, with unshare(1); whether that is possible.
/// A failure there is one here, with the same words.
fn is_run_as_root_of_a_user_namespace(name: &str) -> bool {
    let as_root = |program: &std::ffi::OsStr| {
        let mut command = Command::new("unshare");
        command.args(["--user", "--map-root-user", "--net", "--"]);
        command.arg(program);
        command
    };
    let is_possible = as_root("true".as_ref()).output();
    let is_possible = is_possible.is_ok_and(|output| output.status.success());
    let (true, None, Ok(this)) = (is_possible, env::var_os(INSIDE), env::current_exe()) else {
        return false;
    };
    let run = as_root(this.as_os_str())
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
