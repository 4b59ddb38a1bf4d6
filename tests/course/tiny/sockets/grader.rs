//! The grader of the second lesson that was made for the guide's own tests.

use enchufe_harness::Scene;

mod step_1 {
    use super::*;

    #[test]
    fn receives_a_stream() {
        let scene = Scene::new("tiny-sockets", 1);
        let program = scene.run([""; 0]);
        program.expect_printed(b"a stream\n");
    }
}

mod step_2 {
    use super::*;

    #[test]
    fn receives_datagrams() {
        let scene = Scene::new("tiny-sockets", 2);
        let program = scene.run([""; 0]);
        program.wait().expect_stdout(b"a stream\ndatagrams\n");
    }
}
