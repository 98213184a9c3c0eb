//! `tidbok demo`: the console on a throw-away clinic dated around today, with a booking page's server
//! and the agent beside it.

use std::path::{Path, PathBuf};

use chrono::Utc;

use crate::clinic::{Clinic, new_command_id};
use crate::config::Login;
use crate::demo;
use crate::domain::{Actor, Changed, ClinicZone, GivenContacts, SettingChange};
use crate::store::{DatabaseLocation, ImportMode, OpenMode, Store, StoreError};
use crate::tui::{Access, Purpose};

use super::console::Looks;
use super::context::Context;
use super::{Failure, Global, console, demo_page};

/// Who sits at the console when nobody is named.
const RECEPTIONIST: &str = "REC";

#[derive(clap::Args, Debug)]
pub struct Arguments {
    /// Keep the clinic's database in this new file
    #[arg(long, value_name = "PATH")]
    keep: Option<PathBuf>,
}

pub(super) async fn run(global: Global, arguments: Arguments) -> Result<(), Failure> {
    let named = global.database.is_some();
    let mut context = Context::new(of_demo(global))?;
    let language = context.language;
    if named {
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
    let folder = own_folder()
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
    let looks = Looks::of(&context)?;
    context.settings.database = DatabaseLocation::Sqlite(path.clone());
    context.settings.login.value = Login::None;
    fill(&context, &path).await?;
    let access = Access { suspend: console::suspend(), ..Access::default() };
    let entered = context.enter(OpenMode::Existing).await?;
    let (running, page) = demo_page::start(&path, folder.path(), language).await;
    let left = console::open(entered, looks, access, Purpose::Demo(Some(page))).await;
    if let Some(running) = running {
        running.end();
    }
    left
}

/// A temporary folder that nobody else may look into.
fn own_folder() -> std::io::Result<tempfile::TempDir> {
    let mut builder = tempfile::Builder::new();
    builder.prefix("tidbok-demo-");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
    builder.tempdir()
}

/// The demo has a database and a user of its own, whatever is configured.
fn of_demo(global: Global) -> Global {
    let own = DatabaseLocation::Sqlite("demo.db".into()).to_string();
    let user = global.user.unwrap_or_else(|| RECEPTIONIST.to_owned());
    Global { database: Some(own), user: Some(user), ..global }
}

/// Makes the database and imports today's demo into it.
async fn fill(context: &Context, path: &Path) -> Result<(), Failure> {
    let location = DatabaseLocation::Sqlite(path.to_owned());
    let store = Store::open(&location, OpenMode::Create).await;
    let clinic = Clinic::new(store.map_err(|error| context.store_failure(&error))?);
    let today = ClinicZone::default().civil(Utc::now()).date();
    let file = demo::clinic(today);
    clinic
        .import(&Actor::System, new_command_id(), &file, ImportMode::IntoEmpty)
        .await
        .map_err(|error| context.failure(&error, &file.setup))?;
    let store = clinic.store().clone();
    drop(clinic);
    give_contacts(&store, demo::contacts(&file, today))
        .await
        .map_err(|error| context.store_failure(&error))?;
    store.close().await;
    Ok(())
}

/// Puts the contacts beside the bookings that they came with, which a clinic file has no place for.
async fn give_contacts(store: &Store, given: Vec<GivenContacts>) -> Result<(), StoreError> {
    let mut transaction = store.begin().await?;
    for contacts in given {
        let change = SettingChange::Contacts(Changed::Added(contacts));
        transaction.write_setting(&change).await?;
    }
    transaction.commit().await
}
