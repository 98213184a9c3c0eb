//! Revisions: the lock that serialises changes, and the feed that tells readers what moved.

use std::collections::{BTreeMap, BTreeSet};

use super::audit::heads;
use super::books::{Stretch, Whose, stretch};
use crate::domain::{Interval, PractitionerId, ResourceCode};
use crate::store::audit::AuditChain;
use crate::store::error::StoreError;
use crate::store::question::Question;
use crate::store::session::Session;
use crate::store::value::{Columns, Statement, Value, values};

/// Scopes that are asked for by name; of more, all revisions are read.
const NAMED: usize = 50;

/// What one revision covers. The order is the order of locking: practitioners, resources, settings.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RevisionScope {
    /// One practitioner's book.
    Practitioner(PractitionerId),
    /// Who holds one resource when.
    Resource(ResourceCode),
    /// Registers, types, templates, lists, users, online settings.
    Settings,
}

impl RevisionScope {
    fn kind(&self) -> &'static str {
        match self {
            RevisionScope::Practitioner(_) => "practitioner",
            RevisionScope::Resource(_) => "resource",
            RevisionScope::Settings => "settings",
        }
    }

    fn id(&self) -> String {
        match self {
            RevisionScope::Practitioner(id) => id.to_string(),
            RevisionScope::Resource(code) => code.to_string(),
            RevisionScope::Settings => String::new(),
        }
    }

    /// The audit chain that it covers.
    fn chain(&self) -> Option<AuditChain> {
        match self {
            RevisionScope::Practitioner(id) => Some(AuditChain::Practitioner(id.clone())),
            RevisionScope::Settings => Some(AuditChain::Settings),
            RevisionScope::Resource(_) => None,
        }
    }

    /// The scope that covers an audit chain; none covers what was read.
    pub(super) fn covering(chain: &AuditChain) -> Option<Self> {
        match chain {
            AuditChain::Practitioner(id) => Some(RevisionScope::Practitioner(id.clone())),
            AuditChain::Settings => Some(RevisionScope::Settings),
            AuditChain::Reading => None,
        }
    }

    fn read(kind: &str, id: &str) -> Option<Self> {
        match kind {
            "practitioner" => Some(RevisionScope::Practitioner(id.into())),
            "resource" => {
                let mut characters = id.chars();
                let code = characters.next().map(ResourceCode)?;
                characters.next().is_none().then_some(RevisionScope::Resource(code))
            }
            "settings" => Some(RevisionScope::Settings),
            _ => None,
        }
    }
}

/// Every revision at one moment. What has moved between two of these must be loaded anew.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Revisions(BTreeMap<RevisionScope, u64>);

impl FromIterator<(RevisionScope, u64)> for Revisions {
    fn from_iter<I: IntoIterator<Item = (RevisionScope, u64)>>(all: I) -> Self {
        Self(all.into_iter().collect())
    }
}

impl Revisions {
    /// The revision of a scope; 0 where nothing has ever changed.
    pub fn get(&self, scope: &RevisionScope) -> u64 {
        self.0.get(scope).copied().unwrap_or(0)
    }

    /// All scopes with their revisions.
    pub fn iter(&self) -> impl Iterator<Item = (&RevisionScope, u64)> {
        self.0.iter().map(|(scope, n)| (scope, *n))
    }

    /// What asks for them.
    pub(in crate::store) fn question() -> Question<Self> {
        Self::where_true("", values![])
    }

    /// What asks for those of some scopes; of many, for all.
    pub(super) fn of(scopes: &BTreeSet<RevisionScope>) -> Question<Self> {
        if scopes.len() > NAMED {
            return Self::question();
        }
        let of = |n: usize| format!("(scope = @P{} AND id = @P{})", 2 * n + 1, 2 * n + 2);
        let conditions: Vec<String> = match scopes.len() {
            0 => vec!["1 = 0".to_owned()],
            some => (0..some).map(of).collect(),
        };
        let named = scopes.iter().flat_map(|scope| values![scope.kind(), scope.id()]);
        Self::where_true(&format!(" WHERE {}", conditions.join(" OR ")), named.collect())
    }

    fn where_true(condition: &str, parameters: Vec<Value>) -> Question<Self> {
        let sql = format!("SELECT scope, id, n FROM revision{condition}");
        let read = |row: &mut Columns| {
            let (kind, id) = (row.text()?, row.text()?);
            let scope = RevisionScope::read(&kind, &id)
                .ok_or(StoreError::Unreadable { table: "revision", column: 1 })?;
            Ok((scope, row.number()?))
        };
        let all = Question::rows(sql, parameters, "revision", read);
        all.map(|all| Ok(all.into_iter().collect()))
    }

