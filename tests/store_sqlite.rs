//! The SQLite file: how it is made and upgraded, who may share it, what is refused and left alone.

mod support;

use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use support::{EXAMPLE_EXPORT, Place, take_in};
use tidbok::store::{
    Completeness, DatabaseLocation, ImportMode, OpenMode, Store, StoreError, export,
};

async fn open(path: &Path, mode: OpenMode) -> Result<Store, StoreError> {
    Store::open(&DatabaseLocation::Sqlite(path.to_owned()), mode).await
}

async fn refusal(path: &Path, mode: OpenMode) -> StoreError {
    match open(path, mode).await {
        Ok(_) => panic!("{} was opened", path.display()),
        Err(error) => error,
    }
}

#[test]
fn a_location_is_sqlite_and_a_path() {
    let parse = |text: &str| text.parse::<DatabaseLocation>();
    assert_eq!(parse("sqlite:a b.db").unwrap(), DatabaseLocation::Sqlite(PathBuf::from("a b.db")));
    for wrong in ["", "a.db", "sqlite:", "sqlite::memory:", "mssql://host/db"] {
        assert!(matches!(parse(wrong), Err(StoreError::Location)), "{wrong}");
    }
}

#[tokio::test]
async fn what_is_missing_is_named_and_not_made() {
    let place = Place::new();
    let missing = place.path();
    assert!(matches!(refusal(&missing, OpenMode::Existing).await, StoreError::Missing { .. }));
    assert!(matches!(refusal(&missing, OpenMode::ReadOnly).await, StoreError::Missing { .. }));
    assert!(!missing.exists());
    let nowhere = place.folder.path().join("no/such/clinic.db");
    assert!(matches!(refusal(&nowhere, OpenMode::Create).await, StoreError::NoFolder { .. }));
    assert!(matches!(
        refusal(place.folder.path(), OpenMode::Create).await,
        StoreError::NotAFile { .. }
    ));
}

#[tokio::test]
async fn what_is_not_ours_or_damaged_is_refused_and_left_as_it_is() {
    let place = Place::new();
    let of_another = place.folder.path().join("other.db");
    Connection::open(&of_another).unwrap().execute_batch("CREATE TABLE t (a)").unwrap();
    let in_our_name = place.folder.path().join("posing.db");
    let posing = "CREATE TABLE t (a); PRAGMA application_id = 0x74696462";
    Connection::open(&in_our_name).unwrap().execute_batch(posing).unwrap();
    let text = place.folder.path().join("text.db");
    fs::write(&text, "no database, but longer than a header of one hundred bytes. ".repeat(9))
        .unwrap();
    let cut = place.folder.path().join("cut.db");
    place.example().await.close().await;
    let whole = fs::read(place.path()).unwrap();
    fs::write(&cut, &whole[..whole.len() / 2]).unwrap();

    for (path, expected) in [
        (&of_another, "OtherProgram"),
        (&in_our_name, "OtherProgram"),
        (&text, "NotADatabase"),
        (&cut, "Corrupt"),
    ] {
        let before = fs::read(path).unwrap();
        for mode in [OpenMode::Create, OpenMode::Existing, OpenMode::ReadOnly] {
            let error = refusal(path, mode).await;
            assert!(format!("{error:?}").starts_with(expected), "{error:?}");
        }
        assert_eq!(fs::read(path).unwrap(), before, "{} was altered", path.display());
    }
}

#[tokio::test]
async fn damage_inside_is_found_before_the_first_write_and_the_file_is_not_altered() {
    let place = Place::new();
    place.example().await.close().await;
    let mut bytes = fs::read(place.path()).unwrap();
    // Every page but those of the schema's own.
    for page in bytes.chunks_mut(4096).skip(12) {
        page[..64].fill(0xA5);
    }
    fs::write(place.path(), &bytes).unwrap();
    let store = match open(&place.path(), OpenMode::Existing).await {
        Ok(store) => store,
        Err(error) => {
            assert!(matches!(error, StoreError::Corrupt { .. }), "{error:?}");
            return;
        }
    };
    assert!(matches!(store.begin().await.map(drop), Err(StoreError::Corrupt { .. })));
    store.close().await;
    assert_eq!(fs::read(place.path()).unwrap(), bytes);
}

