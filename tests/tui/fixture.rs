//! A small clinic in memory and a console on it: keys in, effects and screens out.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crossterm::event::{KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::layout::Position;
use tidbok::clinic::{
    AgentReport, AskedOfAgent, AuditEntry, Book, CallList, Change, Command, Found, FreeTimes,
    Inbox, Looked, Outcome, PatientCard, Preview, Revisions,
};
use tidbok::domain::*;
use tidbok::texts::Language;
use tidbok::tui::keymap::{Chord, Keymap};
use tidbok::tui::{
    Access, Effect, Message, Model, Options, Palette, Preferences, Purpose, Reply, RequestId,
    Symbols, update, view,
};

/// Wednesday in week 48.
pub const NOW: &str = "2026-11-25T10:12";

pub fn time(text: &str) -> CivilTime {
    text.parse().expect("a time")
}

pub fn interval(date: &str, hours: &str) -> Interval {
    let (from, to) = hours.split_once('-').expect("from-to");
    let at = |clock: &str| time(&format!("{date}T{clock}"));
    Interval::new(at(from), at(to)).expect("from before to")
}

fn category(id: &str, name: &str) -> (CategoryId, Category) {
    (id.into(), Category { id: id.into(), name: name.into() })
}

pub fn preblock_type(id: &str, name: &str, kind: PreblockKind, color: &str) -> PreblockType {
    PreblockType {
        id: id.into(),
        name: name.into(),
        text: String::new(),
        color: Color::parse(color).expect("a colour"),
        kind,
        valid_for: ValidFor::Everyone,
        may_bypass: true,
        allow: true,
        categories: BTreeSet::from(["us".into()]),
        expires_days_before: None,
        code: None,
        active: true,
    }
}

fn template(id: &str, name: &str, minutes: i64, category: &str) -> BookingTemplate {
    BookingTemplate {
        id: id.into(),
        name: name.into(),
        minutes: TemplateMinutes::new(minutes).expect("1–600"),
        category: category.into(),
        online: true,
        online_rebook: true,
        online_cancel: true,
        recall: false,
        calendar_text: "E-tid".into(),
        resources: ResourceCodes::default(),
        moves_recall: false,
        active: true,
    }
}

pub fn practitioner(id: &str, name: &str) -> (PractitionerId, Practitioner) {
    let practitioner = Practitioner {
        id: id.into(),
        company: "c".into(),
        signature: id.into(),
        name: name.into(),
        title: String::new(),
        active: true,
        lists: ListChoices::default(),
    };
    (id.into(), practitioner)
}

pub fn setup() -> Setup {
    let company = Company {
        id: "c".into(),
        organisation: "o".into(),
        name: "Tandkliniken Storgatan AB".into(),
        org_number: None,
        address: None,
        phone: None,
        email: None,
        portal_text: None,
        paused: false,
        lists: ListChoices {
            online_template_list: Some("online".into()),
            ..ListChoices::default()
        },
    };
    let types = [
        preblock_type("e-us", "E-us", PreblockKind::Internet, "#2e8b57"),
        PreblockType {
            expires_days_before: Some(2),
            ..preblock_type("e-akut", "E-akut", PreblockKind::Internet, "#c03030")
        },
        PreblockType {
            code: Some("4711".into()),
            ..preblock_type("kod", "Kodat", PreblockKind::Internet, "#4169e1")
        },
        preblock_type("moete", "Möte", PreblockKind::Internal, "#b8860b"),
        PreblockType {
            valid_for: ValidFor::Only(BTreeSet::from(["BO".into()])),
            ..preblock_type("bo", "Bara Bo", PreblockKind::Internet, "#808080")
        },
    ];
    let templates = [
        template("us30", "Undersökning 30 min", 30, "us"),
        template("us45", "Undersökning m. rtg", 45, "us"),
        template("akut", "Akutbesök 20 min", 20, "akut"),
        template("vit", "Blekning", 60, "us"),
    ];
    Setup {
        organisations: BTreeMap::from([(
            "o".into(),
            Organisation { id: "o".into(), name: "Org".into(), lists: ListChoices::default() },
        )]),
        companies: BTreeMap::from([("c".into(), company)]),
        practitioners: BTreeMap::from([
            practitioner("AE", "Anna Ek"),
            practitioner("BO", "Bo Öst"),
            practitioner("AA", "Åsa Alm"),
        ]),
        categories: BTreeMap::from([category("us", "Undersökning"), category("akut", "Akut")]),
        preblock_types: types.into_iter().map(|found| (found.id.clone(), found)).collect(),
        templates: templates.into_iter().map(|found| (found.id.clone(), found)).collect(),
        template_lists: BTreeMap::from([(
            "online".into(),
            TemplateList {
                id: "online".into(),
                name: "E-tidbok".into(),
                owner: ListOwner::All,
                items: vec!["us30".into(), "us45".into(), "akut".into()],
            },
        )]),
        closed_days: BTreeSet::from([parse_date("2026-11-27").expect("a date")]),
        ..Setup::default()
    }
}

