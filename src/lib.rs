//! tidbok: an appointment console for dental clinics, and the internet times they publish.
//!
//! # The rooms
//!
//! | room | what lives there | uses |
//! |---|---|---|
//! | [`domain`] | the rules R1–R22 as pure functions: entities, time, the slot resolver, planning of changes | – |
//! | [`store`] | SQLite or SQL Server behind one repository of queries; the clinic file; the audit chain | `domain` |
//! | [`clinic`] | every change as a command: permission, rules, writing and audit in one transaction | `domain`, `store` |
//! | [`fhir`] | the wire between Online Client and booking page: HL7 FHIR R4 | – |
//! | [`portal`] | the other end of the wire: FHIR endpoint, booking page and their store | `domain`, `fhir` |
//! | [`sync`] | the Online Client: publishes times, brings bookings back | `clinic`, `domain`, `store`, `fhir` |
//! | [`mail`] | e-mail to patients about their online bookings | `clinic`, `domain`, `texts` |
//! | [`texts`] | what is said on screen, in Swedish and English; the handbook | `domain`, `clinic`; errors of `store` |
//! | [`tui`] | the console: model and panels, `update` and `view` on them, and the runtime that joins it all | `clinic`, `domain`, `texts` |
//! | [`config`] | which database, sign-in, language, looks and keys: options, environment, files | `store` |
//! | [`demo`] | a throw-away clinic around a given day | `domain`, `store` |
//! | [`cli`] | the command line, one file a subcommand; `setup`, `doctor` and `status` have folders | all |
//!
//! `packaging/` holds what a machine is given beside the program: services, their accounts, the Debian package.
//! `tests/fuzz` is a crate of its own, whose inputs worth keeping `cargo test` replays; `.ci/run` is the gate.
//!
//! # One way for data
//!
//! A console, a command line or anything else builds a [`clinic::Command`]. [`clinic::Clinic::execute`]
//! opens a transaction, locks what the command touches by bumping revisions, reads the facts, lets
//! the domain plan the changes, checks the permission of each, writes them with their audit entries
//! and the command's id and outcome, and commits. Readers poll revisions and load what has moved.
//!
//! # One key press
//!
//! 1. A thread reads the terminal (`tui/input.rs`); the runtime (`tui/runtime.rs`) gets the key and hands it
//!    to `update` as a message.
//! 2. The key map, made from the action registry, names the action (`tui/update/keys.rs`); `update` changes
//!    the model and answers with effects, such as "execute this command". It waits for nothing.
//! 3. The runtime starts the effect as a task (`tui/effects.rs`): [`clinic::Clinic::execute`], as above.
//! 4. The reply comes back as a message (`tui/update/replies.rs`): the change can be undone now, and the
//!    books that it touched are loaded again.
//! 5. As they arrive, [`domain::Resolver`] finds their bookable times, which are kept in the model; so it does
//!    as each minute passes.
//! 6. What has changed on screen is drawn once (`tui/view`), in one write (`tui/backend`).
//!
//! # The tests
//!
//! | in `tests/` | what is tested |
//! |---|---|
//! | `domain_*`, `planning`, `resolver_oracle` | the rules, without a store; the resolver against a slow one (`oracle`) |
//! | `store_*`, `plans`, `round_trips` | both engines behind the store, and how they are asked |
//! | `clinic_*`, `itb`, `permissions`, `week_templates`, `writers` | commands on a real store |
//! | `tui`, `screenshots`, `refusals` | the console by its messages: keys in, effects and screens out |
//! | `flow_day`, `settings`, `walk`, `pty*`, `terminal` | the console on a real store, or in a real terminal |
//! | `portal`, `sync`, `mail` | the booking page, the agent, e-mail, each with its other end |
//! | `cli`, `handbook`, `readme`, `processes` | the program as it is run |
//! | `architecture`, `fuzz` | this map; whatever is read from outside |
//!
//! `tests/support` has a real store with the example clinic, `tests/common` what needs none: terminals,
//! pictures, chance.

pub mod cli;
pub mod clinic;
pub mod config;
pub mod demo;
pub mod domain;
pub mod fhir;
pub mod mail;
pub mod portal;
pub mod store;
pub mod sync;
pub mod texts;
pub mod tui;
