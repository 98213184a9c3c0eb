//! `tidbok export`: the clinic as a clinic file, to standard output or into a file.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::store::{Completeness, OpenMode, Unfinished};

use super::context::Context;
use super::{Failure, output};

#[derive(clap::Args, Debug)]
pub struct Arguments {
    /// Write everything: protected patients and password hashes, too
    #[arg(long)]
    complete: bool,
    /// The file to write [default: standard output]
    file: Option<PathBuf>,
}

pub(super) async fn run(context: &Context, arguments: &Arguments) -> Result<(), Failure> {
    let completeness =
        if arguments.complete { Completeness::Complete } else { Completeness::Masked };
    let entered = context.enter(OpenMode::Existing).await?;
    let file = entered
        .clinic
        .export(&entered.actor, completeness)
        .await
        .map_err(|error| entered.failure(&error))?;
    entered.leave().await;
    let json = file.to_json(completeness);
    match &arguments.file {
        Some(path) => write(path, &json)?,
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

fn write(path: &Path, json: &str) -> Result<(), Failure> {
    let written = match fs::canonicalize(path) {
        // A device or a pipe is written to; a file in its place would take it away from everybody.
        Ok(there) if !there.is_file() => {
            File::options().write(true).open(there).and_then(|mut it| it.write_all(json.as_bytes()))
        }
        // A link stays one: what it leads to is replaced.
        Ok(there) => replace(&there, json),
        Err(_) => replace(path, json),
    };
    written.map_err(|error| Failure::Usage(format!("{}: {error}", path.display())))
}

/// Whole or not at all, and for nobody else to read: a file that is whole takes its name.
fn replace(path: &Path, json: &str) -> io::Result<()> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let unfinished = Unfinished::new_in(folder, ".tidbok-export-")?;
    let mut file = NamedTempFile::new_in(unfinished.path())?;
    file.write_all(json.as_bytes())?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}
