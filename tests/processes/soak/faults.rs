//! What goes wrong, one thing after the other, with quiet stretches between.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::thread::sleep;
use std::time::{Duration, Instant};

use nix::sys::signal::Signal;
use rusqlite::Connection;

use super::console::{Order, Orders};
use super::ground::{Clock, Site, nowhere};
use super::scripts::{Ended, Runs};
use super::world::{World, locked};
use crate::dice::Dice;
use crate::line::{Passing, Switch};
use crate::programs::{Agent, Around, Place};

/// A kind of fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    AgentKilled,
    /// An agent hangs, and wakes up again.
    AgentStopped,
    PortalKilled,
    ConsoleKilled,
    /// Everything at once.
    PowerCut,
    ClinicLocked,
    PortalLocked,
    BackedUp,
    DiskFull,
    AgentClockBack,
    PortalClockBack,
    ConsoleClockBack,
    /// An agent, the portal or a console is started where no time zone is known.
    NoZone,
    HungUp,
    LineCut,
    LineStalled,
}

pub const KINDS: [Kind; 16] = [
    Kind::PowerCut,
    Kind::DiskFull,
    Kind::ClinicLocked,
    Kind::ConsoleKilled,
    Kind::PortalKilled,
    Kind::PortalClockBack,
    Kind::AgentKilled,
    Kind::BackedUp,
    Kind::LineStalled,
    Kind::HungUp,
    Kind::AgentClockBack,
    Kind::PortalLocked,
    Kind::NoZone,
    Kind::LineCut,
    Kind::ConsoleClockBack,
    Kind::AgentStopped,
];

/// A fault that was, from when to when after the beginning.
#[derive(Clone, Copy, Debug)]
pub struct Fault {
    pub kind: Kind,
    pub from: Duration,
    pub to: Duration,
}

pub const AGENTS: [&str; 2] = ["agent-1", "agent-2"];
pub const PORTAL: &str = "portal";

/// How long things last.
#[derive(Clone, Copy)]
pub struct Times {
    /// The shortest quiet stretch, and by how much it may be longer.
    pub quiet: (Duration, Duration),
    /// The same of a fault that lasts.
    pub fault: (Duration, Duration),
}

/// Who makes the faults.
pub struct Faults {
    pub place: Place,
    pub site: Site,
    pub agents: BTreeMap<&'static str, Agent>,
    pub world: Arc<World>,
    pub orders: Vec<(String, Arc<Orders>)>,
    pub switch: Switch,
    /// Where agents find the portal.
    pub line: String,
    pub runs: Runs,
    pub dice: Dice,
    pub times: Times,
    /// How many backups there are.
    pub backups: u32,
}

impl Faults {
    /// Everything as it is switched on.
    pub fn begin(&mut self) {
        self.start_portal(&Around::new());
        for name in AGENTS {
            self.start_agent(name, &Around::new());
        }
    }

    fn start_portal(&mut self, more: &Around) {
        let around = [self.site.around(PORTAL), more.clone()].concat();
        self.place.start_portal(&around);
        self.world.runs(PORTAL, self.place.portal_id().expect("it runs"));
    }

    fn start_agent(&mut self, name: &'static str, more: &Around) {
        let mut command = self.place.agent_command(name, &self.line, &[]);
        command.envs(self.site.around(name)).envs(more.iter().cloned());
        let agent = Agent::start(command, self.place.log(name));
        self.world.runs(name, agent.id());
        self.agents.insert(name, agent);
    }

    fn end_portal(&mut self) {
        self.place.end_portal();
        self.world.ended(PORTAL);
    }

    fn end_agent(&mut self, name: &'static str) {
        if let Some(agent) = self.agents.remove(name) {
            agent.kill();
        }
        self.world.ended(name);
    }

    fn some_time(&mut self, (least, more): (Duration, Duration)) -> Duration {
        let more = u64::try_from(more.as_millis()).expect("not for years");
        least + Duration::from_millis(self.dice.roll(more.max(1)))
    }

    /// One fault after the other until then, every kind once before any comes again.
    pub fn until(&mut self, end: Instant) {
        let mut deck = Vec::new();
        loop {
            let quiet = self.some_time(self.times.quiet);
            if Instant::now() + quiet + self.times.fault.0 > end {
                sleep(end.saturating_duration_since(Instant::now()));
                return;
            }
            sleep(quiet);
            if deck.is_empty() {
                deck = self.shuffled();
            }
            if let Some(kind) = deck.pop() {
                self.one(kind);
            }
        }
    }

    /// All that can be had here, in another order each time.
    fn shuffled(&mut self) -> Vec<Kind> {
        let mut deck = Vec::new();
        let here: Vec<Kind> = KINDS.into_iter().filter(|kind| self.can(*kind)).collect();
        for kind in here {
            let at = usize::try_from(self.dice.roll(deck.len() as u64 + 1)).expect("few");
            deck.insert(at, kind);
        }
        deck
    }

