//! What is wrong with a change of the settings, field by field. Pure: whatever it is held against
//! comes in.

use std::collections::{BTreeMap, BTreeSet};

use unicode_properties::{EmojiStatus, UnicodeEmoji};

use super::{Fault, Field, Problem, SettingChange, people};
use crate::domain::change::{ChangeKind, Changed};
use crate::domain::id::Signature;
use crate::domain::list::ListOwner;
use crate::domain::organisation::ListChoices;
use crate::domain::setup::Setup;
use crate::domain::user::is_reserved_signature;
use crate::domain::{
    BookingTemplate, Category, Company, OnlineSettings, Organisation, Permission, Practitioner,
    PreblockList, PreblockType, Resource, ResourceCode, TemplateList, User, ValidFor, WeekTemplate,
    swedish,
};

/// The longest name, in characters.
pub const LONGEST_NAME: usize = 100;
/// The longest text, in characters.
pub const LONGEST_TEXT: usize = 1000;
/// The most days that the booking page looks ahead, or a preblock expires before.
const MOST_DAYS: u32 = 730;
/// The most minutes of notice, and hours before which a patient may change: a month.
const MOST_NOTICE: u32 = 31 * 24 * 60;
const MOST_DEADLINE: u32 = 31 * 24;
/// The most of one resource.
const MOST_CAPACITY: u32 = 100;

/// What a change is held against besides the set-up.
pub struct Others<'a> {
    pub setup: &'a Setup,
    pub users: &'a BTreeMap<Signature, User>,
    /// Whether another patient has the personnummer.
    pub personnummer: PersonnummerIs,
}

/// Whether a personnummer is somebody else's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PersonnummerIs {
    Free,
    AnothersAlready,
}

/// Faults as they are found.
pub(super) struct Found(pub(super) Vec<Fault>);

impl Found {
    pub(super) fn add(&mut self, field: Field, problem: Problem) {
        self.0.push(Fault { field, problem });
    }

    pub(super) fn if_so(&mut self, wrong: Wrong, field: Field, problem: Problem) {
        if wrong == Wrong::Yes {
            self.add(field, problem);
        }
    }

    pub(super) fn required(&mut self, field: Field, text: &str, longest: usize) {
        self.if_so(text.trim().is_empty().into(), field, Problem::Empty);
        self.text(field, text, longest);
    }

    pub(super) fn text(&mut self, field: Field, text: &str, longest: usize) {
        self.if_so((text.chars().count() > longest).into(), field, Problem::TooLong(longest));
        let control = |letter: char| letter.is_control() && letter != '\n';
        self.if_so(text.contains(control).into(), field, Problem::ControlCharacters);
        self.if_so(text.contains(is_emoji).into(), field, Problem::Emoji);
    }

    pub(super) fn optional(&mut self, field: Field, text: Option<&String>, longest: usize) {
        if let Some(text) = text {
            self.text(field, text, longest);
        }
    }

    pub(super) fn email(&mut self, text: Option<&String>) {
        self.optional(Field::Email, text, LONGEST_NAME);
        let malformed = text.is_some_and(|text| !people::is_email(text));
        self.if_so(malformed.into(), Field::Email, Problem::Malformed);
    }

    pub(super) fn range(&mut self, field: Field, number: u32, from: u32, to: u32) {
        self.if_so(
            (!(from..=to).contains(&number)).into(),
            field,
            Problem::OutOfRange { from, to },
        );
    }

    /// That no other of its kind has the name, case aside.
    fn unique<'a>(&mut self, field: Field, name: &str, mut others: impl Iterator<Item = &'a str>) {
        let key = swedish::search_key(name);
        let taken = !key.is_empty() && others.any(|other| swedish::search_key(other) == key);
        self.if_so(taken.into(), field, Problem::Taken);
    }

    fn no_repeats<T: Ord>(&mut self, field: Field, items: &[T]) {
        let distinct: BTreeSet<&T> = items.iter().collect();
        self.if_so((distinct.len() < items.len()).into(), field, Problem::Repeated);
    }
}

/// Whether a character shows as a picture, or makes one of the character before it. Signs that are
/// text by default, such as © and ™, are none.
fn is_emoji(letter: char) -> bool {
    const SHOWN_AS_EMOJI: char = '\u{fe0f}';
    let shows = matches!(
        letter.emoji_status(),
        EmojiStatus::EmojiPresentation
            | EmojiStatus::EmojiPresentationAndModifierBase
            | EmojiStatus::EmojiPresentationAndModifierAndEmojiComponent
            | EmojiStatus::EmojiPresentationAndEmojiComponent
    );
    shows || letter == SHOWN_AS_EMOJI
}

