//! The console by its messages: keys in, effects and screens out. No terminal, no store.

mod agent;
mod bookings;
mod changes;
mod clip;
mod day;
mod finder;
mod fixture;
mod free;
mod handbook;
mod inbox;
mod keys;
mod lock;
mod log;
mod looks;
mod mouse;
mod palette;
mod passwords;
mod patients;
mod protected;
mod random;
mod registry;
mod replies;
mod schedule;
mod screens;
mod settings;
mod warnings;
