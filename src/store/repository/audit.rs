//! Appending to the audit log and reading it.

use std::collections::BTreeMap;

use super::revisions::RevisionScope;
use crate::domain::{CommandId, Interval, PractitionerId};
use crate::store::audit::{
    AuditChain, AuditEntry, AuditFilter, AuditValue, Link, NewAuditEntry, READING, START, Salted,
    Stored, hash_of,
};
use crate::store::error::StoreError;
use crate::store::question::Question;
use crate::store::session::Session;
use crate::store::value::{Columns, Row, Value, instant_text, named, places, values};

const ENTRY: &str = "chain, n, at, actor, command, action, entity, before_value, after_value";

/// Rows that the proof holds in memory at once: a log grows for as long as a clinic works.
const PROVED_AT_ONCE: u32 = 1_000;

/// An entry as stored.
pub(in crate::store) struct RawEntry {
    pub(in crate::store) chain: String,
    pub(in crate::store) n: i64,
    pub(in crate::store) at: String,
    pub(in crate::store) actor: String,
    pub(in crate::store) command: String,
    pub(in crate::store) action: String,
    pub(in crate::store) entity: String,
    pub(in crate::store) before: Option<String>,
    pub(in crate::store) after: Option<String>,
}

impl RawEntry {
    fn read(row: &mut Columns) -> Result<Self, StoreError> {
        Ok(Self {
            chain: row.text()?,
            n: row.number()?,
            at: row.text()?,
            actor: row.text()?,
            command: row.text()?,
            action: row.text()?,
            entity: row.text()?,
            before: row.optional_text()?,
            after: row.optional_text()?,
        })
    }

    /// The hash this entry has after the one with `previous_hash`.
    pub(in crate::store) fn hash_after(&self, previous_hash: &str) -> String {
        hash_of(&Link {
            previous_hash,
            chain: &self.chain,
            n: self.n,
            at: &self.at,
            actor: &self.actor,
            command: &self.command,
            action: &self.action,
            entity: &self.entity,
            before: self.before.as_deref(),
            after: self.after.as_deref(),
        })
    }
}

/// An entry with its place in the chain, for the proof.
pub(in crate::store) struct ChainedEntry {
    pub(in crate::store) entry: RawEntry,
    pub(in crate::store) previous_hash: String,
    pub(in crate::store) hash: String,
}

/// Where a chain is said to end.
#[derive(Clone)]
pub(in crate::store) struct Head {
    pub(in crate::store) n: i64,
    pub(in crate::store) hash: String,
}

/// Where the chains end that a transaction has locked; `None` where one has no entry yet.
#[derive(Default)]
pub(in crate::store) struct AuditHeads(BTreeMap<String, Option<Head>>);

/// Where chains end.
pub(super) fn heads(chains: &[AuditChain]) -> Question<AuditHeads> {
    let names: Vec<String> = chains.iter().map(AuditChain::name).collect();
    let condition = match names.is_empty() {
        true => "1 = 0".to_owned(),
        false => format!("chain IN ({})", places(1, names.len())),
    };
    let sql = format!("SELECT chain, n, hash FROM audit_head WHERE {condition}");
    let parameters = names.iter().map(Value::from).collect();
    let read = |row: &mut Columns| Ok((row.text()?, Head { n: row.number()?, hash: row.text()? }));
    Question::rows(sql, parameters, "audit_head", read).map(|found| {
        let mut heads: BTreeMap<String, Option<Head>> =
            names.into_iter().map(|name| (name, None)).collect();
        heads.extend(found.into_iter().map(|(name, head)| (name, Some(head))));
        Ok(AuditHeads(heads))
    })
}