pub fn user(permissions: &[Permission]) -> User {
    User {
        signature: "EK".into(),
        name: "Eva Karlsson".into(),
        permissions: Some(permissions.iter().copied().collect()),
        os_account: None,
        password_hash: None,
        active: true,
    }
}

pub fn everything() -> User {
    user(Permission::ALL)
}

pub fn session(id: &str, interval: Interval) -> WorkSession {
    WorkSession { id: WorkSessionId::new(id), practitioner: "AE".into(), interval }
}

pub fn preblock(id: &str, of: &str, interval: Interval) -> Preblock {
    Preblock {
        id: PreblockId::new(id),
        practitioner: "AE".into(),
        preblock_type: of.into(),
        interval,
    }
}

pub fn booking(id: &str, interval: Interval, patient: &str, by: &str) -> Booking {
    Booking {
        id: BookingId::new(id),
        practitioner: "AE".into(),
        interval,
        category: "us".into(),
        template: Some("us30".into()),
        patient: Some(patient.into()),
        text: "Kontroll".into(),
        resources: ResourceCodes::default(),
        registered_by: by.into(),
        state: BookingState::Booked,
        portal_id: None,
        identification: Identification::Unverified,
    }
}

pub fn patient(id: &str, first: &str, last: &str, protection: IdentityProtection) -> Patient {
    Patient {
        id: id.into(),
        personnummer: None,
        first_name: first.into(),
        last_name: last.into(),
        email: None,
        mobile: None,
        address: None,
        protection,
        recall: Recall { months: 12, date: None, template: None },
    }
}

/// Anna Ek's week 48: sessions 8–12 and 13–17 but Friday, preblocks, bookings.
pub fn calendar() -> Calendar {
    let mut sessions = Vec::new();
    for day in ["2026-11-23", "2026-11-24", "2026-11-25", "2026-11-26"] {
        sessions.push(session(&format!("{day}a"), interval(day, "08:00-12:00")));
        sessions.push(session(&format!("{day}b"), interval(day, "13:00-17:00")));
    }
    let preblocks = vec![
        preblock("p1", "e-us", interval("2026-11-25", "13:00-15:00")),
        preblock("p2", "e-us", interval("2026-11-26", "08:00-10:00")),
        preblock("p3", "e-akut", interval("2026-11-26", "10:30-12:00")),
        preblock("p4", "moete", interval("2026-11-24", "15:10-16:00")),
        preblock("p5", "e-us", interval("2026-11-26", "18:00-19:00")),
    ];
    let bookings = vec![
        booking("b1", interval("2026-11-24", "08:00-08:30"), "pk", "EK"),
        booking("b2", interval("2026-11-25", "13:30-14:10"), "pe", ITB),
        booking("b3", interval("2026-11-24", "09:10-09:40"), "ps", "EK"),
        booking("b4", interval("2026-11-24", "09:40-10:00"), "pk", "EK"),
    ];
    Calendar::new(sessions, preblocks, bookings)
}

pub fn patients() -> BTreeMap<PatientId, Patient> {
    use IdentityProtection::{None, Protected};
    [
        patient("pk", "Karl", "Karlsson", None),
        patient("pe", "Eva", "Ek\u{202e}\x1b[31m", None),
        patient("ps", "Stina", "Hemlig", Protected),
    ]
    .into_iter()
    .map(|patient| (patient.id.clone(), patient))
    .collect()
}

/// How the console is started.
pub struct Start {
    pub user: User,
    pub language: Language,
    pub palette: Palette,
    pub symbols: Symbols,
    pub size: (u16, u16),
    pub row_minutes: u8,
    pub keymap: Keymap,
    pub now: &'static str,
    pub access: Access,
}

impl Default for Start {
    fn default() -> Self {
        Self {
            user: everything(),
            language: Language::Swedish,
            palette: Palette::TrueColor,
            symbols: Symbols::Unicode,
            size: (80, 24),
            row_minutes: 30,
            keymap: Keymap::default(),
            now: NOW,
            access: Access::default(),
        }
    }
}

impl Start {
    /// 120×40, in English, without colours and line-drawing characters.
    pub fn plain() -> Self {
        Self {
            size: (120, 40),
            symbols: Symbols::Ascii,
            palette: Palette::Mono,
            language: Language::English,
            ..Self::default()
        }
    }
}

