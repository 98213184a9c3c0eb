//! `tidbok man`: man pages of the commands and of the handbook, as files for `man`. Needs no database.

use std::fs;
use std::path::{Path, PathBuf};

use clap::CommandFactory;
use roff::{Roff, bold, roman};

use super::{Cli, Failure};
use crate::texts::{Block, Language, Topic, blocks};
use crate::tui::keymap::Keymap;

#[derive(clap::Args, Debug)]
pub struct Arguments {
    /// Where they are written, as man1, man7 and sv/man7, such as /usr/local/share/man
    #[arg(value_name = "FOLDER")]
    folder: PathBuf,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let written = write_commands(&arguments.folder).and_then(|()| {
        Language::ALL.iter().try_for_each(|language| write_handbook(&arguments.folder, *language))
    });
    written.map_err(Failure::Output)
}

/// `tidbok(1)`, and a page a command.
fn write_commands(folder: &Path) -> std::io::Result<()> {
    let folder = folder.join("man1");
    fs::create_dir_all(&folder)?;
    clap_mangen::generate_to(Cli::command(), &folder)
}

/// `tidbok-first-day(7)` and its like.
fn write_handbook(folder: &Path, language: Language) -> std::io::Result<()> {
    let folder = language.pick(folder.join("sv"), folder.to_owned()).join("man7");
    fs::create_dir_all(&folder)?;
    let keymap = Keymap::default();
    Topic::ALL.iter().try_for_each(|topic| {
        let name = format!("tidbok-{}", topic.name(language));
        let text = topic.text(language, |action| keymap.key_named(action));
        let page = page(&name, topic.title(language), &text, language);
        fs::write(folder.join(format!("{name}.7")), page.to_roff())
    })
}

fn page(name: &str, title: &str, text: &str, language: Language) -> Roff {
    let mut page = Roff::new();
    page.control("TH", [name, "7", "", "tidbok", title]);
    page.control("SH", [language.pick("NAMN", "NAME")]);
    page.text([roman(format!("{name} - {title}"))]);
    // The first is the title.
    for block in blocks(text).into_iter().skip(1) {
        set(&mut page, block);
    }
    page
}

fn set(page: &mut Roff, block: Block) {
    match block {
        Block::Heading(text) => page.control("SH", [text.as_str()]),
        Block::Paragraph(text) => page.control("PP", []).text([roman(text)]),
        Block::Item(mark, text) => page.control("IP", [mark.as_str(), "4"]).text([roman(text)]),
        Block::Verbatim(lines) => {
            page.control("PP", []).control("nf", []).control("RS", []);
            for line in lines {
                page.text([bold(line)]);
            }
            page.control("RE", []).control("fi", [])
        }
    };
}
