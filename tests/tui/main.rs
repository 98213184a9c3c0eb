//! The console by its messages: keys in, effects and screens out. No terminal, no store.

mod changes;
mod clip;
mod fixture;
mod free;
mod keys;
mod lock;
mod log;
mod mouse;
mod palette;
mod passwords;
mod protected;
mod random;
mod registry;
mod replies;
mod screens;
mod settings;
mod warnings;
