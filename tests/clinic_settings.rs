//! Changes of the settings on a real store: what is wrong at which field, permissions, somebody
//! else's change meanwhile, undo, what refers to what.

mod support;

use std::collections::BTreeSet;

use support::desk::{Desk, NOW, at};
use tidbok::clinic::*;
use tidbok::domain::*;
use tidbok::store::*;

/// The example clinic with a user X who may everything.
async fn fixture() -> Desk {
    Desk::open().await
}

fn user(signature: &str, permissions: Option<&[Permission]>) -> User {
    User {
        signature: signature.into(),
        name: format!("User {signature}"),
        permissions: permissions.map(|own| own.iter().copied().collect()),
        os_account: None,
        password_hash: None,
        active: true,
    }
}

fn patient(id: &str, number: Option<&str>) -> Patient {
    Patient {
        id: id.into(),
        personnummer: number
            .map(|number| Personnummer::parse(number, at(NOW).date()).expect("a personnummer")),
        first_name: "Tolvan".to_owned(),
        last_name: "Tolvansson".to_owned(),
        email: None,
        mobile: None,
        address: None,
        protection: IdentityProtection::None,
        recall: Recall { months: 12, date: None, template: None },
    }
}

impl Desk {
    async fn setup(&self) -> Setup {
        (*self.clinic.setup().await.expect("reads")).clone()
    }

    async fn save(&self, change: SettingChange) -> Result<Outcome, ClinicError> {
        self.run(&Command::ChangeSetting(Box::new(change))).await
    }

    /// The faults with which a change is refused; none where it is carried out.
    async fn faults(&self, change: SettingChange) -> Vec<(Field, Problem)> {
        match self.save(change).await {
            Ok(_) => Vec::new(),
            Err(ClinicError::Refused(Refusal::Faults(faults))) => {
                faults.into_iter().map(|fault| (fault.field, fault.problem)).collect()
            }
            Err(error) => panic!("{error}"),
        }
    }

    async fn template(&self) -> BookingTemplate {
        self.setup().await.templates.into_values().next().expect("a template")
    }

    async fn preblock_type(&self) -> PreblockType {
        let types = self.setup().await.preblock_types;
        let internet = types.into_values().find(|found| found.kind == PreblockKind::Internet);
        internet.expect("an Internet type")
    }

    async fn whole_log(&self) {
        let report = verify_audit(self.clinic.store()).await.expect("reads");
        assert!(report.faults.is_empty(), "the log is whole");
    }
}

fn altered<T: Clone>(before: &T, alter: impl FnOnce(&mut T)) -> Changed<T> {
    let mut after = before.clone();
    alter(&mut after);
    Changed::Altered { before: before.clone(), after }
}

#[tokio::test]
async fn every_wrong_value_of_a_template_is_told_of_at_its_field() {
    let fixture = fixture().await;
    let before = fixture.template().await;
    let setup = fixture.setup().await;
    let other = setup.templates.values().find(|it| it.id != before.id).expect("another");
    let shouted = other.name.to_uppercase();
    type Alter<'a> = Box<dyn FnOnce(&mut BookingTemplate) + 'a>;
    let name = |name: &str| -> Alter<'_> {
        let name = name.to_owned();
        Box::new(move |it| it.name = name)
    };
    let table: Vec<(Alter<'_>, Field, Problem)> = vec![
        (name("  "), Field::Name, Problem::Empty),
        (name(&"å".repeat(300)), Field::Name, Problem::TooLong(LONGEST_NAME)),
        (name("Klar\u{1b}[2J"), Field::Name, Problem::ControlCharacters),
        (name(&shouted), Field::Name, Problem::Taken),
        (name("Åtgärd 🦷 30"), Field::Name, Problem::Emoji),
        (Box::new(|it| it.category = "".into()), Field::Category, Problem::Empty),
        (Box::new(|it| it.category = "gone".into()), Field::Category, Problem::Unknown),
        (
            Box::new(|it| it.calendar_text = "x".repeat(1001)),
            Field::Calendar,
            Problem::TooLong(LONGEST_TEXT),
        ),
    ];
    for (alter, field, problem) in table {
        let change = SettingChange::Template(altered(&before, alter));
        assert_eq!(fixture.faults(change).await, [(field, problem)]);
    }
    assert_eq!(fixture.template().await, before, "nothing was written");
    let good = SettingChange::Template(altered(&before, |it| it.name = "Åtgärd™ 日 30".to_owned()));
    assert_eq!(fixture.faults(good).await, []);
    fixture.whole_log().await;
}