#[derive(PartialEq, Eq)]
pub(super) enum Wrong {
    Yes,
    No,
}

impl From<bool> for Wrong {
    fn from(wrong: bool) -> Self {
        if wrong { Wrong::Yes } else { Wrong::No }
    }
}

impl SettingChange {
    /// All that is wrong with the change, in no order of importance. What refers to a removed entity
    /// from the books is the store's to find.
    pub fn faults(&self, others: &Others<'_>) -> Vec<Fault> {
        let mut found = Found(Vec::new());
        match self {
            Self::Organisation(change) => organisation(&mut found, change, others.setup),
            Self::Company(change) => company(&mut found, change, others.setup),
            Self::Practitioner(change) => practitioner(&mut found, change, others.setup),
            Self::Resource(change) => resource(&mut found, change, others.setup),
            Self::Category(change) => category(&mut found, change, others.setup),
            Self::PreblockType(change) => preblock_type(&mut found, change, others.setup),
            Self::Template(change) => template(&mut found, change, others.setup),
            Self::TemplateList(change) => template_list(&mut found, change, others.setup),
            Self::PreblockList(change) => preblock_list(&mut found, change, others.setup),
            Self::ClosedDay(change) => {
                let new = change.after().filter(|after| change.before() != Some(*after));
                let taken = new.is_some_and(|day| others.setup.closed_days.contains(day));
                found.if_so(taken.into(), Field::Date, Problem::Taken);
            }
            Self::WeekTemplate(change) => week_template(&mut found, change, others.setup),
            Self::Online(change) => online(&mut found, change),
            Self::User(change) => user(&mut found, change, others.users),
            Self::Patient(change) => people::patient(&mut found, change, others),
            Self::Contacts(change) => people::given_contacts(&mut found, change),
        }
        found.0
    }
}

fn week_template(found: &mut Found, change: &Changed<WeekTemplate>, setup: &Setup) {
    let Some(after) = change.after() else { return };
    found.required(Field::Name, &after.name, LONGEST_NAME);
    let others = setup.week_templates.values().filter(|other| other.id != after.id);
    found.unique(Field::Name, &after.name, others.map(|other| other.name.as_str()));
    found.if_so(after.sessions.is_empty().into(), Field::Sessions, Problem::Empty);
}

fn organisation(found: &mut Found, change: &Changed<Organisation>, setup: &Setup) {
    let Some(after) = change.after() else {
        let before = change.latest();
        let companies = setup.companies.values().any(|company| company.organisation == before.id);
        let owns = owns_lists(setup, &ListOwner::Organisation(before.id.clone()));
        return found.if_so((companies || owns).into(), Field::Whole, Problem::InUse);
    };
    found.required(Field::Name, &after.name, LONGEST_NAME);
    let others = setup.organisations.values().filter(|other| other.id != after.id);
    found.unique(Field::Name, &after.name, others.map(|other| other.name.as_str()));
    let reaches = |owner: &ListOwner| Setup::organisation_reaches(&after.id, owner);
    choices(found, setup, &after.lists, reaches);
}

fn company(found: &mut Found, change: &Changed<Company>, setup: &Setup) {
    let Some(after) = change.after() else {
        let before = change.latest();
        let employs = setup.practitioners.values().any(|each| each.company == before.id);
        let owns = owns_lists(setup, &ListOwner::Company(before.id.clone()));
        return found.if_so((employs || owns).into(), Field::Whole, Problem::InUse);
    };
    found.required(Field::Name, &after.name, LONGEST_NAME);
    let others = setup.companies.values().filter(|other| other.id != after.id);
    found.unique(Field::Name, &after.name, others.map(|other| other.name.as_str()));
    let known = setup.organisations.contains_key(&after.organisation);
    found.if_so((!known).into(), Field::Organisation, Problem::Unknown);
    found.optional(Field::OrgNumber, after.org_number.as_ref(), LONGEST_NAME);
    found.optional(Field::Address, after.address.as_ref(), LONGEST_TEXT);
    found.optional(Field::Phone, after.phone.as_ref(), LONGEST_NAME);
    found.email(after.email.as_ref());
    found.optional(Field::PortalText, after.portal_text.as_ref(), LONGEST_TEXT);
    choices(found, setup, &after.lists, |owner| Setup::company_reaches(after, owner));
    if change.before().is_some_and(|before| before.organisation != after.organisation) {
        strand_practitioners(found, setup, after);
    }
}

