//! The application: every change is a [`Command`]; one function checks permission and rules, writes,
//! audits and keeps the outcome, in one transaction. May use `domain` and `store`.

mod command;
mod outcome;


pub use command::{
    BookingSubject, Command, Confirmation, OverlapChoice, RedDays, Repeat, RepeatUntil, StaffBooking,
};
pub use outcome::{Change, Changed, Outcome, Preview};

