//! A crowd of patients before one booking page, all at once, with more wishes than there are times:
//! every time is sold once, and every patient is answered.
//!
//! `TIDBOK_CROWD=500 TIDBOK_CROWD_SECONDS=120 cargo test --release --test processes crowd -- --nocapture`
//! lets as many come for as long, and tells how long the page of times took them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use reqwest::header::{CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE};
use reqwest::redirect::Policy;
use reqwest::{Client, Response, StatusCode};
use tidbok::domain::*;

use crate::dice::Dice;
use crate::kills::number;
use crate::programs::{PATIENCE, Place, now, stretch};

const PRACTITIONERS: [&str; 3] = ["AE", "BL", "CÅ"];

/// How a patient's wish ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Ended {
    Booked,
    /// The agent refused it.
    Refused,
    /// Somebody else was faster, and the page said so.
    Gone,
    /// What they had booked before was chosen again, and its answer given again.
    Again,
    /// They have as many open bookings as one may have.
    HasEnough,
    /// There was nothing left to choose.
    NothingFree,
}

/// What the crowd shares.
struct Square {
    client: Client,
    /// The page, with its host.
    page: String,
    /// Wishes that are still to be made.
    left: AtomicU32,
    until: Instant,
}

/// One patient with a browser of their own.
struct Visitor {
    square: Arc<Square>,
    dice: Dice,
    /// Where they seem to be.
    address: String,
    personnummer: String,
    cookie: Option<String>,
    /// Where their bookings stand.
    told: BTreeSet<String>,
    took: Vec<Duration>,
    ended: BTreeMap<Ended, usize>,
}

/// The nth of the tax agency's numbers for tests of people born in the 1890s.
fn test_number(n: u32) -> String {
    let born = chrono::NaiveDate::from_ymd_opt(1890, 1, 1).expect("a date");
    let born = born + chrono::TimeDelta::days((n / 20).into());
    let nine = format!("{}{}", born.format("%y%m%d"), 980 + n % 20);
    let weighed = nine.bytes().zip([2, 1].iter().cycle()).map(|(digit, weight)| {
        let weighed = u32::from(digit - b'0') * weight;
        weighed / 10 + weighed % 10
    });
    format!("18{nine}{}", (10 - weighed.sum::<u32>() % 10) % 10)
}

/// Every value that stands between two marks.
fn all_between<'a>(text: &'a str, before: &str, after: &str) -> Vec<&'a str> {
    text.split(before).skip(1).filter_map(|rest| rest.split(after).next()).collect()
}

impl Visitor {
    fn new(square: &Arc<Square>, n: u32) -> Self {
        Self {
            square: Arc::clone(square),
            dice: Dice(n.into()),
            address: format!("10.{}.{}.{}", n >> 16, (n >> 8) & 255, n & 255),
            personnummer: test_number(n),
            cookie: None,
            told: BTreeSet::new(),
            took: Vec::new(),
            ended: BTreeMap::new(),
        }
    }

    fn url(&self, path: &str) -> String {
        let host = self.square.page.rsplit_once('/').expect("a page").0;
        format!("{host}{}", path.replace("&amp;", "&"))
    }

    /// Asks; once more where it is given a name by that.
    async fn asked(&mut self, path: &str, form: Option<&[(&str, &str)]>) -> Response {
        let answer = self.asked_once(path, form).await;
        if answer.status() != StatusCode::TEMPORARY_REDIRECT {
            return answer;
        }
        let place = answer.headers()[LOCATION].to_str().expect("text").to_owned();
        self.asked_once(&place, form).await
    }

    async fn asked_once(&mut self, path: &str, form: Option<&[(&str, &str)]>) -> Response {
        let url = self.url(path);
        let mut request = match form {
            Some(form) => {
                let body =
                    form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
                let kind = "application/x-www-form-urlencoded";
                self.square.client.post(&url).header(CONTENT_TYPE, kind).body(body)
            }
            None => self.square.client.get(&url),
        };
        request = request.header("X-Forwarded-For", &self.address);
        if let Some(cookie) = &self.cookie {
            request = request.header(COOKIE, cookie);
        }
        let answer = request.send().await.expect("an answer");
        for set in answer.headers().get_all(SET_COOKIE) {
            let set = set.to_str().expect("text").split(';').next().expect("a pair");
            if !set.contains("lang") {
                self.cookie = Some(set.to_owned());
            }
        }
        answer
    }

    /// Follows the way from the clinic's first page to one with times; the slots on it.
    async fn find_times(&mut self) -> Vec<String> {
        let mut path = "/mitt".to_owned();
        for _ in 0..12 {
            let begun = Instant::now();
            let answer = self.asked(&path, None).await;
            assert!(answer.status().is_success(), "{path}: {}", answer.status());
            let page = answer.text().await.expect("a page");
            if path.contains("/times") {
                self.took.push(begun.elapsed());
                let slots = all_between(&page, "name=\"time\" value=\"", "\"");
                if !slots.is_empty() {
                    return slots.into_iter().map(str::to_owned).collect();
                }
            }
            let forward: &[&str] = match path.as_str() {
                at if at.contains("/times?") || at.contains("/practitioners?") => &["/times?"],
                at if at.contains("?company=") => &["/practitioners?", "/times?"],
                _ => &["?company=", "/practitioners?", "/times?"],
            };
            let links = all_between(&page, "href=\"", "\"").into_iter();
            let onward: Vec<&str> =
                links.filter(|link| forward.iter().any(|part| link.contains(part))).collect();
            let Some(next) = self.dice.pick(&onward) else { return Vec::new() };
            path = (*next).to_owned();
        }
        Vec::new()
    }

