//! What the agent has published, for the consoles that show it beside what should be.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::domain::{DateRange, OutOnDay, OutThere, PractitionerId, starts_on};
use crate::store::error::StoreError;
use crate::store::session::Session;
use crate::store::value::values;

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
        self.execute(sql, values![practitioner]).await?;
        Ok(())
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
            self.execute(sql, values![practitioner, *day]).await?;
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
            self.execute(format!("{sql}{}", places.join(", ")), parameters).await?;
        }
        Ok(())
    }

    /// The starts on some days that are published, by practitioner: of one, or of all.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn out_there(
        &mut self,
        practitioner: Option<&PractitionerId>,
        days: DateRange,
    ) -> Result<BTreeMap<PractitionerId, OutThere>, StoreError> {
        let select = "SELECT practitioner, day, content FROM out_there \
                      WHERE day >= @P1 AND day < @P2";
        let (from, to) = (days.first(), days.end());
        let rows = match practitioner {
            Some(id) => {
                let sql = format!("{select} AND practitioner = @P3");
                self.query(sql, values![from, to, id]).await?
            }
            None => self.query(select, values![from, to]).await?,
        };
        let mut out: BTreeMap<PractitionerId, OutThere> = BTreeMap::new();
        for row in rows {
            let mut row = row.columns("out_there");
            let id = row.id()?;
            let day = row.read(crate::domain::parse_date)?;
            let content: OutOnDay = row.read(|text| serde_json::from_str(text).ok())?;
            out.entry(id).or_default().extend(starts_on(day, &content));
        }
        Ok(out)
    }
}
