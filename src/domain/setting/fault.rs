//! What is wrong with what somebody filled in, and at which field. Pure.

use std::fmt;

/// A field of a register, a type, a template, a list or a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    /// The entity as a whole.
    Whole,
    Active,
    Address,
    Calendar,
    Capacity,
    Categories,
    Category,
    Code,
    Company,
    Date,
    Deadline,
    Email,
    Expires,
    FirstName,
    Horizon,
    Items,
    LastName,
    Mobile,
    Name,
    Notice,
    OnlineTemplateList,
    OrgNumber,
    Organisation,
    OsAccount,
    Owner,
    Permissions,
    Personnummer,
    Phone,
    PortalText,
    PreblockList,
    RecallMonths,
    RecallTemplate,
    /// A resource's own character.
    ResourceCode,
    Resources,
    /// The work sessions of a week template.
    Sessions,
    Signature,
    TemplateList,
    Text,
    Title,
    ValidFor,
}

/// What is wrong with a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Problem {
    /// It has to be filled in.
    Empty,
    /// More characters than this.
    TooLong(usize),
    /// Outside these bounds, both allowed.
    OutOfRange { from: u32, to: u32 },
    /// Characters that would disturb the screen.
    ControlCharacters,
    /// Pictures among the letters: terminals and printers disagree about how wide they are.
    Emoji,
    /// Something else has it already.
    Taken,
    /// It names nothing that there is.
    Unknown,
    /// The same stands twice.
    Repeated,
    /// The list's owner does not reach here (R5).
    NotReachable,
    /// Somebody has chosen the list whom the new owner would not reach (R5).
    Stranding,
    /// Stands for patients' own bookings or for the program.
    Reserved,
    /// Something refers to it still.
    InUse,
    /// Is not deleted but deactivated: what is laid out and booked refers to it.
    OnlyDeactivated,
    /// Nobody would be left who manages users.
    LastAdministrator,
    /// Not of the form it must have.
    Malformed,
    /// Of the right form, but its date does not exist or is yet to come (R21).
    NoSuchDate,
    /// Of the right form, but its check digit does not fit the others (R21).
    CheckDigit,
    /// A template that is not usable for recall (R16).
    NotForRecall,
}

/// What is wrong, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    pub field: Field,
    pub problem: Problem,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: ", self.field)?;
        match self.problem {
            Problem::Empty => f.write_str("has to be filled in"),
            Problem::TooLong(most) => write!(f, "has more than {most} characters"),
            Problem::OutOfRange { from, to } => write!(f, "is not between {from} and {to}"),
            Problem::ControlCharacters => f.write_str("holds control characters"),
            Problem::Emoji => f.write_str("holds emoji, which not every screen can show"),
            Problem::Taken => f.write_str("is taken already; choose another"),
            Problem::Unknown => f.write_str("names nothing that there is; choose again"),
            Problem::Repeated => f.write_str("holds the same twice"),
            Problem::NotReachable => f.write_str("R5: the list's owner does not reach here"),
            Problem::Stranding => {
                f.write_str("R5: the list is chosen where the new owner does not reach")
            }
            Problem::Reserved => f.write_str("is reserved; choose another"),
            Problem::InUse => f.write_str("is in use still; remove what refers to it first"),
            Problem::OnlyDeactivated => f.write_str("is not deleted but deactivated"),
            Problem::LastAdministrator => {
                f.write_str("R17: nobody would be left who manages users")
            }
            Problem::Malformed => f.write_str("is not of the right form"),
            Problem::NoSuchDate => f.write_str("R21: there is no such date of birth"),
            Problem::CheckDigit => f.write_str("R21: one of its digits is wrong"),
            Problem::NotForRecall => f.write_str("R16: is not usable for recall"),
        }
    }
}
