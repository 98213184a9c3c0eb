//! Whoever sits at a console: keys, and what the screen then says.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::{Duration, Instant};

use portable_pty::CommandBuilder;
use tidbok::domain::{CivilTime, Interval};

use super::ground::{WEEKS, working_day};
use super::seen::{What, wrong};
use super::world::{Stands, World};
use crate::dice::Dice;
use crate::programs::{Around, stretch};
use crate::pty::Pty;

/// How long an answer may take before nobody waits any longer.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long an answer takes at most that is told of as slow only.
const SLOW: Duration = Duration::from_secs(4);
/// How often the screen is looked at.
const LOOK: Duration = Duration::from_millis(25);

/// Of how many places of a kind one is changed next: fewer than there are, so that what is laid is removed
/// before long.
const FEW: usize = 20;

const ESCAPE: &str = "\x1b";
const DELETE: &str = "\x1b[3~";
const PAGE_UP: &str = "\x1b[5~";
const PAGE_DOWN: &str = "\x1b[6~";
const F2: &str = "\x1bOQ";
const F8: &str = "\x1b[19~";
const ARROWS: [&str; 4] = ["\x1b[A", "\x1b[B", "\x1b[C", "\x1b[D"];

/// What is to become of a console.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    GoOn,
    /// The terminal is closed under it.
    HangUp,
    /// It is left, and opened where no time zone is known.
    Nowhere,
}

const ORDERS: [Order; 3] = [Order::GoOn, Order::HangUp, Order::Nowhere];

/// What others tell whoever sits at a console.
#[derive(Default)]
pub struct Orders(AtomicU8);

impl Orders {
    pub fn give(&self, order: Order) {
        self.0.store(order as u8, Ordering::SeqCst);
    }

    fn take(&self) -> Order {
        ORDERS[usize::from(self.0.swap(0, Ordering::SeqCst))]
    }
}

/// A place for something in the book of a console.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Spot {
    /// An hour of the morning.
    Preblock(Interval),
    /// Half an hour of the afternoon.
    Booking(Interval),
}

impl Spot {
    fn interval(self) -> Interval {
        match self {
            Self::Preblock(interval) | Self::Booking(interval) => interval,
        }
    }

    fn all() -> Vec<Self> {
        let days = (0..WEEKS * 5).map(working_day);
        let of_day = |day| {
            let hour = move |clock: i32, length| stretch(day, clock * 60, length);
            let mornings = (8..12).map(move |clock| Self::Preblock(hour(clock, 60)));
            mornings.chain((13..18).map(move |clock| Self::Booking(hour(clock, 30))))
        };
        days.flat_map(of_day).collect()
    }
}

/// What a console's book holds as far as it was told.
pub type Told = BTreeMap<Spot, Stands>;

/// Why a key has no answer.
#[derive(Debug, PartialEq, Eq)]
pub enum Broken {
    /// The program has ended, or is to.
    Over,
    /// Nothing comes.
    Silent,
    /// The screen says what is wrong.
    Refused,
}

/// A console, and who sits at it.
pub struct Desk {
    pub name: String,
    /// Whose book it is, by name.
    pub practitioner: &'static str,
    pub database: String,
    pub folder: PathBuf,
    pub world: Arc<World>,
    pub orders: Arc<Orders>,
    pub around: Around,
    pub dice: Dice,
    pub size: (u16, u16),
}

/// Something that the screen says is wrong.
struct Wrong {
    what: What,
    since: Instant,
    told: bool,
}

/// A console that runs.
pub struct Sitting<'a> {
    desk: &'a mut Desk,
    pub pty: Pty,
    /// What was wrong when it was last looked, and since when: it is told of once.
    wrong: Option<Wrong>,
    order: Order,
}

impl Desk {
    fn command(&self, around: &Around) -> CommandBuilder {
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_tidbok"));
        command.args(["--user", "REC", "--database", &self.database]);
        for home in HOMES {
            command.env(home, &self.folder);
        }
        self.around.iter().chain(around).for_each(|(name, value)| command.env(name, value));
        command
    }

    /// Works until it is all over; what its book then holds.
    pub fn work(mut self) -> Told {
        let mut told: Told = Spot::all().into_iter().map(|spot| (spot, Stands::Not)).collect();
        let mut order = Order::GoOn;
        while !self.world.is_over() {
            order = self.sit(&mut told, order);
        }
        told
    }

