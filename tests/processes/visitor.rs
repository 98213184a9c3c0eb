//! A patient with a browser of their own, who comes to the booking page, wishes one time, waits for the
//! answer and leaves.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use axum::http::StatusCode;
use axum::http::response::Parts;
use chrono::Utc;

use crate::dice::Dice;
use crate::figures::Figures;
use crate::http::{Browser, Trouble, all_between, encoded, location, test_number};
use crate::programs::PATIENCE;
use crate::provider::Provider;

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
    /// Asking whether to cancel, and sending that.
    Cancel,
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
    /// The only company that is looked at, where there is one.
    company: Option<&'static str>,
    /// Where it stands how the wish goes, once it has been sent.
    place: Option<String>,
    pub took: Figures<Page>,
}

impl Visitor {
    /// The nth of all, at the page with that address.
    pub fn new(page: &str, n: u32, pause: Duration) -> Self {
        let browser = Browser::new(page, n);
        let (dice, personnummer) = (Dice(n.into()), test_number(n));
        let (company, place, took) = (None, None, Figures::default());
        Self { browser, dice, personnummer, pause, company, place, took }
    }

    /// One who goes to no other company.
    pub fn at_company(self, name: &'static str) -> Self {
        Self { company: Some(name), ..self }
    }

    /// Wishes a time; how that ended.
    ///
    /// # Errors
    /// The first page that did not come as it should.
    pub async fn visit(&mut self) -> Result<Ended, Trouble> {
        match self.find_times().await? {
            Some(choices) => self.wish(choices).await,
            None => Ok(Ended::NothingFree),
        }
    }

    /// The appointment that was wished, once the wish has been sent.
    pub fn wished(&self) -> Option<&str> {
        self.place.as_deref()?.rsplit('/').next()
    }

    async fn ask(
        &mut self,
        page: Page,
        path: &str,
        form: Option<&str>,
    ) -> Result<(Parts, String), Trouble> {
        let begun = Instant::now();
        let answer = self.browser.try_to_ask(path, form).await?;
        self.took.note(page, begun.elapsed());
        Ok(answer)
    }

    async fn get(&mut self, page: Page, path: &str) -> Result<String, Trouble> {
        let (parts, text) = self.ask(page, path, None).await?;
        match parts.status.is_success() {
            true => Ok(text),
            false => Err(Trouble::at(path, parts.status)),
        }
    }

    /// Reads a page, or writes on it: between half of and one and a half times as long as said.
    async fn pause(&mut self, pages: u32) {
        let pause = u64::try_from((self.pause * pages).as_millis()).expect("not for years");
        let pause = pause / 2 + self.dice.roll(pause.max(1));
        tokio::time::sleep(Duration::from_millis(pause)).await;
    }

    /// Follows the way from the first page to one with times.
    async fn find_times(&mut self) -> Result<Option<Choices>, Trouble> {
        let (mut page, mut path) = (Page::Start, "/mitt".to_owned());
        for _ in 0..LINKS {
            let text = self.get(page, &path).await?;
            if page == Page::Start {
                for file in ["/assets/page.css", "/mitt/colours.css", "/assets/page.js"] {
                    self.get(Page::Files, file).await?;
                }
            }
            self.pause(1).await;
            let choices = Choices::on(&text);
            let links = all_between(&text, "href=\"", "\"");
            let has =
                |part: &'static str| links.iter().copied().filter(move |link| link.contains(part));
            let mut onward: Vec<&str> = match page {
                Page::Start if self.company.is_some() => {
                    self.company.and_then(|name| link_called(&text, name)).into_iter().collect()
                }
                Page::Start => has("?company=").chain(has("/practitioners?")).collect(),
                Page::Treatments => has("/practitioners?").chain(has("/times?")).collect(),
                _ => has("/times?").collect(),
            };
            if page == Page::Times {
                // Some look at other weeks first.
                if !choices.times.is_empty() && (onward.is_empty() || self.dice.roll(10) < 7) {
                    return Ok(Some(choices));
                }
            } else if onward.is_empty() {
                onward.extend(has("/times?"));
            }
            let Some(next) = self.dice.pick(&onward) else { return Ok(None) };
            path = (*next).to_owned();
            page = match path.as_str() {
                at if at.contains("/times?") => Page::Times,
                at if at.contains("/practitioners?") => Page::Practitioners,
                _ => Page::Treatments,
            };
        }
        Ok(None)
    }

    /// Chooses one of the times, gives the details and waits for the answer.
    async fn wish(&mut self, mut choices: Choices) -> Result<Ended, Trouble> {
        for _ in 0..TRIES {
            let Some(time) = self.dice.pick(&choices.times).cloned() else { break };
            let mut fields: BTreeMap<&str, String> = choices.way.iter().cloned().collect();
            fields.insert("time", time);
            let (held, page) = self.ask(Page::Hold, "/mitt/hold", Some(&encoded(&fields))).await?;
            match held.status {
                StatusCode::SEE_OTHER => return self.send_details(&held, fields).await,
                StatusCode::CONFLICT => {}
                status => return Err(Trouble::at("/mitt/hold", status)),
            }
            self.pause(1).await;
            choices = Choices::on(&page);
        }
        Ok(Ended::Gone)
    }

