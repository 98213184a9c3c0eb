//! What the store answers, as sentences: English is its own, Swedish stands here. Pure.

use crate::store::StoreError;

use super::{Language, server_errors};

/// The error as a sentence that begins with a small letter.
pub fn store_error(language: Language, error: &StoreError) -> String {
    match language {
        Language::English => error.to_string(),
        Language::Swedish => swedish(error),
    }
}

fn swedish(error: &StoreError) -> String {
    match error {
        StoreError::Location => {
            "det där är ingen databas: skriv sqlite:SÖKVÄG, t.ex. sqlite:/srv/tidbok/klinik.db, eller sqlserver://INLOGGNING@VÄRD/DATABAS"
                .to_owned()
        }
        StoreError::Server(error) => server_errors::swedish(error),
        StoreError::Missing { path } => format!(
            "det finns ingen databas på {path}: skapa den med `tidbok --database sqlite:{path} init`, eller ange en annan med --database",
            path = path.display()
        ),
        StoreError::NoFolder { folder } => format!(
            "mappen {} finns inte: skapa den, eller ange en annan plats med --database",
            folder.display()
        ),
        StoreError::NotAFile { path } => {
            format!("{} är inte en fil: ange själva databasfilen", path.display())
        }
        StoreError::Exists { path } => {
            format!("{} finns redan och lämnas som den är: ange en annan fil", path.display())
        }
        StoreError::NoFile => {
            "en databas på en server säkerhetskopieras där, med serverns egna medel".to_owned()
        }
        StoreError::Denied { path } => format!(
            "ingen åtkomst till {}: be ägaren om läs- och skrivrätt till filen och dess mapp",
            path.display()
        ),
        StoreError::NetworkFileSystem { path, kind } => format!(
            "{} ligger på ett nätverksfilsystem ({kind}), där flera program som skriver samtidigt skulle skada den: ha databasen på en dators egen disk, eller använd en databasserver",
            path.display()
        ),
        _ => swedish_of_content(error),
    }
}

/// What is found in the file, and while working with it.
fn swedish_of_content(error: &StoreError) -> String {
    match error {
        StoreError::NotADatabase { path } => format!(
            "{} är inte en databas, inget är ändrat: se över sökvägen, eller återställ filen från en säkerhetskopia",
            path.display()
        ),
        StoreError::OtherProgram { path } => format!(
            "{} är ett annat programs databas, inget är ändrat: ange en annan fil med --database",
            path.display()
        ),
        StoreError::Corrupt { path } => format!(
            "databasen {} är skadad, inget mer skrivs i den: kopiera undan den och återställ från en säkerhetskopia eller en export",
            path.display()
        ),
        StoreError::ReadOnly { path } => format!(
            "databasen {} kan bara läsas: för att ändra krävs skrivrätt till filen och till dess mapp",
            path.display()
        ),
        StoreError::Newer { path, found, known } => format!(
            "databasen {} har schema {found}, den här versionen känner till högst {known}: använd en nyare tidbok",
            path.display()
        ),
        StoreError::Older { path, found, known } => format!(
            "databasen {} har det äldre schemat {found}, den här versionen behöver {known}: ta en kopia och kör `tidbok migrate` (`tidbok help uppgradera`)",
            path.display()
        ),
        StoreError::Empty { path } => format!(
            "databasen {} är tom: återställ den från en säkerhetskopia (`tidbok help sakerhetskopia`), eller gör en tom klinik av den med `tidbok --database sqlite:{} init`",
            path.display(),
            path.display()
        ),
        StoreError::DiskFull { path } => format!(
            "disken är full, inget är ändrat: frigör plats och försök igen ({})",
            path.display()
        ),
        StoreError::Locked { path } => format!(
            "databasen används av ett annat program, inget är ändrat: försök igen om en stund ({})",
            path.display()
        ),
        StoreError::Disk { path, detail } => {
            format!(
                "det gick inte att läsa eller skriva {} ({detail}): kontrollera disken",
                path.display()
            )
        }
        StoreError::Duplicate { what } => format!("det finns redan i databasen: {what}"),
        StoreError::BrokenReference => {
            "en hänvisning i databasen skulle peka på ingenting: det används av något annat, eller så är det som den pekar på borta"
                .to_owned()
        }
        StoreError::Gone { entity } => {
            format!("{entity} finns inte kvar i databasen: någon kan ha tagit bort det")
        }
        StoreError::Unreadable { table, column } => format!(
            "databasen innehåller ett värde som inte går att förstå (tabell {table}, frågans kolumn {column}): återställ den från en säkerhetskopia eller en export"
        ),
        StoreError::TransactionLost => {
            "databasen avbröt ändringen, inget är ändrat: försök igen".to_owned()
        }
        StoreError::ConnectionLost => {
            "förbindelsen med databasen bröts: om den sista ändringen gjordes syns när den öppnas igen"
                .to_owned()
        }
        StoreError::Engine { code, message } => {
            format!("databasen svarar med ett fel ({code}): {message}")
        }
        _ => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_what_passes_it_is_said_first_what_to_do_since_a_narrow_screen_cuts_the_path() {
        let path = std::path::PathBuf::from("/srv/tidbok/clinic.db");
        for error in [StoreError::DiskFull { path: path.clone() }, StoreError::Locked { path }] {
            for (language, again) in
                [(Language::Swedish, "försök igen"), (Language::English, "try again")]
            {
                let told = store_error(language, &error);
                let (before, after) = told.split_once(again).expect("what to do");
                assert!(before.chars().count() < 70 && after.contains("/srv/"), "{told}");
            }
        }
    }
}
