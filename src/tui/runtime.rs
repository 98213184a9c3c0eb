//! The loop that joins terminal, clock, clinic and model. Beside the effects that it starts the only place of
//! the console with a clock; waits for nothing but the next thing to happen.

use std::io;
use std::time::Duration;

use chrono::{Timelike, Utc};
use crossterm::event::{Event, KeyEventKind};
use ratatui::layout::Size;
use thiserror::Error;
use tokio::sync::mpsc;

use super::effects::{Done, LoopEffect, TaskPanicked, Work};
use super::input::{self, Input};
use super::leaving::finish_changes;
use super::message::RequestId;
use super::preferences::PreferencesFile;
use super::signals::{Signal, Signals, stop_until_continued};
use super::terminal::{self, Screen, TerminalError};
use super::{AgentNews, Effect, Message, Model, Options, Reply, Suspend, update, view};
use crate::clinic::{Clinic, ClinicError, PasswordError, Polled, Revisions, SignInError};
use crate::domain::{CivilTime, ClinicZone};

/// How much of what is queued is handled before the screen is drawn again.
const BEFORE_A_FRAME: usize = 256;

/// How long an answer may take without a word about it.
const PATIENCE: Duration = Duration::from_secs(1);

/// How long the revisions, which are asked for every second, may be silent before there is no contact.
const SILENCE: Duration = Duration::from_secs(4);

/// How long a frame waits for the week that it is to show: shorter than a screen needs to show one. Where
/// the store is near, a week gives way to the next in one frame, and no empty one goes over the line
/// between them.
const FOR_A_WEEK: Duration = Duration::from_millis(10);

/// Why the console ended other than by being left.
#[derive(Debug, Error)]
pub enum ConsoleError {
    #[error(transparent)]
    Terminal(#[from] TerminalError),
    /// A part of the program panicked, and has told of it.
    #[error("the console broke down; what was confirmed before is saved")]
    BrokeDown,
    /// How many changes had not been answered when the console was left.
    #[error(
        "{0} change(s) had not been confirmed when the console was left; look whether they were made"
    )]
    Unconfirmed(usize),
    /// How many changes came to nothing after the console had been left, and why the first of them did, in
    /// the user's language.
    #[error("{changes} change(s) came to nothing after the console was left: {why}")]
    NotMade { changes: usize, why: String },
}

impl From<io::Error> for ConsoleError {
    fn from(error: io::Error) -> Self {
        Self::Terminal(error.into())
    }
}

impl From<TaskPanicked> for ConsoleError {
    fn from(_: TaskPanicked) -> Self {
        Self::BrokeDown
    }
}

/// Runs the console until it is left or told to end. Needs tokio's time and I/O, one thread is
/// enough.
///
/// # Errors
/// See [`ConsoleError`]; whatever happens, the terminal is given back.
pub async fn run(clinic: Clinic, mut options: Options) -> Result<(), ConsoleError> {
    let signals = Signals::listen()?;
    let screen = Screen::open()?;
    let preferences = PreferencesFile::of_account();
    if let Some(kept) = preferences.load(options.actor.signature()) {
        options.preferences = kept;
    }
    let suspend = options.access.suspend;
    let work = Work::new(clinic, options.actor.clone(), preferences);
    let clock = Clock::default();
    let minute = clock.now();
    let Size { width, height } = screen.size();
    let (model, effects) = Model::new(options, minute, (width, height));
    let mut console = Console {
        model,
        screen,
        input: input::listen()?,
        signals,
        work,
        clock,
        minute,
        store: StoreState {
            lost: false,
            heard: minute,
            revisions: None,
            agent: AgentNews::default(),
        },
        state: State::Running,
        stop: Stop::NotAsked,
        shown_without: None,
        suspend,
    };
    for effect in effects {
        console.start(effect)?;
    }
    let ran = console.run().await;
    let Console { mut model, screen, mut work, clock, .. } = console;
    drop(screen);
    match ran {
        // What panicked answers no more.
        Err(ConsoleError::BrokeDown) => ran,
        _ => ran.and(finish_changes(&mut model, &mut work, clock.now()).await),
    }
}

