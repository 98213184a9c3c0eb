//! A patient with a browser of their own, who comes to the booking page, wishes one time, waits for the
//! answer and leaves.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use axum::http::StatusCode;
use axum::http::response::Parts;

use crate::dice::Dice;
use crate::figures::Figures;
use crate::http::{Browser, all_between, encoded, location, test_number};
use crate::programs::PATIENCE;

/// What a browser asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Page {
    Start,
    /// Style, colours and script, which the first page brings along.
    Files,
    Treatments,
    Practitioners,
    Times,
    /// Choosing a time.
    Hold,
    Details,
    /// Sending the details.
    Book,
    /// Where it stands how the wish goes.
    Follow,
    /// The same in a word, for the page's script.
    State,
}

/// How a patient's wish ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ended {
    Booked,
    /// The agent refused it.
    Refused,
    /// Others were faster again and again, and the page said so.
    Gone,
    /// There was nothing left to choose.
    NothingFree,
}

/// What a patient writes.
pub fn details(personnummer: &str) -> BTreeMap<&'static str, String> {
    let written = [
        ("first-name", "Prov"),
        ("last-name", "Provsson"),
        ("personnummer", personnummer),
        ("email", "prov@example.se"),
        ("mobile", "070-174 06 05"),
        ("address", "Provgatan 1"),
    ];
    written.into_iter().map(|(name, value)| (name, value.to_owned())).collect()
}

/// How often a patient whose time went away chooses among the others that the page then offers.
const TRIES: usize = 3;
/// Most links that are followed on the way to a time.
const LINKS: usize = 12;

/// The times that a page offers, and the fields that go with them.
struct Choices {
    times: Vec<String>,
    way: Vec<(&'static str, String)>,
}

impl Choices {
    fn on(page: &str) -> Self {
        let times = all_between(page, "<button class=\"time\" name=\"time\" value=\"", "\"");
        let field = |name: &'static str| {
            let found = all_between(page, &format!("name=\"{name}\" value=\""), "\"");
            Some((name, (*found.first()?).to_owned()))
        };
        Self {
            times: times.into_iter().map(str::to_owned).collect(),
            way: ["company", "service", "with"].into_iter().filter_map(field).collect(),
        }
    }
}

/// The patient.
pub struct Visitor {
    browser: Browser,
    dice: Dice,
    personnummer: String,
    /// How long a page is looked at, on average.
    pause: Duration,
    took: Figures<Page>,
}

impl Visitor {
    /// The nth of all, at the page with that address.
    pub fn new(page: &str, n: u32, pause: Duration) -> Self {
        let browser = Browser::new(page, n);
        let (dice, personnummer) = (Dice(n.into()), test_number(n));
        Self { browser, dice, personnummer, pause, took: Figures::default() }
    }

    /// Wishes a time; how that ended, and how long the pages took.
    pub async fn visit(mut self) -> (Ended, Figures<Page>) {
        let ended = match self.find_times().await {
            Some(choices) => self.wish(choices).await,
            None => Ended::NothingFree,
        };
        (ended, self.took)
    }

    async fn ask(&mut self, page: Page, path: &str, form: Option<&str>) -> (Parts, String) {
        let begun = Instant::now();
        let answer = self.browser.ask(path, form).await;
        self.took.note(page, begun.elapsed());
        answer
    }

    async fn get(&mut self, page: Page, path: &str) -> String {
        let (parts, text) = self.ask(page, path, None).await;
        assert!(parts.status.is_success(), "{path}: {}", parts.status);
        text
    }

    /// Reads a page, or writes on it: between half of and one and a half times as long as said.
    async fn pause(&mut self, pages: u32) {
        let pause = u64::try_from((self.pause * pages).as_millis()).expect("not for years");
        let pause = pause / 2 + self.dice.roll(pause.max(1));
        tokio::time::sleep(Duration::from_millis(pause)).await;
    }

    /// Follows the way from the first page to one with times.
    async fn find_times(&mut self) -> Option<Choices> {
        let (mut page, mut path) = (Page::Start, "/mitt".to_owned());
        for _ in 0..LINKS {
            let text = self.get(page, &path).await;
            if page == Page::Start {
                for file in ["/assets/page.css", "/mitt/colours.css", "/assets/page.js"] {
                    self.get(Page::Files, file).await;
                }
            }
            self.pause(1).await;
            let choices = Choices::on(&text);
            let links = all_between(&text, "href=\"", "\"");
            let has =
                |part: &'static str| links.iter().copied().filter(move |link| link.contains(part));
            let mut onward: Vec<&str> = match page {
                Page::Start => has("?company=").chain(has("/practitioners?")).collect(),
                Page::Treatments => has("/practitioners?").chain(has("/times?")).collect(),
                _ => has("/times?").collect(),
            };
            if page == Page::Times {
                // Some look at other weeks first.
                if !choices.times.is_empty() && (onward.is_empty() || self.dice.roll(10) < 7) {
                    return Some(choices);
                }
            } else if onward.is_empty() {
                onward.extend(has("/times?"));
            }
            path = (*self.dice.pick(&onward)?).to_owned();
            page = match path.as_str() {
                at if at.contains("/times?") => Page::Times,
                at if at.contains("/practitioners?") => Page::Practitioners,
                _ => Page::Treatments,
            };
        }
        None
    }

    /// Chooses one of the times, gives the details and waits for the answer.
    async fn wish(&mut self, mut choices: Choices) -> Ended {
        for _ in 0..TRIES {
            let Some(time) = self.dice.pick(&choices.times).cloned() else { return Ended::Gone };
            let mut fields: BTreeMap<&str, String> = choices.way.iter().cloned().collect();
            fields.insert("time", time);
            let (held, page) = self.ask(Page::Hold, "/mitt/hold", Some(&encoded(&fields))).await;
            match held.status {
                StatusCode::SEE_OTHER => return self.send_details(&held, fields).await,
                StatusCode::CONFLICT => {}
                status => panic!("/mitt/hold: {status}"),
            }
            self.pause(1).await;
            choices = Choices::on(&page);
        }
        Ended::Gone
    }

    async fn send_details(&mut self, held: &Parts, mut fields: BTreeMap<&str, String>) -> Ended {
        let form = location(held);
        self.get(Page::Details, &form).await;
        self.pause(3).await;
        fields.extend(details(&self.personnummer));
        let (sent, _) = self.ask(Page::Book, "/mitt/details", Some(&encoded(&fields))).await;
        match sent.status {
            StatusCode::SEE_OTHER => {}
            status => panic!("/mitt/details: {status}"),
        }
        let place = location(&sent);
        if !place.contains("/asked/") {
            return Ended::Gone;
        }
        self.get(Page::Follow, &place).await;
        self.wait_for_answer(&place).await
    }

    /// As the page's script does.
    async fn wait_for_answer(&mut self, place: &str) -> Ended {
        let begun = Instant::now();
        tokio::time::sleep(Duration::from_millis(400)).await;
        loop {
            let state = self.get(Page::State, &format!("{place}/state")).await;
            let ended = match state.as_str() {
                "booked" => Some(Ended::Booked),
                "refused" => Some(Ended::Refused),
                _ => None,
            };
            if let Some(ended) = ended {
                self.get(Page::Follow, place).await;
                return ended;
            }
            assert!(begun.elapsed() < PATIENCE, "nobody answers");
            let pause = if state == "waited" { 700 } else { 5_000 };
            tokio::time::sleep(Duration::from_millis(pause)).await;
        }
    }
}
