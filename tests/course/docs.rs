//! The docs are the data: both languages say the same, and the graders find in them what they name.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod course;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use course::{Workshop, blob_hash, lessons, root};
use enchufe_harness::{Request, Scene, TcpPeer, UdpPeer};
use enchufe_syllabus::{Language, Page, Words};
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

const MIRRORED: [&str; 3] = ["README", "CONTRIBUTING", "CHANGELOG"];

/// The pages of `docs/en`, by their names.
fn pages() -> Vec<String> {
    names("en")
        .into_iter()
        .filter_map(|name| name.strip_suffix(".md").map(str::to_owned))
        .collect()
}

fn names(language: &str) -> BTreeSet<String> {
    let folder = fs::read_dir(root().join("docs").join(language)).unwrap();
    folder
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect()
}

/// The English and the Spanish file of each text.
fn pairs() -> Vec<(PathBuf, PathBuf)> {
    let docs = root().join("docs");
    let page = |name: String| {
        (
            docs.join(format!("en/{name}.md")),
            docs.join(format!("es/{name}.md")),
        )
    };
    let top = |name: &&str| {
        (
            root().join(format!("{name}.md")),
            root().join(format!("{name}.es.md")),
        )
    };
    pages()
        .into_iter()
        .map(page)
        .chain(MIRRORED.iter().map(top))
        .collect()
}

fn read(file: &Path) -> String {
    fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

fn events(text: &str) -> Parser<'_> {
    Parser::new_ext(text, Options::ENABLE_TABLES)
}

/// The ids of `<a id="…"></a>`, in their order.
fn ids(text: &str) -> Vec<String> {
    let anchors = text.split("<a id=\"").skip(1);
    anchors
        .map(|after| after.split('"').next().unwrap().to_owned())
        .collect()
}

/// The code blocks, with what stands behind their fences. Pictures speak the page's language.
fn code(text: &str) -> Vec<(String, String)> {
    let mut blocks = Vec::new();
    let mut open: Option<(String, String)> = None;
    for event in events(text) {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
                open = Some((info.to_string(), String::new()))
            }
            Event::Text(text) if open.is_some() => open.as_mut().unwrap().1.push_str(&text),
            Event::End(TagEnd::CodeBlock) => blocks.extend(open.take()),
            _ => {}
        }
    }
    blocks
}

fn headings(text: &str) -> Vec<String> {
    let levels = events(text).filter_map(|event| match event {
        Event::Start(Tag::Heading { level, .. }) => Some(level.to_string()),
        _ => None,
    });
    levels.collect()
}

#[test]
fn both_languages_have_the_same_files() {
    assert_eq!(names("en"), names("es"));
}

#[test]
fn both_languages_have_the_same_ids_headings_and_code() {
    for (english, spanish) in pairs() {
        let (en, es) = (read(&english), read(&spanish));
        let name = english.display();

        assert_eq!(ids(&en), ids(&es), "ids of {name}");
        assert_eq!(headings(&en), headings(&es), "headings of {name}");
        let is_shared =
            |(info, _): &(String, String)| !["picture", "text"].contains(&info.as_str());
        let shared = |text| code(text).into_iter().filter(is_shared).collect::<Vec<_>>();
        if english.starts_with(root().join("docs")) {
            assert_eq!(shared(&en), shared(&es), "code of {name}");
        }
        let unique: BTreeSet<_> = ids(&en).into_iter().collect();
        assert_eq!(unique.len(), ids(&en).len(), "an id stands twice in {name}");
    }
}

/// Whoever changes the English text looks at the Spanish one, and then renews its last line.
#[test]
fn each_spanish_text_was_matched_to_the_english_one() {
    for (english, spanish) in pairs() {
        let hash = blob_hash(&fs::read(&english).unwrap());
        let last = format!("<!-- matches: {hash} -->");
        let text = read(&spanish);
        assert_eq!(
            text.trim_end().lines().last(),
            Some(last.as_str()),
            "{}",
            spanish.display()
        );
    }
}

