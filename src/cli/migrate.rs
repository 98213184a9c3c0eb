//! `tidbok migrate`: brings a database's schema up to date, or tells what that would do, or writes what
//! a server's logins need.

use clap::Args;

use super::context::Context;
use super::{Failure, output, upgrade};
use crate::store::{Pending, ServerError, Store, StoreError};
use crate::texts::Language;

#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// Only tell what would be done
    #[arg(long)]
    dry_run: bool,
    /// Write a script for the server's administrator with what each login needs
    #[arg(long, conflicts_with = "dry_run")]
    grants: bool,
}

pub(super) async fn run(context: &Context, arguments: &Arguments) -> Result<(), Failure> {
    let (language, location) = (context.language, &context.settings.database);
    if arguments.grants {
        let script = Store::grants(location).ok_or_else(|| no_logins(language))?;
        return output::print(&script);
    }
    let pending = Store::pending(location).await.map_err(|error| context.store_failure(&error))?;
    if pending.steps.is_empty() {
        let found = pending.found;
        return output::print(&language.pick(
            format!("Schemat är aktuellt ({found}), inget att göra.\n"),
            format!("The schema is up to date ({found}), nothing to do.\n"),
        ));
    }
    if arguments.dry_run {
        return output::print(&would_be(language, &pending));
    }
    upgrade::upgrade(language, location).await.map_err(|error| match error {
        StoreError::Server(ServerError::NotPermitted) => may_not(language),
        error => context.store_failure(&error),
    })?;
    output::print(&done(language, &pending)).map_err(|failure| failure.after_the_change(language))
}

/// The script names the database, so it needs a server.
fn no_logins(language: Language) -> Failure {
    Failure::Usage(
        language
            .pick(
                "en fil har inga inloggningar: filens rättigheter avgör vem som kommer åt den",
                "a file has no logins: its permissions decide who can reach it",
            )
            .to_owned(),
    )
}

fn may_not(language: Language) -> Failure {
    Failure::Store(
        language
            .pick(
                "inloggningen får inte skapa eller ändra tabeller, inget är ändrat: kör `tidbok migrate` som en som får det, eller låt `tidbok migrate --grants` skriva vad den behöver",
                "the login may not create or alter tables, nothing was changed: run `tidbok migrate` as one that may, or let `tidbok migrate --grants` write what it needs",
            )
            .to_owned(),
    )
}

fn would_be(language: Language, pending: &Pending) -> String {
    let Pending { found, known, .. } = pending;
    let heading = language.pick(
        format!("Schemat skulle lyftas från {found} till {known}:\n"),
        format!("The schema would go from {found} to {known}:\n"),
    );
    heading + &steps(pending)
}

fn done(language: Language, pending: &Pending) -> String {
    let Pending { found, known, .. } = pending;
    let heading = language.pick(
        format!("Schemat är lyft från {found} till {known}:\n"),
        format!("The schema went from {found} to {known}:\n"),
    );
    heading + &steps(pending)
}

/// A line for each step.
fn steps(pending: &Pending) -> String {
    pending.steps.iter().map(|(number, name)| format!("  {number:>4}  {name}\n")).collect()
}
