//! `tidbok backup`: a copy of a SQLite database in a new file, while others work on it.

use std::path::{Path, PathBuf};

use clap::Args;

use super::actor::Ownership;
use super::context::Context;
use super::{Failure, new_file, output};
use crate::clinic::{ClinicError, Taken};
use crate::store::{OpenMode, Store};
use crate::texts::store_error;

#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// The new file; one that is there already is left as it is
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

pub(super) async fn run(context: &Context, arguments: &Arguments) -> Result<(), Failure> {
    let location = &context.settings.database;
    if location.file().is_none() {
        let told = context.language.pick(
            "en databas på en server säkerhetskopieras där, med serverns egna medel",
            "a server's database is backed up there, with the server's own means",
        );
        return Err(Failure::Usage(told.to_owned()));
    }
    match Store::pending(location).await {
        Ok(pending) if pending.found > 0 && !pending.steps.is_empty() => {
            copy_older(context, &arguments.file).await?;
        }
        // What is wrong with it is told by opening it.
        Ok(_) | Err(_) => copy(context, &arguments.file).await?,
    }
    let file = arguments.file.display();
    output::print(&context.language.pick(
        format!("Säkerhetskopian är skriven: {file}\n"),
        format!("The backup is written: {file}\n"),
    ))
    .map_err(|failure| failure.after_the_change(context.language))
}

async fn copy(context: &Context, file: &Path) -> Result<(), Failure> {
    let entered = context.enter(OpenMode::Existing).await?;
    match entered.clinic.tell_taken(&entered.actor, Taken::Backup).await {
        // A copy is what saves a clinic whose disk is full or can't be written any more: it is made.
        Err(ClinicError::Store(error)) => {
            let why = store_error(context.language, &error);
            output::note(&context.language.pick(
                format!("tidbok: kopian görs, men står inte i loggen: {why}"),
                format!("tidbok: the copy is made, but is not in the log: {why}"),
            ));
        }
        told => told.map_err(|error| entered.failure(&error))?,
    }
    let done = entered.clinic.store().back_up(file).await;
    done.map_err(|error| new_file::failure(context.language, &error))?;
    entered.leave().await;
    Ok(())
}

/// Copies a database whose schema is to be upgraded yet, as it is. What its users may do this program can't
/// read in it, so its owner does it, who could read the file anyway.
async fn copy_older(context: &Context, file: &Path) -> Result<(), Failure> {
    if context.ownership() == Ownership::Others {
        let told = context.language.pick(
            "databasen har ett äldre schema, så vem som får kopiera den går inte att läsa i den: låt filens \
             ägare göra det (`sudo -u ÄGARE tidbok backup FIL`), eller kör `tidbok migrate` först",
            "the database has an older schema, so who may copy it can't be read in it: let the file's owner \
             do so (`sudo -u OWNER tidbok backup FILE`), or run `tidbok migrate` first",
        );
        return Err(Failure::Refused(told.to_owned()));
    }
    let done = Store::back_up_unread(&context.settings.database, file).await;
    done.map_err(|error| new_file::failure(context.language, &error))
}
