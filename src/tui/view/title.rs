//! The title: practitioner, company, week and dates, or company and day; to the right what has come in,
//! the mode, how it goes with the Online Client, and the clock's minute.

use chrono::Datelike;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::domain::{DateRange, ITB, SyncStatus};
use crate::tui::model::{Mode, Model, Names, Spread};
use crate::tui::options::Purpose;
use crate::tui::sanitise::{clean, fit, width};
use crate::tui::theme::Role;

use super::put;

/// Columns that the title keeps for a name before it tells of the Online Client at length.
const NAME_WELL: usize = 15;
/// Columns that it keeps for a name before something to the right is left out.
const NAME: usize = 12;
/// Columns that it keeps for a name in any case.
const NAME_AT_LEAST: usize = 6;
/// Columns in which a company's name tells anything.
const COMPANY_AT_LEAST: usize = 6;
/// Columns between two things.
const GAP: usize = 2;

/// What stands to the right, the first to be left out first where there is too little room; the mode
/// never is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Said {
    NamesHidden,
    Clock,
    Demo,
    New,
    Sync,
    Mode,
}

/// What is to be told.
struct Told {
    name: String,
    company: String,
    days: String,
    right: Vec<(Said, String)>,
}

/// A text and the column at which it begins.
type Placed = (usize, String);

/// Where it stands: nothing reaches into anything else.
struct Arranged {
    name: Placed,
    company: Option<Placed>,
    days: Placed,
    right: Vec<(Said, Placed)>,
}

pub(super) fn draw(model: &Model, area: Rect, buffer: &mut Buffer) {
    let columns = usize::from(area.width);
    let arranged = arrange(told(model, columns), columns);
    let (title, plain) = (model.palette.style(Role::Title), model.palette.style(Role::Plain));
    let mut write = |(x, text): &Placed, style| {
        let x = u16::try_from(*x).unwrap_or(area.width);
        put(buffer, x, area.y, text, area.width.saturating_sub(x), style);
    };
    write(&arranged.name, title);
    for placed in arranged.company.iter().chain([&arranged.days]) {
        write(placed, plain);
    }
    // The gaps between what stands to the right are of one piece with it.
    if let Some((_, (x, _))) = arranged.right.first() {
        write(&(x.saturating_sub(1), " ".repeat(columns + 1 - x)), title);
    }
    for (said, placed) in &arranged.right {
        let loud = matches!(said, Said::Sync);
        write(placed, if loud { model.palette.style(sync_role(model)) } else { title });
    }
}

fn told(model: &Model, columns: usize) -> Told {
    let practitioner = model.current_practitioner();
    let company = practitioner.and_then(|it| model.setup.company_of(it));
    let company = company.map_or_else(String::new, |company| clean(&company.name).into_owned());
    let (name, company) = match (practitioner, model.spread) {
        (None, _) => ("tidbok".to_owned(), String::new()),
        (Some(it), Spread::Week) => (clean(&it.name).into_owned(), company),
        (Some(_), Spread::Day) => (company, String::new()),
    };
    let days = practitioner.map_or_else(String::new, |_| shown_days(model));
    let right = to_the_right(model, columns.saturating_sub(width(&days) + NAME_WELL));
    Told { name, company, days, right }
}

/// What stands to the right, in order; the Online Client at length where that has room, too.
fn to_the_right(model: &Model, room: usize) -> Vec<(Said, String)> {
    let texts = model.texts();
    let new = match model.inbox.new_ones() {
        0 => String::new(),
        new => format!("{ITB}: {}", texts.new_ones(new)),
    };
    let mode = match model.mode {
        Mode::Book => "",
        Mode::Schedule => model.book_texts().schedule_mode,
    };
    let names = match model.names {
        Names::Shown => "",
        Names::Hidden => texts.names_hidden,
    };
    let demo = match model.purpose {
        Purpose::Demo(_) => texts.demo,
        Purpose::Clinic => "",
    };
    let mut right = vec![
        (Said::New, new),
        (Said::Mode, mode.to_owned()),
        (Said::NamesHidden, names.to_owned()),
        (Said::Demo, demo.to_owned()),
        (Said::Clock, model.now.clock()),
    ];
    right.retain(|(_, text)| !text.is_empty());
    let sync = sync(model, room.saturating_sub(taken(&right) + 1));
    if !sync.is_empty() {
        right.insert(right.len() - 1, (Said::Sync, sync));
    }
    right
}

/// Columns that stand to the right, with a blank before and gaps between and after.
fn taken(right: &[(Said, String)]) -> usize {
    right.iter().map(|(said, text)| width(text) + gap_after(*said)).sum::<usize>() + 1
}

/// Of several words each, they would run together with one blank between; the clock belongs to what is told of
/// the Online Client.
fn gap_after(said: Said) -> usize {
    match said {
        Said::New | Said::Mode | Said::NamesHidden | Said::Demo => GAP,
        Said::Sync | Said::Clock => 1,
    }
}

