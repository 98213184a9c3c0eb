//! The real programs, agent and portal, as processes: killed at any moment, stopped, and listened to.
#![cfg(unix)]

mod browser;
mod crowd;
#[path = "../common/dice.rs"]
mod dice;
#[path = "../common/figures.rs"]
mod figures;
mod hops;
mod http;
mod kills;
mod leases;
mod logs;
mod programs;
#[path = "../common/provider.rs"]
#[allow(dead_code, reason = "it can forge, too")]
mod provider;
#[path = "../mail/receiver.rs"]
mod receiver;
mod tls;
mod visitor;