#[tokio::test]
async fn a_newer_schema_is_refused_and_named() {
    let place = Place::new();
    place.store().await.close().await;
    let direct = Connection::open(place.path()).unwrap();
    direct
        .execute("INSERT INTO schema_migration VALUES (99, 'later', '2030-01-01T00:00:00Z')", ())
        .unwrap();
    drop(direct);
    let error = refusal(&place.path(), OpenMode::Existing).await;
    assert!(matches!(error, StoreError::Newer { found: 99, .. }), "{error:?}");
}

#[tokio::test]
async fn a_file_with_nothing_in_it_passes_for_no_clinic() {
    let place = Place::new();
    // As a failed copy, a full disk or a program that died leaves it.
    for left in ["", "x"] {
        fs::write(place.path(), left).unwrap();
        for mode in [OpenMode::Upgrade, OpenMode::Existing, OpenMode::ReadOnly] {
            let error = refusal(&place.path(), mode).await;
            assert!(matches!(error, StoreError::Empty { .. } | StoreError::NotADatabase { .. }));
            assert_eq!(fs::read_to_string(place.path()).unwrap(), left, "{mode:?}");
        }
    }
}

#[tokio::test]
async fn migrations_are_recorded_and_an_empty_file_is_made_a_clinic_only_where_one_is_to_be_made() {
    let place = Place::new();
    fs::write(place.path(), "").unwrap();
    open(&place.path(), OpenMode::Create).await.unwrap().close().await;
    let direct = Connection::open(place.path()).unwrap();
    let recorded: (i64, String) = direct
        .query_row("SELECT number, name FROM schema_migration", (), |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .unwrap();
    assert_eq!(recorded, (1, "clinic".to_owned()));
    let mode: String = direct.query_row("PRAGMA journal_mode", (), |row| row.get(0)).unwrap();
    assert_eq!(mode, "wal");
}

#[tokio::test(flavor = "current_thread")]
async fn many_opening_a_new_file_at_once_make_it_once() {
    let place = Place::new();
    let opening: Vec<_> = (0..8)
        .map(|_| {
            let location = place.location();
            tokio::spawn(async move { Store::open(&location, OpenMode::Create).await })
        })
        .collect();
    for store in opening {
        store.await.unwrap().unwrap().read().await.unwrap().setup().await.unwrap();
    }
}

#[tokio::test]
async fn closing_leaves_one_tidy_file() {
    let place = Place::new();
    place.example().await.close().await;
    // Several connections at once: each must not leave the log for another to remove.
    for _ in 0..20 {
        let store = open(&place.path(), OpenMode::Existing).await.unwrap();
        let (first, second) = (store.read().await.unwrap(), store.read().await.unwrap());
        let change = store.begin().await.unwrap();
        drop((first, second, change));
        store.close().await;
        let left: Vec<_> =
            fs::read_dir(place.folder.path()).unwrap().map(|f| f.unwrap().file_name()).collect();
        assert_eq!(left, ["clinic.db"]);
    }
}

#[tokio::test]
async fn what_was_erased_is_not_said_to_be_overwritten_while_somebody_still_sees_it() {
    let place = Place::new();
    let store = place.example().await;
    let reader = Connection::open(place.path()).unwrap();
    reader.execute_batch("BEGIN; SELECT COUNT(*) FROM patient").unwrap();
    let overwritten = store.overwrite_erased().await;
    assert!(matches!(overwritten, Err(StoreError::Locked { .. })), "{overwritten:?}");
    reader.execute_batch("COMMIT").unwrap();
    store.overwrite_erased().await.unwrap();
}

#[tokio::test]
async fn reading_only_reads_and_says_why_it_does_not_write() {
    let place = Place::new();
    place.example().await.close().await;
    let store = open(&place.path(), OpenMode::ReadOnly).await.unwrap();
    assert_eq!(export(&store).await.unwrap().to_json(Completeness::Complete), EXAMPLE_EXPORT);
    assert!(matches!(store.begin().await.map(drop), Err(StoreError::ReadOnly { .. })));
}

#[tokio::test]
async fn what_was_committed_survives_the_process_being_killed() {
    const PATH: &str = "TIDBOK_TEST_KILLED_DATABASE";
    if let Some(path) = std::env::var_os(PATH) {
        let store = open(Path::new(&path), OpenMode::Create).await.unwrap();
        take_in(&store, &support::example(), ImportMode::IntoEmpty).await.unwrap();
        let mut open_at_death = store.begin().await.unwrap();
        let b1 = open_at_death.booking(&"b1".into()).await.unwrap().unwrap();
        open_at_death.delete_booking(&b1).await.unwrap();
        // No destructor runs, no connection is closed.
        std::process::abort();
    }
    let place = Place::new();
    let status = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "what_was_committed_survives_the_process_being_killed"])
        .env(PATH, place.path())
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .status()
        .unwrap();
    assert!(!status.success());
    let store = open(&place.path(), OpenMode::Existing).await.unwrap();
    assert_eq!(export(&store).await.unwrap().to_json(Completeness::Complete), EXAMPLE_EXPORT);
}