/// Civil time as it passes.
#[derive(Default)]
struct Clock {
    zone: ClinicZone,
}

impl Clock {
    fn now(&self) -> CivilTime {
        self.zone.civil(Utc::now())
    }

    /// Sleeps until the next whole second of the clock, so that minutes begin when they should, also
    /// after the machine has slept or been set.
    async fn next_second(&self) {
        let into_second = Utc::now().nanosecond() % 1_000_000_000;
        tokio::time::sleep(Duration::from_nanos(1_000_000_000 - u64::from(into_second))).await;
    }
}

/// What is known of the store.
struct StoreState {
    lost: bool,
    /// When it last answered.
    heard: CivilTime,
    revisions: Option<Revisions>,
    agent: AgentNews,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Running,
    Leaving,
}

/// Whether the process is to stop until it is continued.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stop {
    NotAsked,
    /// Once no change is under way: whoever stands still in the middle of one holds the database up for
    /// everybody.
    OnceSaved,
}

/// Something to handle.
enum Happening {
    Signal(Signal),
    Input(Input),
    Done(Done),
    Second,
}

struct Console {
    model: Model,
    screen: Screen,
    input: mpsc::Receiver<Input>,
    signals: Signals,
    work: Work,
    clock: Clock,
    /// The minute the model was last told.
    minute: CivilTime,
    store: StoreState,
    state: State,
    stop: Stop,
    /// The question for what is shown that was not answered before the screen was drawn.
    shown_without: Option<RequestId>,
    suspend: Suspend,
}

impl Console {
    async fn run(&mut self) -> Result<(), ConsoleError> {
        self.draw()?;
        while self.state == State::Running {
            let happening = self.wait().await?;
            if !self.take_in(happening)? {
                continue;
            }
            self.let_the_week_come().await?;
            if self.state == State::Running {
                self.draw()?;
            }
        }
        Ok(())
    }

    /// Handles what has happened, and what is queued behind it; returns whether the screen may look
    /// different now.
    fn take_in(&mut self, happening: Happening) -> Result<bool, ConsoleError> {
        let mut changed = false;
        let mut next = Some(happening);
        let mut handled = 0;
        while let Some(happening) = next {
            changed |= self.handle(happening)?;
            handled += 1;
            let more = handled < BEFORE_A_FRAME && self.state == State::Running;
            next = if more { self.queued()? } else { None };
        }
        Ok(changed)
    }

    /// Waits [`FOR_A_WEEK`] for the week that is to be shown, if it is on its way; once for each
    /// question.
    async fn let_the_week_come(&mut self) -> Result<(), ConsoleError> {
        let patience = tokio::time::sleep(FOR_A_WEEK);
        tokio::pin!(patience);
        while self.state == State::Running {
            let asked = self.model.asked_to_show();
            if asked.is_none() || asked == self.shown_without {
                return Ok(());
            }
            let happening = tokio::select! {
                happening = self.wait() => Some(happening?),
                () = &mut patience => None,
            };
            match happening {
                Some(happening) => {
                    self.take_in(happening)?;
                }
                None => self.shown_without = asked,
            }
        }
        Ok(())
    }

    async fn wait(&mut self) -> Result<Happening, ConsoleError> {
        Ok(tokio::select! {
            biased;
            signal = self.signals.next() => Happening::Signal(signal),
            input = self.input.recv() => Happening::Input(input.unwrap_or(Input::Closed)),
            done = self.work.next() => Happening::Done(done?),
            () = self.clock.next_second() => Happening::Second,
        })
    }

