//! What a database server answers, as Swedish sentences. Pure.

use crate::store::{BadLocation, ServerError};

pub(super) fn swedish(error: &ServerError) -> String {
    match error {
        ServerError::Location(bad) => {
            format!("det där är ingen databas på en server: {}", location(bad))
        }
        ServerError::Unreachable { server, detail } => format!(
            "databasservern {server} går inte att nå ({detail}), inget är ändrat: kontrollera att den är igång, och dess namn, port och brandvägg"
        ),
        ServerError::HungUp { server } => format!(
            "databasservern {server} lade på under inloggningen, inget är ändrat: försök igen, och kontrollera nätet och serverns logg om det fortsätter"
        ),
        ServerError::Certificate { server, detail } => format!(
            "databasservern {server} har ett certifikat som inte är betrott ({detail}): lägg till ca=FIL i databasens URL med certifikatet för den som har undertecknat det, och skriv serverns namn som det står i certifikatet; trust_server_certificate=true hoppar över kontrollen, så att den som sitter emellan kan läsa allt"
        ),
        ServerError::Encryption { server, detail } => format!(
            "databasservern {server} krypterar inte som begärt ({detail}): ge den ett certifikat, eller ange encrypt=off på ett nät som ingen annan når"
        ),
        ServerError::Authorities { path, detail } => format!(
            "filen {} med utfärdares certifikat går inte att läsa ({detail}): kontrollera ca= i databasens URL",
            path.display()
        ),
        ServerError::LogIn { server, user } => format!(
            "databasservern {server} nekar inloggningen {user}: kontrollera dess namn och lösenord, och att den är aktiv"
        ),
        ServerError::NoPassword { user } => format!(
            "det finns inget lösenord till inloggningen {user}: ange TIDBOK_DATABASE_PASSWORD, TIDBOK_DATABASE_PASSWORD_FILE med en fil som innehåller det, eller systemds credential tidbok-database-password; datorns egen databas har det i /etc/tidbok/database-password"
        ),
        ServerError::NoWindowsLogIn { server } => format!(
            "det här programmet loggar in på en server med en egen inloggning: skriv sqlserver://INLOGGNING@{server}/DATABAS"
        ),
        ServerError::NoDatabase { server, database } => format!(
            "databasen {database} finns inte på servern {server}, eller inloggningen får inte använda den: skapa den där, eller kontrollera namnet"
        ),
        ServerError::NoSchema { server, database, schema } => format!(
            "databasen {database} på {server} saknar tidboks tabeller (schema {schema}): skapa dem med `tidbok migrate`, som en inloggning som får skapa ett schema"
        ),
        _ => swedish_of_content(error),
    }
}

fn swedish_of_content(error: &ServerError) -> String {
    match error {
        ServerError::Newer { server, found, known } => format!(
            "databasen på {server} har schema {found}, den här versionen känner till högst {known}: använd en nyare tidbok"
        ),
        ServerError::Older { server, found, known } => format!(
            "databasen på {server} har det äldre schemat {found}, den här versionen behöver {known}: kör `tidbok migrate`, som en inloggning som får ändra schemat"
        ),
        ServerError::NotPermitted => {
            "databasservern tillåter inte inloggningen det: `tidbok migrate --grants` skriver vad den behöver"
                .to_owned()
        }
        ServerError::Busy => {
            "databasservern låter vänta på andra för länge, inget är ändrat: försök igen om en stund"
                .to_owned()
        }
        ServerError::Full => {
            "databasen är full, inget är ändrat: fråga den som sköter servern".to_owned()
        }
        ServerError::ReadOnly => "databasen kan bara läsas, inget är ändrat".to_owned(),
        _ => error.to_string(),
    }
}

fn location(bad: &BadLocation) -> String {
    match bad {
        BadLocation::Form => {
            "skriv sqlserver://INLOGGNING@VÄRD:1433/DATABAS, eller en ADO.NET-sträng som Server=VÄRD,1433;Database=DATABAS;User ID=INLOGGNING"
                .to_owned()
        }
        BadLocation::NoHost => "ingen server är angiven".to_owned(),
        BadLocation::Host => {
            "en servers namn har bara bokstäver, siffror, - . och _, eller är en adress som [::1]"
                .to_owned()
        }
        BadLocation::NoDatabase => "ingen databas på servern är angiven".to_owned(),
        BadLocation::Port => "porten är inget tal från 1 till 65535".to_owned(),
        BadLocation::HoldsPassword => {
            "ett lösenord hör inte hemma där, andra kan läsa det: ta bort det och ange TIDBOK_DATABASE_PASSWORD, eller TIDBOK_DATABASE_PASSWORD_FILE med en fil som innehåller det"
                .to_owned()
        }
        BadLocation::Value { name } => format!("{name} har inget sådant värde"),
        BadLocation::Unknown { name } => format!("{name} är ingen inställning som finns här"),
        BadLocation::TwoTrusts => {
            "att lita på alla certifikat gör en fil med utfärdare meningslös: behåll det ena"
                .to_owned()
        }
    }
}
