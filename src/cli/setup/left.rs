//! What is left to do by hand, with the exact commands.

use std::path::Path;

use crate::cli::layout::Layout;
use crate::cli::{output, units};
use crate::config::{DATABASE_PASSWORD, Login};
use crate::store::{DatabaseLocation, Instance, ServerLocation};
use crate::texts::Language;

use super::answers::{Answers, ClinicAnswers, PortalAnswers};
use super::plan::Plan;

/// The program in a shell, at work on the database: named where no file of the machine names it.
pub(super) fn program(database: &DatabaseLocation, layout: &Layout) -> String {
    match database {
        _ if layout.is_machine() => "tidbok".to_owned(),
        DatabaseLocation::Sqlite(_) => format!("tidbok --database {database}"),
        // What stands in a server's address means something else to a shell.
        DatabaseLocation::SqlServer(_) => format!(
            "{}={} tidbok --database '{database}'",
            DATABASE_PASSWORD.file_variable,
            super::secrets::database_password(layout).display()
        ),
    }
}

/// A server as `sqlcmd -S` takes it: the port behind a comma.
fn as_sqlcmd_writes(server: &ServerLocation) -> String {
    let written = server.server();
    match (&server.instance, written.rsplit_once(':')) {
        (Instance::Port(port), Some((host, last))) if last == port.to_string() => {
            format!("{host},{port}")
        }
        _ => written,
    }
}

/// Where the handbook has a SQLite database's copies.
const BACKUPS: &str = "/var/backups/tidbok";

/// The list, in order.
pub(super) struct Left {
    language: Language,
    things: Vec<String>,
}

impl Left {
    pub(super) fn new(language: Language) -> Self {
        Self { language, things: Vec::new() }
    }

    /// Something to do, and how.
    pub(super) fn command(&mut self, swedish: &str, english: &str, command: &str) {
        let what = self.language.pick(swedish, english);
        self.things.push(format!("{what}:\n    {command}"));
    }

    fn note(&mut self, swedish: String, english: String) {
        self.things.push(self.language.pick(swedish, english));
    }

    /// As it is told. Below a folder to try things out in there are neither services nor accounts.
    pub(super) fn text(&self, layout: &Layout) -> String {
        if self.things.is_empty() {
            return String::new();
        }
        let mut text = format!("\n{}\n", self.language.pick("Kvar att göra:", "Left to do:"));
        if !layout.is_machine() {
            text.push_str(self.language.pick(
                "(Här är en mapp att prova i: kommandon som börjar med tidbok går att köra. De andra hör till \
                 en riktig installation, och gäller inte mappen.)\n",
                "(This is a folder to try things out in: commands that begin with tidbok can be run. The \
                 others are of a real installation, and not for the folder.)\n",
            ));
        }
        for (at, thing) in self.things.iter().enumerate() {
            text.push_str(&format!("{:>2}. {}\n", at + 1, output::plain_lines(thing)));
        }
        text
    }

    /// Adds what this program can't do by itself.
    pub(super) fn by_hand(&mut self, answers: &Answers, plan: &Plan, layout: &Layout) {
        if let Some(clinic) = &answers.clinic {
            self.of_database(clinic, layout);
        }
        if let Some(portal) = &answers.portal {
            self.of_portal(portal, answers, layout);
        }
        if let Some(clinic) = &plan.deserted {
            let file = layout.portal();
            self.note(
                format!(
                    "[clinics.{clinic}] står kvar i {}, och ingen agent här publicerar dit längre: ta bort \
                     avsnittet och dess hemligheter om kliniken bara har bytt namn",
                    file.display()
                ),
                format!(
                    "[clinics.{clinic}] is still in {}, and no agent here publishes there any more: take \
                     the section out, with its secrets, where the clinic has only changed its name",
                    file.display()
                ),
            );
        }
        if !plan.stopped.is_empty() {
            let names: Vec<&str> = plan.stopped.iter().map(|unit| unit.name).collect();
            self.command(
                "stoppa tjänsterna som inte ska gå här längre",
                "stop the services that are not to run here any more",
                &format!("systemctl disable --now {}", names.join(" ")),
            );
        }
    }

