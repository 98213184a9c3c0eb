//! R17 for every command there is: who lacks a permission that it needs is refused, finds it grey on
//! screen with the reason, and gets exit code 1 on the command line; who has those that it needs, and no
//! other, gets through.
//!
//! A command, or a kind of setting, without an entry in [`table`] does not compile.

#[path = "../cli/desk.rs"]
#[allow(dead_code, reason = "shared with the tests of the command line")]
mod desk;
#[path = "../tui/fixture.rs"]
#[allow(dead_code, reason = "shared with the tests of the console")]
mod fixture;
#[path = "../support/mod.rs"]
mod support;
mod table;

use std::collections::BTreeSet;

use tempfile::TempDir;
use tidbok::clinic::{Clinic, ClinicError, Command, Refusal, new_command_id};
use tidbok::domain::{Actor, Changed, Permission, SettingChange, User};
use tidbok::store::{ClinicFile, ImportMode, OpenMode, Store};
use tidbok::texts::{Language, action_name, permission_name};
use tidbok::tui::Effect;

use desk::{Desk, EXAMPLE};
use fixture::{Console, Start};
use support::engine::database_in;
use table::{Case, READINGS, Screen, Shell, at};

const NOW: &str = "2026-11-23T12:00";

fn user(signature: &str, permissions: &BTreeSet<Permission>) -> User {
    User {
        signature: signature.into(),
        name: signature.to_owned(),
        permissions: Some(permissions.clone()),
        os_account: None,
        password_hash: None,
        active: true,
    }
}

fn all_but(lacking: Permission) -> BTreeSet<Permission> {
    Permission::ALL.iter().copied().filter(|permission| *permission != lacking).collect()
}

fn just(needs: &[Permission]) -> BTreeSet<Permission> {
    needs.iter().copied().collect()
}

fn example() -> ClinicFile {
    let text = std::fs::read_to_string(EXAMPLE).expect("the example");
    ClinicFile::parse(&text, at(NOW).date()).expect("a good file")
}

fn table() -> Vec<Case> {
    table::table(&example())
}

#[tokio::test]
async fn a_clinic_file_takes_the_permission_for_each_thing_that_it_sets() {
    let folder = tempfile::tempdir().expect("a folder");
    let location = database_in(folder.path());
    let clinic = Clinic::new(Store::open(&location, OpenMode::Create).await.expect("opens"));
    let mut file = example();
    for permission in Permission::ALL {
        let user = user(&without(*permission), &all_but(*permission));
        file.users.insert(user.signature.clone(), user);
    }
    let (id, mode) = (new_command_id(), ImportMode::IntoEmpty);
    clinic.import(&Actor::System, id, &file, mode).await.expect("imports");
    for lacking in Permission::ALL {
        let actor = Actor::User(user(&without(*lacking), &all_but(*lacking)));
        let done = clinic.import(&actor, new_command_id(), &file, ImportMode::Replace).await;
        let refused_for = match done {
            Ok(_) => None,
            Err(ClinicError::Refused(Refusal::Permission { permission, .. })) => Some(permission),
            Err(error) => panic!("without {}: {error}", lacking.key()),
        };
        // The log is no part of a file, and is read for none.
        let needed = Some(*lacking).filter(|it| *it != Permission::AuditRead);
        assert_eq!(refused_for, needed, "without {}", lacking.key());
    }
}

#[test]
fn every_permission_is_needed_by_something_in_the_table() {
    let mut needed: BTreeSet<Permission> =
        table().iter().flat_map(|case| case.needs.iter().copied()).collect();
    needed.extend(READINGS.iter().map(|reading| reading.needs));
    assert_eq!(needed, just(Permission::ALL));
}

#[test]
fn every_command_has_a_name_in_the_log() {
    let file = example();
    for case in table() {
        let action = (case.command)(&file).action();
        // The log tells of each of several commands in its own book.
        if action == "together" {
            continue;
        }
        for language in Language::ALL {
            assert_ne!(action_name(language, action), action, "{} in {language:?}", case.name);
        }
    }
}

// Where changes are made

/// The example clinic where X has these permissions once `case` has been prepared, and the command.
struct Prepared {
    clinic: Clinic,
    x: Actor,
    command: Command,
    _folder: TempDir,
}