#[test]
fn every_link_leads_somewhere() {
    for file in pairs()
        .into_iter()
        .flat_map(|(english, spanish)| [english, spanish])
    {
        for event in events(&read(&file)) {
            let Event::Start(Tag::Link { dest_url, .. }) = event else {
                continue;
            };
            if dest_url.contains("://") {
                continue; // no test needs a network
            }
            let (path, fragment) = dest_url.split_once('#').unwrap_or((&dest_url, ""));
            let target = if path.is_empty() {
                file.clone()
            } else {
                file.parent().unwrap().join(path)
            };
            assert!(target.exists(), "{}: {dest_url}", file.display());
            let has_it = fragment.is_empty() || ids(&read(&target)).contains(&fragment.to_owned());
            assert!(has_it, "{}: {dest_url}", file.display());
        }
    }
}

#[test]
fn graders_and_pages_name_the_same_mistakes() {
    for lesson in lessons() {
        let grader = read(&lesson.grader());
        let used: BTreeSet<String> = grader
            .split(".mistake(")
            .skip(1)
            .map(|after| after.split('"').nth(1).unwrap().to_owned())
            .chain(["panics", "exits-zero", "error-on-stdout", "fails-silently"].map(Into::into))
            .collect();
        for language in Language::all() {
            let page = Page::open(&language, &lesson.name).unwrap();
            let ids: Vec<_> = page
                .sections()
                .iter()
                .map(|section| section.id.as_str())
                .collect();
            let from = ids.iter().position(|&id| id == "mistakes").unwrap() + 1;
            let to = ids.iter().position(|&id| id == "attacks").unwrap();
            let on_page: BTreeSet<String> = ids[from..to].iter().map(|&id| id.to_owned()).collect();

            assert_eq!(on_page, used, "{}", page.path);
        }
        let patches: BTreeSet<_> = lesson.patches("mistakes").into_iter().collect();
        assert_eq!(
            patches, used,
            "tests/mistakes/{}: a patch for each mistake",
            lesson.name
        );
    }
}

#[test]
fn every_mistake_is_told_in_a_paragraph_and_every_step_has_a_hint() {
    for lesson in lessons() {
        for language in Language::all() {
            let page = Page::open(&language, &lesson.name).unwrap();
            let text = read(&root().join(&page.path));
            for step in 1..=lesson.steps() {
                assert!(
                    text.contains(&format!("<details id=\"hint-{step}\">")),
                    "{}: hint {step}",
                    page.path
                );
            }
            for id in lesson.patches("mistakes") {
                let section = page.section(&id).unwrap();
                let length = section.text.chars().count();
                assert!(
                    (40..=320).contains(&length),
                    "{}#{id}: {length} characters",
                    page.path
                );
                assert!(
                    !section.heading.is_empty(),
                    "{}#{id} has no heading",
                    page.path
                );
            }
        }
    }
}

/// The ids of `interface.ftl`, with their texts.
fn words(language: &Language) -> BTreeMap<String, String> {
    let file = root()
        .join("docs")
        .join(language.name())
        .join("interface.ftl");
    let text = read(&file);
    let pairs = text
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once(" = "));
    pairs
        .map(|(id, text)| (id.to_owned(), text.to_owned()))
        .collect()
}

#[test]
fn both_languages_have_the_same_words_with_the_same_parts() {
    let parts = |text: &str| -> BTreeSet<String> {
        text.split("{ $")
            .skip(1)
            .map(|after| after.split(' ').next().unwrap().to_owned())
            .collect()
    };
    let english = words(&Language::english());
    for language in Language::all() {
        let other = words(&language);
        assert_eq!(
            english.keys().collect::<Vec<_>>(),
            other.keys().collect::<Vec<_>>()
        );
        for (id, text) in &english {
            assert_eq!(
                parts(text),
                parts(&other[id]),
                "{id} in {}",
                language.name()
            );
        }
    }
}