    /// Opens a console, if there is power.
    pub fn open(&mut self, more: &Around) -> Sitting<'_> {
        let pty = {
            let _power = self.world.power();
            let pty = Pty::run(self.command(more), self.size);
            self.world.runs(&self.name, u32::try_from(pty.pid().as_raw()).expect("a process"));
            pty
        };
        self.world.did("consoles opened");
        Sitting { desk: self, pty, wrong: None, order: Order::GoOn }
    }

    /// One console from its start to its end; what is to become of the next.
    fn sit(&mut self, told: &mut Told, before: Order) -> Order {
        let world = Arc::clone(&self.world);
        let around =
            if before == Order::Nowhere { super::ground::nowhere() } else { Around::new() };
        let mut sitting = self.open(&around);
        let ended = sitting.work(told);
        let (order, name) = (sitting.order, sitting.desk.name.clone());
        let pty = sitting.pty;
        let all = String::from_utf8_lossy(&pty.bytes_since(0)).into_owned();
        assert!(!all.contains("panicked at"), "{name}: {all}");
        match (ended, order) {
            // Its terminal is closed, and it is seen to end by itself.
            (_, Order::HangUp) => drop(pty.close().wait_end_watching()),
            (Broken::Over, Order::GoOn) if world.is_over() => {}
            (Broken::Over, Order::GoOn) => world.see(&name, What::Ended, "the console is gone"),
            _ => {}
        }
        world.ended(&name);
        order
    }
}

