//! Changes of the settings: registers, types, templates, lists, online settings, users, patients.
//! What a form saves is held against what is stored, so that nothing is overwritten unseen.

use super::outcome::own_outcome;
use super::{Change, ClinicError, Command, Refusal, offered, require};
use crate::domain::{
    Actor, Changed, Fault, Field, NothingToDo, Others, PersonnummerIs, Problem, SettingChange,
    Setup, User, reversed,
};
use crate::store::{Session, StoreError, Transaction};

/// Why the settings are to change.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Origin {
    Asked,
    Undone,
    /// One's own password needs no permission.
    OwnPassword,
}

/// The changes of the settings that a command asks for.
pub(super) struct Asked {
    changes: Vec<SettingChange>,
    origin: Origin,
}

/// What the command asks of the settings; `None` where it is about a book.
///
/// # Errors
/// It would take back what is not the actor's.
pub(super) async fn asked(
    session: &mut Session,
    actor: &Actor,
    command: &Command,
) -> Result<Option<Asked>, ClinicError> {
    match command {
        Command::ChangeSetting(change) => {
            Ok(Some(Asked { changes: vec![(**change).clone()], origin: Origin::Asked }))
        }
        Command::SetPassword { user, hash } => {
            let users = session.users().await?;
            let before = users.get(user).ok_or(Refusal::UnknownUser)?.clone();
            let password_hash = Some(hash.clone().into_text());
            let after = User { password_hash, ..before.clone() };
            let own = actor.signature() == user.as_str();
            let origin = if own { Origin::OwnPassword } else { Origin::Asked };
            let change = SettingChange::User(Changed::Altered { before, after });
            Ok(Some(Asked { changes: vec![change], origin }))
        }
        Command::TakeOverContacts { booking, card } => {
            let changes = offered::taken_over(session, actor, booking, card).await?;
            Ok(Some(Asked { changes, origin: Origin::Asked }))
        }
        Command::DismissContacts { booking } => {
            let changes = vec![offered::settled(session, actor, booking).await?.1];
            Ok(Some(Asked { changes, origin: Origin::Asked }))
        }
        Command::Undo { command } => {
            let outcome = own_outcome(session, actor, command).await?;
            let settings = reversed(&outcome.changes).into_iter().map(|change| match change {
                Change::Setting(change) => Some(*change),
                _ => None,
            });
            let changes: Option<Vec<SettingChange>> = settings.collect();
            Ok(changes
                .filter(|changes| !changes.is_empty())
                .map(|changes| Asked { changes, origin: Origin::Undone }))
        }
        _ => Ok(None),
    }
}

impl Asked {
    /// Checks the changes against what is stored; writes nothing.
    ///
    /// # Errors
    /// A permission is lacking (R17), somebody has changed the same, or something is wrong with what
    /// was filled in.
    pub async fn check(&self, session: &mut Session, actor: &Actor) -> Result<(), ClinicError> {
        for change in &self.changes {
            self.check_one(session, actor, change).await?;
        }
        Ok(())
    }

    /// Checks and writes each change, and answers with them.
    ///
    /// # Errors
    /// As [`Asked::check`]; something in the books refers to what is to be removed.
    pub async fn carry_out(
        self,
        transaction: &mut Transaction,
        actor: &Actor,
    ) -> Result<Vec<Change>, ClinicError> {
        for change in &self.changes {
            self.check_one(transaction, actor, change).await?;
            match transaction.write_setting(change).await {
                Err(StoreError::BrokenReference) => return Err(in_use_still().into()),
                written => written?,
            }
        }
        Ok(self.changes())
    }

    /// The changes as an outcome holds them.
    pub fn changes(&self) -> Vec<Change> {
        self.changes.iter().cloned().map(|change| Change::Setting(Box::new(change))).collect()
    }

    async fn check_one(
        &self,
        session: &mut Session,
        actor: &Actor,
        change: &SettingChange,
    ) -> Result<(), ClinicError> {
        if self.origin != Origin::OwnPassword {
            for permission in change.permissions() {
                require(actor, permission)?;
            }
        }
        if change.changes_nothing() {
            return Err(Refusal::NothingToDo(NothingToDo::Unchanged).into());
        }
        if let Some(fault) = change.removal_fault().filter(|_| self.origin == Origin::Asked) {
            return Err(Refusal::Faults(vec![fault]).into());
        }
        // Never from the cache, nor into it: this transaction is about to change what it holds.
        let setup = session.setup().await?;
        if !stands(session, &setup, change).await? {
            return Err(self.touched(session, &setup, change).await?.into());
        }
        let faults = faults(session, &setup, change).await?;
        if faults.is_empty() { Ok(()) } else { Err(Refusal::Faults(faults).into()) }
    }