    /// What has happened already and would not have to be waited for.
    fn queued(&mut self) -> Result<Option<Happening>, ConsoleError> {
        if let Ok(input) = self.input.try_recv() {
            return Ok(Some(Happening::Input(input)));
        }
        Ok(self.work.try_next()?.map(Happening::Done))
    }

    /// Returns whether the screen may look different now.
    fn handle(&mut self, happening: Happening) -> Result<bool, ConsoleError> {
        match happening {
            Happening::Signal(Signal::Leave) | Happening::Input(Input::Closed) => {
                self.state = State::Leaving;
                Ok(false)
            }
            Happening::Signal(Signal::Suspend) if self.suspend == Suspend::Off => Ok(false),
            Happening::Signal(Signal::Suspend) => self.suspend(),
            Happening::Signal(Signal::Continued) => self.retake(),
            Happening::Input(Input::Event(event)) => self.event(event),
            Happening::Done(done) => self.done(done),
            Happening::Second => self.second(),
        }
    }

    fn event(&mut self, event: Event) -> Result<bool, ConsoleError> {
        let message = match event {
            // Some terminals tell of releases, too.
            Event::Key(key) if key.kind == KeyEventKind::Release => return Ok(false),
            Event::Key(key) => Message::Key(key),
            Event::Mouse(mouse) => Message::Mouse(mouse),
            Event::Paste(text) => Message::Paste(text),
            Event::Resize(width, height) => {
                return self.resize(Size { width, height });
            }
            Event::FocusGained | Event::FocusLost => return Ok(false),
        };
        // What stood still for long is locked before anything is done.
        self.follow_clock()?;
        self.tell(message)
    }

    fn resize(&mut self, size: Size) -> Result<bool, ConsoleError> {
        // The same size, too: it may have had another one between, and lost what stood there.
        self.screen.resize(size)?;
        self.tell(Message::Resize { width: size.width, height: size.height })
    }

    fn done(&mut self, done: Done) -> Result<bool, ConsoleError> {
        match done {
            Done::Reply { request, reply } => {
                self.note_loss(&reply)?;
                self.follow_zone(&reply);
                let changed = self.tell(Message::Reply { request, reply })?;
                if self.stop == Stop::OnceSaved {
                    self.suspend()?;
                }
                Ok(changed)
            }
            Done::Polled(Ok(polled)) => self.polled(polled),
            Done::Polled(Err(_)) => self.store_lost(),
            Done::DiagnosticsKept(kept) => {
                let kept = kept.map(|path| path.display().to_string());
                self.tell(Message::DiagnosticsKept(kept.map_err(|error| error.to_string())))
            }
            Done::PreferencesKept(Ok(())) => Ok(false),
            Done::PreferencesKept(Err(error)) => {
                self.tell(Message::PreferencesNotKept(error.to_string()))
            }
        }
    }

    fn polled(&mut self, Polled { revisions, agent }: Polled) -> Result<bool, ConsoleError> {
        self.store.heard = self.clock.now();
        let mut back = std::mem::take(&mut self.store.lost) && self.tell(Message::StoreBack)?;
        let news = AgentNews { state: agent.state, liveness: agent.liveness(Utc::now()) };
        if std::mem::replace(&mut self.store.agent, news) != news {
            back |= self.tell(Message::Agent(news))?;
        }
        if self.store.revisions.as_ref() == Some(&revisions) {
            return Ok(back);
        }
        self.store.revisions = Some(revisions.clone());
        self.tell(Message::Polled(revisions))
    }

