//! The settings check: what in a set-up can't give what it is there for, found before a patient misses
//! it. Pure.
//!
//! Only what is active is looked at: what has been put away is in nobody's way.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::finding::{AnyList, Chooser, Finding, Remark, Subject};
use super::id::*;
use super::list::{ListLevel, ListOwner};
use super::organisation::{ListChoices, Practitioner};
use super::preblock::{PreblockKind, PreblockType, ValidFor};
use super::setup::Setup;
use super::template::BookingTemplate;
use super::time::MINUTES_PER_DAY;
use super::user::{Permission, User};

/// Everything there is to remark on, the gravest first. `today` is the date at the clinic.
pub fn check(setup: &Setup, users: &BTreeMap<Signature, User>, today: NaiveDate) -> Vec<Finding> {
    let mut check = Check { setup, shown: shown(setup), findings: Vec::new() };
    setup.preblock_types.values().filter(|it| it.active).for_each(|it| check.preblock_type(it));
    setup.templates.values().filter(|it| it.active).for_each(|it| check.template(it));
    check.lists();
    check.practitioners();
    check.online();
    check.closed_days(today);
    check.users(users);
    let mut findings = check.findings;
    findings.sort_by(|a, b| {
        (a.severity(), &a.subject, &a.remark).cmp(&(b.severity(), &b.subject, &b.remark))
    });
    findings
}

/// Per active practitioner the online templates that the e-tidbok list in effect shows (R4).
fn shown(setup: &Setup) -> Vec<(&Practitioner, BTreeSet<TemplateId>)> {
    let of = |practitioner| {
        let items = setup.online_templates(practitioner).items.into_iter();
        items.filter(|id| setup.templates.get(id).is_some_and(is_online)).collect()
    };
    let active = setup.practitioners.values().filter(|practitioner| practitioner.active);
    active.map(|practitioner| (practitioner, of(practitioner))).collect()
}

fn is_online(template: &BookingTemplate) -> bool {
    template.active && template.online
}

/// Whether a type could publish times at all.
fn publishes(preblock_type: &PreblockType) -> bool {
    preblock_type.active && preblock_type.kind == PreblockKind::Internet && preblock_type.allow
}

struct Check<'a> {
    setup: &'a Setup,
    shown: Vec<(&'a Practitioner, BTreeSet<TemplateId>)>,
    findings: Vec<Finding>,
}

impl<'a> Check<'a> {
    fn remark(&mut self, subject: impl Into<Subject>, remark: Remark) {
        self.findings.push(Finding { subject: subject.into(), remark });
    }

    fn preblock_type(&mut self, found: &PreblockType) {
        let subject = || Subject::PreblockType(found.id.clone());
        if !self.is_valid_for_somebody(found) {
            self.remark(subject(), Remark::ValidForNobody);
        }
        if found.kind == PreblockKind::Internal {
            return;
        }
        if found.code.is_some() {
            self.remark(subject(), Remark::HasCode);
        }
        let horizon_days = self.setup.online.horizon_days;
        if let Some(days_before) = found.expires_days_before.filter(|days| *days >= horizon_days) {
            self.remark(subject(), Remark::ExpiresBeforeHorizon { days_before, horizon_days });
        }
        if !found.allow {
            self.remark(subject(), Remark::AllowUnset);
        } else if found.categories.is_empty() {
            self.remark(subject(), Remark::NoCategory);
        } else if let Some(remark) = self.mismatch(found) {
            self.remark(subject(), remark);
        }
    }

    /// Everyone is somebody even where no practitioner is active: that is no fault of the type.
    fn is_valid_for_somebody(&self, found: &PreblockType) -> bool {
        found.valid_for == ValidFor::Everyone
            || self.shown.iter().any(|(practitioner, _)| found.is_valid_for(&practitioner.id))
    }

    /// Why none of the templates that patients are shown fits the type (R3, R4).
    fn mismatch(&self, found: &PreblockType) -> Option<Remark> {
        let (online, others): (Vec<_>, Vec<_>) =
            self.setup.templates.values().partition(|template| is_online(template));
        let allowed = |templates: &[&BookingTemplate]| -> Vec<TemplateId> {
            let fit = templates.iter().filter(|template| found.allows(&template.category));
            fit.map(|template| template.id.clone()).collect()
        };
        let templates = allowed(&online);
        if templates.is_empty() {
            let would_match = online.iter().map(|template| template.category.clone()).collect();
            return Some(Remark::MatchesNoTemplate { would_match, not_online: allowed(&others) });
        }
        let mut concerned =
            self.shown.iter().filter(|(practitioner, _)| found.is_valid_for(&practitioner.id));
        let reached = concerned.clone().next().is_none()
            || concerned.any(|(_, shown)| templates.iter().any(|id| shown.contains(id)));
        (!reached).then_some(Remark::MatchesInNoList { templates })
    }

