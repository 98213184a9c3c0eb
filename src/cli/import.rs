//! `tidbok import`: a clinic file into the database, whole or not at all.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::{fs, io};

use chrono::Utc;

use crate::clinic::new_command_id;
use crate::domain::ClinicZone;
use crate::store::{ClinicFile, Fault, ImportMode, OpenMode};
use crate::texts::Language;

use super::context::Context;
use super::{Failure, output};

#[derive(clap::Args, Debug)]
pub struct Arguments {
    /// The clinic file; - reads standard input
    file: PathBuf,
    /// Put it in place of everything in the database
    #[arg(long)]
    replace: bool,
}

pub(super) async fn run(context: &Context, arguments: &Arguments) -> Result<(), Failure> {
    let language = context.language;
    // Before the database is opened: a bad file must not leave a new, empty one behind.
    let today = ClinicZone::default().civil(Utc::now()).date();
    let text = read(language, &arguments.file)?;
    let file = ClinicFile::parse(&text, today).map_err(|faults| refuse(language, &faults))?;
    let entered = context.enter(OpenMode::Create).await?;
    let mode = if arguments.replace { ImportMode::Replace } else { ImportMode::IntoEmpty };
    let report = entered
        .clinic
        .import(&entered.actor, new_command_id(), &file, mode)
        .await
        .map_err(|error| entered.failure(&error))?;
    entered.leave().await;
    output::print(&language.pick(
        format!(
            "Inläst: {} behandlare, {} arbetspass, {} preblock, {} bokningar, {} patienter, {} användare.\n",
            report.practitioners, report.work_sessions, report.preblocks, report.bookings,
            report.patients, report.users,
        ),
        format!(
            "Imported: {} practitioners, {} work sessions, {} preblocks, {} bookings, {} patients, {} users.\n",
            report.practitioners, report.work_sessions, report.preblocks, report.bookings,
            report.patients, report.users,
        ),
    ))
}

/// The file's text. What is not UTF-8 is refused here, since it is no JSON either.
fn read(language: Language, path: &Path) -> Result<String, Failure> {
    let text = if path == Path::new("-") {
        let mut bytes = Vec::new();
        io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes)
    } else {
        fs::read(path)
    };
    let bytes = text.map_err(|error| Failure::Usage(format!("{}: {error}", path.display())))?;
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        Failure::Refused(language.pick(
            format!("{}: inte UTF-8 (byte {at}); inget är inläst", path.display()),
            format!("{}: not UTF-8 (byte {at}); nothing was imported", path.display()),
        ))
    })
}

/// Every fault on a line of its own.
fn refuse(language: Language, faults: &[Fault]) -> Failure {
    let count = faults.len();
    let mut sentence = language.pick(
        format!("filen läses inte in, {count} fel:"),
        format!("the file is not imported, faults: {count}"),
    );
    for fault in faults {
        sentence.push_str(&format!("\n  {fault}"));
    }
    Failure::Refused(sentence)
}