#[tokio::test]
async fn a_name_is_taken_however_it_is_spelt_and_composed() {
    let fixture = fixture().await;
    let new = |id: &str, name: &str| {
        SettingChange::Category(Changed::Added(Category { id: id.into(), name: name.to_owned() }))
    };
    assert_eq!(fixture.faults(new("c-1", "Åtgärd")).await, []);
    for same in ["åtgärd", " ÅTGÄRD ", "A\u{30a}tga\u{308}rd"] {
        assert_eq!(fixture.faults(new("c-2", same)).await, [(Field::Name, Problem::Taken)]);
    }
}

#[tokio::test]
async fn wrong_values_of_the_other_forms_are_told_of_at_their_fields() {
    let fixture = fixture().await;
    let setup = fixture.setup().await;
    let kind = fixture.preblock_type().await;
    let of_type = |alter: fn(&mut PreblockType)| SettingChange::PreblockType(altered(&kind, alter));
    let online =
        |alter: fn(&mut OnlineSettings)| SettingChange::Online(altered(&setup.online, alter));
    let resource = |code: char, name: &str, capacity| {
        let name = name.to_owned();
        SettingChange::Resource(Changed::Added(Resource {
            code: ResourceCode(code),
            name,
            capacity,
        }))
    };
    let taken = setup.resources.keys().next().expect("a resource").0;
    let company = setup.companies.values().next().expect("a company");
    let of_company = |alter: fn(&mut Company)| SettingChange::Company(altered(company, alter));
    let list = |items: Vec<TemplateId>, owner| {
        let (id, name) = ("l-new".into(), "Ny lista".to_owned());
        SettingChange::TemplateList(Changed::Added(TemplateList { id, name, owner, items }))
    };
    let template = fixture.template().await.id;
    let new_user = |signature: &str| SettingChange::User(Changed::Added(user(signature, None)));
    let range = |from, to| Problem::OutOfRange { from, to };
    let table = vec![
        (of_type(|it| it.name.clear()), Field::Name, Problem::Empty),
        (of_type(|it| it.expires_days_before = Some(10_000)), Field::Expires, range(0, 730)),
        (of_type(|it| it.code = Some(" ".to_owned())), Field::Code, Problem::Empty),
        (
            of_type(|it| it.categories = BTreeSet::from(["gone".into()])),
            Field::Categories,
            Problem::Unknown,
        ),
        (
            of_type(|it| it.valid_for = ValidFor::Only(["gone".into()].into())),
            Field::ValidFor,
            Problem::Unknown,
        ),
        (online(|it| it.horizon_days = 0), Field::Horizon, range(1, 730)),
        (resource(' ', "Rum", 1), Field::ResourceCode, Problem::Empty),
        (resource(taken, "Rum", 1), Field::ResourceCode, Problem::Taken),
        (resource('7', "Rum", 0), Field::Capacity, range(1, 100)),
        (
            of_company(|it| it.email = Some("storgatan".to_owned())),
            Field::Email,
            Problem::Malformed,
        ),
        (of_company(|it| it.organisation = "gone".into()), Field::Organisation, Problem::Unknown),
        (
            list(vec![template.clone(), template.clone()], ListOwner::All),
            Field::Items,
            Problem::Repeated,
        ),
        (list(vec!["gone".into()], ListOwner::All), Field::Items, Problem::Unknown),
        (list(Vec::new(), ListOwner::Company("gone".into())), Field::Owner, Problem::Unknown),
        (new_user("itb"), Field::Signature, Problem::Reserved),
        (new_user("System"), Field::Signature, Problem::Reserved),
        (new_user("x"), Field::Signature, Problem::Taken),
    ];
    for (change, field, problem) in table {
        assert_eq!(fixture.faults(change).await, [(field, problem)], "{field:?}");
    }
    assert_eq!(fixture.setup().await, setup, "nothing was written");
}

