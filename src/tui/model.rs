//! What the console knows: the screen's state and what has been loaded. Changed by `update` only.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{Datelike, Days, NaiveDate, Weekday};
use crossterm::event::MouseButton;

use crate::clinic::{Book, Inbox, LogQuestion, Refusal, Revisions};
use crate::domain::{
    Actor, CivilTime, DateRange, Interval, MINUTES_PER_DAY, Minutes, Permission, PractitionerId,
    Preblock, PreblockKind, PreblockTypeId, Setup, Signature, Slot, User,
};
use crate::texts::{self, BookTexts, Dates, FormTexts, Language, Texts};

use super::access::Access;
use super::actions::{Action, Context};
use super::agent::KnownAgent;
use super::clip::Clip;
use super::dialogs::{CallBoard, Overlay};
use super::history::History;
use super::keymap::Keymap;
use super::layout::Layout;
use super::marking::{Cell, Marking, Spot};
use super::message::{Effect, Preferences, RequestId};
use super::options::{CommandIds, Options, Purpose};
use super::patient::{FromRecall, PatientView};
use super::sanitise::{clean, hidden};
use super::secret::Secret;
use super::settings::Settings;
use super::theme::{Palette, Role, Symbols};

/// Whether the weekend's columns show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weekend {
    /// When something is scheduled or laid out on it.
    WhenUsed,
    Always,
}

/// What the grid shows foremost, and what its keys are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Preblocks and bookings.
    Book,
    /// *Arbetsschema*: the work sessions.
    Schedule,
}

/// What stands side by side on the grid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spread {
    /// One practitioner's days.
    Week,
    /// One day of the practitioners of a company.
    Day,
}

/// A practitioner's book, and its bookable times.
pub struct OpenBook {
    pub book: Book,
    pub slots: Vec<Slot>,
}

/// How far the set-up has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    LoadingSetup,
    Ready,
}

/// A message in the status line, there until the next key; an error stays while the cursor moves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    pub text: String,
    pub role: Role,
}

/// The requests whose answers matter; others are stale.
#[derive(Debug, Default)]
pub struct Requests {
    last: u64,
    pub setup: Option<RequestId>,
    /// Whose books were asked for last.
    pub books: Option<(RequestId, Vec<PractitionerId>)>,
    /// What was asked of the audit log.
    pub log: Option<(RequestId, LogQuestion)>,
    pub inbox: Option<RequestId>,
    /// The rest after which the pane follows the cursor.
    pub rest: Option<RequestId>,
    /// When the oldest unanswered request was sent.
    pub since: Option<CivilTime>,
    /// The oldest unanswered request has waited for longer than people do without a word.
    pub slow: bool,
}

impl Requests {
    /// A number not used before.
    pub fn next(&mut self) -> RequestId {
        self.last += 1;
        RequestId(self.last)
    }

    /// Whether a request is the one for books that still matters.
    pub fn is_for_books(&self, request: RequestId) -> bool {
        self.books.as_ref().is_some_and(|(id, _)| *id == request)
    }
}

/// The screen is locked.
pub struct Lock {
    pub typed: Secret,
    /// Why it did not open.
    pub error: Option<String>,
    /// The request that tries what was typed.
    pub trying: Option<RequestId>,
}

/// Whether patients' names and texts are on screen: somebody may look over one's shoulder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Names {
    Shown,
    Hidden,
}

impl Names {
    pub(super) fn other(self) -> Self {
        match self {
            Names::Shown => Names::Hidden,
            Names::Hidden => Names::Shown,
        }
    }
}

