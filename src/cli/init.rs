//! `tidbok init`: an empty database; one that is there already is left as it is.

use crate::store::OpenMode;

use super::context::Context;
use super::{Failure, output};

pub(super) async fn run(context: &Context) -> Result<(), Failure> {
    let database = &context.settings.database;
    let there = match context.open(OpenMode::Existing).await {
        Ok(store) => {
            store.close().await;
            true
        }
        Err(_) => false,
    };
    if !there {
        context.open(OpenMode::Create).await?.close().await;
    }
    output::print(&match there {
        true => context.language.pick(
            format!("Databasen {database} finns redan, inget är ändrat.\n"),
            format!("The database {database} is there already, nothing was changed.\n"),
        ),
        false => context.language.pick(
            format!(
                "Databasen {database} är skapad. Konsolen leder genom de första korten; \
                 `tidbok import FIL` läser in en hel klinik.\n"
            ),
            format!(
                "Created the database {database}. The console leads through the first cards; \
                 `tidbok import FILE` reads in a whole clinic.\n"
            ),
        ),
    })
}
