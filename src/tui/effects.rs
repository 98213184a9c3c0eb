//! Effects carried out: each asks the clinic and ends in one answer. Nothing here touches the model
//! or the terminal.

use std::io;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use chrono::Utc;
use tokio::task::JoinSet;

use super::dialogs::LOG_PAGE;
use super::message::{Effect, Reply, RequestId};
use super::preferences::PreferencesFile;
use crate::clinic::{Clinic, ClinicError, Polled};
use crate::domain::{Actor, CivilTime, DateRange, PractitionerId};

/// How many patients a search brings to the screen.
const PATIENTS_FOUND: u32 = 50;

/// How many patients, coming bookings and past ones a search brings to the screen.
const FOUND: u32 = 20;

/// How many things that patients did online the inbox holds.
const INBOX: u32 = 200;

/// The file that diagnostics of the Online Client are written to.
const DIAGNOSTICS: &str = "online-client.json";

/// How long the cursor rests before what stands beside the grid follows.
const REST: Duration = Duration::from_millis(250);

/// What a task ended in.
pub enum Done {
    Reply { request: RequestId, reply: Reply },
    Polled(Result<Polled, ClinicError>),
    PreferencesKept(io::Result<()>),
    DiagnosticsKept(io::Result<PathBuf>),
}

/// How many questions for books are under way at once: one that hangs holds no other back, and a store has
/// more readers than that, so that the poll gets through.
const BOOKS_AT_ONCE: usize = 2;

/// Effects under way. Dropping it abandons what only reads; see [`Work::changes_under_way`].
pub struct Work {
    clinic: Clinic,
    actor: Actor,
    preferences: PreferencesFile,
    tasks: JoinSet<Done>,
    changes: usize,
    /// How many questions for books are under way.
    books: usize,
    /// The newest question for books where there are so many. Only the answer to the newest matters: it takes
    /// the place of one that has not been asked yet.
    next_books: Option<BooksWanted>,
    /// When what the clinic has not answered was asked, oldest first.
    asked: Vec<(RequestId, Instant)>,
    /// When the revisions were asked for that have not come yet.
    polling: Option<Instant>,
}

/// A question for books.
struct BooksWanted {
    request: RequestId,
    practitioners: Vec<PractitionerId>,
    days: DateRange,
}

/// What the loop itself must do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoopEffect {
    Redraw,
    Suspend,
    Quit,
}

impl Work {
    /// Work on a clinic in the name of an actor.
    pub fn new(clinic: Clinic, actor: Actor, preferences: PreferencesFile) -> Self {
        Self {
            clinic,
            actor,
            preferences,
            tasks: JoinSet::new(),
            changes: 0,
            books: 0,
            next_books: None,
            asked: Vec::new(),
            polling: None,
        }
    }

    /// Changes that were asked for and not yet answered.
    pub fn changes_under_way(&self) -> usize {
        self.changes
    }

    /// How long the oldest unanswered question has waited.
    pub fn waited(&self) -> Duration {
        self.asked.first().map_or(Duration::ZERO, |(_, asked)| asked.elapsed())
    }

    /// How long the revisions have been waited for.
    pub fn polled_in_vain(&self) -> Duration {
        self.polling.map_or(Duration::ZERO, |asked| asked.elapsed())
    }

    /// Asks for the revisions and the agent's pulse, unless an earlier question still waits for its answer.
    pub fn poll(&mut self) {
        if self.polling.is_none() {
            self.polling = Some(Instant::now());
            let clinic = self.clinic.clone();
            self.tasks.spawn(async move { Done::Polled(clinic.poll().await) });
        }
    }