/// A console with a store that a test answers for.
pub struct Console {
    pub model: Model,
    pub setup: Setup,
    pub user: User,
    /// Anna Ek's book.
    pub calendar: Calendar,
    /// Other practitioners' books; empty where there is none.
    pub others: BTreeMap<PractitionerId, Calendar>,
    /// What the audit log answers.
    pub log: Vec<AuditEntry>,
    pub patients: BTreeMap<PatientId, Patient>,
    /// What every patient offers.
    pub offered: Option<OfferedContacts>,
    /// What patients did online.
    pub inbox: Inbox,
    /// What the Online Client's agent tells of itself.
    pub agent: AgentReport,
    /// What was to be written where the user finds it.
    pub diagnostics: Vec<String>,
    pub size: (u16, u16),
    /// What has been asked for and not answered; commands without what was shown of them.
    pub effects: Vec<Effect>,
    /// The commands that were sent as they were shown.
    pub as_shown: Vec<Command>,
    /// Whether a test answers itself which times come and go with a change of the settings.
    pub counts_settings: bool,
}

impl Console {
    /// Started, nothing answered yet.
    pub fn started(start: Start) -> Self {
        let mut count = 0;
        let options = Options {
            actor: Actor::User(start.user.clone()),
            language: start.language,
            palette: start.palette,
            symbols: start.symbols,
            preferences: Preferences { row_minutes: start.row_minutes },
            keymap: start.keymap.clone(),
            access: start.access.clone(),
            purpose: Purpose::Clinic,
            practitioner: None,
            command_ids: Box::new(move || {
                count += 1;
                CommandId::new(format!("command-{count}"))
            }),
        };
        let (model, effects) = Model::new(options, time(start.now), start.size);
        Self {
            model,
            setup: setup(),
            user: start.user,
            calendar: calendar(),
            patients: patients(),
            offered: None,
            others: BTreeMap::new(),
            log: Vec::new(),
            inbox: Inbox::default(),
            agent: AgentReport::default(),
            diagnostics: Vec::new(),
            size: start.size,
            effects,
            as_shown: Vec::new(),
            counts_settings: false,
        }
    }

    /// Takes note of what was shown of a command.
    fn bare(&mut self, effect: Effect) -> Effect {
        match effect {
            Effect::Execute { request, id, command } => {
                let bare = command.bare().clone();
                if matches!(command, Command::AsShown(_)) {
                    self.as_shown.push(bare.clone());
                }
                Effect::Execute { request, id, command: bare }
            }
            other => other,
        }
    }

    /// Started, with the clinic and Anna Ek's week loaded.
    pub fn open(start: Start) -> Self {
        let mut console = Self::started(start);
        console.answer();
        console
    }

    pub fn send(&mut self, message: Message) -> &mut Self {
        let effects = update(&mut self.model, message);
        for effect in effects {
            let bare = self.bare(effect);
            self.effects.push(bare);
        }
        self.count_settings();
        self
    }

    /// What a change of the settings does to times is nothing, unless a test asks.
    fn count_settings(&mut self) {
        if self.counts_settings {
            return;
        }
        let of_settings = |effect: &mut Effect| {
            matches!(effect, Effect::Preview { command: Command::ChangeSetting(_), .. })
        };
        let counted: Vec<Effect> = self.effects.extract_if(.., of_settings).collect();
        for effect in counted {
            if let Some((request, reply)) = self.reply(effect) {
                self.send(Message::Reply { request, reply });
            }
        }
    }

    /// Presses keys as the registry writes them, with spaces between; answers nothing.
    pub fn press(&mut self, keys: &str) -> &mut Self {
        for key in keys.split(' ') {
            let chord = Chord::parse(key).unwrap_or_else(|| panic!("a key: {key}"));
            self.send(Message::Key(KeyEvent::new(chord.code, chord.modifiers)));
        }
        self
    }

    /// Types a text.
    pub fn type_text(&mut self, text: &str) -> &mut Self {
        for letter in text.chars() {
            let code = crossterm::event::KeyCode::Char(letter);
            self.send(Message::Key(KeyEvent::new(code, KeyModifiers::NONE)));
        }
        self
    }

    pub fn mouse(
        &mut self,
        kind: fn(MouseButton) -> MouseEventKind,
        button: MouseButton,
        at: (u16, u16),
    ) -> &mut Self {
        self.mouse_with(kind(button), at, KeyModifiers::NONE)
    }

