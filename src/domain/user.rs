//! Users, their permissions, and who acts (R17).

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::{Deserialize, Serialize};

use super::booking::ITB;
use super::id::Signature;

macro_rules! permissions {
    ($($(#[$doc:meta])* $variant:ident = $key:literal;)+) => {
        /// What a user may do (R17). Ordered by key, in code-point order.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum Permission {
            $($(#[$doc])* #[serde(rename = $key)] $variant,)+
        }

        impl Permission {
            /// Every permission there is.
            pub const ALL: &[Permission] = &[$(Permission::$variant,)+];

            /// The key in the clinic file and the store.
            pub fn key(self) -> &'static str {
                match self { $(Permission::$variant => $key,)+ }
            }

            /// The permission with this key.
            pub fn from_key(key: &str) -> Option<Self> {
                match key { $($key => Some(Permission::$variant),)+ _ => None }
            }
        }
    };
}

permissions! {
    /// Read the audit log.
    AuditRead = "audit.read";
    /// Make, change and cancel bookings.
    BookingEdit = "booking.edit";
    /// Change the online settings, and pause.
    OnlineEdit = "online.edit";
    /// See patients' names, numbers and contacts.
    PatientView = "patient.view";
    /// Lay, change and remove internal preblocks.
    PreblockInternal = "preblock.internal";
    /// *Preblock för internet*: everything that adds, changes or removes an Internet preblock.
    PreblockInternet = "preblock.internet";
    /// Change working schedules.
    ScheduleEdit = "schedule.edit";
    /// Types, templates, lists, registers, closed days.
    SettingsEdit = "settings.edit";
    /// Users and permissions; whoever holds it is an administrator.
    UsersManage = "users.manage";
}

impl PartialOrd for Permission {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Permission {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.key().cmp(other.key())
    }
}

/// What a user is given who has no set of their own (R17): `preblock.internet` and `patient.view`.
pub fn default_permissions() -> BTreeSet<Permission> {
    BTreeSet::from([Permission::PreblockInternet, Permission::PatientView])
}

/// A person who signs in. `Debug` leaves the password hash out.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    pub signature: Signature,
    pub name: String,
    /// `None`: the default set ([`default_permissions`]).
    pub permissions: Option<BTreeSet<Permission>>,
    /// Account of the operating system that is this user.
    pub os_account: Option<String>,
    pub password_hash: Option<String>,
    pub active: bool,
}

impl User {
    /// Whether the user has been given the permission, outright or by default.
    pub fn may(&self, permission: Permission) -> bool {
        match &self.permissions {
            Some(own) => own.contains(&permission),
            None => default_permissions().contains(&permission),
        }
    }

    /// Whether the user has what signing in takes.
    pub fn can_sign_in(&self, by: SignIn) -> bool {
        self.active
            && match by {
                SignIn::Open => true,
                SignIn::Account => self.os_account.is_some(),
                SignIn::Password => self.password_hash.is_some(),
            }
    }
}

impl fmt::Debug for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("User")
            .field("signature", &self.signature)
            .field("permissions", &self.permissions)
            .field("active", &self.active)
            .finish_non_exhaustive()
    }
}

/// How one becomes a user of the clinic.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SignIn {
    /// Whoever may open the database says who they are.
    #[default]
    Open,
    /// By the account of the operating system.
    Account,
    /// By a password.
    Password,
}

/// Whether somebody who manages users can sign in. Until then nobody can let others in, so that the
/// owner of the database sets the clinic up.
pub fn is_administered(users: &BTreeMap<Signature, User>, by: SignIn) -> bool {
    users.values().any(|user| user.can_sign_in(by) && user.may(Permission::UsersManage))
}

/// What stands in a signature's place for the owner of the database; reserved.
pub const SYSTEM: &str = "system";

/// Who makes a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// The one who owns the database file, not mapped to any user; may everything.
    System,
    /// A user of the clinic.
    User(User),
    /// The Online Client, for patients: books, rebooks and cancels as the rules let patients (R14,
    /// R15), and may nothing else. No user is it.
    OnlineClient,
}

impl Actor {
    /// Whether the actor may do what the permission covers; an inactive user may nothing.
    pub fn may(&self, permission: Permission) -> bool {
        match self {
            Actor::System => true,
            Actor::User(user) => user.active && user.may(permission),
            Actor::OnlineClient => false,
        }
    }

    /// What the audit log and bookings write: the signature, [`SYSTEM`] or [`ITB`].
    pub fn signature(&self) -> &str {
        match self {
            Actor::System => SYSTEM,
            Actor::User(user) => user.signature.as_str(),
            Actor::OnlineClient => ITB,
        }
    }
}

/// Whether a signature is reserved: [`ITB`] or [`SYSTEM`], in any case.
pub fn is_reserved_signature(signature: &str) -> bool {
    [ITB, SYSTEM].iter().any(|reserved| signature.trim().eq_ignore_ascii_case(reserved))
}
