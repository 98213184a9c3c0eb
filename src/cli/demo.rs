//! `tidbok demo`: the console on a throw-away clinic dated around today.

use std::path::{Path, PathBuf};

use chrono::Utc;

use crate::clinic::{Clinic, new_command_id};
use crate::config::{self, Login, Places};
use crate::demo;
use crate::domain::{Actor, ClinicZone};
use crate::store::{DatabaseLocation, ImportMode, OpenMode, Store};
use crate::texts::Language;
use crate::tui::Purpose;

use super::context::{Context, language_of};
use super::{Failure, Global, console};

/// Who sits at the console when nobody is named.
const RECEPTIONIST: &str = "REC";

#[derive(clap::Args, Debug)]
pub struct Arguments {
    /// Keep the clinic's database in this new file
    #[arg(long, value_name = "PATH")]
    keep: Option<PathBuf>,
}

pub(super) async fn run(global: Global, arguments: Arguments) -> Result<(), Failure> {
    let language = language(&global)?;
    if global.database.is_some() {
        return Err(Failure::Usage(
            language
                .pick(
                    "demon har en egen databas; --keep SÖKVÄG behåller den i en ny fil",
                    "the demo has a database of its own; --keep PATH keeps it in a new file",
                )
                .to_owned(),
        ));
    }
    console::require_terminal(language)?;
    // Removed when it goes out of scope, after the console has been left.
    let folder = tempfile::tempdir()
        .map_err(|error| Failure::Store(format!("{}: {error}", std::env::temp_dir().display())))?;
    let path = match &arguments.keep {
        Some(path) if path.exists() => {
            return Err(Failure::Usage(language.pick(
                format!("{} finns redan: ange en ny fil att behålla demon i", path.display()),
                format!("{} is there already: name a new file to keep the demo in", path.display()),
            )));
        }
        Some(path) => path.clone(),
        None => folder.path().join("demo.db"),
    };
    let user = global.user.unwrap_or_else(|| RECEPTIONIST.to_owned());
    let context = Context::on(DatabaseLocation::Sqlite(path.clone()), language, Login::None, user);
    fill(&context, &path).await?;
    console::open(context.enter(OpenMode::Existing).await?, Purpose::Demo).await
}

/// As every command finds it; of the configuration files nothing else matters to the demo.
fn language(global: &Global) -> Result<Language, Failure> {
    let asked = language_of(global.language);
    let files = config::read_files(&Places::of_system());
    let (machine, user) = files.map_err(|error| Failure::config(asked, &error))?;
    Ok(language_of(global.language.or(user.language).or(machine.language)))
}

/// Makes the database and imports today's demo into it.
async fn fill(context: &Context, path: &Path) -> Result<(), Failure> {
    let location = DatabaseLocation::Sqlite(path.to_owned());
    let store = Store::open(&location, OpenMode::Create).await;
    let clinic = Clinic::new(store.map_err(|error| context.store_failure(&error))?);
    let file = demo::clinic(ClinicZone::default().civil(Utc::now()).date());
    clinic
        .import(&Actor::System, new_command_id(), &file, ImportMode::IntoEmpty)
        .await
        .map_err(|error| context.failure(&error, &file.setup))?;
    let store = clinic.store().clone();
    drop(clinic);
    store.close().await;
    Ok(())
}
