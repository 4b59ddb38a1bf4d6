//! Draws the picture of a lesson in all languages: `course-pictures LESSON LAST_STEP PROGRAM`. The workshop fills in
//! the lessons.

// MODULES

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [lesson, step, program] = &arguments[..] else {
        panic!("course-pictures LESSON LAST_STEP PROGRAM")
    };
    let scene =
        enchufe_harness::Scene::with_program(lesson, step.parse().unwrap(), program.as_ref());
    let chances = match lesson.as_str() {
        // ARMS
        _ => panic!("no picture of {lesson}"),
    };
    let mut lines = Vec::new();
    for language in enchufe_syllabus::Language::all() {
        let Some(chances) = &chances else { break };
        let words = enchufe_syllabus::Words::of(&language);
        let mut drawn = scene.sequence_diagram(&words);
        for (chance, shown) in chances {
            assert_eq!(
                chance.chars().count(),
                shown.len(),
                "{chance} takes other room"
            );
            drawn = drawn.replace(chance, shown);
        }
        lines.push(format!("{:?}: {}", language.name(), json(&drawn)));
    }
    println!("{{{}}}", lines.join(", "));
}

/// A text as JSON has it.
fn json(text: &str) -> String {
    let text = text.replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{}\"", text.replace('\n', "\\n"))
}
