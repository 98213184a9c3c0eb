//! `tidbok status`: how it goes with the Online Client, which database this is, and who would act in it.
//! For people, and for monitoring systems: the exit code tells how bad it is, and there is an answer
//! in time even where the database gives none. For anybody who may open the database, also an
//! account that is no user's.

mod prometheus;
mod report;

use std::io::{IsTerminal, stdout};
use std::pin::pin;
use std::time::Duration;

use chrono::Utc;

use crate::clinic::Clinic;
use crate::domain::DateRange;
use crate::store::OpenMode;

use super::context::Context;
use super::{Failure, Global, actor, output, stop};
use report::{Facts, Report};

/// The exit code of what is not known.
pub(super) const UNKNOWN: u8 = 3;

/// What goes before a screenful that is told anew.
const CLEAR: &str = "\x1b[H\x1b[J";

#[derive(clap::Args, Clone, Debug)]
pub struct Arguments {
    /// Write JSON
    #[arg(long, conflicts_with = "prometheus")]
    json: bool,
    /// Write metrics in Prometheus' text format
    #[arg(long)]
    prometheus: bool,
    /// Look again every so many seconds, until stopped; written to other than a terminal, only what has changed is
    /// told again
    #[arg(
        long,
        value_name = "SECONDS",
        num_args = 0..=1,
        default_missing_value = "5",
        value_parser = clap::value_parser!(u64).range(1..=3600)
    )]
    watch: Option<u64>,
    /// Tell how much the database holds, too
    #[arg(long)]
    counts: bool,
    /// Seconds that the database may take to answer
    #[arg(
        long,
        value_name = "SECONDS",
        default_value_t = 2,
        value_parser = clap::value_parser!(u64).range(1..=600)
    )]
    timeout: u64,
}

/// As every monitoring system has it: 0 well, 1 warning, 2 critical, 3 unknown.
pub(super) async fn run(global: Global, arguments: Arguments) -> Result<(), Failure> {
    let mut last = String::new();
    // One for all turns: what is asked for while the database is asked is not lost.
    let mut to_stop = pin!(stop::asked());
    loop {
        let (text, ended) = tell(&global, &arguments).await;
        let Some(seconds) = arguments.watch else {
            output::print(&text).map_err(unknown)?;
            return ended;
        };
        let text = match &ended {
            Err(failure @ Failure::Unknown(_)) if text.is_empty() => format!("? {failure}\n"),
            _ => text,
        };
        if stdout().is_terminal() {
            output::print(&format!("{CLEAR}{text}"))?;
        } else if text != last {
            output::print(&text)?;
        }
        last = text;
        tokio::select! {
            () = &mut to_stop => return Ok(()),
            () = tokio::time::sleep(Duration::from_secs(seconds)) => {}
        }
    }
}

/// What is to be written, and how the program is to end.
async fn tell(global: &Global, arguments: &Arguments) -> (String, Result<(), Failure>) {
    let asked = ask(global.clone(), arguments.clone()).await;
    let written = match &asked {
        Ok(report) if arguments.json => report.json(),
        Ok(report) if arguments.prometheus => Ok(prometheus::metrics(report)),
        Ok(report) => Ok(report.lines()),
        Err(failure) if arguments.json => report::unknown_json(failure),
        Err(_) if arguments.prometheus => Ok(prometheus::unknown()),
        Err(_) => Ok(String::new()),
    };
    match (written, asked) {
        (Err(failure), _) => (String::new(), Err(unknown(failure))),
        (Ok(text), Err(failure)) => (text, Err(failure)),
        (Ok(text), Ok(report)) => (
            text,
            match report::graded(report.health) {
                (_, 0) => Ok(()),
                (_, code) => Err(Failure::Unwell(code)),
            },
        ),
    }
}

/// Asks on a thread of its own, which is left behind where it does not come back in time: a name that
/// is not found, a file that is locked and a server that says nothing each stall in a place of their
/// own.
async fn ask(global: Global, arguments: Arguments) -> Result<Report, Failure> {
    let context = Context::new(global).map_err(unknown)?;
    let (language, seconds) = (context.language, arguments.timeout);
    let (answer, answered) = tokio::sync::oneshot::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let report = match runtime {
            Ok(runtime) => runtime.block_on(read(&context, &arguments)),
            Err(error) => Err(Failure::Store(error.to_string())),
        };
        // Nobody waits any more where it took too long.
        drop(answer.send(report));
    });
    match tokio::time::timeout(Duration::from_secs(seconds), answered).await {
        Ok(Ok(report)) => report.map_err(unknown),
        Ok(Err(_)) => Err(Failure::Unknown("no answer".to_owned())),
        Err(_) => Err(Failure::Unknown(language.pick(
            format!("databasen har inte svarat inom {seconds} s; --timeout ger den mer tid"),
            format!("the database has not answered within {seconds} s; --timeout gives it more"),
        ))),
    }
}

async fn read(context: &Context, arguments: &Arguments) -> Result<Report, Failure> {
    let store = context.open(OpenMode::Existing).await?;
    let clinic = Clinic::new(store.clone());
    let facts = async {
        let users = clinic.users().await?;
        let setup = clinic.setup().await?;
        let today = DateRange::new(setup.zone.civil(Utc::now()).date(), 1);
        let agent = clinic.agent_report(&[], today).await?;
        let counts = match arguments.counts {
            true => Some(store.read().await?.counts().await?),
            false => None,
        };
        Ok(Facts { users, setup, agent, counts, at: Utc::now() })
    };
    let facts = facts.await.map_err(|error| context.failure(&error, &Default::default()));
    drop(clinic);
    let report = facts.map(|facts| {
        let who = actor::resolve(
            context.settings.login.value,
            context.user.as_deref(),
            actor::os_account().as_deref(),
            &facts.users,
        );
        Report::new(context, facts, who)
    });
    store.close().await;
    report
}

/// Whatever is wrong, it is not known how it goes.
pub(super) fn unknown(failure: Failure) -> Failure {
    match failure {
        Failure::ReaderGone | Failure::Unwell(_) | Failure::Unknown(_) => failure,
        failure => Failure::Unknown(failure.to_string()),
    }
}
