//! `tidbok doctor`: everything that can be found wrong without trying it on a patient. Reads only.
//!
//! Exit code 0 where nothing is wrong, 1 where something is; advice and notices are not faults.

mod agent;
mod checks;
mod installation;
mod machine;

use std::path::PathBuf;

use chrono::Utc;
use serde::Serialize;

use crate::clinic::Clinic;
use crate::config::ChosenBy;
use crate::domain::{Finding, Setup, Severity, check};
use crate::store::{OpenMode, Store};
use crate::texts::{self, Language};

use self::checks::{Check, State};
use super::context::{self, Context};
use super::layout::Layout;
use super::{Failure, Global, output};

#[derive(clap::Args, Debug)]
pub struct Arguments {
    /// Write JSON
    #[arg(long)]
    json: bool,
    /// Look at the installation below this folder, as `tidbok setup --root` writes it
    #[arg(long, value_name = "FOLDER")]
    root: Option<PathBuf>,
}

/// What has been looked at and found.
pub(super) struct Report {
    language: Language,
    checks: Vec<Check>,
    /// `None` where the settings could not be read.
    settings: Option<Settings>,
}

struct Settings {
    setup: std::sync::Arc<Setup>,
    findings: Vec<Finding>,
}

pub(super) async fn run(global: Global, arguments: &Arguments) -> Result<(), Failure> {
    let language = context::language(&global);
    let layout = Layout::new(arguments.root.as_deref());
    let report = match Context::at(global, &layout) {
        Ok(context) => examine(&context, &layout).await,
        Err(failure) => {
            let told = checks::configuration(Some(&failure.to_string()), language);
            Report { language, checks: vec![told], settings: None }
        }
    };
    output::print(&if arguments.json { report.json()? } else { report.text() })?;
    match report.faults() {
        0 => Ok(()),
        faults => Err(Failure::Refused(report.language.pick(
            format!("{faults} fel; raderna ovan säger var de rättas"),
            format!("faults: {faults}; the lines above tell where to mend them"),
        ))),
    }
}

/// Looks at everything.
pub(super) async fn examine(context: &Context, layout: &Layout) -> Report {
    let language = context.language;
    let keys = context.keymap().err().map(|failure| failure.to_string());
    let mut report = Report {
        language,
        checks: vec![checks::configuration(keys.as_deref(), language)],
        settings: None,
    };
    report.checks.extend(installation::files(layout, language));
    report.checks.extend(installation::secrets(layout, language));
    report.checks.extend(installation::left_behind(layout, language));
    report.checks.extend(installation::portal(layout, language));
    report.checks.extend(installation::services(layout, language));
    examine_database(context, layout, &mut report).await;
    let zone = report.settings.as_ref().map(|settings| settings.setup.zone).unwrap_or_default();
    report.checks.push(machine::clock(language).await);
    if let Some(portal) = installation::publishes_to(layout) {
        report.checks.push(machine::other_clock(&portal, language).await);
    }
    report.checks.push(machine::zone(zone, language));
    report.checks.push(machine::terminal(|name| std::env::var(name).ok(), language));
    report
}

async fn examine_database(context: &Context, layout: &Layout, report: &mut Report) {
    let (language, location) = (context.language, &context.settings.database);
    let unnamed = context.settings.chosen_by == ChosenBy::Default;
    if unnamed && layout.portal().exists() && location.file().is_some_and(|file| !file.exists()) {
        report.checks.push(checks::database_elsewhere(language));
        return;
    }
    match context.open(OpenMode::Existing).await {
        Ok(store) => {
            report.checks.push(checks::database(location, language));
            report.checks.push(checks::permissions(location, language));
            report
                .checks
                .extend(location.file().into_iter().flat_map(|file| machine::room(file, language)));
            examine_store(context, layout, &store, report).await;
            store.close().await;
        }
        Err(failure) => report.checks.push(checks::no_database(&failure.to_string(), language)),
    }
}