/// The filter as a condition, with its parameters.
fn conditions(filter: &AuditFilter) -> (String, Vec<Value>) {
    let mut conditions = Vec::new();
    let mut parameters: Vec<Value> = Vec::new();
    let mut require = |condition: &str, value: Option<String>| {
        if let Some(value) = value {
            parameters.push(value.into());
            conditions.push(format!("{condition} @P{}", parameters.len()));
        }
    };
    require("chain =", filter.chain.as_ref().map(AuditChain::name));
    require("at >=", filter.since.map(instant_text));
    require("at <", filter.until.map(instant_text));
    require("entity =", filter.entity.clone());
    require("actor =", filter.actor.clone());
    require("action =", filter.action.clone());
    require("kind =", filter.kind.clone());
    if let Some(before) = &filter.before {
        let place = parameters.len() + 1;
        let n = i64::try_from(before.n).unwrap_or(i64::MAX);
        parameters.extend(values![instant_text(before.at), before.chain.name(), n]);
        let (at, chain, n) = (place, place + 1, place + 2);
        conditions.push(format!(
            "(at < @P{at} OR (at = @P{at} AND (chain < @P{chain} OR (chain = @P{chain} AND n < @P{n}))))"
        ));
    }
    let all = if conditions.is_empty() { "1 = 1".to_owned() } else { conditions.join(" AND ") };
    (all, parameters)
}

impl Session {
    /// Locks the end of a chain until the transaction ends, for an entry that tells of nothing a revision
    /// counts: by the revision that covers the chain, as everybody else does, or else by the chain's own
    /// end. A chain that nothing has been appended to may lock nobody out: of two who begin it, one meets
    /// [`StoreError::Duplicate`].
    ///
    /// # Errors
    /// What the database meets.
    pub async fn lock_chain(&mut self, chain: &AuditChain) -> Result<(), StoreError> {
        match RevisionScope::covering(chain) {
            Some(scope) => self.hold(&scope).await,
            None => {
                let sql = "UPDATE audit_head SET n = n WHERE chain = @P1";
                self.execute(sql, values![chain.name()]).await?;
                Ok(())
            }
        }
    }

