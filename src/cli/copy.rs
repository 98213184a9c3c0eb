//! `tidbok copy`: everything of one database into another that is empty, whichever engines they are.

use std::collections::BTreeMap;
use std::io::{IsTerminal, Write, stderr};

use clap::Args;

use super::context::{Context, language};
use super::entered::Entered;
use super::{Failure, Global, output};
use crate::clinic::Taken;
use crate::config::{ConfigError, DATABASE_PASSWORD, TARGET_PASSWORD};
use crate::store::{
    CopyError, CopyProgress, CopyStep, DatabaseLocation, DatabasePassword, LogIn, OpenMode,
    Reached, RowCounts, ServerLocation, Store, copy, may_copy, rows_to_copy,
};
use crate::texts::{self, Language};

#[derive(Args, Debug)]
#[command(after_help = PASSWORDS)]
pub(super) struct Arguments {
    /// The database to copy from, written as for --database
    #[arg(value_name = "FROM")]
    from: String,
    /// The database to copy to: a new file, or an empty database or schema of a server
    #[arg(value_name = "TO")]
    to: String,
    /// Only tell how much there is to copy, and whether it would fit
    #[arg(long)]
    dry_run: bool,
}

const PASSWORDS: &str = "\
A server's password stands in TIDBOK_DATABASE_PASSWORD, as for every command. Where both databases are \
servers' and TO's login is another, its password stands in TIDBOK_TARGET_PASSWORD, or in the file that \
TIDBOK_TARGET_PASSWORD_FILE names.";

pub(super) async fn run(global: Global, arguments: &Arguments) -> Result<(), Failure> {
    if global.database.is_some() {
        let told = language(&global).pick(
            "copy anger själv sina två databaser: utelämna --database",
            "copy names its two databases itself: leave out --database",
        );
        return Err(Failure::Usage(told.to_owned()));
    }
    let context = Context::new(Global { database: Some(arguments.from.clone()), ..global })?;
    let language = context.language;
    if context.settings.restricted.value {
        let told = language.pick(
            "begränsat läge: här öppnas bara datorns databas, och copy öppnar två",
            "restricted: only the machine's database is open here, and copy opens two",
        );
        return Err(Failure::Usage(told.to_owned()));
    }
    let from = &context.settings.database;
    let to = target(language, from, &arguments.to)?;
    let entered = context.enter(OpenMode::Existing).await?;
    let may = entered.clinic.may_take(&entered.actor, Taken::Copy).await;
    may.map_err(|error| entered.failure(&error))?;
    let fail = |error: CopyError| failure(language, &error);
    may_copy(from, &to).await.map_err(fail)?;
    let counts = async || rows_to_copy(entered.clinic.store()).await.map_err(fail);
    if arguments.dry_run {
        let counts = counts().await?;
        entered.leave().await;
        return output::print(&would_be(language, &counts, &to));
    }
    let told = entered.clinic.tell_taken(&entered.actor, Taken::Copy).await;
    told.map_err(|error| entered.failure(&error))?;
    let counts = counts().await?;
    let copied = copy_to(&entered, &to, counts).await.map_err(fail)?;
    entered.leave().await;
    output::print(&done(language, &copied, &to))
        .map_err(|failure| failure.after_the_change(language))
}

async fn copy_to(
    entered: &Entered,
    to: &DatabaseLocation,
    counts: RowCounts,
) -> Result<RowCounts, CopyError> {
    let target = Store::open(to, OpenMode::Create).await.map_err(CopyError::Target)?;
    let mut teller = Teller::new(entered.language, counts);
    let copied = copy(entered.clinic.store(), &target, |progress| teller.tell(progress)).await;
    teller.end();
    target.close().await;
    copied
}

/// The database that is copied to, with its password.
fn target(
    language: Language,
    from: &DatabaseLocation,
    to: &str,
) -> Result<DatabaseLocation, Failure> {
    let fail = |error: ConfigError| Failure::config(language, &error);
    let to: DatabaseLocation = to.parse().map_err(|error| fail(ConfigError::Location(error)))?;
    let DatabaseLocation::SqlServer(server) = to else { return Ok(to) };
    let given = target_password(from, &server).map_err(fail)?;
    match &server.log_in {
        LogIn::Sql { user, .. } if !given.is_given() => Err(Failure::Usage(language.pick(
            format!(
                "det finns inget lösenord till inloggningen {user} på databasen att kopiera till: ange TIDBOK_TARGET_PASSWORD, eller TIDBOK_TARGET_PASSWORD_FILE med en fil som innehåller det"
            ),
            format!(
                "there is no password for the login {user} of the database to copy to: set TIDBOK_TARGET_PASSWORD, or TIDBOK_TARGET_PASSWORD_FILE to a file that holds it"
            ),
        ))),
        _ => Ok(DatabaseLocation::SqlServer(Box::new(server.with_password(given)))),
    }
}

