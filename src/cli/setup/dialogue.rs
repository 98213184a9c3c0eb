//! A dialogue by lines: a question with what holds now in brackets, an answer, and what is wrong with it.

use std::io::{BufRead, IsTerminal, Read, stdin};

use crate::cli::{Failure, output};
use crate::texts::{Language, is_steering};

/// A longer answer is none.
const LONGEST: u64 = 4096;

/// What stands for nothing, where nothing may be answered.
const NOTHING: &str = "-";

/// Who answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answering {
    /// Whoever is at standard input.
    Person,
    /// Nobody: what holds now, or is usual, is taken.
    Defaults,
}

/// Asks, and reads answers.
pub(super) struct Dialogue {
    pub(super) language: Language,
    answering: Answering,
}

/// A secret that was typed; never shown.
pub(super) struct Secret(pub(super) String);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Whether a secret is there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kept {
    There,
    Missing,
}

impl Dialogue {
    pub(super) fn new(language: Language, answering: Answering) -> Self {
        Self { language, answering }
    }

    pub(super) fn takes_defaults(&self) -> bool {
        self.answering == Answering::Defaults
    }

    /// One of two texts, in the language of the dialogue.
    pub(super) fn pick<T>(&self, swedish: T, english: T) -> T {
        self.language.pick(swedish, english)
    }

    /// A line, where somebody reads along.
    pub(super) fn say(&self, line: &str) -> Result<(), Failure> {
        match self.answering {
            Answering::Person => output::print(&format!("{line}\n")),
            Answering::Defaults => Ok(()),
        }
    }

    /// Asks until the answer is understood. An empty one takes the default.
    pub(super) fn ask<T>(
        &self,
        question: &str,
        default: Option<&str>,
        understand: impl Fn(&str) -> Result<T, String>,
    ) -> Result<T, Failure> {
        if self.answering == Answering::Defaults {
            let default = default.ok_or_else(|| self.unanswered(question))?;
            return understand(default)
                .map_err(|wrong| Failure::Usage(format!("{question}: {wrong}")));
        }
        let shown = default.map(|it| format!(" [{}]", output::plain(it))).unwrap_or_default();
        loop {
            output::print(&format!("{question}{shown}: "))?;
            let understood = match (self.line(question)?, default) {
                (Err(wrong), _) => Err(wrong),
                (Ok(answer), Some(default)) if answer.is_empty() => understand(default),
                (Ok(answer), None) if answer.is_empty() => {
                    Err(self.pick("ett svar behövs här", "an answer is needed here").to_owned())
                }
                (Ok(answer), _) => understand(&answer),
            };
            match understood {
                Ok(answer) => return Ok(answer),
                Err(wrong) => output::print(&format!("  {wrong}\n"))?,
            }
        }
    }

    /// Asks for what may be left out: `-` says that it is.
    pub(super) fn ask_or_nothing<T>(
        &self,
        question: &str,
        default: Option<&str>,
        understand: impl Fn(&str) -> Result<T, String>,
    ) -> Result<Option<T>, Failure> {
        self.ask(question, Some(default.unwrap_or(NOTHING)), |answer| match answer {
            NOTHING => Ok(None),
            answer => understand(answer).map(Some),
        })
    }

    /// Asks for one of some words, in Swedish or English.
    pub(super) fn choose<T: Copy + PartialEq>(
        &self,
        question: &str,
        default: T,
        words: &[(&'static str, &'static str, T)],
    ) -> Result<T, Failure> {
        let word = |it: &(&'static str, &'static str, T)| self.pick(it.0, it.1);
        let list = words.iter().map(word).collect::<Vec<_>>().join(", ");
        let default = words.iter().find(|it| it.2 == default).map(word);
        self.ask(&format!("{question} ({list})"), default, |answer| {
            let answer = answer.to_lowercase();
            let found = words.iter().find(|it| it.0 == answer || it.1 == answer);
            found.map(|it| it.2).ok_or_else(|| {
                self.pick(
                    format!("svara med ett av orden: {list}"),
                    format!("answer with one of: {list}"),
                )
            })
        })
    }

