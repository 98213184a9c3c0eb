//! The form that repeats a week's sessions or preblocks (R19). State only. Pure.

use chrono::NaiveDate;
use crossterm::event::KeyEvent;
use tui_input::Input;

use crate::clinic::{Command, OverlapChoice, RedDays, Repeat, RepeatUntil, WeekParity};
use crate::domain::{PractitionerId, WeekTemplateId};
use crate::tui::goto::{From, parse_until};

use super::{Edited, Previewed, ShortInput, edit, neighbour, paste};

/// What is repeated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Repeated {
    Sessions,
    /// A week template's sessions, the shown week first.
    Week(WeekTemplateId),
    /// Some of them may ask for a code (R18).
    Preblocks,
    PreblocksWithCodes,
}

/// A field of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RepeatField {
    Until,
    Weeks,
    RedDays,
    Overlap,
    Codes,
    Save,
}

/// A repetition that is being prepared.
pub struct RepeatForm {
    /// Whose weeks are copied, each onto their own.
    pub practitioners: Vec<PractitionerId>,
    pub what: Repeated,
    /// Monday of the week that is copied.
    pub week: NaiveDate,
    pub until: ShortInput,
    pub weeks: WeekParity,
    pub red_days: RedDays,
    pub overlap: OverlapChoice,
    pub codes: Input,
    pub field: RepeatField,
    pub preview: Previewed,
    pub error: Option<&'static str>,
}

impl RepeatForm {
    /// The fields there are, in order.
    pub fn fields(&self) -> &'static [RepeatField] {
        use RepeatField::{Codes, Overlap, RedDays, Save, Until, Weeks};
        match self.what {
            Repeated::Sessions | Repeated::Week(_) => &[Until, Weeks, RedDays, Save],
            Repeated::Preblocks => &[Until, Weeks, RedDays, Overlap, Save],
            Repeated::PreblocksWithCodes => &[Until, Weeks, RedDays, Overlap, Codes, Save],
        }
    }

    /// Moves to a neighbouring field, around the ends.
    pub fn step(&mut self, steps: isize) {
        self.until.rest();
        self.field = neighbour(self.fields(), self.field, steps);
    }

    /// Edits the focused field by a key, where it is typed into; whether its text changed.
    pub fn press(&mut self, key: KeyEvent) -> Edited {
        match self.field {
            RepeatField::Until => self.until.press(key),
            RepeatField::Codes => edit(&mut self.codes, key),
            RepeatField::Weeks
            | RepeatField::RedDays
            | RepeatField::Overlap
            | RepeatField::Save => Edited::No,
        }
    }

    /// Pastes a text into the focused field, where it takes one.
    pub fn paste(&mut self, text: &str) {
        match self.field {
            RepeatField::Until => self.until.paste(text),
            RepeatField::Codes => paste(&mut self.codes, text),
            RepeatField::Weeks
            | RepeatField::RedDays
            | RepeatField::Overlap
            | RepeatField::Save => {}
        }
    }

    /// Switches the field's choice to the next one; whether it has one.
    pub fn toggle(&mut self) -> Edited {
        match self.field {
            RepeatField::Weeks => {
                self.weeks = match self.weeks {
                    WeekParity::Every => WeekParity::Odd,
                    WeekParity::Odd => WeekParity::Even,
                    WeekParity::Even => WeekParity::Every,
                };
            }
            RepeatField::RedDays => {
                self.red_days = match self.red_days {
                    RedDays::Skip => RedDays::Include,
                    RedDays::Include => RedDays::Skip,
                };
            }
            RepeatField::Overlap => {
                self.overlap = next_overlap(self.overlap);
            }
            RepeatField::Until | RepeatField::Codes | RepeatField::Save => return Edited::No,
        }
        Edited::Yes
    }

    /// How far, as typed: a number of weeks or a date.
    pub fn reach(&self, today: NaiveDate) -> Option<RepeatUntil> {
        const WEEKS: [&str; 6] = ["veckor", "vecka", "weeks", "week", "v", "w"];
        let text = self.until.value().trim().to_lowercase();
        let counted = WEEKS.iter().find_map(|word| text.strip_suffix(word));
        let digits = counted.unwrap_or(&text).trim_end();
        if (1..=4).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()) {
            return digits.parse().ok().filter(|weeks| *weeks > 0).map(RepeatUntil::Weeks);
        }
        parse_until(&text, From { today, shown: self.week }).map(RepeatUntil::Date)
    }

    /// The command, where the form is filled in.
    pub fn command(&self, today: NaiveDate) -> Option<Command> {
        let repeat = Repeat {
            week: self.week,
            until: self.reach(today)?,
            weeks: self.weeks,
            red_days: self.red_days,
        };
        let command = |practitioner: &PractitionerId| self.command_of(practitioner, &repeat);
        Command::all_of(self.practitioners.iter().map(command).collect())
    }

    fn command_of(&self, practitioner: &PractitionerId, repeat: &Repeat) -> Command {
        let (practitioner, repeat) = (practitioner.clone(), repeat.clone());
        match &self.what {
            Repeated::Week(template) => Command::ApplyWeekTemplate {
                practitioner,
                template: template.clone(),
                span: repeat,
            },
            Repeated::Sessions => Command::RepeatWorkSessions { practitioner, repeat },
            Repeated::Preblocks | Repeated::PreblocksWithCodes => Command::RepeatPreblocks {
                practitioner,
                repeat,
                overlap: self.overlap,
                codes: self.codes.value().split_whitespace().map(str::to_owned).collect(),
            },
        }
    }
}

/// The choice after one, around the end (R12).
pub(super) fn next_overlap(choice: OverlapChoice) -> OverlapChoice {
    match choice {
        OverlapChoice::Refuse => OverlapChoice::Replace,
        OverlapChoice::Replace => OverlapChoice::Fill,
        OverlapChoice::Fill => OverlapChoice::Refuse,
    }
}