/// One server gets the password that another is for only where the login is the same on the same.
fn target_password(
    from: &DatabaseLocation,
    to: &ServerLocation,
) -> Result<DatabasePassword, ConfigError> {
    let own = TARGET_PASSWORD.password(None)?;
    let shared = match from {
        DatabaseLocation::Sqlite(_) => true,
        DatabaseLocation::SqlServer(from) => from.server() == to.server() && user(from) == user(to),
    };
    if shared && !own.is_given() { Ok(DATABASE_PASSWORD.password(None)?) } else { Ok(own) }
}

fn user(server: &ServerLocation) -> Option<&str> {
    match &server.log_in {
        LogIn::Sql { user, .. } => Some(user),
        LogIn::Windows => None,
    }
}

fn failure(language: Language, error: &CopyError) -> Failure {
    let told = output::plain(&texts::copy_error(language, error));
    match error {
        CopyError::Same => Failure::Usage(told),
        CopyError::NotEmpty { .. } => Failure::Refused(told),
        _ => Failure::Store(told),
    }
}

fn would_be(language: Language, counts: &RowCounts, to: &DatabaseLocation) -> String {
    let mut text = language
        .pick(format!("Skulle kopieras till {to}:\n"), format!("Would be copied to {to}:\n"));
    for (table, rows) in counts {
        text.push_str(&format!("  {rows:>9}  {table}\n"));
    }
    text
}

fn done(language: Language, counts: &RowCounts, to: &DatabaseLocation) -> String {
    let rows: u64 = counts.iter().map(|(_, rows)| rows).sum();
    let tables = counts.len();
    language.pick(
        format!(
            "Kopierat till {to} och jämfört rad för rad: {rows} rader i {tables} tabeller.\n\
             Vad som härefter ändras i den gamla finns inte i den nya: avsluta konsoler och `tidbok sync` på den gamla innan någon arbetar i den nya.\n"
        ),
        format!(
            "Copied to {to} and compared row by row: {rows} rows in {tables} tables.\n\
             What is changed in the old one from now on is not in the new one: end consoles and `tidbok sync` on the old one before anybody works in the new one.\n"
        ),
    )
}

/// Tells on standard error how far it has come: on a terminal in one line that is written over, else a
/// line for each table.
struct Teller {
    language: Language,
    counts: BTreeMap<&'static str, u64>,
    on_terminal: bool,
    comparing: bool,
}

impl Teller {
    fn new(language: Language, counts: RowCounts) -> Self {
        let on_terminal = stderr().is_terminal();
        Self { language, counts: counts.into_iter().collect(), on_terminal, comparing: false }
    }

    fn tell(&mut self, progress: CopyProgress) {
        let CopyProgress { step, table, rows, reached } = progress;
        let begins = step == CopyStep::Comparing && !self.comparing;
        self.comparing |= begins;
        if self.on_terminal {
            let all = self.counts.get(table).copied().unwrap_or(rows).max(rows);
            let told = match step {
                CopyStep::Copying => self.language.pick("Kopierar", "Copying"),
                CopyStep::Comparing => self.language.pick("Jämför", "Comparing"),
            };
            over_the_line(&format!("{told} {table}: {rows}/{all}"));
            return;
        }
        if begins {
            output::note(self.language.pick("Jämför rad för rad", "Comparing row by row"));
        }
        if step == CopyStep::Copying && reached == Reached::End {
            output::note(&format!("{table}: {rows}"));
        }
    }

    fn end(&self) {
        if self.on_terminal {
            over_the_line("");
        }
    }
}

/// Writes the line in place of the one before. Where nobody listens there is nobody to tell.
fn over_the_line(line: &str) {
    let mut out = stderr().lock();
    let _ = write!(out, "\r{line}\u{1b}[K").and_then(|()| out.flush());
}
