//! What patients are told by e-mail, and that it arrives: a clinic, and a mail server on loopback.

mod converging;
mod deciding;
mod place;
mod receiver;
mod sending;
#[path = "../support/mod.rs"]
mod support;
mod words;