async fn examine_store(context: &Context, layout: &Layout, store: &Store, report: &mut Report) {
    let language = context.language;
    report.checks.extend(checks::inside(store, language).await);
    report.checks.extend(checks::waiting(store.reads_what_is_committed().await, language));
    let clinic = Clinic::new(store.clone());
    let read = async {
        let (setup, users) = (clinic.setup().await?, clinic.users().await?);
        let agent = agent::agent(&clinic, &setup, layout, language).await?;
        Ok((setup, users, agent))
    };
    let (setup, users, agent) = match read.await {
        Ok(read) => read,
        Err(error) => {
            let failure = context.failure(&error, &Setup::default());
            report.checks.push(checks::unreadable(&failure.to_string(), language));
            return;
        }
    };
    report.checks.push(agent);
    match context.who_looks(&users) {
        Ok(actor) => {
            report.checks.push(checks::audit(store, &actor, language).await);
            let today = setup.zone.civil(Utc::now()).date();
            let findings = check(&setup, &users, today);
            report.settings = Some(Settings { setup, findings });
        }
        // Whoever may not look at the clinic is told no more about it.
        Err(error) => report.checks.push(checks::nobody(&error, language)),
    }
}

#[derive(Serialize)]
struct JsonFinding {
    severity: &'static str,
    rule: &'static str,
    entity: String,
    remark: &'static str,
    subject: String,
    text: String,
    screen: &'static str,
    manual: &'static str,
}

#[derive(Serialize)]
struct JsonReport<'a> {
    faults: usize,
    checks: Vec<checks::JsonCheck<'a>>,
    findings: Option<Vec<JsonFinding>>,
}

impl Report {
    /// How much is wrong.
    pub(super) fn faults(&self) -> usize {
        let checks = self.checks.iter().filter(|check| check.state == State::Fault).count();
        let of_settings = |settings: &Settings| {
            settings.findings.iter().filter(|it| it.severity() == Severity::Fault).count()
        };
        checks + self.settings.as_ref().map_or(0, of_settings)
    }

    fn json(&self) -> Result<String, Failure> {
        let of_settings = |settings: &Settings| {
            settings.findings.iter().map(|finding| self.json_finding(finding, settings)).collect()
        };
        output::json_line(&JsonReport {
            faults: self.faults(),
            checks: self.checks.iter().map(Check::json).collect(),
            findings: self.settings.as_ref().map(of_settings),
        })
    }

    fn json_finding(&self, finding: &Finding, settings: &Settings) -> JsonFinding {
        let place = texts::finding_place(self.language, finding);
        JsonFinding {
            severity: finding.severity().key(),
            rule: finding.rule(),
            entity: finding.subject.entity(),
            remark: finding.remark.key(),
            subject: texts::finding_subject(self.language, &finding.subject, &settings.setup),
            text: texts::finding(self.language, finding, &settings.setup),
            screen: place.screen,
            manual: place.manual,
        }
    }

    /// Everything in lines.
    pub(super) fn text(&self) -> String {
        let mut text: String = self.checks.iter().map(|check| check.line(self.language)).collect();
        let Some(settings) = &self.settings else { return text };
        let title = self.language.pick("Inställningar", "Settings");
        if settings.findings.is_empty() {
            let nothing = self.language.texts().nothing_to_remark;
            text.push_str(&checks::line(self.language, State::Well, title, nothing));
        }
        for finding in &settings.findings {
            text.push_str(&self.finding_lines(finding, settings));
        }
        text
    }

    fn finding_lines(&self, finding: &Finding, settings: &Settings) -> String {
        let language = self.language;
        let place = texts::finding_place(language, finding);
        let told = output::plain(&texts::finding(language, finding, &settings.setup));
        let subject = texts::finding_subject(language, &finding.subject, &settings.setup);
        let mend = language.pick("Rättas i", "Mend it in");
        format!(
            "{:<7} {} {}: {told}\n        {mend} {} ({})\n",
            texts::severity_name(language, finding.severity()),
            finding.rule(),
            output::plain(&subject),
            place.screen,
            place.manual,
        )
    }
}
