//! The checks of what is installed: services, their files, and secrets.

use std::fs::File;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::checks::{Check, State};
use crate::cli::layout::{self, Layout, SERVICES};
use crate::cli::units::{self, Unit};
use crate::cli::{ServiceFile, drop_in, mail_file, portal};
use crate::texts::Language;

/// Where the agent publishes to, as its service is told, or whoever runs this.
pub(super) fn publishes_to(layout: &Layout) -> Option<String> {
    let own = std::fs::read_to_string(layout.found_drop_in(&units::SYNC)).ok();
    let of_service = own.and_then(|text| drop_in::variable(&text, "TIDBOK_PORTAL"));
    of_service.or_else(|| std::env::var("TIDBOK_PORTAL").ok().filter(|url| !url.is_empty()))
}

/// Each service that is set up here: whether its unit file is the one of this version.
pub(super) fn services(layout: &Layout, language: Language) -> Vec<Check> {
    SERVICES.into_iter().filter_map(|unit| service(unit, layout, language)).collect()
}

fn service(unit: &Unit, layout: &Layout, language: Language) -> Option<Check> {
    let own = layout.own_unit(unit);
    // An administrator's own goes before a package's.
    let path = if own.exists() { Some(own) } else { layout.packaged_unit(unit) };
    let name = language.pick("Tjänst", "Service");
    let check = |state, told: String| {
        Some(Check::new(unit.check, name, state, format!("{}: {told}", unit.name)))
    };
    let Some(path) = path else {
        if !layout.found_drop_in(unit).exists() {
            return None;
        }
        return check(
            State::Fault,
            language
                .pick("saknas: `tidbok setup` skriver den", "missing: `tidbok setup` writes it")
                .into(),
        );
    };
    match std::fs::read_to_string(&path) {
        Ok(text) if text == unit.text => check(
            State::Well,
            language.pick("som i den här versionen", "as in this version").into(),
        ),
        Ok(_) => {
            let (command, path) = (unit.command, path.display());
            check(
                State::Notice,
                language.pick(
                    format!(
                        "{path} är en annan än den här versionens: `tidbok {command} --print-unit > {path} \
                         && systemctl daemon-reload`"
                    ),
                    format!(
                        "{path} is another than this version's: `tidbok {command} --print-unit > {path} \
                         && systemctl daemon-reload`"
                    ),
                ),
            )
        }
        Err(error) => check(State::Fault, format!("{}: {error}", path.display())),
    }
}

/// The services' configuration files, where there are such: whether they are understood.
pub(super) fn files(layout: &Layout, language: Language) -> Vec<Check> {
    ServiceFile::ALL.into_iter().filter_map(|it| file(it, &it.path(layout), language)).collect()
}

fn file(kind: ServiceFile, path: &Path, language: Language) -> Option<Check> {
    let key = match kind {
        ServiceFile::Portal => "portal-file",
        ServiceFile::Mail => "mail-file",
    };
    let name = language.pick("Fil", "File");
    let shown = path.display();
    let told = match std::fs::read_to_string(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return None,
        Err(error) => Err(format!("{shown}: {error}: chmod 644 {shown}")),
        Ok(text) => kind.look_over(&text, path).map_err(|failure| failure.to_string()),
    };
    Some(match told {
        Ok(()) => {
            let told = language.pick("läsbar", "readable");
            Check::new(key, name, State::Well, format!("{shown}: {told}"))
        }
        Err(told) => Check::new(key, name, State::Fault, told),
    })
}

/// Whether the portal could start with its file and what that names. A file that is not understood, and a
/// secret that is missing, are told of elsewhere.
pub(super) fn portal(layout: &Layout, language: Language) -> Option<Check> {
    let path = layout.portal();
    let text = std::fs::read_to_string(&path).ok()?;
    ServiceFile::Portal.look_over(&text, &path).ok()?;
    let name = language.pick("Bokningssidan", "Booking page");
    let check = |state, told: String| Some(Check::new("portal", name, state, told));
    for secret in portal::secrets_named_in(&path) {
        match File::open(&secret) {
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::PermissionDenied => {
                let secret = secret.display();
                return check(
                    State::Notice,
                    language.pick(
                        format!(
                            "inte kontrollerad, kontot får inte läsa {secret}: `sudo tidbok doctor`"
                        ),
                        format!(
                            "not checked, this account may not read {secret}: `sudo tidbok doctor`"
                        ),
                    ),
                );
            }
            Err(_) => return None,
        }
    }
    match portal::could_start(&path) {
        Ok(()) => {
            let told = language.pick("kan startas med sin fil", "can be started with its file");
            check(State::Well, told.into())
        }
        Err(failure) => check(State::Fault, failure.to_string()),
    }
}