#[tokio::test]
async fn r5_a_list_is_chosen_only_where_its_owner_reaches_and_does_not_leave_its_choosers() {
    let fixture = fixture().await;
    let setup = fixture.setup().await;
    let mut practitioners = setup.practitioners.values();
    let (first, second) = (practitioners.next().expect("one"), practitioners.next().expect("two"));
    let list = TemplateList {
        id: "own".into(),
        name: "Egen".to_owned(),
        owner: ListOwner::Practitioner(first.id.clone()),
        items: Vec::new(),
    };
    assert_eq!(fixture.faults(SettingChange::TemplateList(Changed::Added(list.clone()))).await, []);
    let choose = |of: &Practitioner| {
        SettingChange::Practitioner(altered(of, |it| it.lists.template_list = Some("own".into())))
    };
    let wanted = (Field::TemplateList, Problem::NotReachable);
    assert_eq!(fixture.faults(choose(second)).await, [wanted]);
    assert_eq!(fixture.faults(choose(first)).await, []);
    let elsewhere = ListOwner::Practitioner(second.id.clone());
    let moved = SettingChange::TemplateList(altered(&list, |it| it.owner = elsewhere));
    assert_eq!(fixture.faults(moved).await, [(Field::Owner, Problem::Stranding)]);
    let removed = SettingChange::TemplateList(Changed::Removed(list));
    assert_eq!(fixture.faults(removed).await, [(Field::Whole, Problem::InUse)]);
}

#[tokio::test]
async fn what_is_referred_to_is_not_removed_and_types_templates_practitioners_users_never_are() {
    let fixture = fixture().await;
    let setup = fixture.setup().await;
    let in_use = [(Field::Whole, Problem::InUse)];
    for category in setup.categories.values() {
        let used = setup.templates.values().any(|it| it.category == category.id)
            || setup.preblock_types.values().any(|it| it.categories.contains(&category.id));
        if used {
            let remove = SettingChange::Category(Changed::Removed(category.clone()));
            assert_eq!(fixture.faults(remove).await, in_use);
        }
    }
    let organisation = setup.organisations.values().next().expect("one").clone();
    let remove = SettingChange::Organisation(Changed::Removed(organisation));
    assert_eq!(fixture.faults(remove).await, in_use);
    let only_deactivated = [(Field::Whole, Problem::OnlyDeactivated)];
    let kind = fixture.preblock_type().await;
    let remove = SettingChange::PreblockType(Changed::Removed(kind.clone()));
    assert_eq!(fixture.faults(remove).await, only_deactivated);
    let template = fixture.template().await;
    let remove = SettingChange::Template(Changed::Removed(template));
    assert_eq!(fixture.faults(remove).await, only_deactivated);
    let deactivate = SettingChange::PreblockType(altered(&kind, |it| it.active = false));
    assert_eq!(fixture.faults(deactivate).await, []);
    let book = DateRange::new(at(NOW).date(), 7);
    let calendar = fixture.clinic.book(&"AE".into(), book).await.expect("reads").calendar;
    assert!(!calendar.preblocks().is_empty(), "what is laid out stays");
}

#[tokio::test]
async fn a_category_that_only_a_booking_has_is_in_use() {
    let fixture = fixture().await;
    let category = Category { id: "one-off".into(), name: "Engångs".to_owned() };
    fixture.save(SettingChange::Category(Changed::Added(category.clone()))).await.expect("saves");
    let book = Command::Book(StaffBooking {
        practitioner: "AE".into(),
        start: at("2026-11-25T15:00"),
        what: BookingSubject::Free {
            minutes: TemplateMinutes::new(20).expect("minutes"),
            category: "one-off".into(),
        },
        patient: BookedFor::Nobody,
        text: None,
        confirmed: BTreeSet::from([Confirmation::OutsideSchedule]),
    });
    fixture
        .clinic
        .execute(&fixture.actor("X").await, new_command_id(), &book, at(NOW))
        .await
        .expect("books");
    let remove = SettingChange::Category(Changed::Removed(category));
    assert_eq!(fixture.faults(remove).await, [(Field::Whole, Problem::InUse)]);
}

#[tokio::test]
async fn the_second_to_save_the_same_template_is_told_who_and_when_and_overwrites_nothing() {
    let fixture = fixture().await;
    let before = fixture.template().await;
    let first = SettingChange::Template(altered(&before, |it| it.name = "Först".to_owned()));
    let second = SettingChange::Template(altered(&before, |it| it.name = "Sist".to_owned()));
    fixture.save(first).await.expect("saves");
    let refused = fixture.save(second).await.map(|_| ());
    assert!(
        matches!(&refused, Err(ClinicError::Refused(Refusal::ChangedMeanwhile { who, .. })) if who == "X"),
    );
    assert_eq!(fixture.template().await.name, "Först");
}

