//! The services as systemd runs them: what is printed is what a package installs, and locked down.

use std::path::Path;

use crate::desk::Desk;

const UNITS: [(&str, &str); 2] =
    [("sync", "tidbok-sync.service"), ("portal", "tidbok-portal.service")];

/// What a service that needs no more than files of its own and the network is to have.
const LOCKED_DOWN: [&str; 17] = [
    "CapabilityBoundingSet=",
    "LockPersonality=yes",
    "MemoryDenyWriteExecute=yes",
    "NoNewPrivileges=yes",
    "PrivateDevices=yes",
    "PrivateTmp=yes",
    "ProtectClock=yes",
    "ProtectControlGroups=yes",
    "ProtectHome=yes",
    "ProtectKernelModules=yes",
    "ProtectKernelTunables=yes",
    "ProtectSystem=strict",
    "RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6",
    "RestrictNamespaces=yes",
    "RestrictSUIDSGID=yes",
    "SystemCallArchitectures=native",
    "SystemCallFilter=@system-service",
];

fn packaged(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("packaging");
    std::fs::read_to_string(folder.join(name)).unwrap()
}

#[test]
fn what_is_printed_is_what_a_package_installs() {
    let desk = Desk::empty();
    for (command, name) in UNITS {
        assert_eq!(desk.run_unnamed(&[command, "--print-unit"]).done(), packaged(name), "{name}");
    }
}

#[test]
fn the_services_are_locked_down_and_have_their_secrets_as_credentials() {
    for (_, name) in UNITS {
        let text = packaged(name);
        let lines: Vec<&str> = text.lines().collect();
        for line in LOCKED_DOWN {
            assert!(lines.contains(&line), "{name}: {line}");
        }
        assert!(text.contains("\nLoadCredential="), "{name}");
        assert!(!text.contains("\nEnvironment="), "{name}: a variable is a clinic's own");
    }
}

#[test]
fn the_accounts_are_those_that_the_services_run_as() {
    let accounts = packaged("sysusers.d/tidbok.conf");
    for (_, name) in UNITS {
        let unit = packaged(name);
        let user = unit.lines().find_map(|line| line.strip_prefix("User=")).unwrap();
        assert!(accounts.contains(&format!("\nu {user} ")), "{user}: {accounts}");
    }
    // Passwords' files have a colon between fields: what an account is for can hold none.
    assert!(accounts.lines().filter(|line| line.starts_with("u ")).all(|line| !line.contains(':')));
}

#[test]
fn the_package_installs_these_files_and_is_of_this_version() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let manifest = std::fs::read_to_string(folder.join("Cargo.toml")).unwrap();
    let manifest: toml::Table = manifest.parse().unwrap();
    let deb = &manifest["package"]["metadata"]["deb"];
    let assets = deb["assets"].as_array().unwrap();
    let goes_to = |file: &str| {
        let found = assets.iter().find(|it| it[0].as_str() == Some(file));
        found.unwrap_or_else(|| panic!("{file} is not installed"))[1].as_str().unwrap()
    };
    assert_eq!(goes_to("packaging/sysusers.d/tidbok.conf"), "usr/lib/sysusers.d/");
    for (_, name) in UNITS {
        let unit = name.trim_end_matches(".service");
        let units = deb["systemd-units"].as_array().unwrap();
        let own = units.iter().find(|it| it["unit-name"].as_str() == Some(unit)).unwrap();
        assert_eq!(own["unit-scripts"].as_str(), Some("packaging"), "{unit}");
        // A service starts once `tidbok setup` has asked what it is to do.
        for key in ["enable", "start"] {
            assert_eq!(own[key].as_bool(), Some(false), "{unit}: {key}");
        }
    }
    let changelog = packaged("debian/changelog");
    let version = concat!("tidbok (", env!("CARGO_PKG_VERSION"), "-1) ");
    assert!(changelog.starts_with(version), "the changelog begins with another version");
}