/// The secrets: there, and nobody's but those who are to read them.
pub(super) fn secrets(layout: &Layout, language: Language) -> Vec<Check> {
    let name = language.pick("Hemligheter", "Secrets");
    let files = secret_files(layout);
    let wrong: Vec<Check> =
        files.iter().filter_map(|path| unix_or_not::secret(path, name, language)).collect();
    if !wrong.is_empty() || files.is_empty() {
        return wrong;
    }
    let told = language.pick(
        format!("{} filer, var och en bara för den som ska läsa den", files.len()),
        format!("files: {}, each only for who is to read it", files.len()),
    );
    vec![Check::new("secrets", name, State::Well, told)]
}

/// What a setup that was killed has left: it may hold secrets.
pub(super) fn left_behind(layout: &Layout, language: Language) -> Vec<Check> {
    let name = language.pick("Hemligheter", "Secrets");
    let told = |path: PathBuf| {
        let shown = path.display();
        let told = language.pick(
            format!("{shown}: kvar efter en `tidbok setup` som avbröts, kan innehålla en hemlighet: rm {shown}"),
            format!("{shown}: left by a `tidbok setup` that was cut short, may hold a secret: rm {shown}"),
        );
        Check::new("left-behind", name, State::Notice, told)
    };
    layout::left_in(&layout.folder()).into_iter().map(told).collect()
}

/// Every file that a configuration names a secret in, and those at their usual places.
fn secret_files(layout: &Layout) -> Vec<PathBuf> {
    let folder = layout.folder();
    let usual = ["portal-token", crate::config::DATABASE_PASSWORD_FILE];
    let mut files: Vec<PathBuf> =
        usual.map(|name| folder.join(name)).into_iter().filter(|path| path.exists()).collect();
    files.extend(portal::secrets_named_in(&layout.portal()));
    files.extend(mail_file::secret_named_in(&layout.mail()));
    files.sort();
    files.dedup();
    files
}

#[cfg(unix)]
mod unix_or_not {
    use std::fs;
    use std::os::unix::fs::MetadataExt;
    use std::path::Path;

    use nix::unistd::{Uid, User, geteuid};

    use super::super::checks::{Check, State};
    use crate::cli::layout::SERVICES;
    use crate::texts::Language;

    const OTHERS: u32 = 0o007;
    const GROUP_WRITES: u32 = 0o020;

    /// What is wrong with a secret's file.
    pub(super) fn secret(path: &Path, name: &'static str, language: Language) -> Option<Check> {
        let shown = path.display();
        let fault = |told: String| Some(Check::new("secrets", name, State::Fault, told));
        let found = match fs::metadata(path) {
            Ok(found) => found,
            Err(error) => {
                return fault(language.pick(
                    format!("{shown}: {error}: `tidbok setup` gör den"),
                    format!("{shown}: {error}: `tidbok setup` makes it"),
                ));
            }
        };
        let mode = found.mode() & 0o777;
        if mode & OTHERS != 0 {
            return fault(language.pick(
                format!("{shown}: {mode:03o}, alla konton på datorn läser den: chmod o= {shown}"),
                format!(
                    "{shown}: {mode:03o}, every account of the machine reads it: chmod o= {shown}"
                ),
            ));
        }
        if mode & GROUP_WRITES != 0 {
            return fault(language.pick(
                format!("{shown}: {mode:03o}, gruppen kan ändra den: chmod g-w {shown}"),
                format!("{shown}: {mode:03o}, its group can alter it: chmod g-w {shown}"),
            ));
        }
        if !is_trusted(Uid::from_raw(found.uid())) {
            return fault(language.pick(
                format!("{shown} tillhör ett annat konto: chown root {shown}"),
                format!("{shown} belongs to another account: chown root {shown}"),
            ));
        }
        None
    }

    /// Root's, that of whoever runs this, or a service's.
    fn is_trusted(owner: Uid) -> bool {
        let ours =
            |name: &str| User::from_name(name).ok().flatten().is_some_and(|it| it.uid == owner);
        owner.is_root() || owner == geteuid() || SERVICES.iter().any(|unit| ours(unit.account))
    }
}

#[cfg(not(unix))]
mod unix_or_not {
    use std::path::Path;

    use super::super::checks::Check;
    use crate::texts::Language;

    /// The folder's access list decides.
    pub(super) fn secret(_path: &Path, _name: &'static str, _: Language) -> Option<Check> {
        None
    }
}