async fn prepare(case: &Case, permissions: &BTreeSet<Permission>) -> Prepared {
    let folder = tempfile::tempdir().expect("a folder");
    let location = database_in(folder.path());
    let clinic = Clinic::new(Store::open(&location, OpenMode::Create).await.expect("opens"));
    let mut file = example();
    let before = user("X", &just(Permission::ALL));
    let administrator = user("ADM", &just(Permission::ALL));
    for user in [&before, &administrator] {
        file.users.insert(user.signature.clone(), user.clone());
    }
    let id = new_command_id();
    clinic.import(&Actor::System, id, &file, ImportMode::IntoEmpty).await.expect("imports");
    let x = Actor::User(before.clone());
    if let Some(first) = case.prepared {
        let done = clinic.execute(&x, "prepared".into(), &first(&file), at(NOW)).await;
        done.unwrap_or_else(|error| panic!("{}: {error}", case.name));
    }
    let change = Changed::Altered { before, after: user("X", permissions) };
    let change = Command::ChangeSetting(Box::new(SettingChange::User(change)));
    let done = clinic.execute(&Actor::System, new_command_id(), &change, at(NOW)).await;
    done.expect("the permissions are set");
    Prepared { clinic, x, command: (case.command)(&file), _folder: folder }
}

/// The permission that somebody lacks, if that is why.
fn lacks(refusal: &Refusal) -> Option<Permission> {
    match refusal {
        Refusal::Permission { permission, .. } => Some(*permission),
        Refusal::InBookOf { refusal, .. } => lacks(refusal),
        _ => None,
    }
}

#[tokio::test]
async fn a_command_is_refused_without_each_permission_that_it_needs() {
    for case in table() {
        for lacking in case.needs {
            let Prepared { clinic, x, command, _folder } = prepare(&case, &all_but(*lacking)).await;
            let refused = |error: Option<ClinicError>| match error {
                Some(ClinicError::Refused(refusal)) => lacks(&refusal) == Some(*lacking),
                _ => false,
            };
            let what = format!("{} without {}", case.name, lacking.key());
            let preview = clinic.preview(&x, &command, at(NOW)).await.err();
            assert!(refused(preview), "the preview of {what}");
            let revisions = clinic.revisions().await.expect("read");
            let done = clinic.execute(&x, new_command_id(), &command, at(NOW)).await.err();
            assert!(refused(done), "{what}");
            assert_eq!(clinic.revisions().await.expect("read"), revisions, "{what} did something");
        }
    }
}

#[tokio::test]
async fn a_command_goes_through_with_just_the_permissions_that_it_needs() {
    for case in table() {
        let Prepared { clinic, x, command, _folder } = prepare(&case, &just(case.needs)).await;
        let done = clinic.execute(&x, new_command_id(), &command, at(NOW)).await;
        if let Err(error) = done {
            panic!("{}: {error}", case.name);
        }
    }
}

// On screen

/// The reason that stands beside what is grey.
fn reason(permission: Permission) -> String {
    format!("behörighet saknas: {}", permission_name(Language::Swedish, permission))
}

/// Whether something was about to be changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Changing {
    No,
    Yes,
}

/// What stands on screen once somebody has gone where `screen` says, or as far as they come before they
/// are told that they may not.
fn seen(screen: &Screen, permissions: &BTreeSet<Permission>) -> (String, Changing) {
    let told = |console: &Console| console.screen().contains("behörighet saknas");
    let user = fixture::user(&permissions.iter().copied().collect::<Vec<_>>());
    let mut console = Console::open(Start { user, size: (120, 60), ..Start::default() });
    let mut changing = Changing::No;
    match screen {
        Screen::Keys(keys) => {
            for key in keys.split(' ') {
                console.press(key);
                let changes = |effect: &Effect| matches!(effect, Effect::Execute { .. });
                if console.effects.iter().any(changes) {
                    changing = Changing::Yes;
                }
                if told(console.answer()) {
                    break;
                }
            }
            (console.screen(), changing)
        }
        Screen::Palette(typed) => {
            console.press(":").type_text(typed);
            // What is best stands first: everything else would only blur the answer.
            let screen = console.screen();
            let line = screen.lines().skip_while(|line| !line.contains("Kommando: ")).nth(1);
            (line.unwrap_or_default().to_owned(), changing)
        }
        Screen::Nowhere(_) => (String::new(), changing),
    }
}

