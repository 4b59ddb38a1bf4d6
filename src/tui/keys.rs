//! What each key does. A line that is typed with `--plain` is the same keys.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::app::App;
use super::view::{Question, View};
use crate::course::reset::{self, Reset};
use crate::course::{Chapter, status};

/// Whether this is Ctrl+Z, which a terminal that sends each key by itself leaves to its program.
pub fn is_pause(key: KeyEvent) -> bool {
    key.modifiers.contains(KeyModifiers::CONTROL) && key.code == KeyCode::Char('z')
}

impl App {
    /// A key was pressed; whether to go on.
    pub fn key(&mut self, key: KeyEvent) -> bool {
        if key.modifiers.contains(KeyModifiers::CONTROL) {
            return !matches!(key.code, KeyCode::Char('c' | 'd'));
        }
        match self.view {
            View::Ask(question) => self.answer(question, key.code),
            View::List {
                search: Some(_), ..
            } => self.search(key.code),
            _ => {
                let is_done = self.in_the_list(key.code) || self.moves(key.code);
                return is_done || self.command(key.code);
            }
        }
        true
    }

    /// A line was typed; whether to go on.
    pub fn typed(&mut self, line: &str) -> bool {
        let line = line.trim();
        if let (View::List { .. }, Some(lesson)) = (&self.view, self.course.find(line)) {
            self.go_to(lesson);
            return true;
        }
        if let (View::List { search, .. }, Some(text)) = (&mut self.view, line.strip_prefix('/')) {
            *search = Some(text.to_owned());
            self.look_again();
            return true;
        }
        if matches!(
            self.view,
            View::List {
                search: Some(_),
                ..
            }
        ) {
            self.look_at(View::Main); // nothing else is typed into a search
            return true;
        }
        self.look_again();
        match line.chars().next() {
            Some(letter) => self.key(KeyEvent::from(KeyCode::Char(letter))),
            None => true,
        }
    }

    fn command(&mut self, key: KeyCode) -> bool {
        match key {
            KeyCode::Char('q') if self.view == View::Main => return false,
            KeyCode::Char('q') | KeyCode::Esc => self.look_at(View::Main),
            KeyCode::Char('h') => self.hint(),
            KeyCode::Char('l') => {
                let cursor = self.row_of_this_step();
                self.look_at(View::List {
                    cursor,
                    search: None,
                });
            }
            KeyCode::Char('p') => self.read(),
            KeyCode::Char('v') => self.show(),
            KeyCode::Char('s') if self.lesson_is_solved() => self.look_at(View::Solution),
            KeyCode::Char('s') => self.look_at(View::Ask(Question::Solution)),
            KeyCode::Char('x') => self.look_at(View::Ask(Question::Reset)),
            KeyCode::Char('i') => self.change_language(),
            KeyCode::Char('n') => self.next_lesson(),
            KeyCode::Enter | KeyCode::Char('r') => {
                self.look_at(View::Main);
                self.run_again();
            }
            KeyCode::Char(letter) => self.unknown(letter),
            _ => {}
        }
        true
    }

    fn lesson_is_solved(&self) -> bool {
        status::solved_in(self.chapter(), &self.progress) == self.chapter().steps.len()
    }

    /// A second press says more.
    fn hint(&mut self) {
        let more = match self.view {
            View::Hint(parts) => parts + 1,
            _ => 1,
        };
        self.look_at(View::Hint(more));
    }

    /// The page, at the step that is on.
    fn read(&mut self) {
        self.look_at(View::Read);
        self.scroll.0 = usize::MAX; // the view knows where its step is
    }

    fn unknown(&mut self, letter: char) {
        let said = self.words.say("no-key", &[("key", letter.to_string())]);
        self.notice = Some(said).filter(|_| self.is_plain);
    }

    fn next_lesson(&mut self) {
        if self.lesson + 1 < self.course.chapters.len() {
            self.go_to(self.lesson + 1);
        }
    }

    fn answer(&mut self, question: Question, key: KeyCode) {
        let yes = self.words.say("yes", &[]);
        let is_yes =
            matches!(key, KeyCode::Char(letter) if yes.starts_with(letter.to_ascii_lowercase()));
        match question {
            _ if !is_yes => self.look_at(View::Main),
            Question::Solution => self.look_at(View::Solution),
            Question::Reset => self.reset(),
        }
    }

