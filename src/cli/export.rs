//! `tidbok export`: the clinic as a clinic file, to standard output or into a file.

use std::io::Write;
use std::path::{Path, PathBuf};

use crate::store::{Completeness, OpenMode};

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

/// Whole or not at all, and for nobody else to read: a temporary file beside it takes its name.
fn write(path: &Path, json: &str) -> Result<(), Failure> {
    let folder = match path.parent() {
        Some(folder) if folder.as_os_str().is_empty() => Path::new("."),
        Some(folder) => folder,
        None => Path::new("."),
    };
    let whole = || {
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        file.write_all(json.as_bytes())?;
        file.as_file().sync_all()?;
        file.persist(path).map_err(|error| error.error)?;
        Ok(())
    };
    whole().map_err(|error: std::io::Error| Failure::Usage(format!("{}: {error}", path.display())))
}
