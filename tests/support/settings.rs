//! A clinic file's settings as changes.

use tidbok::domain::{Changed, SettingChange};
use tidbok::store::ClinicFile;

/// Everything in the file but the books, as added: settings, registers, patients and users.
pub fn added(file: &ClinicFile) -> Vec<SettingChange> {
    let setup = &file.setup;
    let mut all = vec![SettingChange::Online(Changed::Added(setup.online.clone()))];
    macro_rules! add {
        ($($kind:ident from $map:expr),+ $(,)?) => {
            $(all.extend($map.values().cloned().map(|it| SettingChange::$kind(Changed::Added(it))));)+
        };
    }
    add!(
        Organisation from setup.organisations,
        Company from setup.companies,
        Practitioner from setup.practitioners,
        Resource from setup.resources,
        Category from setup.categories,
        PreblockType from setup.preblock_types,
        Template from setup.templates,
        TemplateList from setup.template_lists,
        PreblockList from setup.preblock_lists,
        WeekTemplate from setup.week_templates,
        Patient from file.patients,
        User from file.users,
    );
    let closed = setup.closed_days.iter().copied();
    all.extend(closed.map(|day| SettingChange::ClosedDay(Changed::Added(day))));
    all
}
