//! `tidbok help`: the handbook's pages, and what each command takes. Needs no database.

use clap::CommandFactory;

use super::context::Context;
use super::{Cli, Failure, Global, context, output};
use crate::texts::{Language, Topic};
use crate::tui::keymap::Keymap;

#[derive(clap::Args, Debug)]
pub struct Arguments {
    /// A page of the handbook, or a command; without any they are listed
    #[arg(value_name = "TOPIC|COMMAND")]
    of: Vec<String>,
}

pub(super) fn run(global: Global, arguments: &Arguments) -> Result<(), Failure> {
    let asked = context::language(&global);
    // Who can't get the configuration read needs help all the more.
    let (language, keymap) = match Context::new(global) {
        Ok(context) => (context.language, context.keymap().unwrap_or_default()),
        Err(_) => (asked, Keymap::default()),
    };
    match arguments.of.as_slice() {
        [] => output::print(&overview(language, &keymap.key_named("handbook"))),
        [name] if let Some(topic) = Topic::named(name) => {
            let page = topic.text(language, |action| keymap.key_named(action));
            output::print(&format!("{page}{}", also_a_command(language, name)))
        }
        path => output::print(&of_command(language, path)?),
    }
}

fn overview(language: Language, key: &str) -> String {
    let mut cli = Cli::command();
    let commands = cli.render_help();
    let pages = Topic::ALL
        .iter()
        .map(|topic| format!("  {:<16} {}\n", topic.name(language), topic.title(language)));
    let heading = language.pick(
        format!("Handboken (tidbok help SIDA; i konsolen {key}):"),
        format!("The handbook (tidbok help TOPIC; in the console {key}):"),
    );
    format!("{commands}\n{heading}\n{}", pages.collect::<String>())
}

/// How the help of a command is had that is called as the page is.
fn also_a_command(language: Language, name: &str) -> String {
    if Cli::command().find_subcommand(name).is_none() {
        return String::new();
    }
    language.pick(
        format!("\nVad kommandot tar: tidbok {name} --help\n"),
        format!("\nWhat the command takes: tidbok {name} --help\n"),
    )
}

/// What a command takes, named from the program down.
fn of_command(language: Language, path: &[String]) -> Result<String, Failure> {
    let mut cli = Cli::command();
    cli.build();
    let mut command = &mut cli;
    for name in path {
        let Some(found) = command.find_subcommand_mut(name) else {
            return Err(Failure::Usage(language.pick(
                format!(
                    "det finns varken någon sida eller något kommando som heter {name}; \
                     tidbok help räknar upp dem"
                ),
                format!("there is no page and no command named {name}; tidbok help lists them"),
            )));
        };
        command = found;
    }
    Ok(command.render_long_help().to_string())
}
