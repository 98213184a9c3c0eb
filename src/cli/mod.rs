//! The command line: reads what is asked, lets the clinic do it, says what came of it.
//!
//! May use every room; holds no rules. One file a subcommand.

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
    /// Make, cancel and list bookings
    #[command(subcommand)]
    Booking(booking::Subcommands),
    /// Find and show patients
    #[command(subcommand)]
    Patient(patient::Subcommands),
    /// Repeat a week's sessions or preblocks
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
    if let Some(Subcommands::Completions(arguments)) = &cli.command {
        return completions::run(arguments);
    }
    if let Some(Subcommands::Man(arguments)) = &cli.command {
        return man::run(arguments);
    }
    if let Some(Subcommands::Help(arguments)) = &cli.command {
        return help::run(cli.global, arguments);
    }
    if let Some(Subcommands::Demo(arguments)) = cli.command {
        return demo::run(cli.global, arguments).await;
    }
    if let Some(Subcommands::Copy(arguments)) = cli.command {
        return copy::run(cli.global, &arguments).await;
    }
    if let Some(Subcommands::Setup(arguments)) = &cli.command {
        return setup::run(cli.global, arguments).await;
    }
    if let Some(Subcommands::Portal(arguments)) = cli.command {
        return portal::run(cli.global, arguments).await;
    }
    if let Some(Subcommands::Sync(arguments)) = &cli.command
        && let Some(text) = arguments.prints()
    {
        return output::print(text);
    }
    if let Some(Subcommands::Status(arguments)) = cli.command {
        return status::run(cli.global, arguments).await;
    }
    if let Some(Subcommands::Doctor(arguments)) = &cli.command {
        return doctor::run(cli.global, arguments).await;
    }
    let context = Context::new(cli.global)?;
    match cli.command {
        None => console::run(&context).await,
        Some(Subcommands::Init) => init::run(&context).await,
        Some(Subcommands::Migrate(arguments)) => migrate::run(&context, &arguments).await,
        Some(Subcommands::Backup(arguments)) => backup::run(&context, &arguments).await,
        Some(Subcommands::Import(arguments)) => import::run(&context, &arguments).await,
        Some(Subcommands::Export(arguments)) => export::run(&context, &arguments).await,
        Some(Subcommands::Slots(arguments)) => slots::run(&context, &arguments).await,
        Some(Subcommands::Free(arguments)) => free::run(&context, &arguments).await,
        Some(Subcommands::Day(arguments)) => day::run(&context, &arguments).await,
        Some(Subcommands::Why(arguments)) => why::run(&context, &arguments).await,
        Some(Subcommands::Preblock(command)) => preblock::run(&context, command).await,
        Some(Subcommands::Session(command)) => session::run(&context, command).await,
        Some(Subcommands::Booking(command)) => booking::run(&context, command).await,
        Some(Subcommands::Patient(command)) => patient::run(&context, command).await,
        Some(Subcommands::Repeat(command)) => repeat::run(&context, command).await,
        Some(Subcommands::Audit(command)) => audit::run(&context, command).await,
        Some(Subcommands::Sync(arguments)) => sync::run(&context, &arguments).await,
        Some(Subcommands::Password(arguments)) => password::run(&context, &arguments).await,
        Some(Subcommands::Config(arguments)) => config::run(&context, &arguments),
        Some(
            Subcommands::Demo(_)
            | Subcommands::Copy(_)
            | Subcommands::Doctor(_)
            | Subcommands::Status(_)
            | Subcommands::Portal(_)
            | Subcommands::Help(_)
            | Subcommands::Man(_)
            | Subcommands::Setup(_)
            | Subcommands::Completions(_),
        ) => Ok(()),
    }
}