/// R5 for the practitioners of a company that goes to another organisation.
fn strand_practitioners(found: &mut Found, setup: &Setup, after: &Company) {
    let mut moved = setup.clone();
    moved.companies.insert(after.id.clone(), after.clone());
    let mut own = setup.practitioners.values().filter(|each| each.company == after.id);
    let stranded = own.any(|each| {
        let mut found = Found(Vec::new());
        choices(&mut found, &moved, &each.lists, |owner| moved.practitioner_reaches(each, owner));
        !found.0.is_empty()
    });
    found.if_so(stranded.into(), Field::Organisation, Problem::Stranding);
}

fn practitioner(found: &mut Found, change: &Changed<Practitioner>, setup: &Setup) {
    let Some(after) = change.after() else {
        let before = change.latest();
        let chosen = |of: &PreblockType| match &of.valid_for {
            ValidFor::Everyone => false,
            ValidFor::Only(chosen) => chosen.contains(&before.id),
        };
        let owns = owns_lists(setup, &ListOwner::Practitioner(before.id.clone()));
        let named = owns || setup.preblock_types.values().any(chosen);
        return found.if_so(named.into(), Field::Whole, Problem::InUse);
    };
    found.required(Field::Name, &after.name, LONGEST_NAME);
    found.required(Field::Signature, &after.signature, LONGEST_NAME);
    let reserved = is_reserved_signature(&after.signature);
    found.if_so(reserved.into(), Field::Signature, Problem::Reserved);
    let others = setup.practitioners.values().filter(|other| other.id != after.id);
    found.unique(Field::Signature, &after.signature, others.map(|other| other.signature.as_str()));
    found.text(Field::Title, &after.title, LONGEST_NAME);
    let known = setup.companies.contains_key(&after.company);
    found.if_so((!known).into(), Field::Company, Problem::Unknown);
    choices(found, setup, &after.lists, |owner| setup.practitioner_reaches(after, owner));
}

/// R5: that the chosen lists are there and reach here.
fn choices(
    found: &mut Found,
    setup: &Setup,
    lists: &ListChoices,
    reaches: impl Fn(&ListOwner) -> bool,
) {
    let mut judge = |field, owner: Option<Option<&ListOwner>>| match owner {
        None => {}
        Some(None) => found.add(field, Problem::Unknown),
        Some(Some(owner)) if reaches(owner) => {}
        Some(Some(_)) => found.add(field, Problem::NotReachable),
    };
    let of_templates = |id| setup.template_lists.get(id).map(|list| &list.owner);
    judge(Field::TemplateList, lists.template_list.as_ref().map(of_templates));
    judge(Field::OnlineTemplateList, lists.online_template_list.as_ref().map(of_templates));
    let of_preblocks = |id| setup.preblock_lists.get(id).map(|list| &list.owner);
    judge(Field::PreblockList, lists.preblock_list.as_ref().map(of_preblocks));
}

fn owns_lists(setup: &Setup, owner: &ListOwner) -> bool {
    setup.template_lists.values().any(|list| list.owner == *owner)
        || setup.preblock_lists.values().any(|list| list.owner == *owner)
}

fn resource(found: &mut Found, change: &Changed<Resource>, setup: &Setup) {
    let named = |code: ResourceCode| {
        setup.templates.values().any(|template| template.resources.contains(code))
    };
    let Some(after) = change.after() else {
        let used = named(change.latest().code);
        return found.if_so(used.into(), Field::Whole, Problem::InUse);
    };
    found.required(Field::Name, &after.name, LONGEST_NAME);
    found.range(Field::Capacity, after.capacity, 1, MOST_CAPACITY);
    let character = after.code.0;
    found.if_so(character.is_whitespace().into(), Field::ResourceCode, Problem::Empty);
    found.if_so(character.is_control().into(), Field::ResourceCode, Problem::ControlCharacters);
    found.if_so(is_emoji(character).into(), Field::ResourceCode, Problem::Emoji);
    if change.before().is_none_or(|before| before.code != after.code) {
        let taken = setup.resources.contains_key(&after.code);
        found.if_so(taken.into(), Field::ResourceCode, Problem::Taken);
        let used = change.before().is_some_and(|before| named(before.code));
        found.if_so(used.into(), Field::ResourceCode, Problem::InUse);
    }
}

