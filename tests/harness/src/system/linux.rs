//! What Linux alone does and tells.

#[expect(
    unsafe_code,
    reason = "the one module that needs it; its header says why"
)]
pub mod before_main;
pub mod processes;
pub mod sock_diag;
pub mod supervisor;
pub mod tables;
pub mod tracing;