#[test]
fn what_may_not_be_done_is_grey_on_screen_with_the_reason_and_is_not_done() {
    let cases = table().into_iter().map(|case| (case.name, case.needs.to_vec(), case.screen));
    let readings = READINGS.iter().map(|it| (it.name, vec![it.needs], it.screen));
    for (name, needs, screen) in cases.chain(readings) {
        if let Screen::Nowhere(why) = screen {
            assert!(!why.is_empty(), "{name} says why");
            continue;
        }
        for lacking in &needs {
            let (shown, changing) = seen(&screen, &all_but(*lacking));
            let reason = reason(*lacking);
            assert!(shown.contains(&reason), "{name}: {reason}\n{shown}");
            assert_eq!(changing, Changing::No, "{name} without {}", lacking.key());
        }
        let (shown, _) = seen(&screen, &just(&needs));
        for permission in &needs {
            assert!(!shown.contains(&reason(*permission)), "{name} with all it needs\n{shown}");
        }
    }
}

// On the command line

/// The example clinic with a user for each set of permissions that the table asks about.
fn desk() -> Desk {
    let desk = Desk::empty();
    let text = std::fs::read_to_string(EXAMPLE).expect("the example");
    let mut file: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let users = file["users"].as_array_mut().expect("users");
    let mut add = |signature: String, permissions: BTreeSet<Permission>| {
        let keys: Vec<&str> = permissions.iter().map(|permission| permission.key()).collect();
        users.push(serde_json::json!({
            "signature": signature, "name": signature, "permissions": keys
        }));
    };
    for permission in Permission::ALL {
        add(without(*permission), all_but(*permission));
    }
    for (at, case) in table().iter().enumerate() {
        add(format!("MED{at}"), just(case.needs));
    }
    for (at, reading) in READINGS.iter().enumerate() {
        add(format!("LÄS{at}"), just(&[reading.needs]));
    }
    let path = desk.path("clinic.json");
    std::fs::write(&path, file.to_string()).expect("written");
    desk.run(&["import", path.to_str().expect("a path")]).done();
    desk
}

/// The user who has all permissions but one.
fn without(permission: Permission) -> String {
    format!("UTAN-{}", permission.key())
}

fn run(desk: &Desk, shell: &Shell, user: &str) -> Option<desk::Ended> {
    match shell {
        Shell::Changing(arguments) => {
            let more = ["--dry-run", "--at", NOW, "--user", user];
            Some(desk.run(&[*arguments, &more[..]].concat()))
        }
        Shell::Plain(arguments) => Some(desk.run(&[*arguments, &["--user", user][..]].concat())),
        Shell::Typing(arguments, typed) => {
            let arguments = [*arguments, &["--user", user][..]].concat();
            Some(desk.run_reading(&arguments, typed.as_bytes()))
        }
        Shell::Nowhere(why) => {
            assert!(!why.is_empty());
            None
        }
    }
}

#[test]
fn what_may_not_be_done_ends_with_code_1_on_the_command_line() {
    let desk = desk();
    let cases = table().into_iter().enumerate();
    let cases = cases.map(|(at, it)| (it.name, it.needs.to_vec(), it.shell, format!("MED{at}")));
    let readings = READINGS.iter().enumerate();
    let readings = readings.map(|(at, it)| (it.name, vec![it.needs], it.shell, format!("LÄS{at}")));
    for (name, needs, shell, with) in cases.chain(readings) {
        for lacking in &needs {
            let user = without(*lacking);
            if let Some(ended) = run(&desk, &shell, &user) {
                assert_eq!(ended.code, 1, "{name} without {}: {}", lacking.key(), ended.err);
                assert!(ended.err.contains(&user), "{name}: {}", ended.err);
                let said = permission_name(Language::Swedish, *lacking);
                assert!(ended.err.contains(said), "{name}: {}", ended.err);
            }
        }
        if let Some(ended) = run(&desk, &shell, &with) {
            assert_eq!(ended.code, 0, "{name} with all it needs: {}", ended.err);
        }
    }
}

on_the_server_too! {
    a_command_is_refused_without_each_permission_that_it_needs,
    a_command_goes_through_with_just_the_permissions_that_it_needs,
}
