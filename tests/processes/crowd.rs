//! A crowd of patients before one booking page, with twice as many wishes as there are times: every
//! time is sold once, and every patient is answered.
//!
//! `TIDBOK_CROWD=500 TIDBOK_CROWD_SECONDS=120 cargo test --release --test processes crowd -- --nocapture`
//! keeps so many there for so long: whoever leaves is followed by somebody new, and the clinic lets out
//! more times as the wishes for them come. A patient looks at a page for `TIDBOK_CROWD_PAUSE`
//! milliseconds on average (4,000 unless set), and writes the details for three times as long. It
//! tells how long each page took, and what memory the portal had; 99 of 100
//! pages of times have to come within 50 milliseconds, and the memory has its bounds.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use tidbok::clinic::Command;
use tidbok::domain::*;

use crate::dice::Dice;
use crate::figures::Figures;
use crate::kills::number;
use crate::programs::{Memory, Place, now, stretch};
use crate::visitor::{Ended, Page, Visitor};

/// Whose times there are, of which type, and how many a day of eight hours at most.
const BOOKS: [(&str, &str, u32); 3] =
    [("AE", "e-us", 16), ("BL", "e-us", 16), ("CÅ", "e-alla", 24)];
/// The most days that times are let out for: what lies farther ahead is not offered.
const DAYS: i32 = 60;
/// The longest that 99 of 100 pages of times may take.
const PROMISED: Duration = Duration::from_millis(50);
/// The most that the portal's memory may come to, in KiB.
const MEMORY: u64 = 128 << 10;

/// What the crowd shares.
struct Square {
    page: String,
    /// How many have come.
    come: AtomicU32,
    until: Instant,
    pause: Duration,
}

/// What became of those who stood at one place of the crowd, one after the other.
#[derive(Default)]
struct Story {
    took: Figures<Page>,
    ended: BTreeMap<Ended, usize>,
}

impl Square {
    /// One place in the crowd: whoever leaves is followed by somebody new.
    async fn place(self: Arc<Self>, n: u32) -> Story {
        let mut story = Story::default();
        // They have come one by one.
        let visit = u64::try_from((self.pause * 8).as_millis()).expect("not for years");
        let late = Dice(u64::from(n) << 32).roll(visit.max(1));
        tokio::time::sleep(Duration::from_millis(late)).await;
        while Instant::now() < self.until {
            let n = self.come.fetch_add(1, Ordering::Relaxed);
            let mut visitor = Visitor::new(&self.page, n, self.pause);
            let ended = visitor.visit().await.expect("nobody is turned away");
            *story.ended.entry(ended).or_default() += 1;
            story.took.join(visitor.took);
        }
        story
    }

    /// Lets out more times, half as many as there are wishes, until the crowd goes; how many there
    /// were.
    async fn let_out(&self, place: &Place, mut times: u32) -> u32 {
        let mut day = 1;
        while Instant::now() < self.until {
            while day < DAYS && 2 * times < self.come.load(Ordering::Relaxed) {
                times += lay(place, day).await;
                day += 1;
            }
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
        times
    }
}

/// Lets out a day's times; how many there are at most.
async fn lay(place: &Place, day: i32) -> u32 {
    let mut times = 0;
    for (practitioner, preblock_type, so_many) in BOOKS {
        let practitioner = PractitionerId::from(practitioner);
        let intervals = vec![stretch(day, 8 * 60, 8 * 60)];
        let (session, work) = (practitioner.clone(), intervals.clone());
        let sessions = Command::AddWorkSessions { practitioner: session, intervals: work };
        assert!(place.run(sessions).await);
        let (preblock_type, overlap) = (preblock_type.into(), OverlapChoice::Replace);
        let laid =
            Command::LayPreblocks { practitioner, preblock_type, intervals, overlap, code: None };
        assert!(place.run(laid).await);
        times += so_many;
    }
    times
}

/// How late this program itself is: so much of the figures is not the portal's.
async fn lateness(until: Instant) -> Figures<&'static str> {
    let (mut late, tick) = (Figures::default(), Duration::from_millis(20));
    while Instant::now() < until {
        let begun = Instant::now();
        tokio::time::sleep(tick).await;
        late.note("the crowd's own", begun.elapsed().saturating_sub(tick));
    }
    late
}

#[tokio::test]
async fn of_a_crowd_with_twice_as_many_wishes_as_times_everyone_is_answered_and_each_time_sold_once()
 {
    let asked = number("TIDBOK_CROWD");
    let crowd = u32::try_from(asked.unwrap_or(20)).expect("a crowd");
    let seconds = Duration::from_secs(number("TIDBOK_CROWD_SECONDS").unwrap_or(5));
    let pause = number("TIDBOK_CROWD_PAUSE").unwrap_or(if asked.is_some() { 4_000 } else { 200 });
    let place = Place::open().await;
    let first = lay(&place, 0).await;
    let _agent = place.agent("agent");
    place.wait_in_step().await;
    let before = sold(&place).await;
    let memory = place.portal_memory();
    let square = Arc::new(Square {
        page: place.page_address(),
        come: AtomicU32::new(0),
        until: Instant::now() + seconds,
        pause: Duration::from_millis(pause),
    });
    let late = tokio::spawn(lateness(square.until));
    let places: Vec<_> = (0..crowd).map(|n| tokio::spawn(Arc::clone(&square).place(n))).collect();
    let times = square.let_out(&place, first).await;
    let (mut took, mut ended) = (Figures::default(), BTreeMap::new());
    for story in places {
        let story = story.await.expect("it ends");
        took.join(story.took);
        for (how, n) in story.ended {
            *ended.entry(how).or_default() += n;
        }
    }
    place.wait_in_step().await;
    let sold = sold(&place).await - before;
    let wishes: usize = ended.values().sum();
    println!("{crowd} patients, {seconds:?}: {wishes} wishes for {times} times at most: {ended:?}");
    println!("{took}{}", late.await.expect("it ends"));
    let after = place.portal_memory();
    if let (Some(before), Some(after)) = (memory, after) {
        let Memory { now, most } = after;
        println!("the portal's memory: {} KiB before, {now} after, {most} at most", before.now);
    }
    let told = ended.get(&Ended::Booked).copied().unwrap_or_default();
    assert_eq!(sold, told, "each that was told of, and no other");
    assert!(sold > 0);
    if asked.is_some() {
        assert!(took.within(&Page::Times, 99) < PROMISED, "the page of times takes too long");
        assert!(after.is_none_or(|it| it.most < MEMORY), "the portal needs too much memory");
    }
}

/// How many times are booked by ITB; none of them overlaps another.
async fn sold(place: &Place) -> usize {
    let mut sold = 0;
    for (practitioner, ..) in BOOKS {
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
