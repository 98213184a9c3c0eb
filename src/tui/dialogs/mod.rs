//! What lies over the grid: menus, prompts, forms and texts to read. State only. Pure.

mod booking;
mod calls;
mod day_list;
mod free;
mod log;
mod matching;
mod menu;
mod moving;
mod password;
mod paste;
mod repeat;
mod short;
mod when;

pub use booking::{BookingField, BookingForm, Confirmed, Looking, Making, Registering, Unreadable};
pub use calls::CallBoard;
pub use day_list::DayListView;
pub use free::{FreeField, FreeForm, MOST_FREE, Search};
pub use log::{LOG_PAGE, LogList, Older};
pub use matching::{SearchKey, Typed};
pub use menu::{Choice, Entry, Menu, WeekDeed};
pub use moving::{MoveField, MoveForm};
pub use password::{AskOld, PasswordField, PasswordForm};
pub use paste::{Coded, PasteField, PasteForm};
pub use repeat::{RepeatField, RepeatForm, Repeated};
pub use short::ShortInput;
pub use when::When;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use tui_input::{Input, InputRequest};

use crate::clinic::{Command, Confirmation, Preview};
use crate::domain::{
    Booking, CivilTime, Finding, LONGEST_TEXT, PractitionerId, PreblockTypeId, WeekTemplateId,
};
use crate::texts::Topic;

use super::actions::Context;
use super::finder::Finder;
use super::logged::Facet;
use super::message::RequestId;
use super::patient::PatientView;
use super::sanitise::clean;
use super::settings::{Level, Searching, Settings};

/// Longest text a field takes, in characters: one more than any may have, so that it is told and not cut.
const LONGEST: usize = LONGEST_TEXT + 1;

/// Something that lies over the grid and gets the keys.
pub enum Overlay {
    Menu(Menu),
    Prompt(Prompt),
    Booking(Box<BookingForm>),
    Move(Box<MoveForm>),
    Repeat(Box<RepeatForm>),
    /// *Klistra in*.
    Paste(Box<PasteForm>),
    Password(Box<PasswordForm>),
    /// *Nästa lediga*.
    Free(Box<FreeForm>),
    Why {
        time: CivilTime,
        scroll: usize,
    },
    Help {
        of: Context,
        scroll: usize,
    },
    /// A page of the handbook.
    Handbook {
        topic: Topic,
        scroll: usize,
    },
    PatientsSee {
        scroll: usize,
    },
    /// The day as a list.
    DayList(Box<DayListView>),
    /// One finding of the settings check at length.
    Finding {
        finding: Box<Finding>,
        scroll: usize,
    },
    /// *Behandlaren är sjuk*: whom to call.
    Calls(Box<CallBoard>),
    Settings(Box<Settings>),
    Patient(Box<PatientView>),
    Finder(Box<Finder>),
    /// What patients did online, one of it selected.
    Inbox {
        selected: usize,
    },
    Log(Box<LogList>),
    /// How it goes with the Online Client.
    Agent {
        scroll: usize,
    },
}

impl Overlay {
    /// Which keys apply.
    pub fn context(&self) -> Context {
        match self {
            Overlay::Menu(_) | Overlay::Finder(_) => Context::Menu,
            Overlay::Inbox { .. } => Context::Inbox,
            Overlay::Log(_) => Context::Log,
            Overlay::Agent { .. } => Context::Agent,
            Overlay::Prompt(_) => Context::Prompt,
            Overlay::Booking(_)
            | Overlay::Move(_)
            | Overlay::Paste(_)
            | Overlay::Repeat(_)
            | Overlay::Free(_)
            | Overlay::Password(_) => Context::Form,
            Overlay::Why { .. } => Context::Why,
            Overlay::Calls(_) => Context::Calls,
            Overlay::DayList(_) => Context::Reader,
            Overlay::Help { .. }
            | Overlay::Handbook { .. }
            | Overlay::PatientsSee { .. }
            | Overlay::Finding { .. } => Context::Reader,
            Overlay::Patient(view) if view.editing.is_some() => Context::Card,
            Overlay::Patient(_) => Context::Patient,
            Overlay::Settings(settings) => match (&settings.level, settings.searching) {
                (Level::Card(_), _) => Context::Card,
                (_, Searching::Yes) => Context::Prompt,
                (_, Searching::No) => Context::Settings,
            },
        }
    }

