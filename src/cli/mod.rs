//! The command line: reads what is asked, lets the clinic do it, says what came of it.
//!
//! May use every room; holds no rules. One file a subcommand, and what they share:
//!
//! | file | what it does |
//! |---|---|
//! | `context`, `entered`, `actor`, `sign_in`, `shell` | which database, and who acts in it |
//! | `arguments`, `prompt`, `change`, `output`, `new_file`, `failure` | what is read, what is told, how it ends |
//! | `layout`, `units`, `drop_in`, `stop` | an installation's places and services |
//! | `service_file`, `toml_file`, `mail_file`, `secret_file` | the services' configuration files |
//! | `upgrade` | an older schema, told of while it is brought up to date |
//! | `demo_page`, `visitors` | the demo's booking page, and who has been there |
//! | `sync_check`, `sync_mail`, `patient_record` | parts of `tidbok sync` and `tidbok patient` |
//! | `console` | the console, where no subcommand is named |
//! | the others | a subcommand each |

mod actor;
mod arguments;
mod audit;
mod backup;
mod booking;
mod change;
mod completions;
mod config;
mod console;
mod context;
mod copy;
mod day;
mod demo;
mod demo_page;
mod doctor;
mod drop_in;
mod entered;
mod export;
mod failure;
mod free;
mod help;
mod import;
mod init;
mod layout;
mod mail_file;
mod man;
mod migrate;
mod new_file;
mod output;
mod password;
mod patient;
mod patient_record;
mod portal;
mod preblock;
mod prompt;
mod repeat;
mod secret_file;
mod service_file;
mod session;
mod setup;
mod shell;
mod sign_in;
mod slots;
mod status;
mod stop;
mod sync;
mod sync_check;
mod sync_mail;
mod toml_file;
mod units;
mod upgrade;
mod visitors;
mod why;

use clap::{Args, Parser, Subcommand};

use crate::config::{LanguageCode, Started, ThemeName};

use context::Context;
pub use failure::Failure;
pub use service_file::ServiceFile;

/// A dental clinic's appointment book and the internet times it publishes.
///
/// Without a command the console opens on the configured database.
#[derive(Parser, Debug)]
#[command(name = "tidbok", version, after_help = AFTER_HELP, disable_help_subcommand = true)]
pub struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Option<Subcommands>,
}

const AFTER_HELP: &str = "\
Database: --database, else TIDBOK_DATABASE, else the machine's configuration file, else the user's, \
else a file in the user's data folder.

Exit codes: 0 done, 1 refused by a rule or a permission, 2 wrong usage, 3 store not reachable.
Of status, as monitoring systems have it: 0 well, 1 warning, 2 critical, 3 unknown.";

/// Options of every command.
#[derive(Args, Clone, Debug)]
pub struct Global {
    /// The database, written sqlite:PATH or sqlserver://USER@HOST/DATABASE
    #[arg(long, global = true, value_name = "URL")]
    database: Option<String>,
    /// The user of the clinic who acts
    #[arg(long, global = true, value_name = "SIGNATURE")]
    user: Option<String>,
    /// The language of messages and console [default: sv]
    #[arg(long, global = true, value_name = "LANGUAGE", value_enum)]
    language: Option<LanguageCode>,
    /// The console's colours [default: as the terminal tells]
    #[arg(long, global = true, value_name = "THEME", value_enum)]
    theme: Option<ThemeName>,
    /// Draw the console without line-drawing characters [default: as the locale tells]
    #[arg(
        long,
        global = true,
        value_name = "true|false",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "true"
    )]
    ascii: Option<bool>,
    #[arg(skip)]
    started: Started,
}

