//! `tidbok demo`: the console on a throw-away clinic dated around today.

use std::path::{Path, PathBuf};

use chrono::Utc;

use crate::clinic::{Clinic, ClinicError, Command, OnlineBooking, new_command_id};
use crate::config::Login;
use crate::demo;
use crate::domain::{Actor, CivilTime, ClinicZone, DateRange, Identification, PortalId};
use crate::store::{ClinicFile, DatabaseLocation, ImportMode, OpenMode, Store};
use crate::tui::{Access, Purpose};

use super::console::Looks;
use super::context::Context;
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
    let looks = Looks::of(&context)?;
    context.settings.database = DatabaseLocation::Sqlite(path.clone());
    context.settings.login.value = Login::None;
    fill(&context, &path).await?;
    let access = Access { suspend: console::suspend(), ..Access::default() };
    console::open(context.enter(OpenMode::Existing).await?, looks, access, Purpose::Demo).await
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
    let now = ClinicZone::default().civil(Utc::now());
    let file = demo::clinic(now.date());
    clinic
        .import(&Actor::System, new_command_id(), &file, ImportMode::IntoEmpty)
        .await
        .map_err(|error| context.failure(&error, &file.setup))?;
    patients_book(&clinic, &file, now)
        .await
        .map_err(|error| context.failure(&error, &file.setup))?;
    let store = clinic.store().clone();
    drop(clinic);
    store.close().await;
    Ok(())
}

/// A few patients book on the booking page, as patients do: what they give differs from their cards.
async fn patients_book(
    clinic: &Clinic,
    file: &ClinicFile,
    now: CivilTime,
) -> Result<(), ClinicError> {
    let days = DateRange::new(now.plus_days(7).date(), 14);
    for (place, (personnummer, contacts)) in
        demo::given_online(&file.patients).into_iter().enumerate()
    {
        let slots = clinic.slots(None, days, now).await?;
        let slot = slots.get(slots.len() * place / 3);
        let portal_id = PortalId::parse(&format!("demo-online-{}", place + 1));
        let (Some(slot), Ok(portal_id)) = (slot, portal_id) else { continue };
        let booking = Command::BookOnline(Box::new(OnlineBooking {
            portal_id,
            practitioner: slot.practitioner.clone(),
            template: slot.template.clone(),
            start: slot.interval.start(),
            personnummer,
            contacts,
            identification: Identification::Unverified,
        }));
        clinic.execute(&Actor::OnlineClient, new_command_id(), &booking, now).await?;
    }
    Ok(())
}