/// `say` shows an id that has no text: so no id that the sources name may be missing.
#[test]
fn every_word_that_the_sources_name_is_there() {
    let known = words(&Language::english());
    let mut sources: Vec<PathBuf> = Vec::new();
    for folder in ["tests/harness/src", "src", "src/commands", "src/tui"] {
        let files = fs::read_dir(root().join(folder)).unwrap();
        sources.extend(files.map(|entry| entry.unwrap().path()));
    }
    sources.extend(lessons().iter().map(course::Lesson::grader));
    for file in sources.into_iter().filter(|file| file.is_file()) {
        let text = read(&file);
        if file.starts_with(root().join("src")) {
            for id in text.split('"').filter(|text| is_a_word_of_the_guide(text)) {
                assert!(known.contains_key(id), "{}: {id}", file.display());
            }
        }
        for call in [
            "say(\"",
            "remark(\"",
            "Remark(\"",
            "note_many(\"",
            "not_run(\"",
            "once(step, \"",
            "once(self.step, \"",
        ] {
            for after in text.split(call).skip(1) {
                let id = after.split('"').next().unwrap();
                assert!(known.contains_key(id), "{}: {id}", file.display());
            }
        }
    }
    let facts = read(&root().join("tests/harness/src/fact.rs"));
    let kinds = facts
        .split("pub enum Kind {")
        .nth(1)
        .unwrap()
        .split('}')
        .next()
        .unwrap();
    for kind in kinds
        .lines()
        .map(str::trim)
        .filter(|line| line.ends_with(','))
    {
        let kebab: String = kind
            .trim_end_matches(',')
            .chars()
            .flat_map(|c| {
                if c.is_uppercase() {
                    vec!['-', c.to_ascii_lowercase()]
                } else {
                    vec![c]
                }
            })
            .collect();
        let id = format!("fact{kebab}");
        assert!(known.contains_key(&id), "{id} is missing");
    }
}

/// The guide hands ids on before it says them.
fn is_a_word_of_the_guide(text: &str) -> bool {
    const BEGIN: [&str; 11] = [
        "ask-",
        "error-",
        "heading-",
        "help-",
        "hint-m",
        "keys-",
        "language-",
        "lesson-",
        "next-",
        "reset-",
        "state-",
    ];
    BEGIN.iter().any(|begin| text.starts_with(begin))
        && text
            .chars()
            .all(|letter| letter.is_ascii_lowercase() || letter == '-')
}

/// The picture on each lesson's page is what its solution does, drawn in the page's language.
#[test]
fn the_pictures_on_the_pages_are_true() {
    let lessons = lessons();
    for &(page, play) in PLAYS {
        let lesson = lessons.iter().find(|lesson| lesson.name == page).unwrap();
        let source = read(&lesson.solution());
        let workshop = Workshop::build(lesson, "picture", &[("whole".into(), source)]);
        let program = workshop.program("whole").display().to_string();
        let last_step = lesson.steps();
        let scene =
            Scene::with_program(lesson.package(), last_step, std::path::Path::new(&program));
        let chances = play(&scene);

        for language in Language::all() {
            let text = read(&root().join(Page::open(&language, page).unwrap().path));
            let drawn = scene.sequence_diagram(&Words::of(&language));
            let mut drawn = drawn;
            for (chance, shown) in &chances {
                assert_eq!(
                    chance.chars().count(),
                    shown.len(),
                    "{chance} takes other room"
                );
                drawn = drawn.replace(chance, shown);
            }
            let (_, shown) = code(&text)
                .into_iter()
                .find(|(info, _)| info == "picture")
                .unwrap();
            assert_eq!(
                without_numbers_of_processes(shown.trim_end()),
                without_numbers_of_processes(&drawn),
                "docs/{}: the picture of {page} is now\n{drawn}",
                language.name()
            );
        }
    }
}

