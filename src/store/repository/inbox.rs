//! How far each user has looked through what patients did online.

use std::collections::BTreeMap;

use crate::store::audit::AuditChain;
use crate::store::error::StoreError;
use crate::store::session::Session;
use crate::store::value::values;

impl Session {
    /// The last entry of each chain that a user has seen; a chain that is not there has none.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn seen_in_inbox(
        &mut self,
        signature: &str,
    ) -> Result<BTreeMap<AuditChain, u64>, StoreError> {
        let sql = "SELECT chain, n FROM inbox_seen WHERE signature = @P1";
        let mut seen = BTreeMap::new();
        for row in self.query(sql, values![signature]).await? {
            let mut row = row.columns("inbox_seen");
            let chain = AuditChain::from_name(&row.text()?)
                .ok_or(StoreError::Unreadable { table: "inbox_seen", column: 1 })?;
            seen.insert(chain, row.number()?);
        }
        Ok(seen)
    }

    /// Keeps that a user has seen a chain up to its entry `n`; what was seen before stays seen.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn keep_seen_in_inbox(
        &mut self,
        signature: &str,
        chain: &AuditChain,
        n: u64,
    ) -> Result<(), StoreError> {
        let n = i64::try_from(n).unwrap_or(i64::MAX);
        let key = (signature, chain.name());
        let known = "SELECT n FROM inbox_seen WHERE signature = @P1 AND chain = @P2";
        let before = self.query(known, values![key.0, &key.1]).await?.pop();
        let sql = match before {
            Some(_) => {
                "UPDATE inbox_seen SET n = @P3 WHERE signature = @P1 AND chain = @P2 AND n < @P3"
            }
            None => "INSERT INTO inbox_seen (signature, chain, n) VALUES (@P1, @P2, @P3)",
        };
        self.execute(sql, values![key.0, &key.1, n]).await?;
        Ok(())
    }
}