fn category(found: &mut Found, change: &Changed<Category>, setup: &Setup) {
    let Some(after) = change.after() else {
        let before = change.latest();
        let used = setup.templates.values().any(|template| template.category == before.id)
            || setup.preblock_types.values().any(|kind| kind.categories.contains(&before.id));
        return found.if_so(used.into(), Field::Whole, Problem::InUse);
    };
    found.required(Field::Name, &after.name, LONGEST_NAME);
    let others = setup.categories.values().filter(|other| other.id != after.id);
    found.unique(Field::Name, &after.name, others.map(|other| other.name.as_str()));
}

fn preblock_type(found: &mut Found, change: &Changed<PreblockType>, setup: &Setup) {
    let Some(after) = change.after() else {
        let before = change.latest();
        let listed = setup.preblock_lists.values().any(|list| list.items.contains(&before.id));
        return found.if_so(listed.into(), Field::Whole, Problem::InUse);
    };
    found.required(Field::Name, &after.name, LONGEST_NAME);
    let others = setup.preblock_types.values().filter(|other| other.id != after.id);
    found.unique(Field::Name, &after.name, others.map(|other| other.name.as_str()));
    found.text(Field::Text, &after.text, LONGEST_TEXT);
    let unknown = after.categories.iter().any(|id| !setup.categories.contains_key(id));
    found.if_so(unknown.into(), Field::Categories, Problem::Unknown);
    if let ValidFor::Only(chosen) = &after.valid_for {
        let unknown = chosen.iter().any(|id| !setup.practitioners.contains_key(id));
        found.if_so(unknown.into(), Field::ValidFor, Problem::Unknown);
    }
    if let Some(days) = after.expires_days_before {
        found.range(Field::Expires, days, 0, MOST_DAYS);
    }
    if let Some(code) = &after.code {
        found.required(Field::Code, code, LONGEST_NAME);
    }
}

fn template(found: &mut Found, change: &Changed<BookingTemplate>, setup: &Setup) {
    let Some(after) = change.after() else {
        let before = change.latest();
        let listed = setup.template_lists.values().any(|list| list.items.contains(&before.id));
        return found.if_so(listed.into(), Field::Whole, Problem::InUse);
    };
    found.required(Field::Name, &after.name, LONGEST_NAME);
    let others = setup.templates.values().filter(|other| other.id != after.id);
    found.unique(Field::Name, &after.name, others.map(|other| other.name.as_str()));
    let category = &after.category;
    let problem = if category.as_str().is_empty() { Problem::Empty } else { Problem::Unknown };
    let unknown = !setup.categories.contains_key(category);
    found.if_so(unknown.into(), Field::Category, problem);
    found.text(Field::Calendar, &after.calendar_text, LONGEST_TEXT);
    let strange =
        |code: ResourceCode| code.0.is_control() || code.0.is_whitespace() || is_emoji(code.0);
    let malformed = after.resources.iter().any(strange);
    found.if_so(malformed.into(), Field::Resources, Problem::Malformed);
}

fn template_list(found: &mut Found, change: &Changed<TemplateList>, setup: &Setup) {
    let choosers = |of: &TemplateList, owner: Option<&ListOwner>| {
        strands(setup, owner, |lists| {
            lists.template_list.as_ref() == Some(&of.id)
                || lists.online_template_list.as_ref() == Some(&of.id)
        })
    };
    let Some(after) = change.after() else {
        let chosen = choosers(change.latest(), None);
        return found.if_so(chosen.into(), Field::Whole, Problem::InUse);
    };
    found.required(Field::Name, &after.name, LONGEST_NAME);
    let others = setup.template_lists.values().filter(|other| other.id != after.id);
    found.unique(Field::Name, &after.name, others.map(|other| other.name.as_str()));
    owner(found, setup, &after.owner);
    found.if_so(choosers(after, Some(&after.owner)).into(), Field::Owner, Problem::Stranding);
    found.no_repeats(Field::Items, &after.items);
    let unknown = after.items.iter().any(|id| !setup.templates.contains_key(id));
    found.if_so(unknown.into(), Field::Items, Problem::Unknown);
}