#[cfg(unix)]
mod shared {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};

    use super::*;

    #[tokio::test]
    async fn a_group_shares_the_database_and_what_lies_beside_it() {
        let place = Place::new();
        let store = place.example().await;
        let mut reading = store.read().await.unwrap();
        reading.setup().await.unwrap();
        for suffix in ["", "-wal", "-shm"] {
            let path = PathBuf::from(format!("{}{suffix}", place.path().display()));
            let metadata = fs::metadata(&path).unwrap();
            assert_eq!(metadata.mode() & 0o777, 0o660, "{}", path.display());
            assert_eq!(metadata.gid(), fs::metadata(place.path()).unwrap().gid());
        }
    }

    /// Runs this test again as an account that owns nothing, which root's rights would hide.
    fn again_as_nobody(test: &str, place: &Path) -> std::process::ExitStatus {
        use std::os::unix::process::CommandExt;
        std::process::Command::new(std::env::current_exe().unwrap())
            .args(["--exact", test, "--nocapture"])
            .env(AS_NOBODY, place)
            .current_dir("/")
            .uid(65_534)
            .gid(65_534)
            .status()
            .unwrap()
    }

    const AS_NOBODY: &str = "TIDBOK_TEST_AS_NOBODY";

    fn set_mode(path: &Path, mode: u32) {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }

    #[tokio::test]
    async fn a_file_that_may_only_be_read_is_read_and_a_change_is_refused() {
        if let Some(path) = std::env::var_os(AS_NOBODY) {
            let store = open(Path::new(&path), OpenMode::Existing).await.unwrap();
            for _ in 0..2 {
                let read = export(&store).await.unwrap().to_json(Completeness::Complete);
                assert_eq!(read, EXAMPLE_EXPORT);
            }
            // Without write permission on the folder SQLite can't make the files it writes to first.
            let refused = store.begin().await.map(drop).unwrap_err();
            let expected =
                matches!(refused, StoreError::ReadOnly { .. } | StoreError::Denied { .. });
            assert!(expected, "{refused:?}");
            return;
        }
        let test = "shared::a_file_that_may_only_be_read_is_read_and_a_change_is_refused";
        for (folder, file) in [(0o777, 0o444), (0o555, 0o444), (0o555, 0o666)] {
            let place = Place::new();
            place.example().await.close().await;
            let before = fs::read(place.path()).unwrap();
            set_mode(&place.path(), file);
            set_mode(place.folder.path(), folder);
            if nix::unistd::geteuid().is_root() {
                let status = again_as_nobody(test, &place.path());
                assert!(status.success(), "folder {folder:o}, file {file:o}");
            }
            set_mode(place.folder.path(), 0o755);
            assert_eq!(fs::read(place.path()).unwrap(), before);
        }
    }

    #[tokio::test]
    async fn a_file_that_may_not_even_be_read_is_named() {
        if let Some(path) = std::env::var_os(AS_NOBODY) {
            let path = Path::new(&path);
            assert!(matches!(refusal(path, OpenMode::Existing).await, StoreError::Denied { .. }));
            let new = path.with_file_name("new.db");
            assert!(matches!(refusal(&new, OpenMode::Create).await, StoreError::Denied { .. }));
            return;
        }
        let place = Place::new();
        place.example().await.close().await;
        set_mode(&place.path(), 0o600);
        set_mode(place.folder.path(), 0o755);
        if nix::unistd::geteuid().is_root() {
            let test = "shared::a_file_that_may_not_even_be_read_is_named";
            assert!(again_as_nobody(test, &place.path()).success());
        }
    }
}
