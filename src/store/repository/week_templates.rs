//! Week templates: reading and writing them.

use std::collections::BTreeMap;

use chrono::Weekday;

use crate::domain::{Changed, Minutes, WeekSession, WeekTemplate, WeekTemplateId, in_order};
use crate::store::error::StoreError;
use crate::store::question::Question;
use crate::store::session::Session;
use crate::store::value::{Columns, values};

const SESSIONS: &str = "week_template_session";

/// Every week template by id.
pub(super) fn week_templates() -> Question<BTreeMap<WeekTemplateId, WeekTemplate>> {
    let read = |row: &mut Columns| {
        Ok(WeekTemplate { id: row.id()?, name: row.text()?, sessions: Vec::new() })
    };
    let sql = "SELECT id, name FROM week_template";
    let templates = Question::rows(sql, values![], "week_template", read);
    let sql = "SELECT week_template, weekday, start_minute, minutes FROM week_template_session";
    templates.and(Question::rows(sql, values![], SESSIONS, session)).map(|(templates, sessions)| {
        let templates = templates.into_iter().map(|template| (template.id.clone(), template));
        let mut found: BTreeMap<WeekTemplateId, WeekTemplate> = templates.collect();
        for (id, session) in sessions {
            if let Some(template) = found.get_mut(&id) {
                template.sessions.push(session);
            }
        }
        for template in found.values_mut() {
            template.sessions = in_order(std::mem::take(&mut template.sessions));
        }
        Ok(found)
    })
}

/// A session and whose it is.
fn session(row: &mut Columns) -> Result<(WeekTemplateId, WeekSession), StoreError> {
    let id = row.id()?;
    let (day, start, minutes) = (row.number::<u8>()?, row.number()?, row.number()?);
    let unreadable = StoreError::Unreadable { table: SESSIONS, column: 1 };
    let day = Weekday::try_from(day).map_err(|_| unreadable)?;
    let unreadable = StoreError::Unreadable { table: SESSIONS, column: 2 };
    let session = WeekSession::new(day, Minutes(start), Minutes(minutes)).ok_or(unreadable)?;
    Ok((id, session))
}

impl Session {
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
