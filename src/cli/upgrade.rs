//! Bringing a database's schema up to date, and telling of it: with years of bookings in it that takes
//! longer than anybody likes to wait without a word.

use std::pin::pin;
use std::time::Duration;

use super::output;
use crate::store::{DatabaseLocation, OpenMode, Store, StoreError};
use crate::texts::Language;

/// Longer than a small database takes.
const UNUSUAL: Duration = Duration::from_secs(2);

/// Upgrades the database and closes it; where that takes long, standard error tells so.
pub(super) async fn upgrade(
    language: Language,
    location: &DatabaseLocation,
) -> Result<(), StoreError> {
    let mut opening = pin!(Store::open(location, OpenMode::Upgrade));
    let opened = tokio::select! {
        opened = &mut opening => opened,
        () = tell_of_upgrade(language, location) => opening.await,
    };
    opened?.close().await;
    Ok(())
}

async fn tell_of_upgrade(language: Language, location: &DatabaseLocation) {
    tokio::time::sleep(UNUSUAL).await;
    // What can't be found out now is told when opening has failed.
    let Ok(pending) = Store::pending(location).await else { return };
    // A database that is new has nothing in it to wait for.
    if pending.found > 0 && !pending.steps.is_empty() {
        let (found, known) = (pending.found, pending.known);
        output::note(&language.pick(
            format!(
                "tidbok: databasens schema lyfts från {found} till {known}; med många års bokningar kan det \
                 ta någon minut, låt det gå klart"
            ),
            format!(
                "tidbok: the database's schema is going from {found} to {known}; with many years of bookings \
                 that can take a minute, let it finish"
            ),
        ));
    }
}
