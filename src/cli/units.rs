//! The services as systemd runs them. What is printed and what a package installs are one file, in
//! `packaging/`.

/// A service's unit file.
pub(super) struct Unit {
    pub(super) name: &'static str,
    /// The command that prints it.
    pub(super) command: &'static str,
    /// The account that it runs as. The folder below `/var/lib` that it writes to is called so, too.
    pub(super) account: &'static str,
    /// What `tidbok doctor` calls the look at it, for programs.
    pub(super) check: &'static str,
    pub(super) text: &'static str,
}

/// `tidbok sync`.
pub(super) const SYNC: Unit = Unit {
    name: "tidbok-sync.service",
    command: "sync",
    account: "tidbok",
    check: "service-sync",
    text: include_str!("../../packaging/tidbok-sync.service"),
};

/// `tidbok portal`.
pub(super) const PORTAL: Unit = Unit {
    name: "tidbok-portal.service",
    command: "portal",
    account: "tidbok-portal",
    check: "service-portal",
    text: include_str!("../../packaging/tidbok-portal.service"),
};

/// The accounts that they run as, for systemd-sysusers.
pub(super) const ACCOUNTS: &str = include_str!("../../packaging/sysusers.d/tidbok.conf");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_account_and_the_folder_are_those_of_the_unit_file() {
        for unit in [SYNC, PORTAL] {
            let account = unit.account;
            for line in [format!("User={account}"), format!("StateDirectory={account}")] {
                assert!(unit.text.lines().any(|it| it == line), "{}: {line}", unit.name);
            }
        }
    }
}