    /// Wishes one of the times that can be seen.
    async fn wish(&mut self) -> Ended {
        let slots = self.find_times().await;
        let Some(slot) = self.dice.pick(&slots).cloned() else { return Ended::NothingFree };
        let held = self.asked("/mitt/hold", Some(&[("time", &slot)])).await;
        if held.status() == StatusCode::CONFLICT {
            return Ended::Gone;
        }
        assert_eq!(held.status(), StatusCode::SEE_OTHER);
        let number = self.personnummer.clone();
        let form = [
            ("time", slot.as_str()),
            ("first-name", "Prov"),
            ("last-name", "Provsson"),
            ("personnummer", &number),
            ("email", "prov@example.se"),
            ("mobile", "070-174 06 05"),
            ("address", "Provgatan 1"),
        ];
        let sent = self.asked("/mitt/details", Some(&form)).await;
        match sent.status() {
            StatusCode::SEE_OTHER => {}
            StatusCode::CONFLICT => return Ended::Gone,
            StatusCode::TOO_MANY_REQUESTS => return Ended::HasEnough,
            status => panic!("{status}"),
        }
        let place = sent.headers()[LOCATION].to_str().expect("text").to_owned();
        if !place.contains("/asked/") {
            return Ended::Gone;
        }
        let begun = Instant::now();
        loop {
            let state = self.asked(&format!("{place}/state"), None).await;
            match state.text().await.expect("a word").as_str() {
                "booked" if self.told.insert(place.clone()) => return Ended::Booked,
                "booked" => return Ended::Again,
                "refused" => return Ended::Refused,
                _ => {}
            }
            assert!(begun.elapsed() < PATIENCE, "nobody answers");
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
    }

    async fn stay(mut self) -> Self {
        let taken = |left: u32| left.checked_sub(1);
        while Instant::now() < self.square.until {
            // Reading takes a while.
            let pause = Duration::from_millis(200 + self.dice.roll(2_000));
            tokio::time::sleep(pause).await;
            let left = &self.square.left;
            if left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, taken).is_err() {
                break;
            }
            let ended = self.wish().await;
            *self.ended.entry(ended).or_default() += 1;
        }
        self
    }
}

/// The longest that any of a share of them took.
fn within(took: &[Duration], share: usize) -> Duration {
    took.get((took.len() * share / 100).min(took.len().saturating_sub(1)))
        .copied()
        .unwrap_or_default()
}

#[tokio::test]
async fn of_a_crowd_with_twice_as_many_wishes_as_times_everyone_is_answered_and_each_time_sold_once()
 {
    let crowd = u32::try_from(number("TIDBOK_CROWD").unwrap_or(20)).expect("a crowd");
    let seconds = number("TIDBOK_CROWD_SECONDS").unwrap_or(5);
    let place = Place::open().await;
    let days = i32::try_from(crowd.div_ceil(20)).expect("days");
    for practitioner in PRACTITIONERS {
        for day in 0..days {
            place.lay(practitioner, stretch(day, 8 * 60, 8 * 60)).await;
        }
    }
    let _agent = place.agent("agent");
    place.wait_in_step().await;
    // Half hours without a break: so many can be had of the three at most.
    let times = u32::try_from(days * 16 * 3).expect("a number");
    let before = sold(&place).await;
    let client = Client::builder().redirect(Policy::none()).build().expect("a client");
    let square = Arc::new(Square {
        client,
        page: place.page_address(),
        left: AtomicU32::new(2 * times),
        until: Instant::now() + Duration::from_secs(seconds),
    });
    let visitors: Vec<_> =
        (0..crowd).map(|n| tokio::spawn(Visitor::new(&square, n).stay())).collect();
    let (mut took, mut ended) = (Vec::new(), BTreeMap::new());
    for visitor in visitors {
        let visitor = visitor.await.expect("a visitor");
        took.extend(visitor.took);
        for (how, n) in visitor.ended {
            *ended.entry(how).or_default() += n;
        }
    }
    place.wait_in_step().await;
    took.sort();
    println!(
        "{crowd} patients: {ended:?}; {} pages of times, half within {:?}, 99 % within {:?}, all {:?}; \
         portal {} KiB at most",
        took.len(),
        within(&took, 50),
        within(&took, 99),
        within(&took, 100),
        place.portal_memory().map_or_else(|| "?".to_owned(), |kib| kib.to_string())
    );
    let sold = sold(&place).await - before;
    assert_eq!(
        Some(&sold),
        ended.get(&Ended::Booked).or(Some(&0)),
        "each that was told of, and no other"
    );
    assert!(sold > 0);
}

/// How many times are booked by ITB; none of them overlaps another.
async fn sold(place: &Place) -> usize {
    let mut sold = 0;
    for practitioner in PRACTITIONERS {
        let range = DateRange::new(now().date(), 120);
        let book = place.clinic.book(&practitioner.into(), range).await.expect("the store answers");
        let booked = book.calendar.bookings().iter().filter(|it| it.is_active() && it.is_online());
        let mut taken: Vec<Interval> = booked.map(|it| it.interval).collect();
        taken.sort_by_key(|interval| interval.start());
        for pair in taken.windows(2) {
            assert!(pair[0].end() <= pair[1].start(), "{pair:?}");
        }
        sold += taken.len();
    }
    sold
}