/// Places what there is room for.
fn arrange(told: Told, columns: usize) -> Arranged {
    let Told { name, company, days, mut right } = told;
    let needed = |right: &[(Said, String)]| 1 + NAME + GAP + width(&days) + taken(right);
    while needed(&right) > columns
        && let Some(least) = right.iter().map(|(said, _)| *said).filter(|it| *it < Said::Mode).min()
    {
        right.retain(|(said, _)| *said != least);
    }
    let free = columns.saturating_sub(taken(&right));
    let days = fit(&days, free.saturating_sub(1 + NAME_AT_LEAST + GAP));
    // What the days leave of their side; some air stays before what stands to the right.
    let room = free.saturating_sub(width(&days) + GAP + 1);
    let airy = room.saturating_sub(GAP);
    let of_name = if company.is_empty() { airy } else { airy / 2 };
    let name = (1, fit(&name, of_name.max(NAME).min(room)));
    let mut after = 1 + width(&name.1) + GAP;
    let beside = airy.saturating_sub(width(&name.1) + GAP);
    let company = fit(&company, beside);
    let company = (!company.is_empty() && beside >= COMPANY_AT_LEAST).then_some((after, company));
    if let Some((_, company)) = &company {
        after += width(company) + GAP;
    }
    let days = (after.max(free.saturating_sub(width(&days)) / 2), days);
    let mut x = free + 1;
    let right = right.into_iter().map(|(said, text)| {
        let at = x;
        x += width(&text) + gap_after(said);
        (said, (at, text))
    });
    Arranged { name, company, days, right: right.collect() }
}

/// How it goes with the Online Client: at length where there is room, else in a word.
fn sync(model: &Model, room: usize) -> String {
    let (telling, status) = (model.telling(), model.sync_status());
    let at_length = telling.status(&status).filter(|told| width(told) <= room);
    at_length.or_else(|| telling.word(&status).map(str::to_owned)).unwrap_or_default()
}

fn sync_role(model: &Model) -> Role {
    match model.sync_status() {
        SyncStatus::NoAgent | SyncStatus::InStep => Role::Title,
        SyncStatus::Waiting { .. } | SyncStatus::Paused => Role::Warning,
        SyncStatus::Fault { .. } | SyncStatus::Silent { .. } => Role::Error,
    }
}

/// `v.48  23–27 nov 2026`, `v.48  ons 25 nov 2026`; a red day's name.
fn shown_days(model: &Model) -> String {
    let (dates, days) = (model.dates(), model.days());
    let first = days.first().copied().unwrap_or(model.cursor.date);
    let shown = match model.spread {
        Spread::Week => {
            let count = u32::try_from(days.len()).unwrap_or(7);
            dates.span(DateRange::new(first, count))
        }
        Spread::Day => {
            let red = model.setup.red_day(first).map(|why| dates.red_day(why));
            let day = format!("{} {} {}", dates.date(first), first.year(), red.unwrap_or_default());
            day.trim_end().to_owned()
        }
    };
    format!("{}{}  {shown}", model.texts().week, first.iso_week().week())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn full() -> Told {
        let right = [
            (Said::New, "ITB: 12 nya"),
            (Said::Mode, "ARBETSSCHEMA"),
            (Said::NamesHidden, "namn dolda"),
            (Said::Demo, "DEMO"),
            (Said::Sync, "Synkad"),
            (Said::Clock, "06:22"),
        ];
        Told {
            name: "Anna-Karin Margareta von Schantz".into(),
            company: "Tandkliniken Storgatan AB".into(),
            days: "v.53  28 dec 2026 – 1 jan 2027".into(),
            right: right.map(|(said, text)| (said, text.to_owned())).into(),
        }
    }

    #[test]
    fn nothing_in_the_title_reaches_into_anything_else_at_any_width() {
        for columns in 40..=160 {
            let arranged = arrange(full(), columns);
            let right = arranged.right.iter().map(|(_, placed)| placed);
            let all = [&arranged.name].into_iter().chain(&arranged.company);
            let all: Vec<_> = all.chain([&arranged.days]).chain(right).collect();
            for pair in all.windows(2) {
                let [(x, text), (next, _)] = pair else { continue };
                assert!(x + width(text) < *next, "{columns}: {text:?} ends at {next}");
            }
            let (x, text) = all.last().expect("something");
            assert!(x + width(text) < columns, "{columns}: {text:?}");
        }
    }

    #[test]
    fn mode_and_week_stay_at_every_width_the_name_is_cut_and_the_rest_left_out_by_weight() {
        let mut seen = Vec::new();
        for columns in 40..=160 {
            let arranged = arrange(full(), columns);
            let said: Vec<Said> = arranged.right.iter().map(|(said, _)| *said).collect();
            assert!(said.contains(&Said::Mode), "{columns}");
            assert!(arranged.days.1.starts_with("v.53"), "{columns}");
            assert!(width(&arranged.name.1) >= NAME_AT_LEAST, "{columns}");
            if columns >= 60 {
                assert_eq!(arranged.days.1, full().days, "{columns}");
            }
            if seen.last() != Some(&said.len()) {
                seen.push(said.len());
            }
        }
        assert_eq!(seen, [1, 2, 3, 4, 5, 6], "one after the other comes in");
        let narrow: Vec<Said> = arrange(full(), 70).right.iter().map(|(said, _)| *said).collect();
        assert_eq!(narrow, [Said::Mode, Said::Sync]);
    }
}
