//! `tidbok sync`: the Online Client as a service, or for one round.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use chrono::{TimeDelta, Utc};
use reqwest::Url;
use sha2::{Digest, Sha256};

use crate::clinic::Clinic;
use crate::domain::hexadecimal;
use crate::store::{DatabaseLocation, OpenMode};
use crate::sync::{
    Agent, AgentAt, BearerToken, Certificates, Http, LEASE, Pace, SyncError, Wire, Worked,
};
use crate::texts::Language;

use super::context::Context;
use super::secret_file::{credential, first_line};
use super::{Failure, mail_file, output, stop, sync_check, sync_mail, units};

/// The file of this name among a service's credentials holds the token, too.
const CREDENTIAL: &str = "portal-token";

#[derive(clap::Args, Debug)]
pub struct Arguments {
    #[allow(rustdoc::bare_urls, reason = "the help shows it as it stands")]
    /// Where the booking page's FHIR server is, as https://bokning.example.se/fhir/storgatan
    #[arg(long, env = "TIDBOK_PORTAL", value_name = "URL", required_unless_present_any = ["print_unit", "print_mail"])]
    portal: Option<Url>,
    /// A file whose first line is the agent's token; else the service's credential portal-token
    #[arg(long, env = "TIDBOK_PORTAL_TOKEN_FILE", value_name = "FILE")]
    token_file: Option<PathBuf>,
    /// Trust the issuers in this file as well, in PEM
    #[arg(long, value_name = "FILE")]
    ca: Option<PathBuf>,
    /// Show this certificate instead of a token: a file with it and its key, in PEM
    #[arg(long, value_name = "FILE")]
    client_certificate: Option<PathBuf>,
    /// Milliseconds between rounds
    #[arg(long, value_name = "MS", default_value_t = 100, value_parser = clap::value_parser!(u64).range(50..=60_000))]
    every: u64,
    /// Seconds after which another agent takes over from one that says nothing any more
    #[arg(long, value_name = "SECONDS", default_value_t = LEASE.num_seconds(), value_parser = clap::value_parser!(i64).range(2..=600))]
    lease: i64,
    /// A file that says where e-mail to patients goes out; without it none is sent
    #[arg(long, env = "TIDBOK_MAIL", value_name = "FILE")]
    mail: Option<PathBuf>,
    /// One round, then leave
    #[arg(long)]
    once: bool,
    /// Test the connection to the booking page's server, and whether that does what it must; and the
    /// mail server, if there is to be one
    #[arg(long)]
    check: bool,
    /// Write a unit file for systemd
    #[arg(long)]
    print_unit: bool,
    /// Write a file for --mail to begin from
    #[arg(long)]
    print_mail: bool,
}

impl Arguments {
    /// What is to be written, if only a file to begin from is asked for.
    pub(super) fn prints(&self) -> Option<&'static str> {
        match (self.print_unit, self.print_mail) {
            (true, _) => Some(units::SYNC.text),
            (false, true) => Some(mail_file::EXAMPLE),
            (false, false) => None,
        }
    }
}

pub(super) async fn run(context: &Context, arguments: &Arguments) -> Result<(), Failure> {
    let Some(portal) = &arguments.portal else { return output::print(units::SYNC.text) };
    refuse_no_address(portal)?;
    let files =
        Certificates { trusted: arguments.ca.clone(), own: arguments.client_certificate.clone() };
    let http = Http::with_tls(&files).map_err(|error| Failure::Usage(error.to_string()))?;
    let wire = Wire::new(Box::new(http), portal, token(arguments)?);
    if arguments.check {
        sync_check::run(context.language, portal, &wire).await?;
        return match &arguments.mail {
            Some(path) => sync_mail::check(context.language, path).await,
            None => Ok(()),
        };
    }
    let store = context.open(OpenMode::Existing).await?;
    let clinic = Clinic::new(store.clone());
    let agent = Agent::new(clinic.clone(), wire, place(portal));
    let agent = agent.of_database(&database_name(&context.settings.database));
    let agent = agent.with_lease(TimeDelta::seconds(arguments.lease));
    if arguments.once {
        let done = once(context, arguments, clinic, agent).await;
        store.close().await;
        return done;
    }
    work(context, arguments, portal, clinic, agent).await?;
    store.close().await;
    output::journal("stopped");
    Ok(())
}

/// One round, and what of it there is to mail.
async fn once(
    context: &Context,
    arguments: &Arguments,
    clinic: Clinic,
    mut agent: Agent,
) -> Result<(), Failure> {
    let result = agent.round(Utc::now()).await;
    // The lease ends by itself where it can't be given back.
    let _ = agent.stop(Utc::now()).await;
    let worked = result.map_err(|error| told(&error))?;
    output::print(&sentence(context, worked, agent.state().published_times()))?;
    match &arguments.mail {
        // The one that works sends it, too.
        Some(path) if worked != Worked::StoodBy => sync_mail::once(context, path, clinic).await,
        _ => Ok(()),
    }
}

/// After so long without a round that went well e-mail is sent all the same: reminders can't wait for a page
/// that is not there.
const MAIL_WITHOUT_PAGE: Duration = Duration::from_secs(600);

