//! Configuration files: the program's own, with keys, and its services'.

use std::path::Path;

use tidbok::cli::{Failure, ServiceFile};
use tidbok::config::{Asked, BadConfigFile, ConfigFile, Settings};
use tidbok::portal::{ClinicPage, EIdSettings};
use tidbok::tui::actions::REGISTRY;
use tidbok::tui::keymap::{Chord, Keymap};

const PATH: &str = "/etc/tidbok/config.toml";

pub fn run(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    own_file(text);
    if let Ok(page) = toml::from_str::<ClinicPage>(text) {
        assert_eq!(toml::from_str::<ClinicPage>(text).ok(), Some(page));
    }
    let _ = toml::from_str::<EIdSettings>(text);
    for file in ServiceFile::ALL {
        service_file(file, text);
    }
}

/// A service's file is understood, or its line or its section is told.
fn service_file(file: ServiceFile, text: &str) {
    let path = Path::new("/etc/tidbok/service.toml");
    let Err(failure) = file.look_over(text, path) else { return };
    let Failure::Usage(told) = failure else { panic!("{file:?}: {failure:?}") };
    let Some(rest) = told.strip_prefix("/etc/tidbok/service.toml: ") else {
        assert!(told.starts_with("[clinics."), "{told}");
        return;
    };
    let (line, what) = rest.split_once(": ").expect("a line");
    let line: usize = line.parse().expect("a line's number");
    assert!((1..=text.matches('\n').count() + 1).contains(&line), "{told}");
    assert!(!what.is_empty(), "{told}");
}

fn own_file(text: &str) {
    let file = match ConfigFile::parse(text, Path::new(PATH)) {
        Ok(file) => file,
        Err(BadConfigFile::Wrong { place, message }) => {
            assert!((1..=text.matches('\n').count() + 1).contains(&place.line), "{text:?}");
            assert!(!message.is_empty());
            return;
        }
        Err(error) => panic!("{error}"),
    };
    let (nothing, database) = (ConfigFile::default(), Path::new("/var/lib/tidbok/clinic.db"));
    for (machine, user) in [(&file, &nothing), (&nothing, &file), (&file, &file)] {
        if let Ok(settings) = Settings::resolve(Asked::default(), machine, user, Some(database)) {
            assert_eq!(settings.keys.len(), file.keys.len());
            assert!(
                !settings.restricted.value
                    || machine.restricted == Some(true)
                    || user.restricted == Some(true)
            );
        }
    }
    keys(&file);
}

/// Keys that are taken do what was asked of them, wherever their action is to be had.
fn keys(file: &ConfigFile) {
    let own = file.keys.iter().map(|(id, keys)| (id.as_str(), keys.0.as_slice()));
    let keymap = match Keymap::with(own) {
        Ok(keymap) => keymap,
        Err(error) => {
            assert!(file.keys.contains_key(error.id()), "{error}");
            return;
        }
    };
    for (id, keys) in &file.keys {
        let entry = REGISTRY.iter().find(|entry| entry.id == *id).expect("an action");
        for chord in keys.0.iter().filter_map(|key| Chord::parse(key)) {
            for context in entry.contexts {
                assert_eq!(keymap.action(*context, chord), Some(entry.action), "{id} {chord}");
            }
        }
    }
}
