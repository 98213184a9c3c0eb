//! Searches: parameters as they come in an address, the SQL that answers them (values bound, never
//! written into it), and pages.

use chrono::{DateTime, Days, NaiveDate, Utc};
use rusqlite::params_from_iter;
use rusqlite::types::Value as Sql;

use super::indexed::{Comparison, comparison};
use super::refusal::Refusal;
use super::shelf::{Shelf, Stored, known, stored};

/// Resources a page, where nothing else is asked.
const PAGE: u32 = 100;
/// The most resources a page.
const LARGEST_PAGE: u32 = 1000;

/// The most values that a search compares with, all its parameters together: more than that, and the
/// store itself gives up.
const MOST_VALUES: usize = 500;

/// Whether a parameter that is not known refuses the search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Handling {
    Strict,
    Lenient,
}

/// In what order a search answers. Ids settle what is otherwise equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Order {
    Id,
    Updated,
    Start,
}

/// What a moment is compared by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Bound {
    From,
    Until,
}

enum Condition {
    Ids(Vec<String>),
    Terms {
        name: &'static str,
        values: Vec<String>,
    },
    Moment {
        name: &'static str,
        bound: Bound,
        at: i64,
    },
    Updated {
        bound: Bound,
        at: i64,
    },
    /// Not this term.
    Without {
        name: &'static str,
        value: &'static str,
    },
    /// A slot that no browser holds then.
    Unheld {
        at: i64,
    },
}

/// A search for resources of one type.
pub struct Search {
    kind: String,
    conditions: Vec<Condition>,
    order: Order,
    count: u32,
    /// Where the page before ended.
    after: Option<(Sql, String)>,
}

/// A page of what a search found.
pub struct Page {
    pub found: Vec<Stored>,
    /// What to ask for the next page with, if there is one.
    pub next: Option<String>,
}

impl Search {
    /// Reads the parameters of an address.
    ///
    /// # Errors
    /// [`Refusal::UnknownParameter`] where handling is strict; [`Refusal::Invalid`].
    pub fn parse<'a>(
        kind: &str,
        parameters: impl IntoIterator<Item = (&'a str, &'a str)>,
        handling: Handling,
    ) -> Result<Self, Refusal> {
        known(kind)?;
        let (kind, order, count) = (kind.to_owned(), Order::Id, PAGE);
        let mut search = Self { kind, conditions: Vec::new(), order, count, after: None };
        let mut after = None;
        for (name, value) in parameters {
            match name {
                "_id" => search.conditions.push(Condition::Ids(listed(value))),
                "_lastUpdated" => {
                    let (bound, at) = moment(value)?;
                    search.conditions.push(Condition::Updated { bound, at });
                }
                "_count" => search.count = count_of(value)?,
                "_sort" => search.order = order_of(value)?,
                "_after" => after = Some(value),
                "_format" | "_total" => {}
                _ => match comparison(&search.kind, name) {
                    Some((name, Comparison::Moment)) => {
                        let (bound, at) = moment(value)?;
                        search.conditions.push(Condition::Moment { name, bound, at });
                    }
                    Some((name, Comparison::Token | Comparison::Reference)) => {
                        let values = listed(value);
                        search.conditions.push(Condition::Terms { name, values });
                    }
                    None if handling == Handling::Strict => return Err(Refusal::UnknownParameter),
                    None => {}
                },
            }
        }
        if search.conditions.iter().map(Condition::values).sum::<usize>() > MOST_VALUES {
            return Err(Refusal::Invalid("a search compares with at most 500 values"));
        }
        search.after = after.map(|text| search.read_place(text)).transpose()?;
        Ok(search)
    }

    /// Finds only what is not so.
    pub fn without(mut self, name: &'static str, value: &'static str) -> Self {
        self.conditions.push(Condition::Without { name, value });
        self
    }

    /// Finds no slot that a browser holds at a moment.
    pub fn without_held(mut self, at: DateTime<Utc>) -> Self {
        self.conditions.push(Condition::Unheld { at: at.timestamp_millis() });
        self
    }

    /// The page that it asks for.
    ///
    /// # Errors
    /// The store.
    pub fn run(&self, shelf: &Shelf<'_>) -> Result<Page, Refusal> {
        let mut bound = vec![text(shelf.clinic), text(&self.kind)];
        let mut sql = String::from("SELECT r.id, r.version, r.updated_at, r.content");
        let key = match self.order {
            Order::Id => "r.id",
            Order::Updated => "r.updated_at",
            Order::Start => "s.at",
        };
        sql.push_str(", ");
        sql.push_str(key);
        sql.push_str(" FROM resource r");
        if self.order == Order::Start {
            sql.push_str(
                " JOIN moment s ON s.clinic = r.clinic AND s.kind = r.kind AND s.id = r.id \
                 AND s.name IN ('start', 'date')",
            );
        }
        sql.push_str(" WHERE r.clinic = ? AND r.kind = ?");
        for condition in &self.conditions {
            condition.write(&mut sql, &mut bound);
        }
        if let Some((value, id)) = &self.after {
            sql.push_str(&format!(" AND ({key}, r.id) > (?, ?)"));
            bound.extend([value.clone(), text(id)]);
        }
        sql.push_str(&format!(" ORDER BY {key}, r.id LIMIT {}", self.count + 1));
        let mut statement = shelf.transaction.prepare_cached(&sql)?;
        let rows = statement
            .query_map(params_from_iter(bound), |row| Ok((stored(row)?, row.get::<_, Sql>(4)?)))?;
        let mut found = rows.collect::<rusqlite::Result<Vec<_>>>()?;
        let page = usize::try_from(self.count).unwrap_or(usize::MAX);
        let more = found.len() > page;
        found.truncate(page);
        let next = found.last().filter(|_| more).map(|(last, key)| match key {
            Sql::Integer(at) => format!("{at}~{}", last.id),
            _ => format!("~{}", last.id),
        });
        Ok(Page { found: found.into_iter().map(|(found, _)| found).collect(), next })
    }

    /// Where a page ended, as [`Page::next`] wrote it.
    fn read_place(&self, place: &str) -> Result<(Sql, String), Refusal> {
        let wrong = || Refusal::Invalid("_after is not what a next link said");
        let (at, id) = place.split_once('~').ok_or_else(wrong)?;
        let key = match self.order {
            Order::Id => text(id),
            Order::Updated | Order::Start => Sql::Integer(at.parse().map_err(|_| wrong())?),
        };
        Ok((key, id.to_owned()))
    }
}

