//! Revisions: the lock that serialises changes, and the feed that tells readers what moved.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::{PractitionerId, ResourceCode};
use crate::store::error::StoreError;
use crate::store::session::Session;
use crate::store::value::{Columns, values};

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

impl Revisions {
    /// The revision of a scope; 0 where nothing has ever changed.
    pub fn get(&self, scope: &RevisionScope) -> u64 {
        self.0.get(scope).copied().unwrap_or(0)
    }

    /// All scopes with their revisions.
    pub fn iter(&self) -> impl Iterator<Item = (&RevisionScope, u64)> {
        self.0.iter().map(|(scope, n)| (scope, *n))
    }

    /// Takes in a scope's id and number.
    pub(super) fn take_in(&mut self, kind: &str, row: &mut Columns) -> Result<(), StoreError> {
        let id = row.text()?;
        let scope = RevisionScope::read(kind, &id)
            .ok_or(StoreError::Unreadable { table: "revision", column: 1 })?;
        self.0.insert(scope, row.number()?);
        Ok(())
    }

    /// The scopes whose revision here differs from the one in `earlier`.
    pub fn moved_since(&self, earlier: &Revisions) -> BTreeSet<RevisionScope> {
        let scopes = self.0.keys().chain(earlier.0.keys());
        scopes.filter(|scope| self.get(scope) != earlier.get(scope)).cloned().collect()
    }
}

impl Session {
    /// Counts the scopes up, which locks them until the transaction ends: do it before reading
    /// what is decided upon.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn bump(&mut self, scopes: &BTreeSet<RevisionScope>) -> Result<(), StoreError> {
        for scope in scopes {
            let update = "UPDATE revision SET n = n + 1 WHERE scope = @P1 AND id = @P2";
            if self.execute(update, values![scope.kind(), scope.id()]).await? == 0 {
                let insert = "INSERT INTO revision (scope, id, n) VALUES (@P1, @P2, 1)";
                let inserted = self.execute(insert, values![scope.kind(), scope.id()]).await;
                // Another was first with it, on an engine on which a missing row locks nobody out:
                // the transaction has ended, and finds the row when it is made again.
                inserted.map_err(|error| match error {
                    StoreError::Duplicate { .. } => StoreError::TransactionLost,
                    error => error,
                })?;
            }
        }
        Ok(())
    }

    /// All revisions.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn revisions(&mut self) -> Result<Revisions, StoreError> {
        let mut revisions = Revisions::default();
        for row in self.query("SELECT scope, id, n FROM revision", values![]).await? {
            let mut row = row.columns("revision");
            let kind = row.text()?;
            revisions.take_in(&kind, &mut row)?;
        }
        Ok(revisions)
    }
}
