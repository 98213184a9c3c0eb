//! `tidbok migrate`: brings a database's schema up to date, or tells what that would do, or writes what
//! a server's logins need.

use clap::Args;

use super::context::Context;
use super::{Failure, output, upgrade};
use crate::store::{OpenMode, Pending, ServerError, Store, StoreError};
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
    let location = &context.settings.database;
    if arguments.grants {
        let script = Store::grants(location).ok_or_else(|| no_logins(context.language))?;
        return output::print(&script);
    }
    let pending = Store::pending(location).await.map_err(|error| context.store_failure(&error))?;
    if !arguments.dry_run && !pending.steps.is_empty() {
        let opening = Store::open(location, OpenMode::Upgrade);
        let opened = upgrade::opened(context.language, location, opening).await;
        let store = opened.map_err(|error| match error {
            StoreError::Server(ServerError::NotPermitted) => may_not(context.language),
            error => context.store_failure(&error),
        })?;
        store.close().await;
    }
    output::print(&told(context.language, &pending, arguments.dry_run))
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

fn told(language: Language, pending: &Pending, dry_run: bool) -> String {
    let Pending { found, known, steps } = pending;
    if steps.is_empty() {
        return language.pick(
            format!("Schemat är aktuellt ({found}), inget att göra.\n"),
            format!("The schema is up to date ({found}), nothing to do.\n"),
        );
    }
    let mut text = match dry_run {
        true => language.pick(
            format!("Schemat skulle lyftas från {found} till {known}:\n"),
            format!("The schema would go from {found} to {known}:\n"),
        ),
        false => language.pick(
            format!("Schemat är lyft från {found} till {known}:\n"),
            format!("The schema went from {found} to {known}:\n"),
        ),
    };
    for (number, name) in steps {
        text.push_str(&format!("  {number:>4}  {name}\n"));
    }
    text
}
