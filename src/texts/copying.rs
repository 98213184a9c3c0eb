//! Why nothing was copied, as sentences: English is the store's own, Swedish stands here. Pure.

use crate::store::CopyError;

use super::{Language, store_error};

/// The error as a sentence that begins with a small letter.
pub fn copy_error(language: Language, error: &CopyError) -> String {
    match language {
        Language::English => error.to_string(),
        Language::Swedish => swedish(error),
    }
}

fn swedish(error: &CopyError) -> String {
    let told = |error| store_error(Language::Swedish, error);
    match error {
        CopyError::Same => {
            "båda namnen leder till samma databas: ange en annan att kopiera till".to_owned()
        }
        CopyError::NotEmpty { table } => format!(
            "databasen att kopiera till innehåller redan något (tabell {table}), inget är ändrat: ange en ny fil, en tom databas på en server eller ett annat schema där (schema=NAMN)"
        ),
        CopyError::OlderTarget { found, known } => format!(
            "databasen att kopiera till har det äldre schemat {found}, det här programmet behöver {known}, inget är ändrat: kör `tidbok migrate` på den först, eller ange en ny"
        ),
        CopyError::Source(error) => {
            format!("databasen att kopiera från, inget är kopierat: {}", told(error))
        }
        CopyError::Target(error) => {
            format!("databasen att kopiera till, inget är kopierat: {}", told(error))
        }
        CopyError::SourceLost => {
            "förbindelsen med databasen att kopiera från bröts, inget är kopierat: försök igen"
                .to_owned()
        }
        CopyError::TargetLost => {
            "förbindelsen med databasen att kopiera till bröts, inget är kopierat: försök igen"
                .to_owned()
        }
        CopyError::Differs { table, rows } => format!(
            "kopian skiljer sig från källan i tabell {table} ({rows} rader), så inget är behållet: om någon arbetar på en server som inte tillåter ögonblicksbilder, kopiera när ingen gör det, eller tillåt dem där (ALLOW_SNAPSHOT_ISOLATION)"
        ),
        CopyError::Unanswered => {
            "förbindelsen bröts allra sist: databasen att kopiera till innehåller antingen allt eller inget; `tidbok status` på den visar vilket, och är det inget, kopiera igen"
                .to_owned()
        }
    }
}
