//! tidbok: an appointment console for dental clinics and the internet times they publish.

pub mod domain;
pub mod tui;
