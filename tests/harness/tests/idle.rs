//! A program that stands still is found soon, and only one that nobody but the grader can wake. The programs are
//! `examples/waits.rs`; both cores are busy meanwhile.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use enchufe_harness::{Kind, Scene, is_linux};

fn scene(step: u8) -> Scene {
    let test = std::env::current_exe().unwrap(); // target/debug/deps/idle-0123
    let folder = test.ancestors().nth(2).unwrap().join("examples");
    let program = folder.join(format!("waits{}", std::env::consts::EXE_SUFFIX));
    Scene::with_program("tcp-client", step, &program)
}

/// Does something while each processor has more to do than it can.
fn beside_busy_loops(test: impl FnOnce()) {
    let is_over = AtomicBool::new(false);
    let processors = std::thread::available_parallelism().map_or(2, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..2 * processors {
            scope.spawn(|| {
                while !is_over.load(Ordering::Relaxed) {
                    std::hint::spin_loop()
                }
            });
        }
        let ended = catch_unwind(AssertUnwindSafe(test));
        is_over.store(true, Ordering::Relaxed);
        ended.unwrap_or_else(|panic| std::panic::resume_unwind(panic));
    });
}

/// Each of these waits by itself for longer than five looks take.
#[test]
fn a_program_with_a_clock_of_its_own_is_waited_for() {
    let run = |way| {
        scene(1).run([way, "2"]).wait().expect_success();
    };
    beside_busy_loops(|| {
        std::thread::scope(|scope| {
            for way in ["socket-timeout", "sleep", "channel-timeout", "child"] {
                scope.spawn(move || run(way));
            }
        });
    });
}

#[test]
fn a_program_that_waits_for_the_grader_alone_is_found_soon() {
    // After a failure the patience with the same step, and with later ones, is shorter.
    for (way, step) in [("socket", 7), ("thread", 6), ("pipe", 5)] {
        let scene = scene(step);
        if !is_linux() {
            return scene.not_run("why-linux");
        }
        let begin = Instant::now();
        let program = scene.program([way, "0"]).open_input().start();

        let end = catch_unwind(AssertUnwindSafe(|| drop(program.wait())));

        let end = end.expect_err("it never ends by itself");
        assert_eq!(end.downcast_ref(), Some(&Kind::StillRunning), "{way}");
        let took = begin.elapsed(); // ten seconds would be the end of the patience with any program
        assert!(took < Duration::from_secs(9), "{way}: {took:?}");
    }
}