    /// Asks for yes or no.
    pub(super) fn yes(&self, question: &str, default: bool) -> Result<bool, Failure> {
        let default = match default {
            true => self.pick("ja", "yes"),
            false => self.pick("nej", "no"),
        };
        self.ask(question, Some(default), |answer| match answer.to_lowercase().as_str() {
            "j" | "ja" | "y" | "yes" => Ok(true),
            "n" | "nej" | "no" => Ok(false),
            _ => Err(self.pick("svara ja eller nej", "answer yes or no").to_owned()),
        })
    }

    /// Asks for a secret, unseen where it is typed. `None` keeps the one that is there.
    pub(super) fn secret(
        &self,
        question: &str,
        kept: Kept,
        understand: impl Fn(&str) -> Result<(), String>,
    ) -> Result<Option<Secret>, Failure> {
        match (self.answering, kept) {
            (Answering::Defaults, Kept::There) => return Ok(None),
            (Answering::Defaults, Kept::Missing) => return Err(self.unanswered(question)),
            (Answering::Person, _) => {}
        }
        let shown = match kept {
            Kept::There => self.pick(" [den som finns]", " [the one that is there]"),
            Kept::Missing => "",
        };
        loop {
            let prompt = format!("{question}{shown}: ");
            let typed = if stdin().is_terminal() {
                rpassword::prompt_password(prompt).map(Ok).map_err(|_| self.ended(question))?
            } else {
                output::print(&prompt)?;
                self.line(question)?
            };
            let wrong = match typed {
                Ok(typed) if typed.is_empty() && kept == Kept::There => return Ok(None),
                Ok(typed) => match understand(&typed) {
                    Ok(()) if !typed.trim().is_empty() => return Ok(Some(Secret(typed))),
                    Ok(()) => {
                        self.pick("ett svar behövs här", "an answer is needed here").to_owned()
                    }
                    Err(wrong) => wrong,
                },
                Err(wrong) => wrong,
            };
            output::print(&format!("  {wrong}\n"))?;
        }
    }

    /// A line of standard input, or what is wrong with it.
    fn line(&self, question: &str) -> Result<Result<String, String>, Failure> {
        let mut bytes = Vec::new();
        // Given back at once: skipping the rest of a line takes it again.
        let read = stdin().lock().take(LONGEST).read_until(b'\n', &mut bytes);
        if read.map_err(|_| self.ended(question))? == 0 {
            return Err(self.ended(question));
        }
        let whole = bytes.ends_with(b"\n") || (bytes.len() as u64) < LONGEST;
        if !whole {
            self.skip_line(question)?;
            let wrong = self.pick("svaret är för långt", "the answer is too long");
            return Ok(Err(wrong.to_owned()));
        }
        if !stdin().is_terminal() {
            // What is answered is not seen by itself: the questions would run together.
            output::print("\n")?;
        }
        Ok(match String::from_utf8(bytes) {
            Ok(text) if !text.trim_end_matches(['\n', '\r']).contains(is_steering) => {
                Ok(text.trim().to_owned())
            }
            _ => Err(self
                .pick(
                    "svaret innehåller annat än text i UTF-8",
                    "the answer holds something that is no text in UTF-8",
                )
                .to_owned()),
        })
    }

    fn skip_line(&self, question: &str) -> Result<(), Failure> {
        let skipped = stdin().lock().skip_until(b'\n');
        skipped.map(drop).map_err(|_| self.ended(question))
    }

    fn ended(&self, question: &str) -> Failure {
        Failure::Refused(self.pick(
            format!(
                "svaren tog slut vid \"{question}\": inget är skrivet. Kör `tidbok setup` igen när du \
                 vill."
            ),
            format!(
                "the answers ended at \"{question}\": nothing was written. Run `tidbok setup` again \
                 when you like."
            ),
        ))
    }

    fn unanswered(&self, question: &str) -> Failure {
        Failure::Usage(self.pick(
            format!("\"{question}\" har inget svar att ta: kör `tidbok setup` utan --yes"),
            format!("\"{question}\" has no answer to take: run `tidbok setup` without --yes"),
        ))
    }
}
