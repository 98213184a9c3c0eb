//! `tidbok export`: the clinic as a clinic file, to standard output or into a new file.

use std::path::{Path, PathBuf};

use crate::store::{Completeness, OpenMode};

use super::context::Context;
use super::new_file::{self, NewFile};
use super::{Failure, output};

#[derive(clap::Args, Debug)]
pub struct Arguments {
    /// Write everything: protected patients and password hashes, too
    #[arg(long)]
    complete: bool,
    /// The new file, or - for standard output; one that is there already is left as it is [default: -]
    file: Option<PathBuf>,
}

pub(super) async fn run(context: &Context, arguments: &Arguments) -> Result<(), Failure> {
    let completeness =
        if arguments.complete { Completeness::Complete } else { Completeness::Masked };
    let unwritten = |error| new_file::failure(context.language, &error);
    let entered = context.enter(OpenMode::Existing).await?;
    let path = arguments.file.as_deref().filter(|path| *path != Path::new("-"));
    let new = path.map(NewFile::at).transpose().map_err(unwritten)?;
    let file = entered
        .clinic
        .export(&entered.actor, completeness)
        .await
        .map_err(|error| entered.failure(&error))?;
    entered.leave().await;
    let json = file.to_json(completeness);
    match new {
        Some(new) => new.write(&json).map_err(unwritten)?,
        None => output::print(&json)?,
    }
    if completeness == Completeness::Masked {
        output::note(context.language.pick(
            "tidbok: patienter med skyddad identitet är maskerade och lösenordshashar utelämnade; \
             --complete skriver allt",
            "tidbok: protected patients are masked and password hashes left out; \
             --complete writes all",
        ));
    }
    Ok(())
}
