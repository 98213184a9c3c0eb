//! What patients do online and what follows from it, on a real store: R14, R15, R16, R20, R22.

#[path = "../support/mod.rs"]
mod support;

mod booking;
mod card;
mod changing;
mod contacts;
mod fixture;
mod kept;
mod recall;
mod rights;
mod together;
