//! The set-up as a change of the settings leaves it. Pure.

use std::collections::BTreeMap;

use super::SettingChange;
use crate::domain::{Changed, Setup};

impl Setup {
    /// The set-up after a change; users and patients are no part of it.
    pub fn changed(&self, change: &SettingChange) -> Self {
        let mut after = self.clone();
        match change {
            SettingChange::Organisation(change) => {
                put(&mut after.organisations, change, |it| it.id.clone());
            }
            SettingChange::Company(change) => {
                put(&mut after.companies, change, |it| it.id.clone());
            }
            SettingChange::Practitioner(change) => {
                put(&mut after.practitioners, change, |it| it.id.clone());
            }
            SettingChange::Resource(change) => put(&mut after.resources, change, |it| it.code),
            SettingChange::Category(change) => {
                put(&mut after.categories, change, |it| it.id.clone());
            }
            SettingChange::PreblockType(change) => {
                put(&mut after.preblock_types, change, |it| it.id.clone());
            }
            SettingChange::Template(change) => {
                put(&mut after.templates, change, |it| it.id.clone());
            }
            SettingChange::TemplateList(change) => {
                put(&mut after.template_lists, change, |it| it.id.clone());
            }
            SettingChange::PreblockList(change) => {
                put(&mut after.preblock_lists, change, |it| it.id.clone());
            }
            SettingChange::WeekTemplate(change) => {
                put(&mut after.week_templates, change, |it| it.id.clone());
            }
            SettingChange::ClosedDay(change) => {
                change.before().map(|day| after.closed_days.remove(day));
                after.closed_days.extend(change.after());
            }
            SettingChange::Online(change) => {
                after.online = change.after().cloned().unwrap_or_default();
            }
            SettingChange::User(_) | SettingChange::Patient(_) | SettingChange::Contacts(_) => {}
        }
        after
    }
}

/// Puts an entity where it was, or takes it away.
fn put<K: Ord, V: Clone>(
    entities: &mut BTreeMap<K, V>,
    change: &Changed<V>,
    key: impl Fn(&V) -> K,
) {
    if let Some(before) = change.before() {
        entities.remove(&key(before));
    }
    if let Some(after) = change.after() {
        entities.insert(key(after), after.clone());
    }
}
