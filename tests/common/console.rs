//! The console without a terminal: scripted keys through `update`, effects on a real clinic, one at
//! a time, until nothing is left to do.

use std::collections::VecDeque;
use std::rc::Rc;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use ratatui::layout::Position;
use tidbok::clinic::Clinic;
use tidbok::domain::{Actor, CivilTime, ClinicZone};
use tidbok::tui::{AgentNews, Effect, Message, Model, Options, Preferences, Reply, update, view};
use tokio::runtime::Runtime;

/// A console on a clinic, at a time that stands still until it is set.
pub struct Console {
    clinic: Clinic,
    actor: Actor,
    model: Model,
    now: CivilTime,
    size: (u16, u16),
    runtime: Rc<Runtime>,
    /// Preferences that were to be kept, the latest last.
    pub kept: Vec<Preferences>,
    /// Whether it was asked to leave.
    pub left: bool,
    /// How often it was asked to stop as Ctrl+Z does.
    pub suspended: usize,
}

/// What is on the screen.
pub struct Shown {
    pub buffer: Buffer,
    pub cursor: Option<Position>,
}

impl Console {
    /// Opens the console in a terminal of `size` columns and rows, and lets it load what it wants.
    /// On the runtime of whoever made the clinic: a server's connections live there.
    pub fn open(
        runtime: Rc<Runtime>,
        clinic: Clinic,
        options: Options,
        now: CivilTime,
        size: (u16, u16),
    ) -> Self {
        let actor = options.actor.clone();
        let (model, effects) = Model::new(options, now, size);
        let (kept, left, suspended) = (Vec::new(), false, 0);
        let mut console = Self { clinic, actor, model, now, size, runtime, kept, left, suspended };
        console.settle(effects);
        console.tell(Message::Minute(now));
        console.poll();
        console
    }

    /// Presses keys: characters stand for themselves, names in angle brackets for other keys, as in
    /// `v<S-Down><S-Down>p1` or `<C-y>`; `<lt>` is `<`.
    pub fn keys(&mut self, script: &str) -> &mut Self {
        for key in parse_keys(script) {
            self.tell(Message::Key(key));
        }
        self
    }

    /// The mouse does something on a cell.
    pub fn mouse(
        &mut self,
        kind: MouseEventKind,
        (column, row): (u16, u16),
        modifiers: KeyModifiers,
    ) -> &mut Self {
        self.tell(Message::Mouse(MouseEvent { kind, column, row, modifiers }));
        self
    }

    /// Drags from one cell to another, and lets go.
    pub fn drag(&mut self, button: MouseButton, from: (u16, u16), to: (u16, u16)) -> &mut Self {
        self.mouse(MouseEventKind::Down(button), from, KeyModifiers::NONE)
            .mouse(MouseEventKind::Drag(button), to, KeyModifiers::NONE)
            .mouse(MouseEventKind::Up(button), to, KeyModifiers::NONE)
    }

    /// Pastes text.
    pub fn paste(&mut self, text: &str) -> &mut Self {
        self.tell(Message::Paste(text.to_owned()));
        self
    }

    /// The terminal gets another size.
    pub fn resize(&mut self, (width, height): (u16, u16)) -> &mut Self {
        self.size = (width, height);
        self.tell(Message::Resize { width, height });
        self
    }

    /// Another minute begins.
    pub fn minute(&mut self, now: CivilTime) -> &mut Self {
        self.now = now;
        self.tell(Message::Minute(now));
        self
    }

    /// The second passes in which the revisions are looked at.
    pub fn poll(&mut self) -> &mut Self {
        let polled = self.runtime.block_on(self.clinic.poll()).expect("the store answers");
        self.tell(Message::Polled(polled.revisions));
        let liveness = polled.agent.liveness(ClinicZone::default().first_instant(self.now));
        self.tell(Message::Agent(AgentNews { state: polled.agent.state, liveness }));
        self
    }