#[tokio::test]
async fn saving_what_was_not_changed_is_refused() {
    let fixture = fixture().await;
    let template = fixture.template().await;
    let same = SettingChange::Template(altered(&template, |_| {}));
    let refused = fixture.save(same).await.map(|_| ());
    let nothing = Refusal::NothingToDo(NothingToDo::Unchanged);
    assert!(matches!(refused, Err(ClinicError::Refused(why)) if why == nothing));
}

/// One change of each kind, each possible in the example clinic.
async fn one_of_each(fixture: &Desk) -> Vec<SettingChange> {
    let setup = fixture.setup().await;
    let organisation = setup.organisations.values().next().expect("one").clone();
    let company = setup.companies.values().next().expect("one").clone();
    let practitioner = setup.practitioners.values().next().expect("one").clone();
    let resource = Resource { code: ResourceCode('9'), name: "Rum 9".to_owned(), capacity: 2 };
    let category = Category { id: "c-new".into(), name: "Ny".to_owned() };
    let owner = ListOwner::Company(company.id.clone());
    let templates = TemplateList {
        id: "tl-new".into(),
        name: "Ny".to_owned(),
        owner: owner.clone(),
        items: setup.templates.keys().rev().cloned().collect(),
    };
    let preblocks = PreblockList {
        id: "pl-new".into(),
        name: "Ny".to_owned(),
        owner,
        items: setup.preblock_types.keys().cloned().collect(),
    };
    let kind = fixture.preblock_type().await;
    let only = ValidFor::Only(BTreeSet::from([practitioner.id.clone()]));
    vec![
        SettingChange::Organisation(altered(&organisation, |it| it.name = "Ny".to_owned())),
        SettingChange::Company(altered(&company, |it| it.phone = Some("08-465 00 00".to_owned()))),
        SettingChange::Practitioner(altered(&practitioner, |it| it.title = "Chef".to_owned())),
        SettingChange::Resource(Changed::Added(resource)),
        SettingChange::Category(Changed::Added(category)),
        SettingChange::PreblockType(altered(&kind, |it| it.valid_for = only)),
        SettingChange::Template(altered(&fixture.template().await, |it| it.recall = !it.recall)),
        SettingChange::TemplateList(Changed::Added(templates)),
        SettingChange::PreblockList(Changed::Added(preblocks)),
        SettingChange::ClosedDay(Changed::Added(at("2027-06-25T00:00").date())),
        SettingChange::Online(altered(&setup.online, |it| it.paused = !it.paused)),
        SettingChange::User(Changed::Added(user("NY", None))),
        SettingChange::Patient(Changed::Added(patient("p-new", Some("197010632391")))),
    ]
}

#[tokio::test]
async fn r20_every_kind_of_change_is_saved_logged_undone_and_redone() {
    let fixture = fixture().await;
    let export = async || {
        let file = fixture.clinic.export(&Actor::System, Completeness::Complete).await;
        file.expect("reads").to_json(Completeness::Complete)
    };
    for change in one_of_each(&fixture).await {
        let entity = change.entity();
        let before = export().await;
        let saved = fixture.save(change).await.unwrap_or_else(|error| panic!("{entity}: {error}"));
        let after = export().await;
        assert_ne!(before, after, "{entity}");
        let undone = fixture.undo(&saved).await.unwrap_or_else(|error| panic!("{entity}: {error}"));
        assert_eq!(export().await, before, "{entity}");
        let redone =
            fixture.undo(&undone).await.unwrap_or_else(|error| panic!("{entity}: {error}"));
        assert_eq!(export().await, after, "{entity}");
        fixture.undo(&redone).await.unwrap_or_else(|error| panic!("{entity}: {error}"));
    }
    fixture.whole_log().await;
}

#[tokio::test]
async fn r20_what_somebody_has_changed_since_is_not_undone() {
    let fixture = fixture().await;
    let before = fixture.template().await;
    let first = SettingChange::Template(altered(&before, |it| it.name = "Först".to_owned()));
    let saved = fixture.save(first).await.expect("saves");
    let now = fixture.template().await;
    let later = SettingChange::Template(altered(&now, |it| it.name = "Sedan".to_owned()));
    fixture.save(later).await.expect("saves");
    let refused = fixture.undo(&saved).await.map(|_| ());
    assert!(matches!(refused, Err(ClinicError::Refused(Refusal::TouchedSince { .. }))));
}

