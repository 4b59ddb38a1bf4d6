//! Networks of one's own: namespaces (network_namespaces(7), user_namespaces(7)).

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::process::Command;

use rustix::net::netlink::SocketAddrNetlink;
use rustix::net::{AddressFamily, SendFlags, SocketType, sendto, socket};

use crate::system::linux::raw;
use crate::system::network::Default6;

pub fn enter_a_new_one(default: Default6) -> io::Result<()> {
    raw::unshare_network()?;
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

/// With unshare(1).
pub fn as_root_of_one(program: &OsStr) -> Option<Command> {
    let mut command = Command::new("unshare");
    command.args(["--user", "--map-root-user", "--net", "--"]);
    command.arg(program);
    Some(command)
}
