//! The portal's own file: what is said where it can't be used.

use std::collections::BTreeMap;
use std::path::Path;

use chrono::TimeDelta;
use tidbok::portal::{
    Access, Database, DatabaseError, HashKey, Journal, Pages, Portal, PortalError,
};

/// A portal of no clinic over a file.
async fn opened(file: &Path) -> Result<Portal, PortalError> {
    let access = Access {
        clinics: BTreeMap::new(),
        silence: TimeDelta::minutes(5),
        key: HashKey::new(b"sixteen bytes or more".to_vec()).expect("long enough"),
    };
    let loopback = ([127, 0, 0, 1], 0).into();
    Portal::open(file, loopback, access, Pages::default(), Journal::silent()).await
}

#[test]
fn a_damaged_file_is_to_be_moved_aside_and_it_is_said_what_is_lost() {
    let place = || tempfile::tempdir().expect("a temporary folder");
    let folder = place();
    let sound = folder.path().join("sound.db");
    rusqlite::Connection::open(&sound)
        .and_then(|database| database.execute_batch("CREATE TABLE t (x)"))
        .expect("a database");
    let whole = std::fs::read(&sound).expect("what it holds");
    let torn: Vec<u8> = whole[..100].iter().copied().chain([0xff; 400]).collect();
    for content in [b"no database at all, but a text that is longer".repeat(40), torn] {
        let folder = place();
        let file = folder.path().join("portal.db");
        std::fs::write(&file, content).expect("a file");
        let error = Database::open(&file).err().expect("it is damaged");
        assert!(matches!(error, DatabaseError::Damaged { .. }), "{error:?}");
        let told = error.to_string();
        for text in ["portal.db", "move it aside", "publish everything again", "Lost with it"] {
            assert!(told.contains(text), "{text}: {told}");
        }
        std::fs::rename(&file, folder.path().join("aside")).expect("it can be moved");
        Database::open(&file).expect("a new one");
    }
}

/// The log of writing holds names and numbers until it is emptied.
#[cfg(unix)]
#[tokio::test]
async fn a_portals_files_are_its_accounts_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().expect("a temporary folder");
    let _portal = opened(&folder.path().join("portal.db")).await.expect("opens");
    for name in ["portal.db", "portal.db-wal", "portal.db-shm"] {
        let found = std::fs::metadata(folder.path().join(name)).expect("is there");
        assert_eq!(found.permissions().mode() & 0o777, 0o600, "{name}");
    }
}

#[test]
fn a_folder_that_is_not_there_is_told_as_such() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let error = Database::open(&folder.path().join("nowhere/portal.db")).err();
    let told = error.expect("there is no folder").to_string();
    assert!(told.contains("check that the folder is there"), "{told}");
}

#[tokio::test]
async fn a_second_portal_on_one_file_is_refused_for_as_long_as_the_first_is_there() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("portal.db");
    let first = opened(&file).await.expect("a portal");
    let second = opened(&file).await.err().expect("a second one is refused");
    assert!(matches!(second, PortalError::Database(DatabaseError::InUse { .. })), "{second:?}");
    assert!(second.to_string().contains("stop that one, or name another file"), "{second}");
    opened(&folder.path().join("other.db")).await.expect("one on another file");
    first.run(std::future::ready(())).await;
    opened(&file).await.expect("the next, once the first has stopped");
}
