//! How the settings' entities look in the audit log: what people are called and reached by is
//! personal, what a clinic calls its things is not. A password's hash is never there.

use super::value::{AuditValue, Audited, NotPersonal, personal_or_nothing};
use crate::domain::{
    BookingTemplate, Category, Company, List, ListChoices, ListOwner, OnlineSettings, Organisation,
    Practitioner, PreblockType, Resource, SettingChange, User, ValidFor, WeekSession, WeekTemplate,
};

type Fields = Vec<(&'static str, AuditValue)>;

fn choices(lists: &ListChoices) -> Fields {
    vec![
        ("template_list", lists.template_list.as_ref().into()),
        ("online_template_list", lists.online_template_list.as_ref().into()),
        ("preblock_list", lists.preblock_list.as_ref().into()),
    ]
}

fn owner(owner: &ListOwner) -> AuditValue {
    match owner {
        ListOwner::All => AuditValue::word("all"),
        ListOwner::Organisation(id) => AuditValue::record([("organisation", id.into())]),
        ListOwner::Company(id) => AuditValue::record([("company", id.into())]),
        ListOwner::Practitioner(id) => AuditValue::record([("practitioner", id.into())]),
    }
}

impl Audited for Organisation {
    fn audit_view(&self) -> AuditValue {
        let name = vec![("name", AuditValue::title(&self.name))];
        AuditValue::record(name.into_iter().chain(choices(&self.lists)))
    }
}

impl Audited for Company {
    fn audit_view(&self) -> AuditValue {
        let fields = vec![
            ("organisation", (&self.organisation).into()),
            ("name", AuditValue::title(&self.name)),
            ("org_number", personal_or_nothing(self.org_number.as_ref())),
            ("address", personal_or_nothing(self.address.as_ref())),
            ("phone", personal_or_nothing(self.phone.as_ref())),
            ("email", personal_or_nothing(self.email.as_ref())),
            ("portal_text", personal_or_nothing(self.portal_text.as_ref())),
            ("paused", AuditValue::flag(self.paused)),
        ];
        AuditValue::record(fields.into_iter().chain(choices(&self.lists)))
    }
}

impl Audited for Practitioner {
    fn audit_view(&self) -> AuditValue {
        let fields = vec![
            ("company", (&self.company).into()),
            ("signature", AuditValue::personal(&self.signature)),
            ("name", AuditValue::personal(&self.name)),
            ("title", AuditValue::title(&self.title)),
            ("active", AuditValue::flag(self.active)),
        ];
        AuditValue::record(fields.into_iter().chain(choices(&self.lists)))
    }
}

impl Audited for Resource {
    fn audit_view(&self) -> AuditValue {
        AuditValue::record([
            ("code", AuditValue::plain(&self.code)),
            ("name", AuditValue::title(&self.name)),
            ("capacity", AuditValue::number(self.capacity)),
        ])
    }
}

impl Audited for Category {
    fn audit_view(&self) -> AuditValue {
        AuditValue::record([("name", AuditValue::title(&self.name))])
    }
}

impl Audited for PreblockType {
    fn audit_view(&self) -> AuditValue {
        let valid_for = match &self.valid_for {
            ValidFor::Everyone => AuditValue::word("everyone"),
            ValidFor::Only(chosen) => AuditValue::list(chosen.iter().map(AuditValue::plain)),
        };
        AuditValue::record([
            ("name", AuditValue::title(&self.name)),
            ("text", AuditValue::title(&self.text)),
            ("color", AuditValue::title(&String::from(self.color))),
            ("kind", AuditValue::word(self.kind.key())),
            ("valid_for", valid_for),
            ("may_bypass", AuditValue::flag(self.may_bypass)),
            ("allow", AuditValue::flag(self.allow)),
            ("categories", AuditValue::list(self.categories.iter().map(AuditValue::plain))),
            (
                "expires_days_before",
                self.expires_days_before.map_or_else(AuditValue::nothing, AuditValue::number),
            ),
            ("code", AuditValue::flag(self.code.is_some())),
            ("active", AuditValue::flag(self.active)),
        ])
    }
}

impl Audited for BookingTemplate {
    fn audit_view(&self) -> AuditValue {
        AuditValue::record([
            ("name", AuditValue::title(&self.name)),
            ("minutes", AuditValue::number(i64::from(self.minutes))),
            ("category", (&self.category).into()),
            ("online", AuditValue::flag(self.online)),
            ("online_rebook", AuditValue::flag(self.online_rebook)),
            ("online_cancel", AuditValue::flag(self.online_cancel)),
            ("recall", AuditValue::flag(self.recall)),
            ("calendar_text", AuditValue::title(&self.calendar_text)),
            ("resources", (&self.resources).into()),
            ("moves_recall", AuditValue::flag(self.moves_recall)),
            ("active", AuditValue::flag(self.active)),
        ])
    }
}

impl<L, T: NotPersonal> Audited for List<L, T> {
    fn audit_view(&self) -> AuditValue {
        AuditValue::record([
            ("name", AuditValue::title(&self.name)),
            ("owner", owner(&self.owner)),
            ("items", AuditValue::list(self.items.iter().map(AuditValue::plain))),
        ])
    }
}

impl Audited for WeekTemplate {
    fn audit_view(&self) -> AuditValue {
        let session = |session: &WeekSession| {
            AuditValue::record([
                ("weekday", AuditValue::number(session.weekday.number_from_monday())),
                ("start_minute", AuditValue::number(session.start.0)),
                ("minutes", AuditValue::number(session.minutes.0)),
            ])
        };
        AuditValue::record([
            ("name", AuditValue::title(&self.name)),
            ("sessions", AuditValue::list(self.sessions.iter().map(session))),
        ])
    }
}

impl Audited for chrono::NaiveDate {
    fn audit_view(&self) -> AuditValue {
        AuditValue::plain(self)
    }
}

impl Audited for OnlineSettings {
    fn audit_view(&self) -> AuditValue {
        AuditValue::record([
            ("horizon_days", AuditValue::number(self.horizon_days)),
            ("notice_minutes", AuditValue::number(self.notice_minutes)),
            ("require_address", AuditValue::flag(self.require_address)),
            ("allow_rebook", AuditValue::flag(self.allow_rebook)),
            ("allow_cancel", AuditValue::flag(self.allow_cancel)),
            ("change_deadline_hours", AuditValue::number(self.change_deadline_hours)),
            ("paused", AuditValue::flag(self.paused)),
        ])
    }
}

impl Audited for User {
    fn audit_view(&self) -> AuditValue {
        let permissions = self.permissions.as_ref().map_or_else(AuditValue::nothing, |own| {
            AuditValue::list(own.iter().map(|permission| AuditValue::word(permission.key())))
        });
        AuditValue::record([
            ("name", AuditValue::personal(&self.name)),
            ("permissions", permissions),
            ("os_account", personal_or_nothing(self.os_account.as_ref())),
            ("password", AuditValue::flag(self.password_hash.is_some())),
            ("active", AuditValue::flag(self.active)),
        ])
    }
}

/// Before and after, as an entry tells them.
pub fn audit_views(change: &SettingChange) -> (Option<AuditValue>, Option<AuditValue>) {
    macro_rules! both {
        ($($kind:ident),+) => {
            match change {
                $(SettingChange::$kind(change) => (
                    change.before().map(Audited::audit_view),
                    change.after().map(Audited::audit_view),
                ),)+
            }
        };
    }
    both!(
        Organisation,
        Company,
        Practitioner,
        Resource,
        Category,
        PreblockType,
        Template,
        TemplateList,
        PreblockList,
        ClosedDay,
        WeekTemplate,
        Online,
        User,
        Patient,
        Contacts
    )
}
