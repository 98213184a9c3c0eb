//! The console: model, `update`, `view`, panels and the action registry. Uses `clinic`, `domain` and
//! `texts`; `update` and `view` do no I/O and read no clock, and neither knows the other. The runtime, and
//! the effects that it starts, alone have a clock, a terminal and files.
//!
//! | file | what it does |
//! |---|---|
//! | `runtime`, `effects`, `leaving` | the loop, what it starts on the clinic, and what is done once it was left |
//! | `input`, `signals`, `terminal`, `backend`, `looks` | what the terminal and the system say, and drawing in few bytes |
//! | `model`, `message`, `history`, `agent`, `access`, `options`, `preferences` | what the console knows, hears and was started with |
//! | `update`, `actions`, `keymap`, `disabled` | what keys do to the model, which there are, and why one can't be used |
//! | `marking`, `lanes`, `cells`, `layout`, `clip` | the grid: what is marked and shown where, and what is pasted |
//! | `dialogs`, `finder`, `form`, `patient`, `settings`, `secret` | the state of whatever lies over the grid |
//! | `view`, `panels`, `theme`, `sanitise` | drawing: the grid, the overlays, colours, and texts made harmless |
//! | `goto`, `range`, `told`, `deeds`, `logged` | dates and times as typed; what stands, was done and is logged in words |

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
