//! `tidbok setup`: leads from nothing to an installation that has been looked over, and changes one that is
//! there. It asks first, works everything out, and writes last: whatever ends it before leaves all as it was.

mod answers;
mod ask;
mod ask_mail;
mod ask_portal;
mod dialogue;
pub(super) mod disk;
pub(super) mod drop_in;
mod existing;
mod finish;
mod first_report;
mod left;
mod plan;
mod plan_portal;
mod secrets;
mod show;
mod toml_edits;
mod understand;

use std::path::PathBuf;

use super::layout::Layout;
use super::{Failure, Global, context, output};
use crate::config::{ConfigError, ConfigFile};
use crate::store::DatabaseLocation;
use crate::texts::Language;

use ask::Asking;
use dialogue::{Answering, Dialogue};
use existing::Existing;

#[derive(clap::Args, Debug)]
pub struct Arguments {
    /// Show what would be written, and write nothing
    #[arg(long)]
    dry_run: bool,
    /// Ask nothing: keep what is there, and take what is usual elsewhere
    #[arg(long)]
    yes: bool,
    /// Write below this folder instead of below /, to try it out
    #[arg(long, value_name = "FOLDER")]
    root: Option<PathBuf>,
}

/// What is to be done once the files are written.
#[derive(Clone, Copy, Debug, Default)]
struct Wanted {
    /// Make the database, or bring its schema up to date.
    database: bool,
    /// Start the services, now and whenever the machine starts.
    services: bool,
}

pub(super) async fn run(global: Global, arguments: &Arguments) -> Result<(), Failure> {
    let layout = Layout::new(arguments.root.as_deref());
    let begun_in = begins_in(&global, &layout);
    disk::may_write(&layout, begun_in, arguments.dry_run)?;
    let named = named_database(&global, begun_in)?;
    let existing = Existing::read(&layout, begun_in)?;
    let answering = if arguments.yes { Answering::Defaults } else { Answering::Person };
    let mut dialogue = Dialogue::new(begun_in, answering);
    let (swedish, english) = INTRODUCTION;
    dialogue.say(dialogue.pick(swedish, english))?;
    let code = ask::language(&dialogue, &existing)?;
    if global.language.is_none() {
        dialogue.language = context::language_of(code);
    }
    let language = dialogue.language;
    let asking = Asking {
        dialogue: &dialogue,
        existing: &existing,
        layout: &layout,
        database: named.as_ref(),
    };
    let answers = asking.everything(code)?;
    let plan = plan::plan(&answers, existing, &layout, language)?;
    if arguments.dry_run {
        return output::print(&show::whole(&plan, language));
    }
    let wanted = wanted(&dialogue, &layout, answers.clinic.is_some(), !plan.services.is_empty())?;
    dialogue.say("")?;
    dialogue.say(show::summary(&plan, language).trim_end())?;
    if !dialogue.yes(dialogue.pick("Skriv detta", "Write this"), true)? {
        let nothing = dialogue.pick("inget är skrivet", "nothing was written");
        return Err(Failure::Refused(nothing.to_owned()));
    }
    let new = disk::write(&plan)?;
    if arguments.yes {
        output::print(&show::summary(&plan, language))?;
    }
    finish::finish(global, &answers, (&plan, &new), (&layout, wanted, language)).await
}

const INTRODUCTION: (&str, &str) = (
    "Enter tar det som står inom [ ]. Ett - betyder inget. Inget skrivs förrän på slutet; Ctrl+C lämnar \
     allt som det var.",
    "Enter takes what stands in [ ]. A - means nothing. Nothing is written until the end; Ctrl+C leaves \
     everything as it was.",
);

/// The database that `--database` names: the usual answer, in place of what is there.
fn named_database(
    global: &Global,
    language: Language,
) -> Result<Option<DatabaseLocation>, Failure> {
    let named = global.database.as_deref().map(str::parse).transpose();
    named.map_err(|error| Failure::config(language, &ConfigError::Location(error)))
}

/// The language that is asked for, else the machine's.
fn begins_in(global: &Global, layout: &Layout) -> Language {
    let said = ConfigFile::read(&layout.config()).ok().and_then(|file| file.language);
    global.language.or(said).map_or(Language::default(), context::language_of)
}

fn wanted(
    dialogue: &Dialogue,
    layout: &Layout,
    has_clinic: bool,
    has_services: bool,
) -> Result<Wanted, Failure> {
    let mut wanted = Wanted::default();
    if has_clinic || (has_services && layout.has_systemd()) {
        dialogue.say("")?;
        dialogue.say(dialogue.pick("-- Till sist", "-- At last"))?;
    }
    if has_clinic {
        let question = dialogue.pick(
            "Skapa databasen, eller lyft dess schema, om det behövs",
            "Create the database, or bring its schema up to date, where needed",
        );
        wanted.database = dialogue.yes(question, true)?;
    }
    if has_services && layout.has_systemd() {
        let question = dialogue.pick(
            "Starta tjänsterna, nu och när datorn startar",
            "Start the services, now and whenever the machine starts",
        );
        wanted.services = dialogue.yes(question, true)?;
    }
    Ok(wanted)
}
