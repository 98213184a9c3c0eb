//! `tidbok backup`: a copy of a SQLite database in a new file, while others work on it.

use std::path::PathBuf;

use clap::Args;

use super::context::Context;
use super::{Failure, output};
use crate::domain::Permission;
use crate::store::{OpenMode, StoreError};

#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// The new file; one that is there already is left as it is
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

pub(super) async fn run(context: &Context, arguments: &Arguments) -> Result<(), Failure> {
    if context.settings.database.file().is_none() {
        let told = context.language.pick(
            "en databas på en server säkerhetskopieras där, med serverns egna medel",
            "a server's database is backed up there, with the server's own means",
        );
        return Err(Failure::Usage(told.to_owned()));
    }
    let entered = context.enter(OpenMode::Existing).await?;
    // It holds everything: protected patients and password hashes, too.
    entered.require(Permission::PatientView)?;
    entered.require(Permission::UsersManage)?;
    let done = entered.clinic.store().back_up(&arguments.file).await;
    done.map_err(|error| failure(context, &error))?;
    entered.leave().await;
    let file = arguments.file.display();
    output::print(&context.language.pick(
        format!("Säkerhetskopian är skriven: {file}\n"),
        format!("The backup is written: {file}\n"),
    ))
}

/// The folder is the copy's, and not that of the database which is named.
fn failure(context: &Context, error: &StoreError) -> Failure {
    let StoreError::NoFolder { folder } = error else { return context.store_failure(error) };
    let folder = output::plain(&folder.display().to_string());
    Failure::Store(context.language.pick(
        format!("mappen {folder} finns inte: skapa den, eller ange en annan fil"),
        format!("the folder {folder} does not exist: create it, or name another file"),
    ))
}
