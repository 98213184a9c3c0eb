//! The console: model, `update`, `view`, screens and the action registry. Uses `clinic`, `domain` and
//! `texts`; `update` and `view` do no I/O and read no clock.

pub mod actions;
mod cells;
mod dialogs;
mod goto;
mod history;
pub mod keymap;
mod layout;
mod marking;
pub mod message;
mod model;
mod range;
mod sanitise;
mod theme;
mod update;
mod view;

pub use message::{Effect, Message, Preferences, Reply, RequestId};
pub use model::{CommandIds, Model, Options, Purpose};
pub use theme::{Palette, Symbols};
pub use update::update;
pub use view::view;
