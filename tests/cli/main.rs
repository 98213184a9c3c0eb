//! The program as its users meet it: the real binary, its exit codes, what it says and leaves behind.

mod actors;
mod changes;
mod configuration;
mod copying;
mod databases;
mod day;
mod desk;
#[path = "../common/disk.rs"]
#[cfg(unix)]
mod disk;
mod doctor;
mod example;
mod faults;
mod free;
mod logs;
mod passwords;
mod patients;
mod permissions;
mod portal;
mod setup;
mod status;
#[cfg(unix)]
mod strained;
mod units;