    /// Tells the model, and carries out what it asks for.
    pub fn tell(&mut self, message: Message) {
        let effects = update(&mut self.model, message);
        self.settle(effects);
    }

    fn settle(&mut self, effects: Vec<Effect>) {
        let mut waiting = VecDeque::from(effects);
        while let Some(effect) = waiting.pop_front() {
            if let Some(message) = self.carry_out(effect) {
                waiting.extend(update(&mut self.model, message));
            }
        }
    }

    fn carry_out(&mut self, effect: Effect) -> Option<Message> {
        let (clinic, actor, now) = (&self.clinic, &self.actor, self.now);
        let answer = |request, reply| Some(Message::Reply { request, reply });
        match effect {
            Effect::LoadSetup { request } => {
                let setup = self
                    .runtime
                    .block_on(async { Ok((clinic.setup().await?, clinic.users().await?)) });
                answer(request, Reply::Setup(setup))
            }
            Effect::LoadBooks { request, practitioners, days } => {
                let books = self.runtime.block_on(clinic.books(&practitioners, days));
                answer(request, Reply::Books(books))
            }
            Effect::Preview { request, command } => {
                let preview = self.runtime.block_on(clinic.preview(actor, &command, now));
                answer(request, Reply::Preview(preview.map(Box::new)))
            }
            Effect::Execute { request, id, command } => {
                let outcome = self.runtime.block_on(clinic.execute(actor, id, &command, now));
                answer(request, Reply::Executed(outcome.map(Box::new)))
            }
            Effect::FindPatients { request, text } => {
                let found = self.runtime.block_on(clinic.find_patients(actor, &text, 50));
                answer(request, Reply::Patients(found))
            }
            Effect::LoadPatient { request, patient } => {
                let card = self.runtime.block_on(clinic.patient_card(actor, &patient, now));
                answer(request, Reply::Patient(card.map(Box::new)))
            }
            Effect::FindFree { request, question } => {
                let times = self.runtime.block_on(clinic.free_times(&question, now));
                answer(request, Reply::Free(times))
            }
            Effect::LoadDayList { request, practitioners, date } => {
                let lists = clinic.day_lists(actor, &practitioners, date, now);
                answer(request, Reply::DayList(self.runtime.block_on(lists)))
            }
            Effect::LoadCalls { request, practitioner, days } => {
                let list = clinic.call_list(actor, &practitioner, days);
                answer(request, Reply::Calls(self.runtime.block_on(list).map(Box::new)))
            }
            Effect::LoadLog { request, question } => {
                let log = self.runtime.block_on(clinic.log(actor, &question, 500));
                answer(request, Reply::Log(log))
            }
            Effect::Find { request, text } => {
                let found = self.runtime.block_on(clinic.find(actor, &text, now, 20));
                answer(request, Reply::Found(found.map(Box::new)))
            }
            Effect::LoadInbox { request } => {
                let inbox = self.runtime.block_on(clinic.inbox(actor, 200));
                answer(request, Reply::Inbox(inbox.map(Box::new)))
            }
            Effect::AskAgent { request, what } => {
                let asked = clinic.ask_agent(actor, what, chrono::Utc::now());
                answer(request, Reply::AgentAsked(self.runtime.block_on(asked)))
            }
            Effect::KeepDiagnostics(_) => {
                Some(Message::DiagnosticsKept(Ok("online-client.json".to_owned())))
            }
            Effect::LoadAgent { request, practitioners, days } => {
                let report = self.runtime.block_on(clinic.agent_report(&practitioners, days));
                answer(request, Reply::Agent(report.map(Box::new)))
            }
            Effect::KeepSeen { request, seen } => {
                let kept = self.runtime.block_on(clinic.keep_seen(actor, &seen));
                answer(request, Reply::SeenKept(kept))
            }
            Effect::SetPassword { request, id, change } => {
                let at = (now, chrono::Utc::now());
                let set = self.runtime.block_on(clinic.change_password(actor, id, change, at));
                answer(request, Reply::PasswordSet(set.map(Box::new)))
            }
            Effect::Unlock { request, signature, password } => {
                let now = chrono::Utc::now();
                let opened = self.runtime.block_on(clinic.sign_in(&signature, password, now));
                answer(request, Reply::Unlocked(opened.map(drop)))
            }
            Effect::Rest { request } => answer(request, Reply::Rested),
            Effect::SavePreferences(preferences) => {
                self.kept.push(preferences);
                None
            }
            Effect::Redraw => None,
            Effect::Suspend => {
                self.suspended += 1;
                None
            }
            Effect::Quit => {
                self.left = true;
                None
            }
        }
    }

