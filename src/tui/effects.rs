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
use crate::domain::{Actor, CivilTime};

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

/// Effects under way. Dropping it abandons what only reads; see [`Work::changes_under_way`].
pub struct Work {
    clinic: Clinic,
    actor: Actor,
    preferences: PreferencesFile,
    tasks: JoinSet<Done>,
    changes: usize,
    /// When what the clinic has not answered was asked, oldest first.
    asked: Vec<(RequestId, Instant)>,
    /// When the revisions were asked for that have not come yet.
    polling: Option<Instant>,
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
        let tasks = JoinSet::new();
        Self { clinic, actor, preferences, tasks, changes: 0, asked: Vec::new(), polling: None }
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
                self.answer(request, async move {
                    Reply::Books(clinic.books(&practitioners, days).await)
                });
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
            Effect::AskAgent { request, what } => self.answer(request, async move {
                Reply::AgentAsked(clinic.ask_agent(&actor, what, Utc::now()).await)
            }),
            Effect::KeepDiagnostics(text) => {
                let file = self.preferences.clone();
                self.tasks.spawn_blocking(move || {
                    Done::DiagnosticsKept(file.keep_beside(DIAGNOSTICS, &text))
                });
            }
            Effect::KeepSeen { request, seen } => self.answer(request, async move {
                Reply::SeenKept(clinic.keep_seen(&actor, &seen).await)
            }),
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
                let signature = actor.signature().to_owned();
                self.tasks.spawn_blocking(move || {
                    Done::PreferencesKept(file.save(&signature, &preferences))
                });
            }
            Effect::Redraw => return Some(LoopEffect::Redraw),
            Effect::Suspend => return Some(LoopEffect::Suspend),
            Effect::Quit => return Some(LoopEffect::Quit),
        }
        None
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
            Done::Reply { reply: Reply::Executed(_) | Reply::PasswordSet(_), .. } => {
                self.changes -= 1;
            }
            Done::Polled(_) => self.polling = None,
            Done::Reply { .. } | Done::PreferencesKept(_) | Done::DiagnosticsKept(_) => {}
        }
        Ok(done)
    }
}

/// A task panicked; the panic has been told of, and the terminal been given back.
#[derive(Debug)]
pub struct TaskPanicked;
