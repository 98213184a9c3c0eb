//! `tidbok import`: a clinic file into the database, whole or not at all.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use chrono::Utc;

use crate::clinic::new_command_id;
use crate::config::Login;
use crate::demo;
use crate::domain::ClinicZone;
use crate::store::{ClinicFile, Completeness, Fault, ImportMode};
use crate::texts::Language;

use super::actor::{self, NoActor};
use super::context::Context;
use super::entered::Entered;
use super::{Failure, output};

/// Bytes of the largest file that is read, some fifteen times those of two years of two hundred
/// practitioners: a stream without end must not fill the memory.
const LARGEST: u64 = 512 << 20;

#[derive(clap::Args, Debug)]
pub struct Arguments {
    /// The clinic file; - reads standard input
    #[arg(required_unless_present = "print_example")]
    file: Option<PathBuf>,
    /// Put it in place of everything in the database
    #[arg(long)]
    replace: bool,
    /// Write a clinic file, of a made-up clinic, to see what one holds
    #[arg(long, conflicts_with_all = ["file", "replace"])]
    print_example: bool,
}

pub(super) async fn run(context: &Context, arguments: &Arguments) -> Result<(), Failure> {
    let language = context.language;
    // Before the database is opened: a bad file must not leave a new, empty one behind.
    let today = ClinicZone::default().civil(Utc::now()).date();
    let Some(path) = arguments.file.as_deref().filter(|_| !arguments.print_example) else {
        return output::print(&demo::clinic(today).to_json(Completeness::Complete));
    };
    let text = read(language, path)?;
    let file = ClinicFile::parse(&text, today).map_err(|faults| refuse(language, &faults))?;
    let mode = if arguments.replace { ImportMode::Replace } else { ImportMode::IntoEmpty };
    let entered = context.enter_to_import(mode).await?;
    let report = entered
        .clinic
        .import(&entered.actor, new_command_id(), &file, mode)
        .await
        .map_err(|error| entered.failure(&error))?;
    let nobody_gets_in = nobody_gets_in(context, &entered).await;
    entered.leave().await;
    output::print(&language.pick(
        format!(
            "Inläst: behandlare {}, arbetspass {}, preblock {}, bokningar {}, patienter {}, användare {}.\n",
            report.practitioners, report.work_sessions, report.preblocks, report.bookings,
            report.patients, report.users,
        ),
        format!(
            "Imported: practitioners {}, work sessions {}, preblocks {}, bookings {}, patients {}, users {}.\n",
            report.practitioners, report.work_sessions, report.preblocks, report.bookings,
            report.patients, report.users,
        ),
    ))
    .map_err(|failure| failure.after_the_change(language))?;
    if nobody_gets_in {
        output::note(&NoActor::NotSetUp.sentence(language));
    }
    Ok(())
}

/// Whether those who came with the clinic lack what signing in takes. What can't be read is not told.
async fn nobody_gets_in(context: &Context, entered: &Entered) -> bool {
    let login = context.settings.login.value;
    let users = entered.clinic.users().await;
    login != Login::None && users.is_ok_and(|users| actor::nobody_gets_in(login, &users))
}

/// The file's text. What is not UTF-8 is refused here, since it is no JSON either.
fn read(language: Language, path: &Path) -> Result<String, Failure> {
    let bytes = if path == Path::new("-") {
        read_up_to(LARGEST, io::stdin().lock())
    } else {
        File::open(path).and_then(|file| read_up_to(LARGEST, file))
    };
    let bytes = bytes.map_err(|error| Failure::Usage(format!("{}: {error}", path.display())))?;
    let Some(bytes) = bytes else {
        let mebibytes = LARGEST >> 20;
        return Err(Failure::Refused(language.pick(
            format!("{}: större än {mebibytes} MiB; inget är inläst", path.display()),
            format!("{}: larger than {mebibytes} MiB; nothing was imported", path.display()),
        )));
    };
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        Failure::Refused(language.pick(
            format!("{}: inte UTF-8 (byte {at}); inget är inläst", path.display()),
            format!("{}: not UTF-8 (byte {at}); nothing was imported", path.display()),
        ))
    })
}

/// All there is to read; `None` where it is more than `most` bytes.
fn read_up_to(most: u64, source: impl Read) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    let read = source.take(most + 1).read_to_end(&mut bytes)?;
    Ok((read as u64 <= most).then_some(bytes))
}

/// Every fault on a line of its own.
fn refuse(language: Language, faults: &[Fault]) -> Failure {
    let count = faults.len();
    let sentence = language.pick(
        format!("filen läses inte in, {count} fel:"),
        format!("the file is not imported, faults: {count}"),
    );
    Failure::Refused(output::listed(sentence, faults))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_without_end_is_not_read_to_its_end() {
        assert_eq!(read_up_to(3, io::repeat(7)).unwrap(), None);
        assert_eq!(read_up_to(3, &b"abc"[..]).unwrap(), Some(b"abc".to_vec()));
        assert_eq!(read_up_to(3, &b""[..]).unwrap(), Some(Vec::new()));
    }
}
