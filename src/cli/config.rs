//! `tidbok config`: the configuration in force, and where each value comes from.

use serde::Serialize;

use crate::config::{Chosen, ChosenBy, DATABASE_VARIABLE, NO_COLOR_VARIABLE};
use crate::texts::Language;

use super::context::Context;
use super::{Failure, output};

#[derive(clap::Args, Debug)]
pub struct Arguments {
    /// Write JSON
    #[arg(long)]
    json: bool,
}

/// One value in force.
#[derive(Serialize)]
struct Row {
    key: String,
    /// `null` where the terminal or the locale decides.
    value: Option<String>,
    source: &'static str,
    /// The file that says so.
    file: Option<String>,
    #[serde(skip)]
    by: ChosenBy,
}

pub(super) fn run(context: &Context, arguments: &Arguments) -> Result<(), Failure> {
    // Keys that can't be used are told of here, too.
    context.keymap()?;
    let rows = rows(context);
    output::print(&match arguments.json {
        true => output::json_list(&rows)?,
        false => table(context, &rows),
    })
}

fn rows(context: &Context) -> Vec<Row> {
    let settings = &context.settings;
    let row = |key: &str, value: Option<String>, by: ChosenBy| Row {
        key: key.to_owned(),
        value,
        source: by.name(),
        file: context.places.file(by).map(|file| file.display().to_string()),
        by,
    };
    let named = |key, chosen: &Chosen<&str>| row(key, Some(chosen.value.to_owned()), chosen.by);
    let Chosen { value: login, by: login_by } = settings.login;
    let Chosen { value: language, by: language_by } = settings.language;
    let mut rows = vec![
        row("database", Some(settings.database.to_string()), settings.chosen_by),
        named("login", &Chosen { value: login.name(), by: login_by }),
        row(
            "lock_minutes",
            settings.lock_minutes.value.map(|it| it.minutes().to_string()),
            settings.lock_minutes.by,
        ),
        row("restricted", Some(settings.restricted.value.to_string()), settings.restricted.by),
        named("language", &Chosen { value: language.name(), by: language_by }),
        row("theme", settings.theme.value.map(|it| it.name().to_owned()), settings.theme.by),
        row("ascii", settings.ascii.value.map(|it| it.to_string()), settings.ascii.by),
        row(
            "row_minutes",
            Some(settings.row_minutes.value.minutes().to_string()),
            settings.row_minutes.by,
        ),
    ];
    rows.extend(
        settings
            .keys
            .iter()
            .map(|(id, own)| row(&format!("keys.{id}"), Some(own.value.0.join(", ")), own.by)),
    );
    rows
}

fn table(context: &Context, rows: &[Row]) -> String {
    let language = context.language;
    let cells: Vec<_> = rows
        .iter()
        .map(|row| {
            let value = row.value.clone();
            let unset = match row.key.as_str() {
                "lock_minutes" => language.pick("aldrig", "never"),
                _ => language.pick("som terminalen säger", "as the terminal tells"),
            };
            let value = value.unwrap_or_else(|| unset.to_owned());
            [row.key.clone(), value, source(language, row)]
        })
        .collect();
    let head = language.pick(["NYCKEL", "VÄRDE", "KOMMER FRÅN"], ["KEY", "VALUE", "COMES FROM"]);
    let files = [ChosenBy::MachineConfig, ChosenBy::UserConfig].map(|by| {
        let path = context.places.file(by).map_or("–".to_owned(), |it| it.display().to_string());
        format!("{}: {path}\n", source_name(language, by))
    });
    format!("{}\n{}", output::table(head, &cells, ""), output::plain_lines(&files.concat()))
}

fn source(language: Language, row: &Row) -> String {
    match (row.by, row.key.as_str()) {
        (ChosenBy::Option, key) => format!("--{key}"),
        (ChosenBy::Variable, "database") => DATABASE_VARIABLE.to_owned(),
        (ChosenBy::Variable, _) => NO_COLOR_VARIABLE.to_owned(),
        (by, _) => source_name(language, by).to_owned(),
    }
}

fn source_name(language: Language, by: ChosenBy) -> &'static str {
    match by {
        ChosenBy::MachineConfig => language.pick("datorns fil", "the machine's file"),
        ChosenBy::UserConfig => language.pick("användarens fil", "the user's file"),
        ChosenBy::LoginShell => language.pick("inloggningsskal", "login shell"),
        ChosenBy::Default => language.pick("standard", "default"),
        ChosenBy::Option | ChosenBy::Variable => by.name(),
    }
}
