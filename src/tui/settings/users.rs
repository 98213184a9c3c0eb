//! The card of a user: signature, name, account, and permissions under headings (section 6). Pure.

use std::collections::BTreeSet;

use crate::domain::{Permission, SignIn, Signature, User, default_permissions};
use crate::texts::{FormTexts, permission_name};
use crate::tui::form::{Control, Item, ManyOf};
use crate::tui::model::Model;

use super::{CardField, CardForm, Key, Section, Value, is_done};

/// A new user with the default permissions (R17). The first who can sign in and manage users gets all of
/// them, and the account that runs the program where one signs in by it.
pub(super) fn blank(model: &Model) -> User {
    let everything = || Permission::ALL.iter().copied().collect();
    let is_first = !is_done(model, Section::Users);
    let by_account = model.access.sign_in == SignIn::Account;
    let account = model.access.account.clone().filter(|_| is_first && by_account);
    User {
        signature: Signature::new(""),
        name: String::new(),
        permissions: is_first.then(everything),
        os_account: account,
        password_hash: None,
        active: true,
    }
}

pub(super) fn form(model: &Model, of: &User) -> CardForm {
    let texts = model.form_texts();
    let is_new = of.signature.as_str().is_empty();
    CardForm::new(vec![
        CardField::new(
            Key::Signature,
            texts.signature,
            texts.user_signature_help,
            Control::text(of.signature.as_str()),
        )
        .locked((!is_new).then(|| texts.signature_kept.to_owned())),
        CardField::new(Key::Name, texts.name, texts.user_name_help, Control::text(&of.name)),
        CardField::new(
            Key::OsAccount,
            texts.os_account,
            texts.os_account_help,
            Control::text(of.os_account.clone().unwrap_or_default()),
        ),
        CardField::new(
            Key::Permissions,
            texts.permissions,
            texts.permissions_help,
            Control::Many(ManyOf::new(
                permissions(model),
                |value| matches!(value, Value::Permission(permission) if of.may(*permission)),
            )),
        ),
        CardField::new(Key::Active, texts.active, texts.active_help, Control::YesNo(of.active)),
    ])
}

/// Every permission, each group under its heading.
fn permissions(model: &Model) -> Vec<Item<Value>> {
    let texts: &FormTexts = model.form_texts();
    let groups: [(&'static str, &[Permission]); 4] = [
        (
            texts.heading_book,
            &[
                Permission::PreblockInternet,
                Permission::PreblockInternal,
                Permission::BookingEdit,
                Permission::ScheduleEdit,
            ],
        ),
        (texts.heading_patients, &[Permission::PatientView]),
        (texts.heading_settings, &[Permission::SettingsEdit, Permission::OnlineEdit]),
        (texts.heading_administration, &[Permission::UsersManage, Permission::AuditRead]),
    ];
    let mut items = Vec::new();
    for (heading, group) in groups {
        let mut heading = Some(heading);
        items.extend(group.iter().map(|permission| Item {
            heading: heading.take(),
            ..Item::new(
                Value::Permission(*permission),
                permission_name(model.language, *permission),
            )
        }));
    }
    items
}

/// The user; one without a set of permissions keeps it that way where the set is the default one.
pub(super) fn read(form: &CardForm, before: &User) -> User {
    let chosen: BTreeSet<Permission> = form
        .many(Key::Permissions)
        .into_iter()
        .filter_map(|value| match value {
            Value::Permission(permission) => Some(permission),
            _ => None,
        })
        .collect();
    let by_default = before.permissions.is_none() && chosen == default_permissions();
    User {
        signature: Signature::new(form.text(Key::Signature)),
        name: form.text(Key::Name),
        permissions: (!by_default).then_some(chosen),
        os_account: form.optional_text(Key::OsAccount),
        password_hash: before.password_hash.clone(),
        active: form.yes(Key::Active),
    }
}
