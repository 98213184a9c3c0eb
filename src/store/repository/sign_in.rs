//! Failed attempts to sign in, by signature.

use chrono::{DateTime, Utc};

use crate::domain::Signature;
use crate::store::error::StoreError;
use crate::store::session::Session;
use crate::store::value::values;

/// How often signing in has failed since it last succeeded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FailedSignIns {
    /// At least 1.
    pub failures: u32,
    /// When it last failed, to the second.
    pub last_at: DateTime<Utc>,
}

impl Session {
    /// The failures since the last success; `None` where there are none.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn failed_sign_ins(
        &mut self,
        signature: &Signature,
    ) -> Result<Option<FailedSignIns>, StoreError> {
        let sql = "SELECT failures, last_at FROM failed_sign_in WHERE signature = @P1";
        let row = self.query(sql, values![signature]).await?.pop();
        row.map(|row| {
            let mut row = row.columns("failed_sign_in");
            Ok(FailedSignIns { failures: row.number()?, last_at: row.instant()? })
        })
        .transpose()
    }

    /// Makes whoever else counts this user's attempts wait until the transaction ends: where a reader
    /// locks nobody out, guesses made at the same moment would else count as one. Does nothing to a
    /// user who is not there.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn hold_sign_ins(&mut self, signature: &Signature) -> Result<(), StoreError> {
        let sql = "UPDATE app_user SET active = active WHERE signature = @P1";
        self.execute(sql, values![signature]).await?;
        Ok(())
    }

    /// Keeps the number of failures.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn keep_failed_sign_ins(
        &mut self,
        signature: &Signature,
        failed: FailedSignIns,
    ) -> Result<(), StoreError> {
        self.forget_failed_sign_ins(signature).await?;
        self.execute(
            "INSERT INTO failed_sign_in (signature, failures, last_at) VALUES (@P1, @P2, @P3)",
            values![signature, failed.failures, failed.last_at],
        )
        .await?;
        Ok(())
    }

    /// Forgets the failures: signing in has succeeded.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn forget_failed_sign_ins(
        &mut self,
        signature: &Signature,
    ) -> Result<(), StoreError> {
        let sql = "DELETE FROM failed_sign_in WHERE signature = @P1";
        self.execute(sql, values![signature]).await?;
        Ok(())
    }
}
