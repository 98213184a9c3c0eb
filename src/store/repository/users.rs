//! Users and their permissions.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::{Permission, Signature, User};
use crate::store::error::StoreError;
use crate::store::session::Session;
use crate::store::value::values;

impl Session {
    /// Every user, by signature.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn users(&mut self) -> Result<BTreeMap<Signature, User>, StoreError> {
        let mut permissions: BTreeMap<Signature, BTreeSet<Permission>> = BTreeMap::new();
        let sql = "SELECT signature, permission FROM user_permission";
        for row in self.query(sql, values![]).await? {
            let mut row = row.columns("user_permission");
            permissions.entry(row.id()?).or_default().insert(row.read(Permission::from_key)?);
        }
        let sql = "SELECT signature, own_permissions, name, os_account, password_hash, active \
                   FROM app_user";
        let mut users = BTreeMap::new();
        for row in self.query(sql, values![]).await? {
            let mut row = row.columns("app_user");
            let signature: Signature = row.id()?;
            let own = row.flag()?.then(|| permissions.remove(&signature).unwrap_or_default());
            let user = User {
                signature: signature.clone(),
                permissions: own,
                name: row.text()?,
                os_account: row.optional_text()?,
                password_hash: row.optional_text()?,
                active: row.flag()?,
            };
            users.insert(signature, user);
        }
        Ok(users)
    }

    pub(crate) async fn insert_user(&mut self, user: &User) -> Result<(), StoreError> {
        self.execute(
            "INSERT INTO app_user (signature, name, own_permissions, os_account, password_hash, \
             active) VALUES (@P1, @P2, @P3, @P4, @P5, @P6)",
            values![
                &user.signature,
                &user.name,
                user.permissions.is_some(),
                user.os_account.as_ref(),
                user.password_hash.as_ref(),
                user.active,
            ],
        )
        .await?;
        self.insert_permissions(user).await
    }

    pub(crate) async fn insert_permissions(&mut self, user: &User) -> Result<(), StoreError> {
        for permission in user.permissions.iter().flatten() {
            self.execute(
                "INSERT INTO user_permission (signature, permission) VALUES (@P1, @P2)",
                values![&user.signature, permission.key()],
            )
            .await?;
        }
        Ok(())
    }
}
