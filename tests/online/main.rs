//! What patients do online, and recall, on a real store: R14, R15, R16, R20, R22.

mod booking;
mod changes;
mod contacts;
mod fixture;
mod recall;