    /// The scopes whose revision here differs from the one in `earlier`.
    pub fn moved_since(&self, earlier: &Revisions) -> BTreeSet<RevisionScope> {
        let scopes = self.0.keys().chain(earlier.0.keys());
        scopes.filter(|scope| self.get(scope) != earlier.get(scope)).cloned().collect()
    }
}

/// What counts scopes up.
fn counting_up(scopes: &BTreeSet<RevisionScope>) -> Question<()> {
    let statement = |scope: &RevisionScope| Statement {
        sql: "UPDATE revision SET n = n + 1 WHERE scope = @P1 AND id = @P2".into(),
        parameters: values![scope.kind(), scope.id()],
    };
    Question::changes(scopes.iter().map(statement).collect())
}

/// Books as they stand once their revisions are locked.
pub struct Locked {
    /// Those that are locked, and that of the settings.
    pub revisions: Revisions,
    pub stretch: Stretch,
}

impl Session {
    /// Counts the scopes up, which locks them until the transaction ends: do it before reading
    /// what is decided upon.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn bump(&mut self, scopes: &BTreeSet<RevisionScope>) -> Result<(), StoreError> {
        let counted = counting_up(scopes).and(Revisions::of(scopes));
        let ((), revisions) = self.ask(counted).await?;
        self.begin_counting(scopes, &revisions).await?;
        Ok(())
    }

    /// Locks a scope as [`Self::bump`] does, without counting it up: nobody has to read anything anew.
    pub(super) async fn hold(&mut self, scope: &RevisionScope) -> Result<(), StoreError> {
        let sql = "UPDATE revision SET n = n WHERE scope = @P1 AND id = @P2";
        self.execute(sql, values![scope.kind(), scope.id()]).await?;
        Ok(())
    }

    /// Gives scopes that have none yet their revision; whether there were any.
    async fn begin_counting(
        &mut self,
        scopes: &BTreeSet<RevisionScope>,
        revisions: &Revisions,
    ) -> Result<bool, StoreError> {
        let mut any = false;
        for scope in scopes.iter().filter(|scope| !revisions.0.contains_key(scope)) {
            let insert = "INSERT INTO revision (scope, id, n) VALUES (@P1, @P2, 1)";
            let inserted = self.execute(insert, values![scope.kind(), scope.id()]).await;
            // Another was first with it, on an engine on which a missing row locks nobody out:
            // the transaction has ended, and finds the row when it is made again.
            inserted.map_err(|error| match error {
                StoreError::Duplicate { .. } => StoreError::TransactionLost,
                error => error,
            })?;
            any = true;
        }
        Ok(any)
    }

    /// Counts the scopes up as [`Self::bump`] does, and reads books, and the ends of the scopes' audit
    /// chains, as they then stand: in one request, unless a scope had no revision yet.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn lock(
        &mut self,
        scopes: &BTreeSet<RevisionScope>,
        whose: Whose<'_>,
        within: Interval,
    ) -> Result<Locked, StoreError> {
        let chains: Vec<AuditChain> = scopes.iter().filter_map(RevisionScope::chain).collect();
        let mut asked = scopes.clone();
        asked.insert(RevisionScope::Settings);
        let facts = |longest| {
            let ends = Revisions::of(&asked).and(heads(&chains));
            ends.and(stretch(whose, within, longest))
        };
        let counted = self.ask_assuming(|longest| counting_up(scopes).and(facts(longest))).await?;
        let mut found = match counted {
            Some(((), found)) => found,
            None => self.ask_reaching(facts).await?,
        };
        if self.begin_counting(scopes, &found.0.0).await? {
            found = self.ask_reaching(facts).await?;
        }
        let ((revisions, heads), stretch) = found;
        self.heads = heads;
        Ok(Locked { revisions, stretch })
    }

    /// The revisions of some scopes.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn revisions_of(
        &mut self,
        scopes: &BTreeSet<RevisionScope>,
    ) -> Result<Revisions, StoreError> {
        self.ask(Revisions::of(scopes)).await
    }

    /// All revisions.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn revisions(&mut self) -> Result<Revisions, StoreError> {
        self.ask(Revisions::question()).await
    }
}