    /// Appends an entry to its chain. The revision that covers the chain must have been bumped in
    /// this transaction, or the chain locked: that keeps two writers from appending at the same place.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn append_audit(&mut self, new: &NewAuditEntry) -> Result<(), StoreError> {
        let chain = new.chain.name();
        if !self.heads.0.contains_key(&chain) {
            let found = self.ask(heads(std::slice::from_ref(&new.chain))).await?;
            self.heads.0.extend(found.0);
        }
        let head = self.heads.0.remove(&chain).flatten();
        let (last, previous_hash) =
            head.as_ref().map_or((0, START), |head| (head.n, head.hash.as_str()));
        let before = new.before.as_ref().map(Stored::new).transpose()?;
        let after = new.after.as_ref().map(Stored::new).transpose()?;
        for salted in [&before, &after].into_iter().flatten().flat_map(|stored| &stored.personal) {
            self.write(
                "INSERT INTO audit_personal (hash, salt, value) VALUES (@P1, @P2, @P3)",
                values![&salted.hash, &salted.salt, &salted.value],
            )
            .await?;
        }
        let entry = RawEntry {
            chain,
            n: last + 1,
            at: instant_text(new.at),
            actor: new.actor.clone(),
            command: new.command.to_string(),
            action: new.action.clone(),
            entity: new.entity.clone(),
            before: before.map(|stored| stored.json),
            after: after.map(|stored| stored.json),
        };
        let hash = entry.hash_after(previous_hash);
        self.insert_entry(&entry, previous_hash, &hash).await?;
        self.move_head(head.as_ref(), &entry, &hash).await?;
        self.heads.0.insert(entry.chain, Some(Head { n: entry.n, hash }));
        Ok(())
    }

    async fn insert_entry(
        &mut self,
        entry: &RawEntry,
        previous_hash: &str,
        hash: &str,
    ) -> Result<(), StoreError> {
        self.write(
            "INSERT INTO audit_entry (chain, n, at, actor, command, action, entity, kind, \
             before_value, after_value, previous_hash, hash) \
             VALUES (@P1, @P2, @P3, @P4, @P5, @P6, @P7, @P8, @P9, @P10, @P11, @P12)",
            values![
                &entry.chain,
                entry.n,
                &entry.at,
                &entry.actor,
                &entry.command,
                &entry.action,
                &entry.entity,
                entry.entity.split('/').next().unwrap_or_default(),
                entry.before.as_ref(),
                entry.after.as_ref(),
                previous_hash,
                hash,
            ],
        )
        .await
    }

    async fn move_head(
        &mut self,
        from: Option<&Head>,
        entry: &RawEntry,
        hash: &str,
    ) -> Result<(), StoreError> {
        let sql = match from {
            Some(_) => "UPDATE audit_head SET n = @P2, hash = @P3 WHERE chain = @P1",
            None => "INSERT INTO audit_head (chain, n, hash) VALUES (@P1, @P2, @P3)",
        };
        self.write(sql, values![&entry.chain, entry.n, hash]).await
    }

    /// Entries that pass the filter, newest first; those of one second in the database's order of chains,
    /// by which the next page goes on after the last of this one.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn audit(&mut self, filter: &AuditFilter) -> Result<Vec<AuditEntry>, StoreError> {
        let (all, parameters) = conditions(filter);
        // Moments are digits and fixed signs: every collation orders them alike.
        let sql = format!(
            "SELECT {ENTRY} FROM audit_entry WHERE {all} ORDER BY at DESC, chain DESC, n DESC"
        );
        let rows = self.query_first(sql, parameters, filter.limit).await?;
        self.entries(rows).await
    }

    /// The newest entries of a practitioner's book about what overlaps a stretch of time or did so
    /// before a change, at most `limit`, newest first.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn audit_of_time(
        &mut self,
        practitioner: &PractitionerId,
        interval: Interval,
        limit: usize,
    ) -> Result<Vec<AuditEntry>, StoreError> {
        // What begins or ends on the day names it; the exact overlap is told by the values.
        let day = format!("%\"{}T%", interval.start().date());
        let chain = AuditChain::Practitioner(practitioner.clone()).name();
        let sql = format!(
            "SELECT {ENTRY} FROM audit_entry WHERE chain = @P1 AND (before_value LIKE @P2 OR \
             after_value LIKE @P2) ORDER BY n DESC"
        );
        let rows = self.query(sql, values![chain, day]).await?;
        let mut entries = self.entries(rows).await?;
        // What went to another book, or came from one, lay here only on one side of the change.
        let touches = |value: &Option<AuditValue>| {
            let Some(value) = value else { return false };
            value.plain_field("practitioner") == Some(practitioner.as_str())
                && value.interval().is_some_and(|own| own.overlaps(interval))
        };
        entries.retain(|entry| touches(&entry.before) || touches(&entry.after));
        entries.truncate(limit);
        Ok(entries)
    }

    /// The newest entry about a change of an entity, such as `preblock/ID`: who has looked at it has
    /// changed nothing.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn last_audit_of(&mut self, entity: &str) -> Result<Option<AuditEntry>, StoreError> {
        // The place in the chain decides, not the clock, which differs between machines.
        let sql = format!(
            "SELECT {ENTRY} FROM audit_entry WHERE entity = @P1 AND chain <> @P2 AND n = (SELECT \
             MAX(other.n) FROM audit_entry other WHERE other.entity = @P1 AND other.chain = \
             audit_entry.chain)"
        );
        let rows = self.query(sql, values![entity, READING]).await?;
        Ok(self.entries(rows).await?.into_iter().max_by_key(|entry| entry.at))
    }

    /// The command that made an entity by an action, such as `booking/ID` by `booking.online`.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn command_that(
        &mut self,
        action: &str,
        entity: &str,
    ) -> Result<Option<CommandId>, StoreError> {
        let sql = "SELECT command FROM audit_entry WHERE entity = @P1 AND action = @P2 ORDER BY n";
        let row = self.query(sql, values![entity, action]).await?.into_iter().next();
        row.map(|row| row.columns("audit_entry").id()).transpose()
    }

    async fn entries(&mut self, rows: Vec<Row>) -> Result<Vec<AuditEntry>, StoreError> {
        let unreadable = || StoreError::Unreadable { table: "audit_entry", column: 0 };
        let mut raw = Vec::with_capacity(rows.len());
        let mut hashes = Vec::new();
        for row in rows {
            let entry = RawEntry::read(&mut row.columns("audit_entry"))?;
            let parse = |text: &Option<String>| {
                text.as_deref().map(serde_json::from_str::<serde_json::Value>).transpose()
            };
            let before = parse(&entry.before).map_err(|_| unreadable())?;
            let after = parse(&entry.after).map_err(|_| unreadable())?;
            for json in [&before, &after].into_iter().flatten() {
                hashes.extend(Stored::references(json).into_iter().map(str::to_owned));
            }
            raw.push((entry, before, after));
        }
        let kept = self.personal_values(&hashes).await?;
        let resolve = |json: Option<serde_json::Value>| json.map(|j| Stored::resolve(j, &kept));
        raw.into_iter()
            .map(|(entry, before, after)| {
                Ok(AuditEntry {
                    n: u64::try_from(entry.n).map_err(|_| unreadable())?,
                    chain: AuditChain::from_name(&entry.chain).ok_or_else(unreadable)?,
                    at: chrono::DateTime::parse_from_rfc3339(&entry.at)
                        .map_err(|_| unreadable())?
                        .to_utc(),
                    command: CommandId::new(entry.command),
                    actor: entry.actor,
                    action: entry.action,
                    entity: entry.entity,
                    before: resolve(before),
                    after: resolve(after),
                })
            })
            .collect()
    }

    async fn personal_values(
        &mut self,
        hashes: &[String],
    ) -> Result<BTreeMap<String, String>, StoreError> {
        let mut kept = BTreeMap::new();
        for (hashes, parameters) in named(hashes) {
            let sql = format!("SELECT hash, value FROM audit_personal WHERE hash IN ({hashes})");
            for row in self.query(sql, parameters).await? {
                let mut row = row.columns("audit_personal");
                kept.insert(row.text()?, row.text()?);
            }
        }
        Ok(kept)
    }

    /// The next entries of a chain with their hashes, in order, after the one of this number; none at the
    /// end. For the proof.
    pub(in crate::store) async fn chained_entries(
        &mut self,
        chain: &str,
        after: Option<i64>,
    ) -> Result<Vec<ChainedEntry>, StoreError> {
        let sql = format!(
            "SELECT {ENTRY}, previous_hash, hash FROM audit_entry WHERE chain = @P1 AND n > @P2 \
             ORDER BY n"
        );
        // Somebody may have put one before the first.
        let parameters = values![chain, after.unwrap_or(i64::MIN)];
        let rows = self.query_first(sql, parameters, Some(PROVED_AT_ONCE)).await?;
        rows.into_iter()
            .map(|row| {
                let mut row = row.columns("audit_entry");
                Ok(ChainedEntry {
                    entry: RawEntry::read(&mut row)?,
                    previous_hash: row.text()?,
                    hash: row.text()?,
                })
            })
            .collect()
    }

    /// The chains that have entries, and those that are said to have some.
    pub(in crate::store) async fn chains(
        &mut self,
    ) -> Result<BTreeMap<String, Option<Head>>, StoreError> {
        let mut chains = BTreeMap::new();
        for row in self.query("SELECT DISTINCT chain FROM audit_entry", values![]).await? {
            chains.insert(row.columns("audit_entry").text()?, None);
        }
        for row in self.query("SELECT chain, n, hash FROM audit_head", values![]).await? {
            let mut row = row.columns("audit_head");
            chains.insert(row.text()?, Some(Head { n: row.number()?, hash: row.text()? }));
        }
        Ok(chains)
    }

    /// Commands that were carried out and that no entry tells of, in order.
    pub(in crate::store) async fn untold_commands(&mut self) -> Result<Vec<String>, StoreError> {
        // Not NOT IN, which some servers answer by going through all entries for each command.
        let sql = "SELECT id FROM command EXCEPT SELECT command FROM audit_entry ORDER BY id";
        let rows = self.query(sql, values![]).await?;
        rows.into_iter().map(|row| row.columns("command").text()).collect()
    }

    /// Hashes of personal values that do not belong to what is stored under them.
    pub(in crate::store) async fn altered_personal_values(
        &mut self,
    ) -> Result<Vec<String>, StoreError> {
        let mut altered = Vec::new();
        let mut after: Option<String> = None;
        loop {
            let (condition, parameters) = match &after {
                Some(last) => (" WHERE hash > @P1", values![last]),
                None => ("", values![]),
            };
            let sql =
                format!("SELECT hash, salt, value FROM audit_personal{condition} ORDER BY hash");
            let rows = self.query_first(sql, parameters, Some(PROVED_AT_ONCE)).await?;
            if rows.is_empty() {
                return Ok(altered);
            }
            for row in rows {
                let mut row = row.columns("audit_personal");
                let (hash, salt, value) = (row.text()?, row.text()?, row.text()?);
                if Salted::hash(&salt, &value) != hash {
                    altered.push(hash.clone());
                }
                after = Some(hash);
            }
        }
    }
}