    /// Starts an effect; gives back what only the loop can do.
    pub fn start(&mut self, effect: Effect, now: CivilTime) -> Option<LoopEffect> {
        let clinic = self.clinic.clone();
        let actor = self.actor.clone();
        match effect {
            Effect::LoadSetup { request } => self.answer(request, async move {
                Reply::Setup(async { Ok((clinic.setup().await?, clinic.users().await?)) }.await)
            }),
            Effect::LoadBooks { request, practitioners, days } => {
                self.next_books = Some(BooksWanted { request, practitioners, days });
                self.ask_for_books();
            }
            Effect::Preview { request, command } => self.answer(request, async move {
                Reply::Preview(clinic.preview(&actor, &command, now).await.map(Box::new))
            }),
            Effect::Execute { request, id, command } => {
                self.changes += 1;
                self.answer(request, async move {
                    let outcome = clinic.execute(&actor, id, &command, now).await;
                    Reply::Executed(outcome.map(Box::new))
                });
            }
            Effect::FindPatients { request, text } => self.answer(request, async move {
                Reply::Patients(clinic.find_patients(&actor, &text, PATIENTS_FOUND).await)
            }),
            Effect::FindFree { request, question } => {
                self.answer(
                    request,
                    async move { Reply::Free(clinic.free_times(&question, now).await) },
                )
            }
            Effect::LoadDayList { request, practitioners, date } => {
                self.answer(request, async move {
                    Reply::DayList(clinic.day_lists(&actor, &practitioners, date, now).await)
                });
            }
            Effect::LoadCalls { request, practitioner, days } => {
                self.answer(request, async move {
                    let list = clinic.call_list(&actor, &practitioner, days).await;
                    Reply::Calls(list.map(Box::new))
                });
            }
            Effect::LoadPatient { request, patient } => self.answer(request, async move {
                Reply::Patient(clinic.patient_card(&actor, &patient, now).await.map(Box::new))
            }),
            Effect::LoadLog { request, question } => self.answer(request, async move {
                Reply::Log(clinic.log(&actor, &question, LOG_PAGE).await)
            }),
            Effect::Find { request, text } => self.answer(request, async move {
                Reply::Found(clinic.find(&actor, &text, now, FOUND).await.map(Box::new))
            }),
            Effect::LoadInbox { request } => self.answer(request, async move {
                Reply::Inbox(clinic.inbox(&actor, INBOX).await.map(Box::new))
            }),
            Effect::LoadAgent { request, practitioners, days } => {
                self.answer(request, async move {
                    Reply::Agent(clinic.agent_report(&practitioners, days).await.map(Box::new))
                });
            }
            Effect::AskAgent { request, what } => {
                self.changes += 1;
                self.answer(request, async move {
                    Reply::AgentAsked(clinic.ask_agent(&actor, what, Utc::now()).await)
                });
            }
            Effect::KeepDiagnostics(text) => {
                let file = self.preferences.clone();
                self.tasks.spawn_blocking(move || {
                    Done::DiagnosticsKept(file.keep_beside(DIAGNOSTICS, &text))
                });
            }
            Effect::KeepSeen { request, seen } => {
                self.changes += 1;
                self.answer(request, async move {
                    Reply::SeenKept(clinic.keep_seen(&actor, &seen).await)
                });
            }
            Effect::SetPassword { request, id, change } => {
                self.changes += 1;
                self.answer(request, async move {
                    let at = (now, Utc::now());
                    let set = clinic.change_password(&actor, id, change, at).await;
                    Reply::PasswordSet(set.map(Box::new))
                });
            }
            Effect::Unlock { request, signature, password } => self.answer(request, async move {
                let signed_in = clinic.sign_in(&signature, password, Utc::now()).await;
                Reply::Unlocked(signed_in.map(drop))
            }),
            Effect::Rest { request } => {
                self.tasks.spawn(async move {
                    tokio::time::sleep(REST).await;
                    Done::Reply { request, reply: Reply::Rested }
                });
            }
            Effect::SavePreferences(preferences) => {
                let file = self.preferences.clone();
                let (turn, signature) = (file.turn(), actor.signature().to_owned());
                self.tasks.spawn_blocking(move || {
                    Done::PreferencesKept(file.save(turn, &signature, &preferences))
                });
            }
            Effect::Redraw => return Some(LoopEffect::Redraw),
            Effect::Suspend => return Some(LoopEffect::Suspend),
            Effect::Quit => return Some(LoopEffect::Quit),
        }
        None
    }

    /// Asks for the books that are wanted, unless enough is asked at once.
    fn ask_for_books(&mut self) {
        if self.books >= BOOKS_AT_ONCE {
            return;
        }
        let Some(BooksWanted { request, practitioners, days }) = self.next_books.take() else {
            return;
        };
        self.books += 1;
        let clinic = self.clinic.clone();
        self.answer(request, async move { Reply::Books(clinic.books(&practitioners, days).await) });
    }