    pub fn mouse_with(
        &mut self,
        kind: MouseEventKind,
        (column, row): (u16, u16),
        modifiers: KeyModifiers,
    ) -> &mut Self {
        self.send(Message::Mouse(MouseEvent { kind, column, row, modifiers }))
    }

    /// Takes what has been asked for.
    pub fn take(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.effects)
    }

    /// Answers what has been asked for so far; what is asked for then waits.
    pub fn answer_once(&mut self) -> &mut Self {
        for effect in self.take() {
            if let Some((request, reply)) = self.reply(effect) {
                self.send(Message::Reply { request, reply });
            }
        }
        self
    }

    /// Answers everything that is asked for, until nothing is.
    pub fn answer(&mut self) -> &mut Self {
        for _ in 0..100 {
            if self.effects.is_empty() {
                return self;
            }
            self.answer_once();
        }
        panic!("the console does not come to rest");
    }

    pub fn reply_setup(&self) -> Reply {
        let users = BTreeMap::from([(self.user.signature.clone(), self.user.clone())]);
        Reply::Setup(Ok((Arc::new(self.setup.clone()), users)))
    }

    pub fn reply_books(&self, practitioners: Vec<PractitionerId>, days: DateRange) -> Reply {
        let book = |practitioner: PractitionerId| {
            let calendar = match practitioner.as_str() {
                "AE" => self.calendar.clone(),
                _ => self.others.get(&practitioner).cloned().unwrap_or_default(),
            };
            Book {
                practitioner,
                days,
                calendar,
                resources: Arc::default(),
                patients: self.patients.clone(),
                out_there: OutThere::new(),
                revisions: Arc::default(),
            }
        };
        Reply::Books(Ok(practitioners.into_iter().map(book).collect()))
    }

    fn reply(&mut self, effect: Effect) -> Option<(RequestId, Reply)> {
        match effect {
            Effect::LoadSetup { request } => Some((request, self.reply_setup())),
            Effect::LoadBooks { request, practitioners, days } => {
                Some((request, self.reply_books(practitioners, days)))
            }
            Effect::Preview { request, .. } => {
                Some((request, Reply::Preview(Ok(Box::new(preview())))))
            }
            Effect::Execute { request, id, command } => {
                let outcome = self.execute(id, command);
                Some((request, Reply::Executed(Ok(Box::new(outcome)))))
            }
            Effect::FindPatients { request, .. } => {
                let found = self.patients.values().take(2).cloned().collect();
                Some((request, Reply::Patients(Ok(found))))
            }
            Effect::FindFree { request, question } => {
                let searched = DateRange::new(question.from, 366);
                Some((request, Reply::Free(Ok(FreeTimes { times: Vec::new(), searched }))))
            }
            Effect::LoadCalls { request, practitioner, days } => {
                let (bookings, revisions) = (Vec::new(), Revisions::default());
                let list = CallList { practitioner, days, bookings, revisions };
                Some((request, Reply::Calls(Ok(Box::new(list)))))
            }
            Effect::LoadDayList { request, .. } => Some((request, Reply::DayList(Ok(Vec::new())))),
            Effect::LoadPatient { request, patient } => {
                Some((request, Reply::Patient(Ok(Box::new(self.card(&patient))))))
            }
            Effect::LoadLog { request, .. } => Some((request, Reply::Log(Ok(self.log.clone())))),
            Effect::Find { request, text } => {
                Some((request, Reply::Found(Ok(Box::new(self.found(&text))))))
            }
            Effect::LoadInbox { request } => {
                Some((request, Reply::Inbox(Ok(Box::new(self.inbox.clone())))))
            }
            Effect::AskAgent { request, what } => {
                *self.agent.pulse.asked.of_mut(what) += 1;
                let n = self.agent.pulse.asked.of(what);
                let at = ClinicZone::default().first_instant(time(NOW));
                let by = self.user.signature.to_string();
                self.agent.asked.retain(|asked| asked.request != what);
                self.agent.asked.push(AskedOfAgent { request: what, n, at, by });
                Some((request, Reply::AgentAsked(Ok(()))))
            }
            Effect::LoadAgent { request, .. } => {
                Some((request, Reply::Agent(Ok(Box::new(self.agent.clone())))))
            }
            Effect::KeepSeen { request, seen } => {
                for arrival in &mut self.inbox.arrivals {
                    if seen.get(&arrival.entry.0).is_some_and(|last| arrival.entry.1 <= *last) {
                        arrival.looked = Looked::Seen;
                    }
                }
                Some((request, Reply::SeenKept(Ok(()))))
            }
            Effect::SetPassword { request, .. } => {
                let outcome =
                    Outcome { command: "set".into(), practitioner: None, changes: vec![] };
                Some((request, Reply::PasswordSet(Ok(Box::new(outcome)))))
            }
            Effect::Unlock { request, .. } => Some((request, Reply::Unlocked(Ok(())))),
            Effect::Rest { request } => Some((request, Reply::Rested)),
            Effect::KeepDiagnostics(text) => {
                self.diagnostics.push(text);
                None
            }
            Effect::SavePreferences(_) | Effect::Redraw | Effect::Suspend | Effect::Quit => None,
        }
    }

    /// What the store tells of a patient.
    fn card(&self, patient: &PatientId) -> PatientCard {
        let known = self.patients.get(patient).expect("a patient of the fixture");
        let bookings = self.calendar.bookings().iter();
        let own = bookings.filter(|booking| booking.patient.as_ref() == Some(patient));
        let (past, coming): (Vec<_>, Vec<_>) =
            own.cloned().partition(|booking| booking.interval.end() <= time(NOW));
        PatientCard { patient: known.clone(), coming, past, offered: self.offered.clone() }
    }

    /// The patients whose name begins so, and their bookings.
    pub fn found(&self, text: &str) -> Found {
        let mut patients: Vec<Patient> = patients().into_values().collect();
        let wanted = swedish::search_key(text);
        patients.retain(|it| swedish::search_key(&it.last_name).starts_with(&wanted));
        let of =
            |booking: &&Booking| patients.iter().any(|it| booking.patient == Some(it.id.clone()));
        let bookings = self.calendar.bookings().iter().filter(of).cloned().collect();
        let booked = patients.iter().map(|it| (it.id.clone(), it.clone())).collect();
        Found { patients, bookings, booked }
    }

    /// Carries out what changes preblocks, types and templates; others are taken note of only.
    fn execute(&mut self, command_id: CommandId, command: Command) -> Outcome {
        let mut preblocks = self.calendar.preblocks().to_vec();
        let mut changes = Vec::new();
        match command {
            Command::ChangeSetting(change) => {
                self.keep(&change);
                changes.push(Change::Setting(change));
            }
            Command::LayPreblocks { preblock_type, intervals, .. } => {
                for interval in intervals {
                    let id = format!("{command_id}/{interval}");
                    preblocks.push(preblock(&id, preblock_type.as_str(), interval));
                }
            }
            Command::RemovePreblocks { preblocks: gone, .. } => {
                preblocks.retain(|preblock| !gone.contains(&preblock.id));
            }
            Command::Undo { command } => {
                let laid = format!("{command}/");
                preblocks.retain(|preblock| !preblock.id.as_str().starts_with(&laid));
            }
            _ => {}
        }
        self.calendar = Calendar::new(
            self.calendar.sessions().to_vec(),
            preblocks,
            self.calendar.bookings().to_vec(),
        );
        Outcome { command: command_id, practitioner: Some("AE".into()), changes }
    }

    /// Keeps a type or a template that was saved, so that it is loaded next.
    fn keep(&mut self, change: &SettingChange) {
        match change {
            SettingChange::Online(change) => {
                self.setup.online = change.after().cloned().expect("never removed");
            }
            SettingChange::PreblockType(change) => {
                let after = change.after().cloned();
                self.setup.preblock_types.extend(after.map(|it| (it.id.clone(), it)));
            }
            SettingChange::Template(change) => {
                let after = change.after().cloned();
                self.setup.templates.extend(after.map(|it| (it.id.clone(), it)));
            }
            _ => {}
        }
    }

    fn terminal(&self) -> Terminal<TestBackend> {
        let mut terminal =
            Terminal::new(TestBackend::new(self.size.0, self.size.1)).expect("a terminal");
        terminal.draw(|frame| view(&self.model, frame)).expect("drawn");
        terminal
    }

    /// The screen as text.
    pub fn screen(&self) -> String {
        self.terminal().backend().to_string()
    }

    /// The screen's buffer, with its styles.
    pub fn buffer(&self) -> ratatui::buffer::Buffer {
        self.terminal().backend().buffer().clone()
    }

    /// Where the terminal's cursor is.
    pub fn cursor(&self) -> Position {
        use ratatui::backend::Backend;
        self.terminal().backend_mut().get_cursor_position().expect("a cursor")
    }

    /// A line of the screen.
    pub fn line(&self, y: usize) -> String {
        let screen = self.screen();
        screen.lines().nth(y).unwrap_or_default().trim_matches('"').trim_end().to_owned()
    }
}

pub fn preview() -> Preview {
    Preview { practitioner: Some("AE".into()), ..Preview::of_changes(Vec::new()) }
}
