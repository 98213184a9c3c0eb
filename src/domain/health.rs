//! How well it goes with what runs beside the console: the Online Client and e-mail to patients. Pure.

/// How well it goes, as monitoring systems count; the worse is the greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Health {
    Well,
    Warning,
    Critical,
}