    fn note_loss(&mut self, reply: &Reply) -> Result<bool, ConsoleError> {
        let error = match reply {
            Reply::PasswordSet(Err(
                PasswordError::Clinic(ClinicError::Store(_))
                | PasswordError::Old(SignInError::Store(_)),
            ))
            | Reply::Unlocked(Err(SignInError::Store(_))) => return self.store_lost(),
            Reply::PasswordSet(_) | Reply::Unlocked(_) => None,
            Reply::Setup(result) => result.as_ref().err(),
            Reply::Books(result) => result.as_ref().err(),
            Reply::Preview(result) => result.as_ref().err(),
            Reply::Executed(result) => result.as_ref().err(),
            Reply::Patients(result) => result.as_ref().err(),
            Reply::Patient(result) => result.as_ref().err(),
            Reply::Log(result) => result.as_ref().err(),
            Reply::Calls(result) => result.as_ref().err(),
            Reply::DayList(result) => result.as_ref().err(),
            Reply::Found(result) => result.as_ref().err(),
            Reply::Inbox(result) => result.as_ref().err(),
            Reply::SeenKept(result) => result.as_ref().err(),
            Reply::Agent(result) => result.as_ref().err(),
            Reply::AgentAsked(result) => result.as_ref().err(),
            Reply::Free(result) => result.as_ref().err(),
            Reply::Rested => None,
        };
        match error {
            Some(ClinicError::Store(_)) => self.store_lost(),
            _ => Ok(false),
        }
    }

    fn store_lost(&mut self) -> Result<bool, ConsoleError> {
        if std::mem::replace(&mut self.store.lost, true) {
            return Ok(false);
        }
        self.tell(Message::StoreLost(self.store.heard))
    }

    /// The clinic's own time zone counts as soon as it is known.
    fn follow_zone(&mut self, reply: &Reply) {
        if let Reply::Setup(Ok((setup, _))) = reply {
            self.clock.zone = setup.zone;
        }
    }

    fn second(&mut self) -> Result<bool, ConsoleError> {
        still_ours()?;
        self.work.poll();
        let silent = self.work.polled_in_vain() >= SILENCE && self.store_lost()?;
        let slow = self.work.waited() >= PATIENCE && self.tell(Message::Slow)?;
        Ok(self.follow_clock()? | slow | silent)
    }

    /// Tells the model of the minute, if another one has begun.
    fn follow_clock(&mut self) -> Result<bool, ConsoleError> {
        let now = self.clock.now();
        if now == self.minute {
            return Ok(false);
        }
        self.minute = now;
        self.tell(Message::Minute(now))
    }

    /// Tells the model; the screen may look different afterwards.
    fn tell(&mut self, message: Message) -> Result<bool, ConsoleError> {
        for effect in update(&mut self.model, message) {
            self.start(effect)?;
        }
        Ok(true)
    }

    fn start(&mut self, effect: Effect) -> Result<(), ConsoleError> {
        match self.work.start(effect, self.clock.now()) {
            None => {}
            Some(LoopEffect::Redraw) => self.screen.resize(self.screen.size())?,
            Some(LoopEffect::Suspend) => {
                self.suspend()?;
            }
            Some(LoopEffect::Quit) => self.state = State::Leaving,
        }
        Ok(())
    }

    /// Stops until continued, at once or when the changes under way are answered.
    fn suspend(&mut self) -> Result<bool, ConsoleError> {
        if self.work.changes_under_way() > 0 {
            self.stop = Stop::OnceSaved;
            return Ok(false);
        }
        self.stop = Stop::NotAsked;
        terminal::restore();
        stop_until_continued()?;
        self.retake()
    }

    fn retake(&mut self) -> Result<bool, ConsoleError> {
        let size = self.screen.retake()?;
        // What stood still for long is locked before it is drawn.
        self.follow_clock()?;
        self.tell(Message::Resize { width: size.width, height: size.height })
    }

    fn draw(&mut self) -> Result<(), ConsoleError> {
        still_ours()?;
        let model = &self.model;
        Ok(self.screen.draw(|frame| view(model, frame))?)
    }
}

/// A panic, on whichever thread, has given the terminal back.
fn still_ours() -> Result<(), ConsoleError> {
    if terminal::is_taken() { Ok(()) } else { Err(ConsoleError::BrokeDown) }
}