    fn reset(&mut self) {
        let chapter = self.chapter();
        let said = match reset::reset(&chapter.lesson) {
            Ok(reset) => {
                let forgot = reset::forget(chapter, &reset);
                let said = reset::said(&chapter.lesson, &reset, &self.words);
                if forgot.is_ok() && !matches!(reset, Reset::Impossible { .. }) {
                    let prefix = format!("{}/", chapter.id());
                    self.progress.solved.retain(|id| !id.starts_with(&prefix));
                }
                said
            }
            Err(error) => error.to_string(),
        };
        self.look_at(View::Main);
        self.notice = Some(said);
        self.run_again();
    }

    /// Keys that scroll.
    fn moves(&mut self, key: KeyCode) -> bool {
        const PAGE: usize = 15;
        let (row, column) = self.scroll;
        self.scroll = match key {
            KeyCode::Down => (row.saturating_add(1), column),
            KeyCode::Up => (row.saturating_sub(1), column),
            KeyCode::PageDown | KeyCode::Char(' ') => (row.saturating_add(PAGE), column),
            KeyCode::PageUp => (row.saturating_sub(PAGE), column),
            KeyCode::Home => (0, 0),
            KeyCode::Right => (row, column.saturating_add(8)),
            KeyCode::Left => (row, column.saturating_sub(8)),
            _ => return false,
        };
        true
    }

    /// All lessons with their steps, those that hold the searched text: (lesson, step or none).
    pub fn rows(&self) -> Vec<(usize, Option<u8>)> {
        let search = match &self.view {
            View::List {
                search: Some(text), ..
            } => plain(text),
            _ => String::new(),
        };
        let holds = |text: &str| plain(text).contains(&search);
        let of = |(index, chapter): (usize, &Chapter)| {
            let is_named = holds(&chapter.title) || holds(&chapter.lesson.page);
            let steps = chapter
                .steps
                .iter()
                .filter(|step| is_named || holds(&step.title));
            let steps: Vec<_> = steps.map(|step| (index, Some(step.number))).collect();
            let head = (is_named || !steps.is_empty()).then_some((index, None));
            head.into_iter().chain(steps).collect::<Vec<_>>()
        };
        self.course
            .chapters
            .iter()
            .enumerate()
            .flat_map(of)
            .collect()
    }

    fn row_of_this_step(&self) -> usize {
        let here = (self.lesson, Some(self.step()));
        self.rows().iter().position(|&row| row == here).unwrap_or(0)
    }

    fn in_the_list(&mut self, key: KeyCode) -> bool {
        let last = self.rows().len().saturating_sub(1);
        let View::List { cursor, search } = &mut self.view else {
            return false;
        };
        match key {
            KeyCode::Down => *cursor = (*cursor + 1).min(last),
            KeyCode::Up => *cursor = cursor.saturating_sub(1),
            KeyCode::PageDown => *cursor = (*cursor + 10).min(last),
            KeyCode::PageUp => *cursor = cursor.saturating_sub(10),
            KeyCode::Char('/') => {
                *search = Some(String::new());
                *cursor = 0;
            }
            KeyCode::Enter => self.jump(),
            _ => return false,
        }
        true
    }

    fn search(&mut self, key: KeyCode) {
        let last = self.rows().len().saturating_sub(1);
        let View::List {
            cursor,
            search: found @ Some(_),
        } = &mut self.view
        else {
            return;
        };
        let Some(text) = found else { return };
        match key {
            KeyCode::Char(letter) => {
                text.push(letter);
                *cursor = 0;
            }
            KeyCode::Backspace => drop(text.pop()),
            KeyCode::Down => *cursor = (*cursor + 1).min(last),
            KeyCode::Up => *cursor = cursor.saturating_sub(1),
            KeyCode::Enter => self.jump(),
            KeyCode::Esc => *found = None,
            _ => {}
        }
    }

    /// To the lesson under the cursor.
    fn jump(&mut self) {
        let rows = self.rows();
        if let View::List { cursor, .. } = self.view
            && let Some(&(lesson, step)) = rows.get(cursor)
        {
            self.go_to(lesson);
            self.chosen = step;
        }
    }
}

/// As it is searched: in small letters, without the accents of the course's languages.
fn plain(text: &str) -> String {
    let without = |letter| match letter {
        'á' => 'a',
        'é' => 'e',
        'í' => 'i',
        'ó' => 'o',
        'ú' | 'ü' => 'u',
        'ñ' => 'n',
        _ => letter,
    };
    text.to_lowercase().chars().map(without).collect()
}