    /// Who has changed the entity, and when.
    async fn touched(
        &self,
        session: &mut Session,
        setup: &Setup,
        change: &SettingChange,
    ) -> Result<Refusal, StoreError> {
        let Some(entry) = session.last_audit_of(&change.entity()).await? else {
            return Ok(Refusal::Gone);
        };
        let (who, when) = (entry.actor, setup.zone.civil(entry.at));
        Ok(match self.origin {
            Origin::Asked | Origin::OwnPassword => Refusal::ChangedMeanwhile { who, when },
            Origin::Undone => Refusal::TouchedSince { who, when },
        })
    }
}

/// What is wrong with a change, held against what is stored.
pub(super) async fn faults(
    session: &mut Session,
    setup: &Setup,
    change: &SettingChange,
) -> Result<Vec<Fault>, StoreError> {
    let personnummer = match change {
        SettingChange::Patient(change) => match change.after() {
            Some(after) => match &after.personnummer {
                Some(number) => session.personnummer_is(number, &after.id).await?,
                None => PersonnummerIs::Free,
            },
            None => PersonnummerIs::Free,
        },
        _ => PersonnummerIs::Free,
    };
    let users = session.users().await?;
    Ok(change.faults(&Others { setup, users: &users, personnummer }))
}

fn in_use_still() -> Refusal {
    Refusal::Faults(vec![Fault { field: Field::Whole, problem: Problem::InUse }])
}

/// What the store answered to a change: something refers to what it would remove.
pub(super) fn in_use(change: &Change, error: StoreError) -> ClinicError {
    match (change, error) {
        (Change::Setting(_), StoreError::BrokenReference) => in_use_still().into(),
        (_, error) => error.into(),
    }
}

/// Whether the entity is stored as the change has it before.
pub(super) async fn stands(
    session: &mut Session,
    setup: &Setup,
    change: &SettingChange,
) -> Result<bool, StoreError> {
    macro_rules! same {
        ($change:expr, $register:expr, $id:ident) => {{
            let of = $change.before().or($change.after());
            of.and_then(|it| $register.get(&it.$id)) == $change.before()
        }};
    }
    Ok(match change {
        SettingChange::Organisation(change) => same!(change, setup.organisations, id),
        SettingChange::Company(change) => same!(change, setup.companies, id),
        SettingChange::Practitioner(change) => same!(change, setup.practitioners, id),
        // A taken character or day is a fault that the form shows, not somebody's change.
        SettingChange::Resource(change) => {
            change.before().is_none_or(|before| setup.resources.get(&before.code) == Some(before))
        }
        SettingChange::Category(change) => same!(change, setup.categories, id),
        SettingChange::PreblockType(change) => same!(change, setup.preblock_types, id),
        SettingChange::Template(change) => same!(change, setup.templates, id),
        SettingChange::TemplateList(change) => same!(change, setup.template_lists, id),
        SettingChange::PreblockList(change) => same!(change, setup.preblock_lists, id),
        SettingChange::WeekTemplate(change) => same!(change, setup.week_templates, id),
        SettingChange::ClosedDay(change) => {
            change.before().is_none_or(|before| setup.closed_days.contains(before))
        }
        SettingChange::Online(change) => change.before() == Some(&setup.online),
        SettingChange::User(change) => match change.before() {
            Some(before) => session.users().await?.get(&before.signature) == Some(before),
            None => true,
        },
        SettingChange::Contacts(change) => match change.before() {
            Some(before) => session.given_contacts(&before.booking).await?.as_ref() == Some(before),
            None => true,
        },
        SettingChange::Patient(change) => {
            let Some(of) = change.before().or(change.after()) else { return Ok(true) };
            let stored = session.patients(&[of.id.clone()].into()).await?;
            stored.get(&of.id) == change.before()
        }
    })
}
