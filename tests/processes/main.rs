//! The real programs, agent and portal, as processes: killed at any moment, stopped, and listened to.
#![cfg(unix)]

mod browser;
mod crowd;
#[path = "../common/dice.rs"]
mod dice;
#[path = "../common/disk.rs"]
mod disk;
#[path = "../common/figures.rs"]
mod figures;
mod hops;
mod http;
mod kills;
mod leases;
#[path = "../support/line.rs"]
#[allow(dead_code, reason = "it knows of storms, too")]
mod line;
mod logs;
mod mishaps;
mod programs;
#[path = "../common/provider.rs"]
#[allow(dead_code, reason = "it can forge, too")]
mod provider;
#[path = "../common/pty.rs"]
#[allow(dead_code, reason = "it can measure, too")]
mod pty;
#[path = "../mail/receiver.rs"]
mod receiver;
mod soak;
mod tls;
mod visitor;
