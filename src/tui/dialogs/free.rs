//! The form that finds the next free times (*nästa lediga*), and what it has found. State only. Pure.

use chrono::{NaiveDate, WeekdaySet};
use crossterm::event::KeyEvent;
use tui_input::Input;

use crate::clinic::{Among, FreeQuestion, FreeTime, FreeTimes};
use crate::domain::{PartOfDay, Suiting, TemplateId};
use crate::tui::goto::{From, parse_coming, weekday};
use crate::tui::message::RequestId;
use crate::tui::range::parse_range;

use super::{Edited, ShortInput, edit, neighbour, paste};

/// How many times a search brings to the screen.
pub const MOST_FREE: usize = 40;

/// A field of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FreeField {
    Template,
    Among,
    Weekdays,
    Part,
    From,
    /// The times found.
    Found,
}

/// How far the search has come.
pub enum Search {
    /// A field can't be read.
    Unclear,
    Waiting(RequestId),
    Found(FreeTimes),
    Refused(String),
}

/// A search for free times.
pub struct FreeForm {
    /// The templates offered, in the order of the list in effect for staff.
    pub templates: Vec<TemplateId>,
    pub template: TemplateId,
    /// Whose books can be searched.
    pub offered: Vec<Among>,
    pub among: Among,
    pub weekdays: Input,
    pub part: Input,
    pub from: ShortInput,
    pub field: FreeField,
    pub search: Search,
    /// Index among the times found.
    pub selected: usize,
}

impl FreeForm {
    /// Every field, in order.
    pub const FIELDS: [FreeField; 6] = [
        FreeField::Template,
        FreeField::Among,
        FreeField::Weekdays,
        FreeField::Part,
        FreeField::From,
        FreeField::Found,
    ];

    /// The times found so far.
    pub fn times(&self) -> &[FreeTime] {
        match &self.search {
            Search::Found(found) => &found.times,
            _ => &[],
        }
    }

    /// Moves within the times found, else to a neighbouring field, around the ends.
    pub fn step(&mut self, steps: isize) {
        let within = self.selected.checked_add_signed(steps);
        if self.field == FreeField::Found
            && let Some(at) = within.filter(|at| *at < self.times().len())
        {
            self.selected = at;
            return;
        }
        self.from.rest();
        self.field = neighbour(&Self::FIELDS, self.field, steps);
        if self.field == FreeField::Found && self.times().is_empty() {
            self.field = neighbour(&Self::FIELDS, self.field, steps);
        }
    }

    /// Edits the focused field by a key; whether its text changed.
    pub fn press(&mut self, key: KeyEvent) -> Edited {
        match self.field {
            FreeField::Weekdays => edit(&mut self.weekdays, key),
            FreeField::Part => edit(&mut self.part, key),
            FreeField::From => self.from.press(key),
            FreeField::Template | FreeField::Among | FreeField::Found => Edited::No,
        }
    }

    /// Pastes a text into the focused field, where it takes one; whether it does.
    pub fn paste(&mut self, text: &str) -> Edited {
        match self.field {
            FreeField::Weekdays => paste(&mut self.weekdays, text),
            FreeField::Part => paste(&mut self.part, text),
            FreeField::From => self.from.paste(text),
            FreeField::Template | FreeField::Among | FreeField::Found => return Edited::No,
        }
        Edited::Yes
    }

    /// Switches the focused choice to one some steps away, around the ends; whether it did.
    pub fn switch(&mut self, steps: isize) -> bool {
        match self.field {
            FreeField::Template => {
                self.template = beside(&self.templates, &self.template, steps);
                true
            }
            FreeField::Among => {
                self.among = beside(&self.offered, &self.among, steps);
                true
            }
            FreeField::Weekdays | FreeField::Part | FreeField::From | FreeField::Found => false,
        }
    }

    /// The weekdays as typed; all where nothing is.
    pub fn weekday_set(&self) -> Option<WeekdaySet> {
        parse_weekdays(self.weekdays.value())
    }

    /// The part of the day as typed; the whole where nothing is.
    pub fn part_of_day(&self) -> Option<PartOfDay> {
        parse_part(self.part.value())
    }

    /// The first day as typed; today where nothing is.
    pub fn first_day(&self, today: NaiveDate) -> Option<NaiveDate> {
        match self.from.value().trim() {
            "" => Some(today),
            typed => parse_coming(typed, From { today, shown: today }),
        }
    }