fn preblock_list(found: &mut Found, change: &Changed<PreblockList>, setup: &Setup) {
    let choosers = |of: &PreblockList, owner: Option<&ListOwner>| {
        strands(setup, owner, |lists| lists.preblock_list.as_ref() == Some(&of.id))
    };
    let Some(after) = change.after() else {
        let chosen = choosers(change.latest(), None);
        return found.if_so(chosen.into(), Field::Whole, Problem::InUse);
    };
    found.required(Field::Name, &after.name, LONGEST_NAME);
    let others = setup.preblock_lists.values().filter(|other| other.id != after.id);
    found.unique(Field::Name, &after.name, others.map(|other| other.name.as_str()));
    owner(found, setup, &after.owner);
    found.if_so(choosers(after, Some(&after.owner)).into(), Field::Owner, Problem::Stranding);
    found.no_repeats(Field::Items, &after.items);
    let unknown = after.items.iter().any(|id| !setup.preblock_types.contains_key(id));
    found.if_so(unknown.into(), Field::Items, Problem::Unknown);
}

fn owner(found: &mut Found, setup: &Setup, owner: &ListOwner) {
    let known = match owner {
        ListOwner::All => true,
        ListOwner::Organisation(id) => setup.organisations.contains_key(id),
        ListOwner::Company(id) => setup.companies.contains_key(id),
        ListOwner::Practitioner(id) => setup.practitioners.contains_key(id),
    };
    found.if_so((!known).into(), Field::Owner, Problem::Unknown);
}

/// Whether somebody who has chosen a list would not be reached by this owner; where there is no
/// owner any more, whether anybody has chosen it at all.
fn strands(
    setup: &Setup,
    owner: Option<&ListOwner>,
    has_chosen: impl Fn(&ListChoices) -> bool,
) -> bool {
    let lost = |reached: &dyn Fn(&ListOwner) -> bool| owner.is_none_or(|owner| !reached(owner));
    setup.organisations.values().any(|each| {
        has_chosen(&each.lists) && lost(&|owner| Setup::organisation_reaches(&each.id, owner))
    }) || setup
        .companies
        .values()
        .any(|each| has_chosen(&each.lists) && lost(&|owner| Setup::company_reaches(each, owner)))
        || setup.practitioners.values().any(|each| {
            has_chosen(&each.lists) && lost(&|owner| setup.practitioner_reaches(each, owner))
        })
}

fn online(found: &mut Found, change: &Changed<OnlineSettings>) {
    let Some(after) = change.after() else { return found.add(Field::Whole, Problem::InUse) };
    found.range(Field::Horizon, after.horizon_days, 1, MOST_DAYS);
    found.range(Field::Notice, after.notice_minutes, 0, MOST_NOTICE);
    found.range(Field::Deadline, after.change_deadline_hours, 0, MOST_DEADLINE);
}

fn user(found: &mut Found, change: &Changed<User>, users: &BTreeMap<Signature, User>) {
    let manages = |user: &User| user.active && user.may(Permission::UsersManage);
    let own = &change.before().unwrap_or(change.latest()).signature;
    let others = || users.values().filter(|other| other.signature != *own);
    let was = change.before().is_some_and(manages);
    let is = change.after().is_some_and(manages);
    if was && !is && !others().any(manages) {
        let field = if change.after().is_some_and(|after| !after.active) {
            Field::Active
        } else if change.after().is_some() {
            Field::Permissions
        } else {
            Field::Whole
        };
        found.add(field, Problem::LastAdministrator);
    }
    let Some(after) = change.after() else { return };
    found.required(Field::Name, &after.name, LONGEST_NAME);
    let signature = after.signature.as_str();
    found.required(Field::Signature, signature, LONGEST_NAME);
    let reserved = is_reserved_signature(signature);
    found.if_so(reserved.into(), Field::Signature, Problem::Reserved);
    found.unique(Field::Signature, signature, others().map(|other| other.signature.as_str()));
    let renamed = change.before().is_some_and(|before| before.signature != after.signature);
    found.if_so(renamed.into(), Field::Signature, Problem::InUse);
    found.optional(Field::OsAccount, after.os_account.as_ref(), LONGEST_NAME);
    if let Some(account) = &after.os_account {
        let taken = others().any(|other| other.os_account.as_ref() == Some(account));
        found.if_so(taken.into(), Field::OsAccount, Problem::Taken);
    }
}

impl SettingChange {
    /// The fault of removing what is only ever deactivated, where somebody asks for it.
    pub fn removal_fault(&self) -> Option<Fault> {
        (self.kind() == ChangeKind::Removed && self.is_deactivated_instead())
            .then_some(Fault { field: Field::Whole, problem: Problem::OnlyDeactivated })
    }
}