#[tokio::test]
async fn r17_each_change_needs_every_one_of_its_permissions() {
    let all = fixture().await;
    let changes = one_of_each(&all).await;
    for change in changes {
        for lacking in change.permissions() {
            let others: Vec<Permission> =
                Permission::ALL.iter().copied().filter(|it| *it != lacking).collect();
            let fixture = Desk::with(&others).await;
            let refused = fixture.save(change.clone()).await.map(|_| ());
            assert!(
                matches!(&refused, Err(ClinicError::Refused(Refusal::Permission { permission, .. }))
                    if *permission == lacking),
                "{} without {}",
                change.entity(),
                lacking.key()
            );
        }
    }
    let setup = all.setup().await;
    let company = setup.companies.values().next().expect("one");
    let pause = SettingChange::Company(altered(company, |it| it.paused = !it.paused));
    assert_eq!(pause.permissions(), BTreeSet::from([Permission::OnlineEdit]));
    let kind = all.preblock_type().await;
    let internal =
        SettingChange::PreblockType(altered(&kind, |it| it.kind = PreblockKind::Internal));
    assert!(internal.permissions().contains(&Permission::PreblockInternet), "it was Internet");
}

#[tokio::test]
async fn r17_the_last_who_manages_users_can_neither_leave_nor_lose_it() {
    let fixture = fixture().await;
    let users = fixture.clinic.users().await.expect("reads");
    for other in
        users.values().filter(|it| it.signature.as_str() != "X" && it.may(Permission::UsersManage))
    {
        let change =
            SettingChange::User(altered(other, |it| it.permissions = Some(BTreeSet::new())));
        assert_eq!(fixture.faults(change).await, []);
    }
    let x = users[&"X".into()].clone();
    let leave = SettingChange::User(altered(&x, |it| it.active = false));
    assert_eq!(fixture.faults(leave).await, [(Field::Active, Problem::LastAdministrator)]);
    let lose = SettingChange::User(altered(&x, |it| it.permissions = None));
    assert_eq!(fixture.faults(lose).await, [(Field::Permissions, Problem::LastAdministrator)]);
}

#[tokio::test]
async fn r21_a_personnummer_is_one_patients_only() {
    let fixture = fixture().await;
    let add = |patient| SettingChange::Patient(Changed::Added(patient));
    assert_eq!(fixture.faults(add(patient("a", Some("197010632391")))).await, []);
    let taken = [(Field::Personnummer, Problem::Taken)];
    assert_eq!(fixture.faults(add(patient("b", Some("19701063-2391")))).await, taken);
    assert_eq!(fixture.faults(add(patient("c", None))).await, [], "staff may leave it out");
}

#[tokio::test]
async fn neither_the_log_nor_an_error_tells_a_password_or_a_patient() {
    let fixture = fixture().await;
    let secret = User { password_hash: Some("$argon2id$hemligt".to_owned()), ..user("NY", None) };
    fixture.save(SettingChange::User(Changed::Added(secret))).await.expect("saves");
    fixture
        .save(SettingChange::Patient(Changed::Added(patient("a", Some("197010632391")))))
        .await
        .expect("saves");
    let mut reading = fixture.clinic.store().read().await.expect("reads");
    let entries = reading.audit(&AuditFilter::default()).await.expect("reads");
    let masked = format!("{entries:?}");
    let whole: String = entries
        .iter()
        .filter_map(|entry| entry.after.as_ref())
        .map(|value| value.to_json().to_string())
        .collect();
    assert!(!whole.contains("hemligt"));
    assert!(!masked.contains("Tolvan") && !masked.contains("701063"));
}

on_the_server_too! {
    every_wrong_value_of_a_template_is_told_of_at_its_field,
    a_name_is_taken_however_it_is_spelt_and_composed,
    wrong_values_of_the_other_forms_are_told_of_at_their_fields,
    r5_a_list_is_chosen_only_where_its_owner_reaches_and_does_not_leave_its_choosers,
    what_is_referred_to_is_not_removed_and_types_templates_practitioners_users_never_are,
    a_category_that_only_a_booking_has_is_in_use,
    the_second_to_save_the_same_template_is_told_who_and_when_and_overwrites_nothing,
    saving_what_was_not_changed_is_refused,
    r20_every_kind_of_change_is_saved_logged_undone_and_redone,
    r20_what_somebody_has_changed_since_is_not_undone,
    r17_each_change_needs_every_one_of_its_permissions,
    r17_the_last_who_manages_users_can_neither_leave_nor_lose_it,
    r21_a_personnummer_is_one_patients_only,
    neither_the_log_nor_an_error_tells_a_password_or_a_patient,
}
