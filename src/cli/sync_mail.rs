//! E-mail to patients beside the rounds of `tidbok sync`. Only the agent has the addresses.

use std::path::Path;
use std::time::Duration;

use chrono::Utc;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::clinic::{Clinic, ClinicError};
use crate::domain::NoticeFault;
use crate::mail::{Mailed, Mailer, check as try_out};
use crate::texts::{Language, notice_fault};

use super::context::Context;
use super::{Failure, mail_file, output};

/// How long a message on its way is waited for when the service is to stop; what it interrupts is
/// sent again.
const TO_END: Duration = Duration::from_secs(10);

/// The mailer at work.
pub(super) struct Running {
    task: JoinHandle<()>,
    stop: oneshot::Sender<()>,
    let_go: Option<oneshot::Sender<()>>,
}

fn mailer(language: Language, path: &Path, clinic: Clinic) -> Result<Mailer, Failure> {
    let settings = mail_file::read(path)?;
    Mailer::new(clinic, &settings).map_err(|error| mail_file::bad(language, path, error))
}

/// Begins to tell patients, with the settings of a file, once it is let.
pub(super) fn begin(context: &Context, path: &Path, clinic: Clinic) -> Result<Running, Failure> {
    let mailer = mailer(context.language, path, clinic)?;
    let (stop, stopped) = oneshot::channel::<()>();
    let (let_go, may_go) = oneshot::channel::<()>();
    let stopped = async {
        // Dropped or told: both mean to stop.
        let _ = stopped.await;
    };
    let mut last = None;
    let told = move |result: &Result<Mailed, ClinicError>| {
        let status = match result {
            Ok(Mailed { fault: Some(fault), .. }) => told(*fault),
            Ok(Mailed { sent: 0, .. }) => return,
            Ok(_) => "e-mail: sent".to_owned(),
            Err(error) => format!("e-mail: {error}"),
        };
        // One line a change: a log that repeats itself is not read.
        if last.as_ref() != Some(&status) {
            output::journal(&status);
            last = Some(status);
        }
    };
    let task = tokio::spawn(async move {
        // Dropped: it is to stop before it was let.
        if may_go.await.is_ok() {
            mailer.run(stopped, told).await;
        }
    });
    Ok(Running { task, stop, let_go: Some(let_go) })
}

fn told(fault: NoticeFault) -> String {
    format!("e-mail: {}", notice_fault(Language::English, fault))
}

impl Running {
    /// Lets it send. Of a database that was restored the agent first takes back what it lacks: what waits
    /// in it may be true no longer.
    pub fn let_go(&mut self) {
        if let Some(let_go) = self.let_go.take() {
            // It may have ended: then there is nothing to let.
            let _ = let_go.send(());
        }
    }

    /// Stops, after the message that is on its way.
    pub async fn end(self) {
        let Self { mut task, stop, let_go } = self;
        drop((stop, let_go));
        if tokio::time::timeout(TO_END, &mut task).await.is_err() {
            task.abort();
        }
    }
}

/// One round.
pub(super) async fn once(context: &Context, path: &Path, clinic: Clinic) -> Result<(), Failure> {
    let mut mailer = mailer(context.language, path, clinic)?;
    let round = mailer.round(Utc::now()).await;
    let mailed = round.map_err(|error| Failure::Store(error.to_string()))?;
    if let Some(fault) = mailed.fault {
        return Err(Failure::Refused(notice_fault(context.language, fault).to_owned()));
    }
    output::print(&context.language.pick(
        format!("E-post: {} skickade.\n", mailed.sent),
        format!("E-mail: {} sent.\n", mailed.sent),
    ))
}

/// Tries the mail server out; sends nothing.
pub(super) async fn check(language: Language, path: &Path) -> Result<(), Failure> {
    let settings = mail_file::read(path)?;
    let tried = try_out(&settings).await.map_err(|error| mail_file::bad(language, path, error))?;
    tried.map_err(|fault| Failure::Refused(notice_fault(language, fault).to_owned()))?;
    output::print(language.pick("E-post: servern tar emot\n", "E-mail: the server takes mail\n"))
}
