//! Where it all happens: a clinic made for it, on a disk that can be filled, with clocks that can be set.

use std::path::{Path, PathBuf};

use tempfile::TempDir;
use tidbok::clinic::Command as Change;
use tidbok::domain::{Practitioner, PractitionerId};
use tidbok::store::ClinicFile;

use crate::disk::Disk;
use crate::programs::{Around, Ground, Place, example, stretch};

/// Whose times patients book: of a company of their own.
pub const PATIENTS: [&str; 3] = ["AE", "PA", "PB"];
/// The company that patients go to.
pub const COMPANY: &str = "Tandkliniken Storgatan AB";
/// Whose books the consoles work in, one each, and their names as the consoles show them.
pub const CONSOLES: [(&str, &str); 3] =
    [("KA", "Kajsa Alm"), ("KB", "Kerstin Berg"), ("KC", "Klas Ceder")];
/// Whose book scripts work in.
pub const SCRIPTS: &str = "SA";

/// Weeks of five days that are laid out.
pub const WEEKS: i32 = 6;
/// Room on the disk that can be filled, in megabytes.
const DISK: u32 = 160;

/// The nth working day from the first Monday on.
pub fn working_day(n: i32) -> i32 {
    n / 5 * 7 + n % 5
}

/// Clocks of programs, by their names: Debian's `faketime` sets them while they run.
pub struct Clocks {
    library: PathBuf,
    folder: PathBuf,
}

/// How a program's clock goes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Clock {
    Right,
    /// An hour behind, all at once.
    SetBack,
}

impl Clocks {
    fn keep(folder: &Path) -> Option<Self> {
        let folders = std::fs::read_dir("/usr/lib").ok()?.filter_map(Result::ok);
        let mut found = folders.map(|it| it.path().join("faketime/libfaketimeMT.so.1"));
        let library = found.find(|library| library.exists())?;
        Some(Self { library, folder: folder.to_owned() })
    }

    fn file(&self, program: &str) -> PathBuf {
        self.folder.join(format!("{program}.clock"))
    }

    pub fn set(&self, program: &str, clock: Clock) {
        let text = if clock == Clock::Right { "+0" } else { "-1h" };
        std::fs::write(self.file(program), text).expect("a file");
    }

    fn around(&self, program: &str) -> Around {
        self.set(program, Clock::Right);
        vec![
            ("LD_PRELOAD", self.library.display().to_string()),
            ("FAKETIME_TIMESTAMP_FILE", self.file(program).display().to_string()),
            ("FAKETIME_CACHE_DURATION", "1".to_owned()),
            ("FAKETIME_DONT_FAKE_MONOTONIC", "1".to_owned()),
        ]
    }

    /// Clears away what the library leaves behind of a program that was killed.
    pub fn bury(process: i32) {
        for name in ["faketime_shm_", "sem.faketime_sem_"] {
            // Most leave nothing.
            let _ = std::fs::remove_file(format!("/dev/shm/{name}{process}"));
        }
    }
}

/// What the faults need of the ground.
pub struct Site {
    pub disk: Option<Disk>,
    pub clocks: Option<Clocks>,
    /// Logs and all that is no database: not on the disk that is filled.
    pub beside: TempDir,
}

impl Site {
    /// The environment of a program: its clock, where there are such.
    pub fn around(&self, program: &str) -> Around {
        self.clocks.as_ref().map(|clocks| clocks.around(program)).unwrap_or_default()
    }
}

/// No time zone by any name, and no data of any.
pub fn nowhere() -> Around {
    vec![("TZ", "Nowhere/Atlantis".to_owned()), ("TZDIR", "/nowhere".to_owned())]
}

/// The place with everything laid out and nothing running; says aloud which faults can't be had.
pub async fn prepared(more: &str, files: &[(&str, &str)]) -> (Place, Site) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let beside = tempfile::tempdir().expect("a temporary folder");
    let disk = Disk::over(folder.path(), DISK);
    let clocks = Clocks::keep(beside.path());
    if clocks.is_none() {
        println!("skipped: no clock is set back, since faketime is not installed");
    }
    let ground = Ground { folder, logs: beside.path().to_owned(), file: clinic() };
    let mut place = Place::on(ground, more, files).await;
    for day in (0..WEEKS * 5).map(working_day) {
        for practitioner in PATIENTS {
            assert!(place.lay(practitioner, stretch(day, 8 * 60, 8 * 60)).await);
        }
        assert!(place.lay(SCRIPTS, stretch(day, 8 * 60, 4 * 60)).await);
        for practitioner in CONSOLES.map(|(id, _)| id).into_iter().chain([SCRIPTS]) {
            let intervals = vec![stretch(day, 8 * 60, 10 * 60)];
            let practitioner = PractitionerId::from(practitioner);
            assert!(place.run(Change::AddWorkSessions { practitioner, intervals }).await);
        }
    }
    place.let_go().await;
    (place, Site { disk, clocks, beside })
}

/// The example with a practitioner for everybody who works here. Nobody is in another's way: patients
/// have one grid of times, and one company.
fn clinic() -> ClinicFile {
    let mut file = example();
    let setup = &mut file.setup;
    let like = |id: &str| setup.practitioners[&PractitionerId::from(id)].clone();
    let (theirs, ours) = (like("AE"), like("BL"));
    let patients = PATIENTS[1..].iter().map(|id| (theirs.clone(), *id, *id));
    let staff = CONSOLES.into_iter().chain([(SCRIPTS, "Skript")]);
    let staff = staff.map(|(id, name)| (ours.clone(), id, name));
    for (like, id, name) in patients.chain(staff) {
        let (signature, name) = (id.to_owned(), name.to_owned());
        let practitioner = Practitioner { id: id.into(), signature, name, ..like };
        setup.practitioners.insert(practitioner.id.clone(), practitioner);
    }
    for id in ["us45r", "akut20"] {
        setup.templates.get_mut(&id.into()).expect("a template").online = false;
    }
    file
}
