//! Scripts that run the command line, one command after the other.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use super::ground::{SCRIPTS, WEEKS, working_day};
use super::seen::{What, wrong};
use super::world::{World, locked};
use crate::dice::Dice;
use crate::programs::stretch;

/// How a command ended.
pub enum Ended {
    Well(String),
    /// It was refused, or is not known to be done.
    Not,
}

/// A program to be run now and then.
pub struct Runs {
    pub world: Arc<World>,
    pub database: String,
    pub folder: PathBuf,
}

impl Runs {
    /// Runs a command to its end, if there is power, as a user or the database's owner; what is wrong
    /// with it is told of.
    pub fn run(&self, user: Option<&str>, arguments: &[&str]) -> Ended {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tidbok"));
        command.args(["--database", &self.database]).args(arguments);
        command.args(user.map(|user| format!("--user={user}")));
        command.env("HOME", &self.folder).env("XDG_CONFIG_HOME", &self.folder);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let child = {
            let _power = self.world.power();
            let child = command.spawn().expect("the program runs");
            self.world.passes(child.id());
            child
        };
        let process = child.id();
        let output = child.wait_with_output().expect("it ends");
        self.world.has_passed(process);
        let is_word = |word: &&&str| word.chars().all(|letter| letter.is_ascii_lowercase());
        let words: Vec<&str> = arguments.iter().take(2).take_while(is_word).copied().collect();
        self.world.did(&format!("tidbok {}", words.join(" ")));
        let (out, err) = (text(&output.stdout), text(&output.stderr));
        assert!(!err.contains("panicked at"), "{arguments:?}: {err}");
        let who = format!("script {}", arguments[0]);
        let is_status = arguments[0] == "status";
        match output.status.code() {
            Some(0) => return Ended::Well(out),
            None => self.world.see(&who, What::Ended, "killed"),
            Some(_) if is_status && err.is_empty() => self.world.see(&who, What::Unwell, out),
            Some(_) => {
                let (what, line) = wrong(&err).unwrap_or((What::Other, &err));
                self.world.see(&who, what, line);
            }
        }
        Ended::Not
    }

    /// The same, with an answer in JSON.
    fn ask(&self, arguments: &[&str]) -> Option<Value> {
        match self.run(Some("REC"), &[arguments, &["--json"]].concat()) {
            Ended::Well(out) => serde_json::from_str(&out).ok(),
            Ended::Not => None,
        }
    }

    /// A change that was made is found by its command's id.
    fn change(&self, arguments: &[&str]) {
        if let Some(answer) = self.ask(arguments) {
            let id = answer["command"].as_str().expect("an id").to_owned();
            locked(&self.world.commands).push(id);
        }
    }

    /// Works until it is all over.
    pub fn work(self, mut dice: Dice) {
        let first = stretch(0, 8 * 60, 60).start().date().to_string();
        let days = (WEEKS * 7).to_string();
        let lists = ["--practitioner", SCRIPTS, "--from", &first, "--days", &days];
        while !self.world.is_over() {
            match dice.roll(6) {
                0 => drop(self.ask(&["status"])),
                1 | 2 => {
                    let slots = self.ask(&[&["slots"], &lists[..]].concat()).unwrap_or_default();
                    let slots = slots.as_array().cloned().unwrap_or_default();
                    if let Some(slot) = dice.pick(&slots) {
                        let of = |name: &str| slot[name].as_str().expect("a text");
                        self.change(&["booking", "add", SCRIPTS, of("template"), of("start")]);
                    }
                }
                3 => {
                    let list = self.ask(&[&["booking", "list"], &lists[..]].concat());
                    let list = list.unwrap_or_default().as_array().cloned().unwrap_or_default();
                    if let Some(booking) = dice.pick(&list) {
                        self.change(&["booking", "cancel", booking["id"].as_str().expect("an id")]);
                    }
                }
                _ => self.lay_or_remove(&mut dice, &lists),
            }
            std::thread::sleep(Duration::from_millis(100 + dice.roll(400)));
        }
    }

    /// An hour of the afternoon, of which it asks first whether something lies there.
    fn lay_or_remove(&self, dice: &mut Dice, lists: &[&str]) {
        let day = i32::try_from(dice.roll(u64::try_from(WEEKS * 5).expect("days"))).expect("few");
        let hour = stretch(working_day(day), 14 * 60, 60).to_string();
        let Some(list) = self.ask(&[&["preblock", "list"], lists].concat()) else { return };
        let start = hour.split('/').next().expect("a start");
        match list.as_array().is_some_and(|all| all.iter().any(|it| it["start"] == start)) {
            true => self.change(&["preblock", "remove", SCRIPTS, &hour]),
            false => self.change(&["preblock", "add", SCRIPTS, "e-us", &hour]),
        }
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
