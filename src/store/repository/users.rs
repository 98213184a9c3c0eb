//! Users and their permissions.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::{Permission, Signature, User};
use crate::store::error::StoreError;
use crate::store::question::Question;
use crate::store::session::Session;
use crate::store::value::{Columns, Value, values};

/// Every user, by signature.
pub(super) fn users() -> Question<BTreeMap<Signature, User>> {
    let sql = "SELECT signature, permission FROM user_permission";
    let read = |row: &mut Columns| Ok((row.id()?, row.read(Permission::from_key)?));
    let permissions = Question::rows(sql, values![], "user_permission", read);
    let sql = "SELECT signature, own_permissions, name, os_account, password_hash, active \
               FROM app_user";
    permissions.and(Question::rows(sql, values![], "app_user", user)).map(|(all, users)| {
        let mut permissions: BTreeMap<Signature, BTreeSet<Permission>> = BTreeMap::new();
        for (signature, permission) in all {
            permissions.entry(signature).or_default().insert(permission);
        }
        let user = |user: User| {
            let own = user.permissions.map(|_| permissions.remove(&user.signature));
            let permissions = own.map(Option::unwrap_or_default);
            (user.signature.clone(), User { permissions, ..user })
        };
        Ok(users.into_iter().map(user).collect())
    })
}

/// A user without the permissions, which stand elsewhere.
fn user(row: &mut Columns) -> Result<User, StoreError> {
    Ok(User {
        signature: row.id()?,
        permissions: row.flag()?.then(BTreeSet::new),
        name: row.text()?,
        os_account: row.optional_text()?,
        password_hash: row.optional_text()?,
        active: row.flag()?,
    })
}

/// A user's columns, without the permissions, in the order in which adding and altering name them.
pub(super) fn user_columns(user: &User) -> Vec<Value> {
    values![
        &user.signature,
        &user.name,
        user.permissions.is_some(),
        user.os_account.as_ref(),
        user.password_hash.as_ref(),
        user.active,
    ]
}

impl Session {
    /// Every user, by signature.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn users(&mut self) -> Result<BTreeMap<Signature, User>, StoreError> {
        self.ask(users()).await
    }

    pub(crate) async fn insert_user(&mut self, user: &User) -> Result<(), StoreError> {
        self.execute(
            "INSERT INTO app_user (signature, name, own_permissions, os_account, password_hash, \
             active) VALUES (@P1, @P2, @P3, @P4, @P5, @P6)",
            user_columns(user),
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
