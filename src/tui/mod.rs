//! The console: model, `update`, `view`, panels and the action registry. Uses `clinic`, `domain` and
//! `texts`; `update` and `view` do no I/O and read no clock, and neither knows the other. The runtime, and
//! the effects that it starts, alone have a clock, a terminal and files.

mod access;
pub mod actions;
mod agent;
mod backend;
mod cells;
mod clip;
mod deeds;
mod dialogs;
mod disabled;
mod effects;
mod finder;
mod form;
pub mod goto;
mod history;
mod input;
pub mod keymap;
mod lanes;
mod layout;
mod leaving;
mod logged;
pub mod looks;
mod marking;
pub mod message;
mod model;
mod options;
mod panels;
mod patient;
mod preferences;
pub mod range;
mod runtime;
mod sanitise;
mod secret;
mod settings;
mod signals;
pub mod terminal;
mod theme;
mod told;
mod update;
mod view;

pub use access::{Access, Suspend};
pub use agent::AgentNews;
pub use message::{Effect, Message, Preferences, Reply, RequestId};
pub use model::Model;
pub use options::{BookingPage, CommandIds, Options, Purpose};
pub use runtime::{ConsoleError, run};
pub use theme::{Palette, Symbols};
pub use update::update;
pub use view::view;