/// Round upon round, until told to stop.
async fn work(
    context: &Context,
    arguments: &Arguments,
    portal: &Url,
    clinic: Clinic,
    mut agent: Agent,
) -> Result<(), Failure> {
    let mail = arguments.mail.as_deref();
    let mut mail = mail.map(|path| sync_mail::begin(context, path, clinic)).transpose()?;
    stop::ready();
    output::journal(&format!("started, from {} to {portal}", context.settings.database));
    let mut last = None;
    let pace =
        Pace { every: Duration::from_millis(arguments.every), wake: std::sync::Arc::default() };
    let begun = Instant::now();
    crate::sync::run(&mut agent, pace, stop::asked(), |result| {
        let may_mail = match result {
            Ok(worked) => *worked != Worked::StoodBy,
            Err(_) => begun.elapsed() > MAIL_WITHOUT_PAGE,
        };
        if let Some(mail) = mail.as_mut().filter(|_| may_mail) {
            mail.let_go();
        }
        let status = status(result);
        stop::alive(&status);
        // One line a change: a log that repeats itself is not read.
        if last.as_ref() != Some(&status) {
            output::journal(&status);
            last = Some(status);
        }
    })
    .await;
    if let Some(mail) = mail {
        mail.end().await;
    }
    Ok(())
}

/// How a round went, for the journal.
fn status(result: &Result<Worked, SyncError>) -> String {
    let status = match result {
        Ok(Worked::InStep) => "in step",
        Ok(Worked::CaughtUp) => {
            "in step: the database is an older copy, what it lacked was taken back from the booking page \
             (tidbok status)"
        }
        Ok(Worked::StoodBy) => "standing by: another agent works",
        Err(error) => return error.to_string(),
    };
    status.to_owned()
}

/// An address is told to the other end, and stands in the journal: it must hold no password.
fn refuse_no_address(portal: &Url) -> Result<(), Failure> {
    let holds_none = portal.username().is_empty() && portal.password().is_none();
    if matches!(portal.scheme(), "http" | "https") && holds_none {
        return Ok(());
    }
    Err(no_address())
}

fn no_address() -> Failure {
    Failure::Usage(
        "--portal is an address such as https://bokning.example.se/fhir/storgatan, without a name or \
         password in it"
            .to_owned(),
    )
}

/// Tests the connection to a booking page's server, and to the mail server if there is to be one.
pub(super) async fn check(
    language: Language,
    portal: &str,
    token_file: &Path,
    mail: Option<&Path>,
) -> Result<(), Failure> {
    let portal: Url = portal.parse().map_err(|_| no_address())?;
    refuse_no_address(&portal)?;
    let http = Http::new().map_err(|error| Failure::Usage(error.to_string()))?;
    let wire = Wire::new(Box::new(http), &portal, token_in(token_file)?);
    sync_check::run(language, &portal, &wire).await?;
    match mail {
        Some(path) => sync_mail::check(language, path).await,
        None => Ok(()),
    }
}

/// The token; none is needed where a certificate is shown.
fn token(arguments: &Arguments) -> Result<Option<BearerToken>, Failure> {
    if arguments.client_certificate.is_some() && arguments.token_file.is_none() {
        return Ok(None);
    }
    let file = arguments.token_file.clone();
    let Some(path) = file.or_else(|| credential(CREDENTIAL)) else {
        return Err(Failure::Usage(
            "no token: name a file with --token-file, give the service the credential portal-token, \
             or show a certificate with --client-certificate"
                .to_owned(),
        ));
    };
    token_in(&path).map(Some)
}

fn token_in(file: &Path) -> Result<BearerToken, Failure> {
    let token = BearerToken::new(&first_line(file)?);
    token.ok_or_else(|| {
        let file = file.display();
        Failure::Usage(format!(
            "{file}: the first line is no token: it has a blank in it, or other characters than ASCII's"
        ))
    })
}

/// Where this agent runs.
pub(super) fn place(portal: &Url) -> AgentAt {
    AgentAt {
        host: super::actor::host_name(),
        process: std::process::id(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        since: Utc::now(),
        publishes_to: portal.to_string(),
    }
}

/// What tells a database from every other: where it lies, as a digest, since the other end is told.
pub(super) fn database_name(location: &DatabaseLocation) -> String {
    let place = match location {
        DatabaseLocation::Sqlite(path) => {
            let path = path.canonicalize().unwrap_or_else(|_| path.clone());
            format!("{} {}", super::actor::host_name(), path.display())
        }
        DatabaseLocation::SqlServer(server) => {
            let host = server.host.to_lowercase();
            format!("{host} {:?} {} {}", server.instance, server.database, server.schema)
        }
    };
    hexadecimal(&Sha256::digest(place.as_bytes()))
}

fn sentence(context: &Context, worked: Worked, times: usize) -> String {
    match worked {
        Worked::InStep | Worked::CaughtUp => context.language.pick(
            format!("Synkad: {times} tider ligger ute.\n"),
            format!("In step: {times} times are out there.\n"),
        ),
        Worked::StoodBy => {
            context.language.pick("En annan agent arbetar.\n", "Another agent works.\n").to_owned()
        }
    }
}

fn told(error: &SyncError) -> Failure {
    match error {
        SyncError::Clinic(_) => Failure::Store(error.to_string()),
        _ => Failure::Refused(error.to_string()),
    }
}