    async fn send_details(
        &mut self,
        held: &Parts,
        mut fields: BTreeMap<&str, String>,
    ) -> Result<Ended, Trouble> {
        let form = location(held);
        match self.ask(Page::Details, &form, None).await?.0.status {
            StatusCode::OK => {}
            // Another's booking has just taken a resource that this one needs.
            StatusCode::CONFLICT => return Ok(Ended::Gone),
            status => return Err(Trouble::at(&form, status)),
        }
        self.pause(3).await;
        fields.extend(details(&self.personnummer));
        let (sent, _) = self.ask(Page::Book, "/mitt/details", Some(&encoded(&fields))).await?;
        if sent.status != StatusCode::SEE_OTHER {
            return Err(Trouble::at("/mitt/details", sent.status));
        }
        let place = location(&sent);
        if !place.contains("/asked/") {
            return Ok(Ended::Gone);
        }
        self.place = Some(place.clone());
        self.get(Page::Follow, &place).await?;
        self.wait_for_answer().await
    }

    /// Waits for the answer to the wish that was sent, as the page's script does.
    ///
    /// # Errors
    /// No answer for long, or a page that did not come as it should: it can be waited for again.
    pub async fn wait_for_answer(&mut self) -> Result<Ended, Trouble> {
        let place = self.place.clone().expect("a wish was sent");
        tokio::time::sleep(Duration::from_millis(400)).await;
        let ended = match self.wait_until(&place, &["booked", "refused"]).await? {
            "booked" => Ended::Booked,
            _ => Ended::Refused,
        };
        self.get(Page::Follow, &place).await?;
        Ok(ended)
    }

    /// Which of the words it is that is waited for.
    async fn wait_until(
        &mut self,
        place: &str,
        words: &[&'static str],
    ) -> Result<&'static str, Trouble> {
        let begun = Instant::now();
        loop {
            let state = self.get(Page::State, &format!("{place}/state")).await?;
            if let Some(word) = words.iter().find(|word| **word == state) {
                return Ok(word);
            }
            if begun.elapsed() > PATIENCE {
                return Err(Trouble::at(place, "nobody answers"));
            }
            let pause = if state == "waited" { 700 } else { 5_000 };
            tokio::time::sleep(Duration::from_millis(pause)).await;
        }
    }

    /// Logs in with e-ID.
    ///
    /// # Errors
    /// A page that did not come as it should.
    pub async fn log_in(&mut self, provider: &Provider) -> Result<(), Trouble> {
        log_in(&mut self.browser, provider, &self.personnummer).await
    }

    /// Cancels what was booked, by whoever is logged in; whether that was granted.
    ///
    /// # Errors
    /// A page that did not come as it should, before it was sent or after.
    pub async fn cancel(&mut self) -> Result<Cancelled, Trouble> {
        let id = self.wished().expect("a wish was sent").to_owned();
        let cancel = format!("/mitt/my-times/{id}/cancel");
        let (parts, asks) = self.ask(Page::Cancel, &cancel, None).await?;
        // It has been sent before, and its answer was lost.
        if parts.status == StatusCode::CONFLICT {
            self.wait_until(&format!("/mitt/my-times/{id}"), &["cancelled"]).await?;
            return Ok(Cancelled);
        }
        if !parts.status.is_success() {
            return Err(Trouble::at(&cancel, parts.status));
        }
        let seal = all_between(&asks, "name=\"seal\" value=\"", "\"");
        let Some(seal) = seal.first() else { return Err(Trouble::at(&cancel, "no form")) };
        let form = encoded(&BTreeMap::from([("seal", (*seal).to_owned())]));
        let (sent, _) = self.ask(Page::Cancel, &cancel, Some(&form)).await?;
        if sent.status != StatusCode::SEE_OTHER {
            return Err(Trouble::at(&cancel, sent.status));
        }
        self.wait_until(&location(&sent), &["cancelled"]).await?;
        Ok(Cancelled)
    }
}

/// The page has told that a booking is cancelled.
pub struct Cancelled;

/// The address that a link with such a text leads to.
fn link_called<'a>(page: &'a str, text: &str) -> Option<&'a str> {
    let mut links = page.split("href=\"").skip(1).filter_map(|rest| {
        let (link, rest) = rest.split_once('"')?;
        Some((link, rest.split("</a>").next()?))
    });
    links.find(|(_, inside)| inside.contains(text)).map(|(link, _)| link)
}

/// Logs a browser's patient in with e-ID.
///
/// # Errors
/// A page that did not come as it should.
pub async fn log_in(
    browser: &mut Browser,
    provider: &Provider,
    personnummer: &str,
) -> Result<(), Trouble> {
    provider.by(Utc::now());
    provider.identifies(personnummer);
    let (leaves, _) = browser.try_to_ask("/mitt/log-in", None).await?;
    if leaves.status != StatusCode::SEE_OTHER {
        return Err(Trouble::at("/mitt/log-in", leaves.status));
    }
    let (back, _) = browser.try_to_ask(&provider.agree(&location(&leaves)), None).await?;
    match back.status {
        StatusCode::SEE_OTHER => Ok(()),
        status => Err(Trouble::at("/mitt/logged-in", status)),
    }
}