impl Sitting<'_> {
    /// Works until something breaks.
    fn work(&mut self, told: &mut Told) -> Broken {
        if let Err(broken) = self.find() {
            return self.unless_it_goes_on(broken);
        }
        loop {
            if self.desk.world.is_over() {
                return Broken::Over;
            }
            let pause = Duration::from_millis(100 + self.desk.dice.roll(500));
            std::thread::sleep(pause);
            let done = match self.desk.dice.roll(16) {
                0..9 => self.change_something(told),
                9 => self.walk(),
                10 => self.open("I", "Inställningar"),
                11 => self.open("N", "Inkorg"),
                12 => self.open(F8, "Online Client"),
                13 => self.look_up_a_patient(),
                14 => self.open("?", "Tangenter här"),
                _ => self.open("w", "Varför syns ingen tid?"),
            };
            match done {
                Ok(()) => {}
                Err(Broken::Over) => return Broken::Over,
                Err(Broken::Silent | Broken::Refused) => {
                    if self.go_home().is_err() {
                        return Broken::Over;
                    }
                }
            }
        }
    }

    /// A console that does not come up is closed, and opened again.
    fn unless_it_goes_on(&self, broken: Broken) -> Broken {
        if !matches!(broken, Broken::Over) {
            let screen = self.pty.screen();
            self.desk.world.see(&self.desk.name, What::NoContact, format!("not up: {screen}"));
        }
        Broken::Over
    }

    fn key(&mut self, keys: &str) -> Result<(), Broken> {
        self.desk.world.did("keys");
        self.pty.try_to_send(keys).map_err(|_| Broken::Over)
    }

    /// Looks at the screen; what is wrong by it is told of.
    fn look(&mut self) -> Result<String, Broken> {
        std::thread::sleep(LOOK);
        match self.desk.orders.take() {
            Order::GoOn => {}
            order => {
                self.order = order;
                return Err(Broken::Over);
            }
        }
        if self.pty.is_over() {
            return Err(Broken::Over);
        }
        let screen = self.pty.screen();
        let Some((what, line)) = wrong(&screen) else {
            self.wrong = None;
            return Ok(screen);
        };
        let now = Wrong { what, since: Instant::now(), told: false };
        let wrong = self.wrong.take().filter(|before| before.what == what).unwrap_or(now);
        // That an answer takes a while is no error yet.
        let told = what != What::NoContact || wrong.since.elapsed() > SLOW;
        if told && !wrong.told {
            self.desk.world.see(&self.desk.name, what, line);
        }
        self.wrong = Some(Wrong { told: told || wrong.told, ..wrong });
        Ok(screen)
    }

    /// Whether the screen has said for a while that something can't be had.
    fn is_refused(&self) -> bool {
        self.wrong
            .as_ref()
            .is_some_and(|it| it.what != What::NoContact && it.since.elapsed() > SLOW)
    }

    /// Waits until the screen is as wished.
    fn wait(&mut self, what: &str, wished: impl Fn(&str) -> bool) -> Result<String, Broken> {
        let begun = Instant::now();
        loop {
            let screen = self.look()?;
            if wished(&screen) {
                return Ok(screen);
            }
            if self.is_refused() {
                return Err(Broken::Refused);
            }
            if begun.elapsed() > PATIENCE {
                let text = format!("waited in vain for {what}:\n{screen}");
                self.desk.world.see(&self.desk.name, What::Other, text);
                return Err(Broken::Silent);
            }
        }
    }

    fn wait_for(&mut self, text: &str) -> Result<String, Broken> {
        self.wait(text, |screen| screen.contains(text))
    }

    /// Lays a preblock, and waits for what the screen says of it.
    ///
    /// # Errors
    /// [`Broken`].
    pub fn lay_at(&mut self, interval: Interval) -> Result<(), Broken> {
        self.mark(interval)?;
        self.lay()
    }

    /// Back to the week from wherever it is.
    fn go_home(&mut self) -> Result<(), Broken> {
        for _ in 0..4 {
            self.key(ESCAPE)?;
            std::thread::sleep(Duration::from_millis(150));
            let screen = self.look()?;
            let asked = ["Lämna utan att spara?", "Lämna ändå?"];
            if asked.iter().any(|question| screen.contains(question)) {
                self.key("2")?;
            }
        }
        Ok(())
    }

    /// The week of the own book, from wherever the cursor has gone.
    fn find(&mut self) -> Result<(), Broken> {
        let own = self.desk.practitioner;
        let is_own = |screen: &str| {
            screen.lines().next().unwrap_or_default().contains(own) && is_loaded(screen)
        };
        if is_own(&self.wait("a console", is_loaded)?) {
            return Ok(());
        }
        self.key("f")?;
        self.wait_for("Behandlare")?;
        self.key(own)?;
        self.wait_for(own)?;
        self.key("\r")?;
        self.wait("the book", is_own)?;
        Ok(())
    }

    fn mark(&mut self, interval: Interval) -> Result<(), Broken> {
        self.find()?;
        self.key("g")?;
        self.wait_for("Gå till datum")?;
        self.key(&format!("{}\r", interval.start().date()))?;
        self.wait("the week", |screen| !screen.contains("Gå till datum") && is_loaded(screen))?;
        self.key("t")?;
        self.wait_for("Exakt tid")?;
        let digits = |time: CivilTime| time.clock().replace(':', "");
        self.key(&format!("{}-{}\r", digits(interval.start()), digits(interval.end())))?;
        let marked = format!(" × {} min", interval.length().0);
        if !self.wait_for(&marked)?.contains("1 behandlare") {
            return Ok(());
        }
        // The day of all was left open.
        self.key("d")?;
        self.wait("the week", is_loaded)?;
        self.mark(interval)
    }

    /// Adds what is not there, or takes away what is; and sometimes undoes it.
    fn change_something(&mut self, told: &mut Told) -> Result<(), Broken> {
        let kind = self.desk.dice.roll(2) == 0;
        let known: Vec<(Spot, Stands)> = told
            .iter()
            .map(|(spot, stands)| (*spot, *stands))
            .filter(|(spot, stands)| {
                matches!(spot, Spot::Preblock(_)) == kind && *stands != Stands::Unknown
            })
            .collect();
        // Of few places each is changed again and again.
        let few = &known[..known.len().min(FEW)];
        let Some((spot, stands)) = self.desk.dice.pick(few).copied() else { return Ok(()) };
        let after = if stands == Stands::There { Stands::Not } else { Stands::There };
        self.mark(spot.interval())?;
        self.wait("nothing of what was done before", |screen| !screen.contains("Klart: "))?;
        told.insert(spot, Stands::Unknown);
        let done = match (spot, after) {
            (Spot::Preblock(_), Stands::There) => self.lay(),
            (Spot::Preblock(_), _) => self.remove(),
            (Spot::Booking(_), Stands::There) => self.book(),
            (Spot::Booking(_), _) => self.cancel(),
        };
        match &done {
            Ok(()) => {
                told.insert(spot, after);
                self.desk.world.did(match (spot, after) {
                    (Spot::Preblock(_), Stands::There) => "preblocks laid at consoles",
                    (Spot::Preblock(_), _) => "preblocks removed at consoles",
                    (Spot::Booking(_), Stands::There) => "bookings at consoles",
                    (Spot::Booking(_), _) => "cancelled at consoles",
                });
            }
            // What is refused has changed nothing.
            Err(Broken::Refused) => drop(told.insert(spot, stands)),
            Err(Broken::Over | Broken::Silent) => {}
        }
        done?;
        if self.desk.dice.roll(5) == 0 {
            told.insert(spot, Stands::Unknown);
            self.key("u")?;
            match self.answer("Ångrat.") {
                Ok(()) => {
                    told.insert(spot, stands);
                    self.desk.world.did("undone at consoles");
                }
                Err(broken) => {
                    if matches!(broken, Broken::Refused) {
                        told.insert(spot, after);
                    }
                    return Err(broken);
                }
            }
        }
        self.key(ESCAPE)
    }

    /// Waits for the word that it is done.
    fn answer(&mut self, done: &str) -> Result<(), Broken> {
        let told = self.wait(done, |screen| {
            screen.contains(done)
                || matches!(wrong(screen), Some((what, _)) if what != What::NoContact)
        })?;
        if told.contains(done) { Ok(()) } else { Err(Broken::Refused) }
    }

    fn lay(&mut self) -> Result<(), Broken> {
        self.key("p")?;
        self.wait_for("E-tid undersökning")?;
        self.key("unders\r")?;
        self.answer("lade till 1 preblock")
    }

    fn remove(&mut self) -> Result<(), Broken> {
        const QUESTION: &str = "Ja, ta bort";
        const DONE: &str = "tog bort 1 preblock";
        self.key(DELETE)?;
        let asked = self.wait("a question or an answer", |screen| {
            [QUESTION, DONE].iter().any(|it| screen.contains(it)) || wrong(screen).is_some()
        })?;
        if asked.contains(QUESTION) {
            self.key("2")?;
        }
        self.answer(DONE)
    }

    fn book(&mut self) -> Result<(), Broken> {
        const DONE: &str = "lade till 1 bokning";
        self.key("b")?;
        self.wait_for("Undersökning 30 min")?;
        self.key("unders\r")?;
        self.wait_for("[ Spara ]")?;
        self.key(F2)?;
        loop {
            let screen = self.wait("an answer", |screen| {
                [DONE, "Räknar ännu"].iter().any(|it| screen.contains(it))
                    || matches!(wrong(screen), Some((what, _)) if what != What::NoContact)
            })?;
            if !screen.contains("Räknar ännu") {
                return self.answer(DONE);
            }
            std::thread::sleep(Duration::from_millis(100));
            self.key(F2)?;
        }
    }

    fn cancel(&mut self) -> Result<(), Broken> {
        self.key("a")?;
        self.wait_for("Ja, avboka")?;
        self.key("2")?;
        self.answer("avbokade 1 bokning")
    }

    /// Weeks and the day of all, with the cursor here and there.
    fn walk(&mut self) -> Result<(), Broken> {
        for key in [PAGE_DOWN, PAGE_DOWN, "d", PAGE_UP, "d", PAGE_UP] {
            self.key(key)?;
            self.wait("another week", is_loaded)?;
            for _ in 0..5 {
                let arrow = *self.desk.dice.pick(&ARROWS).expect("one");
                self.key(arrow)?;
                std::thread::sleep(Duration::from_millis(30));
            }
        }
        Ok(())
    }

    /// Opens something, waits until it is there, and closes it.
    fn open(&mut self, key: &str, shows: &str) -> Result<(), Broken> {
        self.key(key)?;
        self.wait_for(shows)?;
        self.desk.world.did("windows opened at consoles");
        std::thread::sleep(Duration::from_millis(200));
        self.go_home()
    }

    fn look_up_a_patient(&mut self) -> Result<(), Broken> {
        self.key("/")?;
        self.wait_for("Sök")?;
        self.key("Tolvan")?;
        self.wait_for("Tolvansson")?;
        self.key("\r")?;
        self.wait_for("Patientkort")?;
        self.desk.world.did("patient cards opened");
        self.go_home()
    }
}

/// The variables by which the program finds what else it reads.
const HOMES: [&str; 5] =
    ["HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_DIRS"];

fn is_loaded(screen: &str) -> bool {
    screen.contains("Hjälp") && !screen.contains("Hämtar")
}

/// The folder of a console's own preferences.
pub fn home(beside: &Path, name: &str) -> PathBuf {
    let folder = beside.join(name);
    std::fs::create_dir(&folder).expect("a folder");
    folder
}
