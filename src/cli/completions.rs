//! `tidbok completions`: needs no database.

use clap::CommandFactory;
use clap_complete::Shell;

use super::{Cli, Failure, output};

#[derive(clap::Args, Debug)]
pub struct Arguments {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut Cli::command(), "tidbok", &mut script);
    output::print(&String::from_utf8_lossy(&script))
}