    fn answer(&mut self, request: RequestId, reply: impl Future<Output = Reply> + Send + 'static) {
        self.asked.push((request, Instant::now()));
        self.tasks.spawn(async move { Done::Reply { request, reply: reply.await } });
    }

    /// The next answer; waits for ever where nothing is under way. May be dropped while it waits,
    /// without loss.
    ///
    /// # Errors
    /// [`TaskPanicked`].
    pub async fn next(&mut self) -> Result<Done, TaskPanicked> {
        match self.tasks.join_next().await {
            Some(ended) => self.ended(ended),
            None => std::future::pending().await,
        }
    }

    /// The next answer that is there already.
    ///
    /// # Errors
    /// [`TaskPanicked`].
    pub fn try_next(&mut self) -> Result<Option<Done>, TaskPanicked> {
        self.tasks.try_join_next().map(|ended| self.ended(ended)).transpose()
    }

    fn ended(&mut self, ended: Result<Done, tokio::task::JoinError>) -> Result<Done, TaskPanicked> {
        let done = ended.map_err(|_| TaskPanicked)?;
        if let Done::Reply { request, .. } = &done {
            self.asked.retain(|(asked, _)| asked != request);
        }
        match &done {
            Done::Reply { reply, .. } => self.answered(reply),
            Done::Polled(_) => self.polling = None,
            Done::PreferencesKept(_) | Done::DiagnosticsKept(_) => {}
        }
        Ok(done)
    }

    fn answered(&mut self, reply: &Reply) {
        match reply {
            Reply::Executed(_)
            | Reply::PasswordSet(_)
            | Reply::SeenKept(_)
            | Reply::AgentAsked(_) => self.changes -= 1,
            Reply::Books(_) => {
                self.books -= 1;
                self.ask_for_books();
            }
            _ => {}
        }
    }
}

/// A task panicked; the panic has been told of, and the terminal been given back.
#[derive(Debug)]
pub struct TaskPanicked;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clinic::{Seen, SyncRequest};
    use crate::store::{DatabaseLocation, OpenMode, Store};

    async fn work_in(folder: &tempfile::TempDir) -> Work {
        let database = DatabaseLocation::Sqlite(folder.path().join("clinic.db"));
        let store = Store::open(&database, OpenMode::Create).await.unwrap();
        Work::new(Clinic::new(store), Actor::System, PreferencesFile::of_account())
    }

    fn now() -> CivilTime {
        "2026-11-25T10:12".parse().unwrap()
    }

    /// Turns to a week.
    fn ask(work: &mut Work, week: u64) {
        let first = now().date() + chrono::Days::new(7 * week);
        let (practitioners, days) = (vec!["AE".into()], DateRange::new(first, 7));
        work.start(Effect::LoadBooks { request: RequestId(week), practitioners, days }, now());
    }

    /// The questions that are answered until this one is, it included.
    async fn answered_until(work: &mut Work, last: RequestId) -> Vec<RequestId> {
        let mut answered = Vec::new();
        while answered.last() != Some(&last) {
            if let Done::Reply { request, .. } = work.next().await.unwrap() {
                answered.push(request);
            }
        }
        answered
    }

    #[tokio::test]
    async fn of_many_weeks_turned_in_a_row_few_are_asked_for_and_the_last_always() {
        let folder = tempfile::tempdir().unwrap();
        let mut work = work_in(&folder).await;
        (0..100).for_each(|week| ask(&mut work, week));
        let answered = answered_until(&mut work, RequestId(99)).await;
        assert!(answered.len() <= BOOKS_AT_ONCE + 1, "{answered:?}");
        ask(&mut work, 100);
        answered_until(&mut work, RequestId(100)).await;
    }

    #[tokio::test]
    async fn whatever_writes_is_waited_for_when_the_console_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let mut work = work_in(&folder).await;
        let request = RequestId(1);
        work.start(Effect::KeepSeen { request, seen: Seen::new() }, now());
        work.start(Effect::AskAgent { request, what: SyncRequest::Now }, now());
        assert_eq!(work.changes_under_way(), 2);
        while work.changes_under_way() > 0 {
            work.next().await.unwrap();
        }
    }
}