/// Whoever is told a user and a process has another one each time, with more digits or fewer.
fn without_numbers_of_processes(picture: &str) -> String {
    let without = |line: &str| line.split("uid=").next().unwrap().to_owned() + "\n";
    picture.lines().map(without).collect()
}

/// What happens in a picture; it returns what chance has chosen in it, and what the page shows for that.
type Play = fn(&Scene) -> Vec<(String, String)>;

fn port_of(place: &enchufe_harness::Endpoint) -> Vec<(String, String)> {
    let port = place.socket_address().unwrap().port();
    vec![(port.to_string(), "40001".into())]
}

const PLAYS: &[(&str, Play)] = &[
    ("00-sockets", |scene| {
        let program = scene.run(["inet", "stream", "127.0.0.1:0"]);
        let place = program.expect_address_line("bound to", "127.0.0.1:0");
        let mut client = place.connect();
        client.send(b"hola");
        client.end();
        program.wait().expect_stdout(b"hola").expect_success();
        port_of(&place)
    }),
    ("01-tcp-client", |scene| {
        let server = TcpPeer::listen(scene);
        let program = scene.run([&server.address(), "hola"]);
        let mut client = server.accept();
        client.expect_bytes_and_end(b"hola");
        client.send(b"HOLA");
        program.expect_printed(b"HOLA");
        client.end();
        program.wait().expect_stdout(b"HOLA").expect_success();
        Vec::new()
    }),
    ("02-tcp-server", |scene| {
        let program = scene.run(["--bind", "127.0.0.1:0"]);
        let server = program.expect_address_line("listening on", "127.0.0.1:0");
        server.expect_service(b"hola");
        port_of(&server)
    }),
    ("03-udp", |scene| {
        let server = UdpPeer::bind(scene);
        let address = server.address();
        let options = ["ask", "--timeout", "1.5", &address];
        let program = scene.run(options.iter().chain(&["hola", "paz"]));
        let first = server.expect_request(b"hola");
        server.lose(&first);
        let again = server.expect_repetition(&first);
        server.answer_another(&again, !again.id(), b"adios");
        server.answer(&again, b"HOLA");
        program.expect_printed(b"HOLA\n");
        let second = server.expect_request(b"paz");
        server.repeat_answer(&again, b"HOLA");
        server.answer(&second, b"PAZ");
        program
            .wait()
            .expect_stdout(b"HOLA\nPAZ\n")
            .expect_success();
        let shown = [(&first, "8c41d27e"), (&second, "03f9a655")];
        let id = |request: &Request| format!("{:08x}", request.id());
        let mut chances = shown
            .map(|(request, id_shown)| (id(request), id_shown.into()))
            .to_vec();
        chances.push((format!("{:08x}", !first.id()), "5b70e6c2".into()));
        chances
    }),
    #[cfg(unix)]
    ("04-unix-socket", |scene| {
        let folder = tempfile::Builder::new()
            .prefix("")
            .rand_bytes(6)
            .tempdir_in("/tmp")
            .unwrap();
        let path = folder.path().join("s");
        let program = scene.run(["serve".as_ref(), path.as_os_str()]);
        let server = program.expect_path_line("listening on", &path);
        let mut client = server.connect();
        client.expect_greeting();
        client.expect_echo(b"hola");
        client.end();
        client.expect_end();
        program.signal(enchufe_harness::Signal::Terminate);
        program.wait();
        server.expect_removed();
        vec![(folder.path().display().to_string(), "/tmp/course".into())]
    }),
    #[cfg(target_os = "linux")]
    ("05-ipv6", |scene| {
        let nobody = TcpPeer::ignore(scene);
        let server = TcpPeer::listen(scene);
        let program = scene.run(["connect", &nobody.address(), &server.address()]);
        let race = enchufe_harness::Race::of(scene, &[&nobody, &server]);
        let mut client = race.accept(1);
        race.expect_close(0);
        client.send(b"hola\n");
        program.expect_printed(b"hola\n");
        client.end();
        program.wait().expect_stdout(b"hola\n").expect_success();
        Vec::new()
    }),
];