    fn can(&self, kind: Kind) -> bool {
        match kind {
            Kind::DiskFull => self.site.disk.is_some(),
            Kind::AgentClockBack | Kind::PortalClockBack | Kind::ConsoleClockBack => {
                self.site.clocks.is_some()
            }
            _ => true,
        }
    }

    /// One fault, from its beginning until it is mended.
    pub fn one(&mut self, kind: Kind) {
        let (from, length) = (self.world.at(), self.some_time(self.times.fault));
        // Noted first: what is seen of it is seen while it lasts.
        println!("{:>7.1} s {kind:?}, {:.1} s", from.as_secs_f64(), length.as_secs_f64());
        let agent = *self.dice.pick(&AGENTS).expect("one");
        let console = self.dice.pick(&self.orders).expect("one").clone();
        match kind {
            Kind::AgentKilled => {
                self.end_agent(agent);
                sleep(length);
                self.start_agent(agent, &Around::new());
            }
            Kind::AgentStopped => {
                self.agents[agent].signal(Signal::SIGSTOP);
                sleep(length);
                self.agents[agent].signal(Signal::SIGCONT);
            }
            Kind::PortalKilled => {
                self.end_portal();
                sleep(length / 4);
                self.start_portal(&Around::new());
            }
            Kind::ConsoleKilled => self.world.kill(&console.0),
            Kind::PowerCut => self.cut_power(length / 4),
            Kind::ClinicLocked => hold("clinic.db", &self.place, length),
            Kind::PortalLocked => hold("portal.db", &self.place, length),
            Kind::BackedUp => self.back_up(),
            Kind::DiskFull => {
                let disk = self.site.disk.as_ref().expect("it can be filled");
                disk.fill();
                sleep(length);
                disk.make_room();
            }
            Kind::AgentClockBack => self.set_back(agent, length),
            Kind::PortalClockBack => self.set_back(PORTAL, length),
            Kind::ConsoleClockBack => self.set_back(&console.0, length),
            Kind::NoZone => self.nowhere(agent, &console.1, length),
            Kind::HungUp => console.1.give(Order::HangUp),
            Kind::LineCut => self.let_pass(Passing::Cut, length),
            Kind::LineStalled => self.let_pass(Passing::Nothing, length),
        }
        let to = self.world.at();
        locked(&self.world.faults).push(Fault { kind, from, to });
        self.world.did(&format!("fault: {kind:?}"));
    }

    fn cut_power(&mut self, length: Duration) {
        let world = Arc::clone(&self.world);
        let dark = world.cut_power();
        self.end_portal();
        AGENTS.into_iter().for_each(|name| self.end_agent(name));
        sleep(length);
        drop(dark);
        self.begin();
    }

    /// A backup while others work: it is whole, and its log verifies.
    fn back_up(&mut self) {
        self.backups += 1;
        let file = self.site.beside.path().join(format!("backup-{}.db", self.backups));
        let path = file.display().to_string();
        if let Ended::Well(_) = self.runs.run(None, &["backup", &path]) {
            let world = Arc::clone(&self.world);
            let (database, folder) = (format!("sqlite:{path}"), self.runs.folder.clone());
            let backup = Runs { world, database, folder };
            let verified = backup.run(None, &["audit", "verify"]);
            assert!(matches!(verified, Ended::Well(_)), "the backup's log is whole");
            std::fs::remove_file(file).expect("the backup");
        }
    }

    fn set_back(&self, program: &str, length: Duration) {
        let clocks = self.site.clocks.as_ref().expect("they can be set");
        clocks.set(program, Clock::SetBack);
        sleep(length);
        clocks.set(program, Clock::Right);
        // It looks once a second.
        sleep(Duration::from_secs(1));
    }

    /// An agent, the portal or a console goes on where no time zone is known.
    fn nowhere(&mut self, agent: &'static str, console: &Orders, length: Duration) {
        match self.dice.roll(3) {
            0 => {
                self.end_agent(agent);
                self.start_agent(agent, &nowhere());
            }
            1 => {
                self.end_portal();
                self.start_portal(&nowhere());
            }
            _ => console.give(Order::Nowhere),
        }
        sleep(length);
    }

    fn let_pass(&self, passing: Passing, length: Duration) {
        self.switch.set(passing);
        sleep(length);
        self.switch.set(Passing::Open);
    }
}

/// Another program writes for long.
fn hold(database: &str, place: &Place, length: Duration) {
    let other = Connection::open(place.path(database)).expect("a database");
    other.busy_timeout(Duration::from_secs(10)).expect("it waits");
    other.execute_batch("BEGIN IMMEDIATE").expect("it gets its turn");
    sleep(length);
    other.execute_batch("ROLLBACK").expect("it lets go");
}
