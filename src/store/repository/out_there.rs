//! What the agent has published, for the consoles that show it beside what should be.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::books::Whose;
use crate::domain::{DateRange, OutOnDay, OutThere, PractitionerId, starts_on};
use crate::store::error::StoreError;
use crate::store::question::Question;
use crate::store::session::Session;
use crate::store::value::{Columns, values};

/// Rows a statement.
const ROWS: usize = 100;

impl Session {
    /// Forgets what is known of a practitioner's published times.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn forget_out_there(
        &mut self,
        practitioner: &PractitionerId,
    ) -> Result<(), StoreError> {
        let sql = "DELETE FROM out_there WHERE practitioner = @P1";
        self.write(sql, values![practitioner]).await
    }

    /// Keeps what of a practitioner's days is published: nothing, where it is empty.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn keep_out_there(
        &mut self,
        practitioner: &PractitionerId,
        days: &BTreeMap<NaiveDate, OutOnDay>,
    ) -> Result<(), StoreError> {
        let mut rows = Vec::new();
        for (day, out) in days {
            let sql = "DELETE FROM out_there WHERE practitioner = @P1 AND day = @P2";
            self.write(sql, values![practitioner, *day]).await?;
            if !out.is_empty() {
                let content = serde_json::to_string(out)
                    .map_err(|_| StoreError::Unreadable { table: "out_there", column: 3 })?;
                rows.push((*day, content));
            }
        }
        for rows in rows.chunks(ROWS) {
            let mut parameters = values![practitioner];
            let mut places = Vec::new();
            for (day, content) in rows {
                let at = parameters.len();
                places.push(format!("(@P1, @P{}, @P{})", at + 1, at + 2));
                parameters.extend(values![*day, content]);
            }
            let sql = "INSERT INTO out_there (practitioner, day, content) VALUES ";
            self.write(format!("{sql}{}", places.join(", ")), parameters).await?;
        }
        Ok(())
    }
}

/// The starts on some days that are published, by practitioner.
pub(super) fn out_there(
    whose: Whose<'_>,
    days: DateRange,
) -> Question<BTreeMap<PractitionerId, OutThere>> {
    let (named, ids) = whose.condition(3);
    let sql = format!(
        "SELECT practitioner, day, content FROM out_there WHERE day >= @P1 AND day < @P2{named}"
    );
    let parameters = [values![days.first(), days.end()], ids].concat();
    let read = |row: &mut Columns| {
        let id: PractitionerId = row.id()?;
        let day = row.read(crate::domain::parse_date)?;
        let content: OutOnDay = row.read(|text| serde_json::from_str(text).ok())?;
        Ok((id, starts_on(day, &content)))
    };
    Question::rows(sql, parameters, "out_there", read).map(|rows| {
        let mut out: BTreeMap<PractitionerId, OutThere> = BTreeMap::new();
        for (id, starts) in rows {
            out.entry(id).or_default().extend(starts);
        }
        Ok(out)
    })
}