/// The console's state.
pub struct Model {
    pub(super) language: Language,
    pub(super) palette: Palette,
    pub(super) symbols: Symbols,
    pub(super) preferences: Preferences,
    pub(super) purpose: Purpose,
    pub(super) actor: Actor,
    pub(super) access: Access,
    pub(super) lock: Option<Lock>,
    /// Minutes that have begun since a key, the mouse or a paste.
    pub(super) idle_minutes: u32,
    pub(super) command_ids: CommandIds,
    pub(super) keymap: Keymap,
    pub(super) now: CivilTime,
    pub(super) size: (u16, u16),
    pub(super) phase: Phase,
    pub(super) setup: Arc<Setup>,
    pub(super) users: BTreeMap<Signature, User>,
    pub(super) practitioner: Option<PractitionerId>,
    /// The books loaded; all of them cover whole weeks.
    pub(super) books: BTreeMap<PractitionerId, OpenBook>,
    pub(super) spread: Spread,
    /// The first lane in view, where not all fit side by side.
    pub(super) first_lane: usize,
    pub(super) weekend: Weekend,
    pub(super) names: Names,
    /// On the book of [`Model::practitioner`].
    pub(super) cursor: Cell,
    /// Where the cursor last rested: "Patienten ser" and the long form of the info line are of it.
    pub(super) rested: Spot,
    /// The first minute of the day in view.
    pub(super) scroll: Minutes,
    pub(super) mode: Mode,
    pub(super) marking: Option<Marking>,
    /// The mouse button that went down on the grid and has not been let go.
    pub(super) held: Option<MouseButton>,
    /// Who was told to be away last, and when.
    pub(super) away: Option<(PractitionerId, DateRange)>,
    /// What was cut or copied.
    pub(super) clip: Option<Clip>,
    /// What the marking would give, by preblock type: recounted when it changes.
    pub(super) marking_gives: Vec<(PreblockTypeId, usize)>,
    pub(super) overlays: Vec<Overlay>,
    pub(super) status: Option<Status>,
    pub(super) requests: Requests,
    pub(super) history: History,
    pub(super) polled: Option<Revisions>,
    /// The revisions with which the set-up was last asked for.
    pub(super) setup_revisions: Option<Revisions>,
    pub(super) lost_since: Option<CivilTime>,
    /// A booking from the recall that waits for a time (R16).
    pub(super) from_recall: Option<Box<FromRecall>>,
    /// What patients did online, as last loaded.
    pub(super) inbox: Inbox,
    pub(super) agent: KnownAgent,
}

/// Minutes that the grid scrolls by at least.
const HOUR: i32 = 60;

impl Model {
    /// The console as it starts, and what it asks for first.
    pub fn new(options: Options, now: CivilTime, size: (u16, u16)) -> (Model, Vec<Effect>) {
        let mut requests = Requests { since: Some(now), ..Requests::default() };
        let request = requests.next();
        requests.setup = Some(request);
        let cursor = Cell { date: first_day(now.date()), minute: now.minute_of_day() };
        let status = match &options.purpose {
            Purpose::Demo(Some(page)) => Some(page.greeting(options.language)),
            _ => None,
        };
        let mut model = Model {
            language: options.language,
            palette: options.palette,
            symbols: options.symbols,
            preferences: options.preferences,
            purpose: options.purpose,
            actor: options.actor,
            access: options.access,
            lock: None,
            idle_minutes: 0,
            command_ids: options.command_ids,
            keymap: options.keymap,
            now,
            size,
            phase: Phase::LoadingSetup,
            setup: Arc::default(),
            users: BTreeMap::new(),
            rested: Spot { practitioner: options.practitioner.clone(), cell: cursor },
            practitioner: options.practitioner,
            books: BTreeMap::new(),
            spread: Spread::Week,
            first_lane: 0,
            weekend: Weekend::WhenUsed,
            names: Names::Shown,
            cursor,
            scroll: Minutes(8 * 60),
            mode: Mode::Book,
            marking: None,
            held: None,
            away: None,
            clip: None,
            marking_gives: Vec::new(),
            overlays: Vec::new(),
            status,
            requests,
            history: History::default(),
            polled: None,
            setup_revisions: None,
            lost_since: None,
            from_recall: None,
            inbox: Inbox::default(),
            agent: KnownAgent::default(),
        };
        model.align();
        (model, vec![Effect::LoadSetup { request }])
    }

