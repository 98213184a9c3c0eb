//! tidbok: an appointment console for dental clinics and the internet times they publish.

pub mod clinic;
pub mod domain;
pub mod store;
pub mod tui;