impl Condition {
    /// How many values it compares with.
    fn values(&self) -> usize {
        match self {
            Self::Ids(values) | Self::Terms { values, .. } => values.len(),
            Self::Moment { .. }
            | Self::Updated { .. }
            | Self::Without { .. }
            | Self::Unheld { .. } => 1,
        }
    }

    fn write(&self, sql: &mut String, bound: &mut Vec<Sql>) {
        const TERM: &str = "EXISTS (SELECT 1 FROM term t WHERE t.clinic = r.clinic \
                            AND t.kind = r.kind AND t.id = r.id AND t.name = ? AND t.value";
        match self {
            Self::Ids(ids) => {
                sql.push_str(&format!(" AND r.id IN ({})", marks(ids.len())));
                bound.extend(ids.iter().map(|id| text(id)));
            }
            Self::Terms { name, values } => {
                sql.push_str(&format!(" AND {TERM} IN ({}))", marks(values.len())));
                bound.push(text(name));
                bound.extend(values.iter().map(|value| text(value)));
            }
            Self::Without { name, value } => {
                sql.push_str(&format!(" AND NOT {TERM} = ?)"));
                bound.extend([text(name), text(value)]);
            }
            Self::Unheld { at } => {
                sql.push_str(
                    " AND NOT EXISTS (SELECT 1 FROM hold h WHERE h.clinic = r.clinic \
                     AND h.slot = r.id AND h.until > ?)",
                );
                bound.push(Sql::Integer(*at));
            }
            Self::Moment { name, bound: which, at } => {
                sql.push_str(&format!(
                    " AND EXISTS (SELECT 1 FROM moment m WHERE m.clinic = r.clinic \
                     AND m.kind = r.kind AND m.id = r.id AND m.name = ? AND m.at {} ?)",
                    which.sign()
                ));
                bound.extend([text(name), Sql::Integer(*at)]);
            }
            Self::Updated { bound: which, at } => {
                sql.push_str(&format!(" AND r.updated_at {} ?", which.sign()));
                bound.push(Sql::Integer(*at));
            }
        }
    }
}

impl Bound {
    fn sign(self) -> &'static str {
        match self {
            Bound::From => ">=",
            Bound::Until => "<",
        }
    }
}

fn text(text: &str) -> Sql {
    Sql::Text(text.to_owned())
}

fn marks(count: usize) -> String {
    vec!["?"; count.max(1)].join(", ")
}

fn listed(value: &str) -> Vec<String> {
    // `|code` asks for a code without a system, which is how it is kept.
    value.split(',').map(str::to_owned).collect()
}

fn count_of(value: &str) -> Result<u32, Refusal> {
    let count: u32 = value.parse().map_err(|_| Refusal::Invalid("_count is a whole number"))?;
    Ok(count.clamp(1, LARGEST_PAGE))
}

fn order_of(value: &str) -> Result<Order, Refusal> {
    match value {
        "_id" => Ok(Order::Id),
        "_lastUpdated" => Ok(Order::Updated),
        "start" | "date" => Ok(Order::Start),
        _ => Err(Refusal::Invalid("_sort is _id, _lastUpdated or start")),
    }
}

/// `ge`, `gt`, `lt`, `le` and an instant or a date, which is a day in UTC.
fn moment(value: &str) -> Result<(Bound, i64), Refusal> {
    let wrong = || Refusal::Invalid("a time is compared by ge, gt, lt or le and an instant");
    let (prefix, rest) = value.split_at_checked(2).ok_or_else(wrong)?;
    // A plus sign that was not written as %2B arrives as a space.
    let rest = rest.replace(' ', "+");
    let (first, past) = match DateTime::parse_from_rfc3339(&rest) {
        Ok(instant) => {
            let at = instant.timestamp_millis();
            (at, at + 1)
        }
        Err(_) => {
            let day: NaiveDate = rest.parse().map_err(|_| wrong())?;
            let midnight = |day: NaiveDate| {
                let at = day.and_time(chrono::NaiveTime::MIN).and_utc();
                DateTime::<Utc>::timestamp_millis(&at)
            };
            let next = day.checked_add_days(Days::new(1)).ok_or_else(wrong)?;
            (midnight(day), midnight(next))
        }
    };
    match prefix {
        "ge" => Ok((Bound::From, first)),
        "gt" => Ok((Bound::From, past)),
        "lt" => Ok((Bound::Until, first)),
        "le" => Ok((Bound::Until, past)),
        _ => Err(wrong()),
    }
}
