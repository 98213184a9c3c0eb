//! The pages as HTML. Every text is escaped where it is put in.

mod choosing;
mod details;
mod here;
mod layout;
mod mine;
mod outcome;

pub use choosing::{
    Practitioners, Services, Week, before_choosing, companies, practitioners, services, times,
};
pub use details::{Details, Held, Told, Unheld, details, to_hold};
pub use here::{Here, here};
pub use layout::nowhere;
pub use mine::{
    ask_to_cancel, ask_to_rebook, log_in_first, my_time, my_times, not_here, not_logged_in,
    standing,
};
pub use outcome::{Shown, answered, call, gone, plain, plain_with, state};

/// Where style sheet, icon and script are, by the program's version: each can be kept for long.
const STYLE: &str = concat!("/assets/page.css?v=", env!("CARGO_PKG_VERSION"));
const ICON: &str = concat!("/assets/icon.svg?v=", env!("CARGO_PKG_VERSION"));
const SCRIPT: &str = concat!("/assets/page.js?v=", env!("CARGO_PKG_VERSION"));