    /// What is drawn now.
    pub fn shown(&self) -> Shown {
        let (width, height) = self.size;
        let mut terminal =
            Terminal::new(TestBackend::new(width, height)).expect("memory is a terminal");
        let mut cursor_shown = None;
        terminal
            .draw(|frame| {
                view(&self.model, frame);
            })
            .expect("memory can be drawn on");
        if terminal.backend().cursor_visible() {
            cursor_shown = terminal.get_cursor_position().ok();
        }
        Shown { buffer: terminal.backend().buffer().clone(), cursor: cursor_shown }
    }

    /// The text that is drawn now, a line a row.
    pub fn screen(&self) -> String {
        let buffer = self.shown().buffer;
        let width = usize::from(buffer.area.width).max(1);
        let rows = buffer.content.chunks(width).map(|row| {
            let row: String = row.iter().map(ratatui::buffer::Cell::symbol).collect();
            row.trim_end().to_owned()
        });
        rows.collect::<Vec<_>>().join("\n")
    }
}

fn parse_keys(script: &str) -> Vec<KeyEvent> {
    let mut keys = Vec::new();
    let mut rest = script;
    while let Some(first) = rest.chars().next() {
        let name = rest.strip_prefix('<').and_then(|rest| rest.split_once('>'));
        let (key, after) = match name {
            Some((name, after)) => (named_key(name), after),
            None => (character(first), &rest[first.len_utf8()..]),
        };
        keys.push(key);
        rest = after;
    }
    keys
}

fn character(character: char) -> KeyEvent {
    let shift = if character.is_uppercase() { KeyModifiers::SHIFT } else { KeyModifiers::NONE };
    KeyEvent::new(KeyCode::Char(character), shift)
}

fn named_key(name: &str) -> KeyEvent {
    let mut modifiers = KeyModifiers::NONE;
    let mut bare = name;
    loop {
        let (modifier, rest) = match bare.split_once('-') {
            Some(("S", rest)) => (KeyModifiers::SHIFT, rest),
            Some(("C", rest)) => (KeyModifiers::CONTROL, rest),
            Some(("A", rest)) => (KeyModifiers::ALT, rest),
            _ => break,
        };
        modifiers |= modifier;
        bare = rest;
    }
    let code = match bare {
        "Enter" => KeyCode::Enter,
        "Esc" => KeyCode::Esc,
        "Tab" if modifiers.contains(KeyModifiers::SHIFT) => KeyCode::BackTab,
        "Tab" => KeyCode::Tab,
        "Up" => KeyCode::Up,
        "Down" => KeyCode::Down,
        "Left" => KeyCode::Left,
        "Right" => KeyCode::Right,
        "PgUp" => KeyCode::PageUp,
        "PgDn" => KeyCode::PageDown,
        "Home" => KeyCode::Home,
        "End" => KeyCode::End,
        "Del" => KeyCode::Delete,
        "BS" => KeyCode::Backspace,
        "Space" => KeyCode::Char(' '),
        "lt" => KeyCode::Char('<'),
        function if function.starts_with('F') && function.len() > 1 => {
            KeyCode::F(function[1..].parse().expect("a function key has a number"))
        }
        single if single.chars().count() == 1 => {
            KeyCode::Char(single.chars().next().unwrap_or_default())
        }
        unknown => panic!("no key is called {unknown:?}"),
    };
    KeyEvent::new(code, modifiers)
}
