//! Week templates: reading and writing them.

use std::collections::BTreeMap;

use chrono::Weekday;

use crate::domain::{Changed, Minutes, WeekSession, WeekTemplate, WeekTemplateId, in_order};
use crate::store::error::StoreError;
use crate::store::session::Session;
use crate::store::value::values;

const SESSIONS: &str = "week_template_session";

impl Session {
    /// Every week template by id.
    pub(super) async fn week_templates(
        &mut self,
    ) -> Result<BTreeMap<WeekTemplateId, WeekTemplate>, StoreError> {
        let mut found: BTreeMap<WeekTemplateId, WeekTemplate> = BTreeMap::new();
        for row in self.query("SELECT id, name FROM week_template", values![]).await? {
            let mut row = row.columns("week_template");
            let (id, name): (WeekTemplateId, String) = (row.id()?, row.text()?);
            found.insert(id.clone(), WeekTemplate { id, name, sessions: Vec::new() });
        }
        let sql = "SELECT week_template, weekday, start_minute, minutes FROM week_template_session";
        for row in self.query(sql, values![]).await? {
            let mut row = row.columns(SESSIONS);
            let id: WeekTemplateId = row.id()?;
            let (day, start, minutes) = (row.number::<u8>()?, row.number()?, row.number()?);
            let unreadable = StoreError::Unreadable { table: SESSIONS, column: 1 };
            let day = Weekday::try_from(day).map_err(|_| unreadable)?;
            let unreadable = StoreError::Unreadable { table: SESSIONS, column: 2 };
            let session =
                WeekSession::new(day, Minutes(start), Minutes(minutes)).ok_or(unreadable)?;
            if let Some(template) = found.get_mut(&id) {
                template.sessions.push(session);
            }
        }
        for template in found.values_mut() {
            template.sessions = in_order(std::mem::take(&mut template.sessions));
        }
        Ok(found)
    }

    pub(crate) async fn insert_week_template(
        &mut self,
        template: &WeekTemplate,
    ) -> Result<(), StoreError> {
        self.execute(
            "INSERT INTO week_template (id, name) VALUES (@P1, @P2)",
            values![&template.id, &template.name],
        )
        .await?;
        self.insert_week_sessions(template).await
    }

    async fn insert_week_sessions(&mut self, template: &WeekTemplate) -> Result<(), StoreError> {
        for session in &template.sessions {
            let day = i64::from(session.weekday.num_days_from_monday());
            self.execute(
                "INSERT INTO week_template_session (week_template, weekday, start_minute, minutes) \
                 VALUES (@P1, @P2, @P3, @P4)",
                values![&template.id, day, session.start.0, session.minutes.0],
            )
            .await?;
        }
        Ok(())
    }

    pub(super) async fn write_week_template(
        &mut self,
        change: &Changed<WeekTemplate>,
    ) -> Result<(), StoreError> {
        if let Some(before) = change.before() {
            let sql = "DELETE FROM week_template_session WHERE week_template = @P1";
            self.execute(sql, values![&before.id]).await?;
        }
        match change {
            Changed::Added(new) => self.insert_week_template(new).await,
            Changed::Altered { after, .. } => {
                let sql = "UPDATE week_template SET name = @P2 WHERE id = @P1";
                self.execute(sql, values![&after.id, &after.name]).await?;
                self.insert_week_sessions(after).await
            }
            Changed::Removed(old) => {
                self.execute("DELETE FROM week_template WHERE id = @P1", values![&old.id]).await?;
                Ok(())
            }
        }
    }
}
