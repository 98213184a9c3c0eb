//! What is there already: the defaults of the dialogue. What can't be understood is told of and left as
//! it is.

use crate::cli::layout::Layout;
use crate::cli::{Failure, drop_in, mail_file, portal, toml_file, units};
use crate::config::{ConfigError, ConfigFile};
use crate::store::DatabaseLocation;
use crate::texts::Language;

use super::toml_edits::{TomlFile, text_of};

/// What a new file of the machine's begins with.
const HEAD: &str = "\
# tidbok on this machine; `tidbok config` tells what is in force.
language = \"sv\"
login = \"os\"
";

/// The files, as they are.
pub(super) struct Existing {
    pub(super) config: TomlFile,
    pub(super) said: ConfigFile,
    pub(super) portal: TomlFile,
    pub(super) mail: TomlFile,
    /// Whether the booking page is a service here.
    pub(super) serves: bool,
    /// Where the agent publishes to.
    pub(super) publishes_to: Option<String>,
    /// Whether the agent sends e-mail.
    pub(super) mails: bool,
}

impl Existing {
    pub(super) fn read(layout: &Layout, language: Language) -> Result<Self, Failure> {
        let said = ConfigFile::read(&layout.config())
            .map_err(|error| Failure::config(language, &ConfigError::File(error)))?;
        let config = TomlFile::read(&layout.config(), HEAD)?;
        let portal = TomlFile::read(&layout.portal(), portal::EXAMPLE)?;
        if portal.is_there() {
            toml_file::read::<portal::PortalFile>(&layout.portal())?;
        }
        let mail = TomlFile::read(&layout.mail(), mail_file::EXAMPLE)?;
        if mail.is_there() {
            toml_file::read::<mail_file::MailFile>(&layout.mail())?;
        }
        let agent = text_of(&layout.found_drop_in(&units::SYNC))?.unwrap_or_default();
        Ok(Self {
            config,
            said,
            portal,
            mail,
            serves: layout.found_drop_in(&units::PORTAL).exists(),
            publishes_to: drop_in::variable(&agent, "TIDBOK_PORTAL"),
            mails: drop_in::variable(&agent, "TIDBOK_MAIL").is_some(),
        })
    }

    /// Nothing has been set up here yet.
    pub(super) fn is_new(&self) -> bool {
        !self.config.is_there() && !self.portal.is_there()
    }

    /// The database that the machine's file names, where it can be understood.
    pub(super) fn database(&self) -> Option<DatabaseLocation> {
        self.said.database.as_deref()?.parse().ok()
    }

    /// The clinic of the portal's file that is meant: the one that the agent publishes for, else the first.
    pub(super) fn clinic(&self) -> Option<String> {
        self.agents_clinic().or_else(|| self.clinics().into_iter().next())
    }

    /// Those of the portal's file; of a new one none, since what it begins with is an example.
    fn clinics(&self) -> Vec<String> {
        if self.portal.is_there() { self.portal.names(&["clinics"]) } else { Vec::new() }
    }

    /// The clinic of the portal's file that the agent publishes for.
    pub(super) fn agents_clinic(&self) -> Option<String> {
        let (_, name) = self.publishes_to.as_deref()?.rsplit_once("/fhir/")?;
        let name = name.trim_end_matches('/');
        self.clinics().into_iter().find(|it| it == name)
    }
}