#[derive(Subcommand, Debug)]
enum Subcommands {
    /// Open the console on a throw-away clinic, with a booking page's server beside it
    Demo(demo::Arguments),
    /// Set up this machine: database, sign-in, booking page, agent and e-mail, by questions
    Setup(setup::Arguments),
    /// Create an empty database
    Init,
    /// Bring the database's schema up to date
    Migrate(migrate::Arguments),
    /// Copy a SQLite database to a new file, while others work on it
    Backup(backup::Arguments),
    /// Copy everything of a database into another, empty one
    Copy(copy::Arguments),
    /// Read a clinic file into the database
    ///
    /// A clinic file is one JSON document with everything that a clinic has, as `tidbok export` writes it;
    /// --print-example shows one. Every fault in it is told with its place, and then nothing is read in.
    Import(import::Arguments),
    /// Write the clinic as a clinic file
    Export(export::Arguments),
    /// List the times that patients can book
    Slots(arguments::Listing),
    /// Find the next times that are free for staff
    Free(free::Arguments),
    /// List a day, to print or read aloud
    Day(day::Arguments),
    /// Tell why patients can't book a time
    Why(why::Arguments),
    /// Lay, remove and list preblocks
    #[command(subcommand)]
    Preblock(preblock::Subcommands),
    /// Add, remove and list work sessions
    #[command(subcommand)]
    Session(session::Subcommands),
    /// Make, move, edit, cancel and list bookings
    #[command(subcommand)]
    Booking(booking::Subcommands),
    /// Find, show, export and erase patients
    #[command(subcommand)]
    Patient(patient::Subcommands),
    /// Repeat a week's sessions or preblocks, or lay a week template
    #[command(subcommand)]
    Repeat(repeat::Subcommands),
    /// Read and verify the audit log
    #[command(subcommand)]
    Audit(audit::Subcommands),
    /// Tell the configuration in force, and where each value comes from
    Config(config::Arguments),
    /// Check settings, database, audit log, configuration, services and machine
    Doctor(doctor::Arguments),
    /// Tell how it goes with the Online Client, which database this is, and who acts
    Status(status::Arguments),
    /// Keep the booking page in step with the clinic, and bring bookings back
    Sync(sync::Arguments),
    /// Serve the booking page, and its data to clinics' agents
    Portal(portal::Arguments),
    /// Set a user's password
    Password(password::Arguments),
    /// Read the handbook, or what a command takes
    Help(help::Arguments),
    /// Write completions for a shell
    Completions(completions::Arguments),
    /// Write man pages
    Man(man::Arguments),
}

/// Does what the command line asks.
///
/// # Errors
/// [`Failure`], to be told to the user.
pub async fn run(cli: Cli) -> Result<(), Failure> {
    use Subcommands::*;
    let Cli { global, command } = cli;
    let Some(command) = command else { return console::run(&Context::new(global)?).await };
    match command {
        // Those that need no configuration, or read it in a way of their own.
        Completions(arguments) => completions::run(&arguments),
        Man(arguments) => man::run(&arguments),
        Help(arguments) => help::run(global, &arguments),
        Demo(arguments) => demo::run(global, arguments).await,
        Copy(arguments) => copy::run(global, &arguments).await,
        Setup(arguments) => setup::run(global, &arguments).await,
        Portal(arguments) => portal::run(global, arguments).await,
        Status(arguments) => status::run(global, arguments).await,
        Doctor(arguments) => doctor::run(global, &arguments).await,
        Sync(arguments) if let Some(text) = arguments.prints() => output::print(text),
        Init => init::run(&Context::new(global)?).await,
        Migrate(arguments) => migrate::run(&Context::new(global)?, &arguments).await,
        Backup(arguments) => backup::run(&Context::new(global)?, &arguments).await,
        Import(arguments) => import::run(&Context::new(global)?, &arguments).await,
        Export(arguments) => export::run(&Context::new(global)?, &arguments).await,
        Slots(arguments) => slots::run(&Context::new(global)?, &arguments).await,
        Free(arguments) => free::run(&Context::new(global)?, &arguments).await,
        Day(arguments) => day::run(&Context::new(global)?, &arguments).await,
        Why(arguments) => why::run(&Context::new(global)?, &arguments).await,
        Preblock(command) => preblock::run(&Context::new(global)?, command).await,
        Session(command) => session::run(&Context::new(global)?, command).await,
        Booking(command) => booking::run(&Context::new(global)?, command).await,
        Patient(command) => patient::run(&Context::new(global)?, command).await,
        Repeat(command) => repeat::run(&Context::new(global)?, command).await,
        Audit(command) => audit::run(&Context::new(global)?, command).await,
        Config(arguments) => config::run(&Context::new(global)?, &arguments),
        Sync(arguments) => sync::run(&Context::new(global)?, &arguments).await,
        Password(arguments) => password::run(&Context::new(global)?, &arguments).await,
    }
}