    fn template(&mut self, template: &BookingTemplate) {
        let subject = || Subject::Template(template.id.clone());
        for code in template.resources.iter() {
            if !self.setup.resources.contains_key(&code) {
                self.remark(subject(), Remark::UnknownResource(code));
            }
        }
        if template.online
            && !self.shown.is_empty()
            && let Some(remark) = self.unreachable(template)
        {
            self.remark(subject(), remark);
        }
    }

    /// Why no patient can ever be shown an online template (R3, R4, R6).
    fn unreachable(&self, template: &BookingTemplate) -> Option<Remark> {
        let listed = || self.shown.iter().filter(|(_, shown)| shown.contains(&template.id));
        if listed().next().is_none() {
            return Some(Remark::InNoOnlineList);
        }
        let category = &template.category;
        let with_category =
            self.setup.preblock_types.values().filter(|found| found.categories.contains(category));
        let (allowing, nearly): (Vec<_>, Vec<_>) = with_category.partition(|it| publishes(it));
        let ids = |types: Vec<&PreblockType>| types.iter().map(|it| it.id.clone()).collect();
        if allowing.is_empty() {
            let category = category.clone();
            return Some(Remark::NoTypeAllows { category, nearly: ids(nearly) });
        }
        let met = listed().any(|(practitioner, _)| {
            allowing.iter().any(|found| found.is_valid_for(&practitioner.id))
        });
        (!met).then(|| Remark::TypesElsewhere { types: ids(allowing) })
    }

    /// Who may choose lists, with what they have chosen; inactive practitioners matter to nobody.
    fn choosers(&self) -> Vec<(Chooser, &'a ListChoices)> {
        let setup = self.setup;
        let organisations = setup.organisations.values();
        let companies = setup.companies.values();
        let practitioners = setup.practitioners.values().filter(|it| it.active);
        organisations
            .map(|it| (Chooser::Organisation(it.id.clone()), &it.lists))
            .chain(companies.map(|it| (Chooser::Company(it.id.clone()), &it.lists)))
            .chain(practitioners.map(|it| (Chooser::Practitioner(it.id.clone()), &it.lists)))
            .collect()
    }

    fn lists(&mut self) {
        let mut chosen_by: BTreeMap<AnyList, BTreeSet<Chooser>> = BTreeMap::new();
        let mut for_staff = BTreeSet::new();
        for (chooser, lists) in self.choosers() {
            let staff = lists.template_list.clone().map(AnyList::Templates);
            let preblocks = lists.preblock_list.clone().map(AnyList::Preblocks);
            let online = lists.online_template_list.clone().map(AnyList::Templates);
            for_staff.extend(staff.iter().chain(&preblocks).cloned());
            let distinct: BTreeSet<AnyList> =
                [staff, preblocks, online].into_iter().flatten().collect();
            for list in distinct {
                if !self.reaches(&chooser, &list) {
                    self.remark(chooser.clone(), Remark::OutOfReach(list.clone()));
                }
                chosen_by.entry(list).or_default().insert(chooser.clone());
            }
        }
        for (list, chosen_by) in chosen_by {
            if self.length(&list) == 0 {
                self.remark(list, Remark::EmptyList { chosen_by });
            } else if for_staff.contains(&list) && !self.has_active(&list) {
                self.remark(list, Remark::NothingActive);
            }
        }
        self.online_lists();
    }

    /// The e-tidbok lists in effect for somebody that show nothing, though they are not empty (R4).
    fn online_lists(&mut self) {
        let blind: BTreeSet<TemplateListId> = self
            .shown
            .iter()
            .filter(|(_, shown)| shown.is_empty())
            .filter_map(|(practitioner, _)| self.setup.online_templates(practitioner).list)
            .filter(|id| self.length(&AnyList::Templates(id.clone())) > 0)
            .collect();
        for id in blind {
            self.remark(AnyList::Templates(id), Remark::NothingOnline);
        }
    }

