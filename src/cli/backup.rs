//! `tidbok backup`: a copy of a SQLite database in a new file, while others work on it.

use std::path::PathBuf;

use clap::Args;

use super::context::Context;
use super::{Failure, new_file, output};
use crate::clinic::Taken;
use crate::store::OpenMode;

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
    let told = entered.clinic.tell_taken(&entered.actor, Taken::Backup).await;
    told.map_err(|error| entered.failure(&error))?;
    let done = entered.clinic.store().back_up(&arguments.file).await;
    done.map_err(|error| new_file::failure(context.language, &error))?;
    entered.leave().await;
    let file = arguments.file.display();
    output::print(&context.language.pick(
        format!("Säkerhetskopian är skriven: {file}\n"),
        format!("The backup is written: {file}\n"),
    ))
}
