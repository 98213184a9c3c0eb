//! The form in which a password is set: one's own against the one so far, or another's. State only.
//! Pure.

use crate::clinic::NewPassword;
use crate::domain::Signature;
use crate::tui::message::RequestId;
use crate::tui::secret::Secret;

use super::neighbour;

/// A field of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordField {
    Old,
    New,
    Again,
    Save,
}

/// Whether the password so far is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AskOld {
    No,
    Yes,
}

/// A password that is being set.
pub struct PasswordForm {
    pub user: Signature,
    ask_old: AskOld,
    pub old: Secret,
    pub new: Secret,
    pub again: Secret,
    pub field: PasswordField,
    pub error: Option<String>,
    /// The request that saves it.
    pub saving: Option<RequestId>,
}

impl PasswordForm {
    /// Empty, at its first field.
    pub fn new(user: Signature, ask_old: AskOld) -> Self {
        let field = match ask_old {
            AskOld::Yes => PasswordField::Old,
            AskOld::No => PasswordField::New,
        };
        let (old, new, again) = (Secret::new(), Secret::new(), Secret::new());
        Self { user, ask_old, old, new, again, field, error: None, saving: None }
    }

    /// The fields there are, in order.
    pub fn fields(&self) -> &'static [PasswordField] {
        use PasswordField::{Again, New, Old, Save};
        match self.ask_old {
            AskOld::Yes => &[Old, New, Again, Save],
            AskOld::No => &[New, Again, Save],
        }
    }

    /// Moves to a neighbouring field, around the ends.
    pub fn step(&mut self, steps: isize) {
        self.field = neighbour(self.fields(), self.field, steps);
    }

    /// Whether something has been typed.
    pub fn is_filled_in(&self) -> bool {
        [&self.old, &self.new, &self.again].into_iter().any(|secret| secret.len() > 0)
    }

    /// What is typed into a field.
    pub fn secret(&self, field: PasswordField) -> Option<&Secret> {
        match field {
            PasswordField::Old => Some(&self.old),
            PasswordField::New => Some(&self.new),
            PasswordField::Again => Some(&self.again),
            PasswordField::Save => None,
        }
    }

    /// The field that has the focus, to type into.
    pub fn focused(&mut self) -> Option<&mut Secret> {
        match self.field {
            PasswordField::Old => Some(&mut self.old),
            PasswordField::New => Some(&mut self.new),
            PasswordField::Again => Some(&mut self.again),
            PasswordField::Save => None,
        }
    }

    /// What was typed, to be kept; the fields are empty again.
    pub fn take(&mut self) -> NewPassword {
        self.again = Secret::new();
        NewPassword {
            user: self.user.clone(),
            old: (self.ask_old == AskOld::Yes).then(|| self.old.take()),
            new: self.new.take(),
        }
    }
}