    /// Whether leaving would lose something typed.
    pub fn is_unsaved(&self) -> bool {
        match self {
            Overlay::Booking(_) | Overlay::Move(_) | Overlay::Repeat(_) => true,
            Overlay::Prompt(prompt) => prompt.is_worth_keeping(),
            Overlay::Paste(form) => !form.codes.value().is_empty(),
            Overlay::Password(form) => form.is_filled_in(),
            Overlay::Settings(settings) => {
                settings.card().is_some_and(|card| card.form.is_edited())
            }
            Overlay::Patient(view) => {
                view.editing.as_ref().is_some_and(|editing| editing.form.is_edited())
            }
            _ => false,
        }
    }

    /// Whether what was filled in is being saved: nothing is typed into it then, and it stays until it says
    /// what came of it.
    pub fn is_saving(&self) -> bool {
        let saving = match self {
            Overlay::Booking(form) => form.saving,
            Overlay::Move(form) => form.saving,
            Overlay::Password(form) => form.saving,
            Overlay::Settings(settings) => settings.card().and_then(|card| card.saving),
            Overlay::Patient(view) => view.editing.as_ref().and_then(|editing| editing.saving),
            _ => None,
        };
        saving.is_some()
    }

    /// The scroll position of a text to read.
    pub fn scroll_mut(&mut self) -> Option<&mut usize> {
        match self {
            Overlay::Why { scroll, .. }
            | Overlay::Help { scroll, .. }
            | Overlay::Handbook { scroll, .. }
            | Overlay::PatientsSee { scroll }
            | Overlay::Agent { scroll }
            | Overlay::Finding { scroll, .. } => Some(scroll),
            Overlay::DayList(view) => Some(&mut view.scroll),
            _ => None,
        }
    }
}

/// What a single field is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    Date,
    Range,
    /// The days on which a practitioner is away.
    Period(PractitionerId),
    /// The name of a week template; `None` of a new one.
    WeekName(Option<WeekTemplateId>),
    /// The code of a type, before it is laid out (R18).
    Code(PreblockTypeId),
    /// Why a booking, as it was seen, is cancelled, in the user's own words.
    Reason(Box<Booking>),
    /// A bound of the log's days.
    LogDay(Facet),
}

/// A single field.
pub struct Prompt {
    pub asked: Asked,
    pub input: Input,
    pub error: Option<String>,
}

impl Prompt {
    /// An empty field.
    pub fn new(asked: Asked) -> Self {
        Self { asked, input: Input::default(), error: None }
    }

    /// Whether somebody has written something of their own in it.
    pub fn is_worth_keeping(&self) -> bool {
        let own = matches!(self.asked, Asked::Reason(_) | Asked::WeekName(_));
        own && !self.input.value().trim().is_empty()
    }
}

/// The answer to "what would it do".
pub enum Previewed {
    /// Nothing to ask about yet.
    Nothing,
    Waiting(RequestId),
    Ready(Box<Preview>),
    /// It has been asked anew; what is known stands until the answer comes.
    Renewing(Box<Preview>, RequestId),
    Refused(String),
}

impl Previewed {
    /// Whether it waits for the answer to this request.
    pub fn waits_for(&self, request: RequestId) -> bool {
        match self {
            Previewed::Waiting(own) | Previewed::Renewing(_, own) => *own == request,
            Previewed::Nothing | Previewed::Ready(_) | Previewed::Refused(_) => false,
        }
    }

    /// What is known.
    pub fn known(&self) -> Option<&Preview> {
        match self {
            Previewed::Ready(preview) | Previewed::Renewing(preview, _) => Some(preview),
            Previewed::Nothing | Previewed::Waiting(_) | Previewed::Refused(_) => None,
        }
    }

    /// Waits for the answer to a request that asks anew; keeps what is known until then.
    pub fn renew(&mut self, request: RequestId) {
        *self = match std::mem::replace(self, Previewed::Nothing) {
            Previewed::Ready(known) | Previewed::Renewing(known, _) => {
                Previewed::Renewing(known, request)
            }
            Previewed::Nothing | Previewed::Waiting(_) | Previewed::Refused(_) => {
                Previewed::Waiting(request)
            }
        };
    }

    /// What must be confirmed first (R13).
    pub fn to_confirm(&self) -> &[Confirmation] {
        self.known().map_or(&[], |preview| &preview.to_confirm)
    }

