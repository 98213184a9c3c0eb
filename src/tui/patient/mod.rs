//! Patients on screen: registering one, and the card. State only. Pure.

pub mod form;