    /// What is asked, where the form is filled in.
    pub fn question(&self, today: NaiveDate) -> Option<FreeQuestion> {
        Some(FreeQuestion {
            template: self.template.clone(),
            among: self.among.clone(),
            suiting: Suiting { weekdays: self.weekday_set()?, part: self.part_of_day()? },
            from: self.first_day(today)?,
            most: MOST_FREE,
        })
    }
}

/// The item some steps from one, around the ends; itself where there is no other.
fn beside<T: Clone + PartialEq>(all: &[T], from: &T, steps: isize) -> T {
    let at = all.iter().position(|each| each == from).unwrap_or(0);
    let count = isize::try_from(all.len()).unwrap_or(1).max(1);
    let next = (isize::try_from(at).unwrap_or(0) + steps).rem_euclid(count);
    usize::try_from(next).ok().and_then(|next| all.get(next)).unwrap_or(from).clone()
}

/// `mån tis`, `mån,tis`, `mån-ons`, `mån - ons`; all days where nothing is typed.
fn parse_weekdays(text: &str) -> Option<WeekdaySet> {
    let ends: Vec<&str> = text.split(['-', '–']).map(str::trim).collect();
    let text = ends.join("-").to_lowercase();
    let mut days = WeekdaySet::EMPTY;
    for part in text.split([' ', ',']).filter(|part| !part.is_empty()) {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let (mut day, last) = (weekday(first)?, weekday(last)?);
        days.insert(day);
        while day != last {
            day = day.succ();
            days.insert(day);
        }
    }
    Some(if days.is_empty() { WeekdaySet::ALL } else { days })
}

/// `fm`, `em`, `förmiddag`, `10-14`; the whole day where nothing is typed.
fn parse_part(text: &str) -> Option<PartOfDay> {
    let text = text.trim().to_lowercase();
    let begins = |words: [&str; 2]| {
        text.chars().count() > 1 && words.iter().any(|word| word.starts_with(&text))
    };
    match text.as_str() {
        "" => Some(PartOfDay::WHOLE),
        "fm" | "am" => Some(PartOfDay::MORNING),
        "em" | "pm" => Some(PartOfDay::AFTERNOON),
        _ if begins(["förmiddag", "morning"]) => Some(PartOfDay::MORNING),
        _ if begins(["eftermiddag", "afternoon"]) => Some(PartOfDay::AFTERNOON),
        _ => parse_range(&text).and_then(|(from, to)| PartOfDay::new(from, to)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Minutes;
    use chrono::Weekday;
    use chrono::Weekday::{Fri, Mon, Sun, Thu, Tue, Wed};

    #[test]
    fn weekdays_are_read_in_all_the_ways_the_help_names() {
        let table: [(&str, Option<&[Weekday]>); 11] = [
            ("mån tis", Some(&[Mon, Tue])),
            ("Mån,ons", Some(&[Mon, Wed])),
            ("mån-ons", Some(&[Mon, Tue, Wed])),
            ("fre-mån", Some(&[Fri, Weekday::Sat, Sun, Mon])),
            ("torsdag, thu", Some(&[Thu])),
            ("ti sö", Some(&[Tue, Sun])),
            ("mån – ons", Some(&[Mon, Tue, Wed])),
            ("mån -ons fre", Some(&[Mon, Tue, Wed, Fri])),
            ("mån-", None),
            ("t", None),
            ("onsdagg", None),
        ];
        for (text, expected) in table {
            let days = parse_weekdays(text).map(|days| days.iter(Mon).collect::<Vec<_>>());
            let mut wanted = expected.map(<[Weekday]>::to_vec);
            if let Some(days) = &mut wanted {
                days.sort_by_key(|day| day.num_days_from_monday());
            }
            assert_eq!(days, wanted, "{text}");
        }
        assert_eq!(parse_weekdays("  "), Some(WeekdaySet::ALL));
    }

    #[test]
    fn parts_of_the_day_are_read_in_all_the_ways_the_help_names() {
        let hours = |from, to| PartOfDay::new(Minutes(from), Minutes(to));
        let table = [
            ("", Some(PartOfDay::WHOLE)),
            ("fm", Some(PartOfDay::MORNING)),
            ("Förm", Some(PartOfDay::MORNING)),
            ("em", Some(PartOfDay::AFTERNOON)),
            ("afternoon", Some(PartOfDay::AFTERNOON)),
            ("10-14", hours(600, 840)),
            ("0815-9", hours(495, 540)),
            ("14-10", None),
            ("f", None),
            ("kväll", None),
        ];
        for (text, expected) in table {
            assert_eq!(parse_part(text), expected, "{text}");
        }
    }
}