    fn owner(&self, list: &AnyList) -> Option<&ListOwner> {
        match list {
            AnyList::Templates(id) => self.setup.template_lists.get(id).map(|it| &it.owner),
            AnyList::Preblocks(id) => self.setup.preblock_lists.get(id).map(|it| &it.owner),
        }
    }

    /// How many items a list has; one that is gone counts as empty (R5).
    fn length(&self, list: &AnyList) -> usize {
        let setup = self.setup;
        match list {
            AnyList::Templates(id) => setup.template_lists.get(id).map_or(0, |it| it.items.len()),
            AnyList::Preblocks(id) => setup.preblock_lists.get(id).map_or(0, |it| it.items.len()),
        }
    }

    fn has_active(&self, list: &AnyList) -> bool {
        let setup = self.setup;
        match list {
            AnyList::Templates(id) => setup.template_lists.get(id).is_some_and(|it| {
                it.items.iter().any(|id| setup.templates.get(id).is_some_and(|it| it.active))
            }),
            AnyList::Preblocks(id) => setup.preblock_lists.get(id).is_some_and(|it| {
                it.items.iter().any(|id| setup.preblock_types.get(id).is_some_and(|it| it.active))
            }),
        }
    }

    /// Whether the list's owner covers the chooser; a list that is gone is another matter (R5).
    fn reaches(&self, chooser: &Chooser, list: &AnyList) -> bool {
        let Some(owner) = self.owner(list) else { return true };
        let setup = self.setup;
        match chooser {
            Chooser::Organisation(id) => Setup::organisation_reaches(id, owner),
            Chooser::Company(id) => {
                setup.companies.get(id).is_none_or(|it| Setup::company_reaches(it, owner))
            }
            Chooser::Practitioner(id) => {
                setup.practitioners.get(id).is_none_or(|it| setup.practitioner_reaches(it, owner))
            }
        }
    }

    /// Once somebody has chosen an e-tidbok list, showing everything is rarely meant (R5).
    fn practitioners(&mut self) {
        let lists_are_used =
            self.choosers().iter().any(|(_, lists)| lists.online_template_list.is_some());
        if !lists_are_used {
            return;
        }
        let without: Vec<PractitionerId> = self
            .shown
            .iter()
            .filter(|(practitioner, _)| {
                self.setup.online_templates(practitioner).level == ListLevel::Nowhere
            })
            .map(|(practitioner, _)| practitioner.id.clone())
            .collect();
        for id in without {
            self.remark(Subject::Practitioner(id), Remark::NoOnlineListChosen);
        }
    }

    fn online(&mut self) {
        let setup = self.setup;
        let online = &setup.online;
        for company in setup.companies.values().filter(|company| company.paused) {
            self.remark(Subject::Company(company.id.clone()), Remark::Paused);
        }
        if online.paused {
            self.remark(Subject::Online, Remark::Paused);
        }
        // The latest time within the horizon is the end of its last day.
        let longest = (i64::from(online.horizon_days) + 1) * i64::from(MINUTES_PER_DAY);
        if i64::from(online.notice_minutes) >= longest {
            self.remark(Subject::Online, Remark::NoticeBeyondHorizon);
        }
        let with = |flag: fn(&BookingTemplate) -> bool| -> Vec<TemplateId> {
            let all = setup.templates.values().filter(|it| is_online(it) && flag(it));
            all.map(|it| it.id.clone()).collect()
        };
        let templates = with(|template| template.online_rebook);
        if !online.allow_rebook && !templates.is_empty() {
            self.remark(Subject::Online, Remark::RebookingOff { templates });
        }
        let templates = with(|template| template.online_cancel);
        if !online.allow_cancel && !templates.is_empty() {
            self.remark(Subject::Online, Remark::CancellingOff { templates });
        }
    }

    fn closed_days(&mut self, today: NaiveDate) {
        if self.setup.closed_days.last().is_some_and(|last| *last < today) {
            self.remark(Subject::ClosedDays, Remark::ClosedDaysPassed);
        }
    }

    /// Without any user, whoever owns the database may everything: nobody is locked out.
    fn users(&mut self, users: &BTreeMap<Signature, User>) {
        let active = || users.values().filter(|user| user.active);
        if !users.is_empty() && !active().any(|user| user.may(Permission::UsersManage)) {
            self.remark(Subject::Users, Remark::NoAdministrator);
        }
        for user in active() {
            if !Permission::ALL.iter().any(|permission| user.may(*permission)) {
                self.remark(Subject::User(user.signature.clone()), Remark::NoPermission);
            }
        }
    }
}
