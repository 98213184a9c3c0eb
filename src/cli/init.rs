//! `tidbok init`: an empty database; one that is there already is left as it is.

use crate::store::OpenMode;

use super::context::Context;
use super::{Failure, output};

pub(super) async fn run(context: &Context) -> Result<(), Failure> {
    let database = &context.settings.database;
    if let Ok(store) = context.open(OpenMode::Existing).await {
        store.close().await;
        return output::print(&context.language.pick(
            format!("Databasen {database} finns redan, inget är ändrat.\n"),
            format!("The database {database} is there already, nothing was changed.\n"),
        ));
    }
    // What stands in the way of one that is there stands in the way of making it, and is told then.
    context.open(OpenMode::Create).await?.close().await;
    output::print(&context.language.pick(
        format!(
            "Databasen {database} är skapad. Konsolen leder genom de första korten; \
             `tidbok import FIL` läser in en hel klinik.\n"
        ),
        format!(
            "Created the database {database}. The console leads through the first cards; \
             `tidbok import FILE` reads in a whole clinic.\n"
        ),
    ))
    .map_err(|failure| failure.after_the_change(context.language))
}