    fn of_database(&mut self, clinic: &ClinicAnswers, layout: &Layout) {
        match &clinic.database {
            DatabaseLocation::SqlServer(server) => {
                let grants = layout.grants();
                self.command(
                    "låt serverns administratör se över och köra skriptet med inloggningarna, igen när tabellerna finns",
                    "let the server's administrator look the script with the logins over, and run it, again once there are tables",
                    &format!("sqlcmd -S '{}' -i {}", as_sqlcmd_writes(server), grants.display()),
                );
                let file = super::secrets::database_password(layout);
                self.command(
                    "låt kontona vid konsolerna läsa lösenordet, om konsoler körs på den här datorn",
                    "let the consoles' accounts read the password, where consoles run on this machine",
                    &format!("chgrp tidbok {0} && chmod 640 {0}", file.display()),
                );
            }
            DatabaseLocation::Sqlite(_) => self.of_file(layout),
        }
        let first = match clinic.login {
            Login::Os => (
                "sätt upp kliniken; den första användaren får kontot tidbok, ge sedan var och en sitt",
                "set the clinic up; the first user gets the account tidbok, then give each their own",
            ),
            Login::Password | Login::None => {
                ("sätt upp kliniken, om den är ny", "set the clinic up, where it is new")
            }
        };
        let command = match (&clinic.database, layout.is_machine()) {
            (DatabaseLocation::Sqlite(_), true) => "sudo -u tidbok tidbok".to_owned(),
            (DatabaseLocation::SqlServer(_), true) => "sudo tidbok".to_owned(),
            (database, false) => program(database, layout),
        };
        self.command(first.0, first.1, &command);
    }

    fn of_file(&mut self, layout: &Layout) {
        self.command(
            "låt kontona vid konsolerna dela databasen: vart och ett i stället för KONTO",
            "let the consoles' accounts share the database: each in place of KONTO",
            "usermod --append --groups tidbok KONTO",
        );
        if !(layout.is_machine() && Path::new(BACKUPS).is_dir()) {
            self.command(
                "gör en mapp för säkerhetskopior, och ta dem där varje natt (`tidbok help sakerhetskopia`)",
                "make a folder for backups, and make them there each night (`tidbok help backup`)",
                &format!("sudo install -d -o tidbok -g tidbok -m 700 {BACKUPS}"),
            );
        }
    }

    fn of_portal(&mut self, portal: &PortalAnswers, answers: &Answers, layout: &Layout) {
        let at = portal.listen;
        if portal.tls.is_none() {
            self.note(
                format!(
                    "låt en proxy med TLS skicka vidare till http://{at}, med Host som den kom, och säga i \
                     X-Forwarded-For vem som frågar"
                ),
                format!(
                    "let a proxy with TLS pass on to http://{at}, with Host as it came, and say in \
                     X-Forwarded-For who asks"
                ),
            );
        } else {
            self.command(
                "starta om portalen när certifikatet förnyas",
                "start the portal anew when the certificate is renewed",
                &format!("systemctl restart {}", units::PORTAL.name),
            );
        }
        if let Some(e_id) = &portal.e_id {
            let (url, clinic) = (&e_id.public_url, &portal.clinic);
            self.note(
                format!("säg till förmedlaren att skicka webbläsare tillbaka till {url}/{clinic}/logged-in"),
                format!("tell the broker to send browsers back to {url}/{clinic}/logged-in"),
            );
        }
        if answers.agent.is_none() {
            let file = layout.folder().join(format!("{}-agent-token", portal.clinic));
            self.note(
                format!(
                    "för agentens token ({}) på ett säkert sätt till klinikens dator, och kör `tidbok \
                     setup` där",
                    file.display()
                ),
                format!(
                    "carry the agent's token ({}) to the clinic's machine by a safe way, and run `tidbok \
                     setup` there",
                    file.display()
                ),
            );
        }
    }
}
