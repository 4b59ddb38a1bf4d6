//! What `unix-socket` must do, step by step: the grader of lesson 4.
//!
//! Each test runs the program and plays its clients, or its server. `cargo test -p unix-socket` grades
//! your exercise, `cargo test -p unix-socket step_4` one step of it. The page: docs/en/04-unix-socket.md.

#[cfg(unix)]
mod server;
#[cfg(unix)]
mod step_1;
#[cfg(unix)]
mod step_2;
#[cfg(unix)]
mod step_3;
#[cfg(unix)]
mod step_4;
#[cfg(unix)]
mod step_5;
#[cfg(unix)]
mod step_6;

const LESSON: &str = "unix-socket";

/// Without Unix there is nothing to grade, and each step says so.
#[cfg(not(unix))]
macro_rules! not_run {
    ($($test:ident: $step:literal,)+) => {
        $(
            #[test]
            fn $test() {
                enchufe_harness::Scene::new(LESSON, $step).not_run("why-unix");
            }
        )+
    };
}

#[cfg(not(unix))]
not_run! {
    step_1_needs_unix: 1,
    step_2_needs_unix: 2,
    step_3_needs_unix: 3,
    step_4_needs_unix: 4,
    step_5_needs_unix: 5,
    step_6_needs_unix: 6,
}