    pub(super) fn texts(&self) -> &'static Texts {
        self.language.texts()
    }

    /// The first of an action's keys in a context, as it is told of.
    pub(super) fn key_of(&self, context: Context, action: Action) -> String {
        self.keymap.keys(context, action).next().map(|key| key.to_string()).unwrap_or_default()
    }

    pub(super) fn form_texts(&self) -> &'static FormTexts {
        self.language.form_texts()
    }

    pub(super) fn book_texts(&self) -> &'static BookTexts {
        self.language.book_texts()
    }

    pub(super) fn dates(&self) -> Dates {
        Dates(self.language)
    }

    /// `ons 25 nov`, with the year where it is another than this one.
    pub(super) fn date(&self, date: NaiveDate) -> String {
        self.dates().dated(date, self.now.date())
    }

    /// `ons 25 nov–fre 27 nov`, with the year where it is another than this one.
    pub(super) fn period(&self, days: DateRange) -> String {
        self.dates().period(days, self.now.date())
    }

    pub(super) fn may(&self, permission: Permission) -> bool {
        self.actor.may(permission)
    }

    /// That the user has not the permission, as the reason why something is grey (R17).
    pub(super) fn lacks(&self, permission: Permission) -> Option<String> {
        (!self.may(permission)).then(|| self.texts().lacks(permission))
    }

    /// Whether the screen shows who patients are (R22).
    pub(super) fn shows_patients(&self) -> bool {
        self.may(Permission::PatientView) && self.names == Names::Shown
    }

    /// A text that is somebody's own, as the screen may show it: dots while names are hidden (R22).
    pub(super) fn personal(&self, text: &str) -> String {
        match self.names {
            Names::Shown => clean(text).into_owned(),
            Names::Hidden => hidden(text),
        }
    }

    /// A refusal as a sentence.
    pub(super) fn refusal(&self, refusal: &Refusal) -> String {
        texts::refusal(self.language, refusal, &self.setup)
    }

    /// Minutes a row: 5, 10, 15 or 30.
    pub(super) fn row_minutes(&self) -> u8 {
        self.preferences.row_minutes
    }

    pub(super) fn row(&self) -> Minutes {
        Minutes(i32::from(self.row_minutes()).max(1))
    }

    /// Puts cursor and scroll on rows.
    pub(super) fn align(&mut self) {
        if ![5, 10, 15, 30].contains(&self.preferences.row_minutes) {
            self.preferences.row_minutes = 15;
        }
        let row = self.row().0;
        self.cursor.minute = Minutes(self.cursor.minute.0 / row * row);
        self.scroll = Minutes(self.scroll.0.clamp(0, MINUTES_PER_DAY) / row * row);
        self.show_cursor();
    }

    /// Scrolls by as few whole hours as bring the cursor's row into view: most of the gutter stays.
    pub(super) fn show_cursor(&mut self) {
        let Some(layout) = Layout::of(self) else { return };
        let row = self.row().0;
        let visible = i32::from(layout.grid.height.max(1)) * row;
        let (first, at) = (self.scroll.0, self.cursor.minute.0);
        let lowest = at + row - visible;
        let first = if at < first {
            at.div_euclid(HOUR) * HOUR
        } else if first < lowest {
            ((lowest + HOUR - 1).div_euclid(HOUR) * HOUR).min(at)
        } else {
            first
        };
        self.scroll = Minutes(first.clamp(0, self.last_scroll()));
    }

    /// The furthest that the grid scrolls.
    pub(super) fn last_scroll(&self) -> i32 {
        let rows = Layout::of(self).map_or(1, |layout| i32::from(layout.grid.height));
        let row = self.row().0;
        (MINUTES_PER_DAY - rows * row).max(0).div_euclid(row) * row
    }

    /// Why the user may not touch such preblocks, if so (R17).
    pub(super) fn lacks_for_preblocks<'a>(
        &self,
        mut preblocks: impl Iterator<Item = &'a Preblock>,
    ) -> Option<String> {
        preblocks.find_map(|preblock| {
            let kind = self.setup.preblock_types.get(&preblock.preblock_type)?.kind;
            self.lacks_for_kind(kind)
        })
    }

    /// Why the user may not touch preblocks of a kind, if so (R17).
    pub(super) fn lacks_for_kind(&self, kind: PreblockKind) -> Option<String> {
        self.lacks(kind.permission())
    }

    /// Whether the settings take the whole screen.
    pub(super) fn settings_are_open(&self) -> bool {
        self.settings().is_some()
    }

    /// The list of whom to call, under whatever lies over it.
    pub(super) fn call_board(&self) -> Option<&CallBoard> {
        self.overlays.iter().find_map(|overlay| match overlay {
            Overlay::Calls(board) => Some(&**board),
            _ => None,
        })
    }

    /// The patient's card, under whatever lies over it.
    pub(super) fn patient_view(&self) -> Option<&PatientView> {
        self.overlays.iter().find_map(|overlay| match overlay {
            Overlay::Patient(view) => Some(&**view),
            _ => None,
        })
    }

    /// The settings screen, under whatever lies over it.
    pub(super) fn settings(&self) -> Option<&Settings> {
        self.overlays.iter().find_map(|overlay| match overlay {
            Overlay::Settings(settings) => Some(&**settings),
            _ => None,
        })
    }

    /// The settings screen, to change it.
    pub(super) fn settings_mut(&mut self) -> Option<&mut Settings> {
        self.overlays.iter_mut().find_map(|overlay| match overlay {
            Overlay::Settings(settings) => Some(&mut **settings),
            _ => None,
        })
    }

    /// Takes over the users, and the signed-in one's permissions as they are now (R17).
    pub(super) fn take_users(&mut self, users: BTreeMap<Signature, User>) {
        if let Actor::User(user) = &mut self.actor {
            match users.get(&user.signature) {
                Some(current) => *user = current.clone(),
                None => user.active = false,
            }
        }
        self.users = users;
    }

    /// Whether an answer of the database is waited for.
    fn is_waiting(&self) -> bool {
        self.history.is_busy() || self.requests.books.is_some() || self.requests.setup.is_some()
    }

    /// The question for the book that the cursor is on, as long as that is not there to be shown.
    pub(super) fn asked_to_show(&self) -> Option<RequestId> {
        let (asked, _) = self.requests.books.as_ref()?;
        self.current_open().is_none().then_some(*asked)
    }

    /// Takes note that one more answer is about to be waited for.
    pub(super) fn begin_waiting(&mut self) {
        if !self.is_waiting() {
            (self.requests.since, self.requests.slow) = (Some(self.now), false);
        }
    }

    /// Since when the database has not answered, once that takes long or it is lost.
    pub(super) fn waiting_since(&self) -> Option<CivilTime> {
        let long = |since: &CivilTime| self.requests.slow || *since < self.now;
        let slow = self.requests.since.filter(|since| self.is_waiting() && long(since));
        self.lost_since.or(slow)
    }
}

/// Which of the things in a row its cell names: the first that begins in it, else the one that
/// reaches into it.
pub(super) fn named<T>(all: &[T], row: Interval, of: impl Fn(&T) -> Interval) -> Option<&T> {
    all.iter().find(|each| row.contains_time(of(each).start())).or(all.first())
}

/// The day shown first: today, on weekends the Monday after.
fn first_day(today: NaiveDate) -> NaiveDate {
    let ahead = match today.weekday() {
        Weekday::Sat => 2,
        Weekday::Sun => 1,
        _ => 0,
    };
    today.checked_add_days(Days::new(ahead)).unwrap_or(today)
}
