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
    let accounts = packaged("sysusers.conf");
    for (_, name) in UNITS {
        let unit = packaged(name);
        let user = unit.lines().find_map(|line| line.strip_prefix("User=")).unwrap();
        assert!(accounts.contains(&format!("\nu {user} ")), "{user}: {accounts}");
    }
}