    /// Asks for this to be confirmed besides what is known.
    pub fn ask_for(&mut self, what: &[Confirmation]) {
        if let Previewed::Ready(preview) | Previewed::Renewing(preview, _) = self {
            preview.to_confirm = what.to_vec();
        }
    }

    /// The command, held to what it was said to do where that has been said.
    pub fn holding(&self, command: Command) -> Command {
        match self.known() {
            Some(preview) => command.as_shown(preview),
            None => command,
        }
    }

    /// Takes in an answer. Whoever has confirmed has confirmed what stood there, and nothing else.
    pub fn take_answer(&mut self, answer: Previewed, confirmed: &mut Confirmed) {
        if !answer.to_confirm().iter().all(|asked| self.to_confirm().contains(asked)) {
            *confirmed = Confirmed::No;
        }
        *self = answer;
    }
}

/// The field some steps from one, around the ends; itself where there is no other.
fn neighbour<F: Copy + PartialEq>(fields: &[F], from: F, steps: isize) -> F {
    let at = fields.iter().position(|field| *field == from).unwrap_or(0);
    let count = isize::try_from(fields.len()).unwrap_or(1).max(1);
    let next = (isize::try_from(at).unwrap_or(0) + steps).rem_euclid(count);
    usize::try_from(next).ok().and_then(|next| fields.get(next)).copied().unwrap_or(from)
}

/// Edits a field by a key; whether its text changed.
pub fn edit(input: &mut Input, key: KeyEvent) -> Edited {
    edit_up_to(LONGEST, input, key)
}

/// Edits a field that takes at most so many characters.
pub fn edit_up_to(longest: usize, input: &mut Input, key: KeyEvent) -> Edited {
    let control = key.modifiers.contains(KeyModifiers::CONTROL);
    let request = match key.code {
        _ if is_letter(key) => match letter(key) {
            Some(letter) if input.value().chars().count() < longest => {
                InputRequest::InsertChar(letter)
            }
            _ => return Edited::No,
        },
        KeyCode::Char('a') => InputRequest::GoToStart,
        KeyCode::Char('e') => InputRequest::GoToEnd,
        KeyCode::Char('u') => InputRequest::DeleteLine,
        KeyCode::Char('w') => InputRequest::DeletePrevWord,
        KeyCode::Backspace if control => InputRequest::DeletePrevWord,
        KeyCode::Backspace => InputRequest::DeletePrevChar,
        KeyCode::Delete => InputRequest::DeleteNextChar,
        KeyCode::Left if control => InputRequest::GoToPrevWord,
        KeyCode::Right if control => InputRequest::GoToNextWord,
        KeyCode::Left => InputRequest::GoToPrevChar,
        KeyCode::Right => InputRequest::GoToNextChar,
        KeyCode::Home => InputRequest::GoToStart,
        KeyCode::End => InputRequest::GoToEnd,
        _ => return Edited::No,
    };
    match input.handle(request) {
        Some(change) if change.value => Edited::Yes,
        _ => Edited::No,
    }
}

/// Whether a key writes a letter: AltGr arrives as Ctrl+Alt on some terminals, and is no command.
fn is_letter(key: KeyEvent) -> bool {
    let control = key.modifiers.contains(KeyModifiers::CONTROL);
    matches!(key.code, KeyCode::Char(_)) && (!control || key.modifiers.contains(KeyModifiers::ALT))
}

/// The letter that a key writes, unless it could harm the screen.
fn letter(key: KeyEvent) -> Option<char> {
    let KeyCode::Char(letter) = key.code else { return None };
    let harmless = !clean(letter.encode_utf8(&mut [0; 4])).is_empty();
    Some(letter).filter(|_| is_letter(key) && harmless)
}

/// Pastes a text into a field, its lines with one blank between them, without what could harm the
/// screen. Terminals end a pasted line with a carriage return.
pub fn paste(input: &mut Input, text: &str) {
    paste_up_to(LONGEST, input, text);
}

/// Pastes into a field that takes at most so many characters.
pub fn paste_up_to(longest: usize, input: &mut Input, text: &str) {
    let lines = text.split(['\r', '\n']).map(str::trim).filter(|line| !line.is_empty());
    let line = lines.collect::<Vec<_>>().join(" ");
    let line = clean(&line).into_owned();
    let room = longest.saturating_sub(input.value().chars().count());
    for letter in line.chars().take(room) {
        input.handle(InputRequest::InsertChar(letter));
    }
}

/// Whether an edit changed the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edited {
    Yes,
    No,
}
