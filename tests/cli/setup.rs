//! `tidbok setup`: from nothing to an installation that works, and one that is there, changed.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::desk::{Desk, Ended};

/// Answers by a part of the question; whatever else is asked is answered with Enter.
type Answers<'a> = &'a [(&'a str, &'a str)];

/// A folder to install below.
struct Place {
    desk: Desk,
}

impl Place {
    fn empty() -> Self {
        Self { desk: Desk::empty() }
    }

    fn root(&self) -> PathBuf {
        self.desk.path("root")
    }

    fn file(&self, name: &str) -> PathBuf {
        self.root().join("etc/tidbok").join(name)
    }

    fn text(&self, name: &str) -> String {
        std::fs::read_to_string(self.file(name)).unwrap()
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.file(name), text).unwrap();
    }

    fn command(&self, more: &[&str]) -> Command {
        let root = self.root().display().to_string();
        let arguments: Vec<&str> =
            ["setup", "--root", &root].into_iter().chain(more.iter().copied()).collect();
        self.desk.program(&arguments)
    }

    /// Goes through the dialogue; each answer is given once, in order.
    fn answer(&self, more: &[&str], answers: Answers<'_>) -> Ended {
        let mut child = piped(&mut self.command(more));
        let mut input = child.stdin.take().unwrap();
        let mut output = child.stdout.take().unwrap();
        let mut left: Vec<_> = answers.to_vec();
        let (mut said, mut chunk) = (Vec::new(), [0; 4096]);
        loop {
            let read = output.read(&mut chunk).unwrap();
            if read == 0 {
                break;
            }
            said.extend_from_slice(&chunk[..read]);
            if !said.ends_with(b": ") {
                continue;
            }
            let line = said.rsplit(|byte| *byte == b'\n').next().unwrap();
            let question = String::from_utf8_lossy(line).into_owned();
            let found = left.iter().position(|(part, _)| question.contains(part));
            let answer = found.map_or("", |at| left.remove(at).1);
            // It may have ended by now.
            let _ = input.write_all(format!("{answer}\n").as_bytes());
        }
        drop(input);
        let rest = child.wait_with_output().unwrap();
        let mut ended = Ended::of(rest);
        ended.out = String::from_utf8(said).unwrap();
        assert!(left.is_empty(), "not asked for: {left:?}\n{}", ended.out);
        ended
    }

    /// Everything that is there: mode and bytes by path.
    fn picture(&self) -> BTreeMap<PathBuf, (u32, Vec<u8>)> {
        let mut picture = BTreeMap::new();
        let mut folders = vec![self.root()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(&folder).into_iter().flatten() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let mode = path.metadata().unwrap().mode() & 0o777;
                    picture.insert(path.clone(), (mode, std::fs::read(&path).unwrap()));
                }
            }
        }
        picture
    }

    /// What differs from a picture that was taken before, and what of it is the database's.
    fn changed_since(&self, before: &BTreeMap<PathBuf, (u32, Vec<u8>)>) -> Vec<PathBuf> {
        let after = self.picture();
        let names = before.keys().chain(after.keys()).collect::<std::collections::BTreeSet<_>>();
        let is_configuration = |path: &&&PathBuf| !path.starts_with(self.root().join("var"));
        let differs = |path: &&&PathBuf| before.get(**path) != after.get(**path);
        names.iter().filter(is_configuration).filter(differs).map(|path| (*path).clone()).collect()
    }
}

fn piped(command: &mut Command) -> Child {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

/// A port that nobody listens at.
fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

fn mode(path: &Path) -> u32 {
    path.metadata().unwrap().permissions().mode() & 0o777
}

/// A booking page and its agent on one machine.
fn with_page(listen: &str) -> Vec<(&'static str, String)> {
    [
        ("Var är bokningssidan", "här"),
        ("korta namn", "mitt"),
        ("webbläsare når", "https://boka.klinik.example"),
        ("lyssnar på", listen),
        ("e-post om", "ja"),
        ("E-postserverns", "smtp.klinik.example"),
        ("Användarnamn", "tidbok"),
        ("Lösenordet", "hemligt-hos-posten"),
        ("Avsändare", "Mitt <boka@klinik.example>"),
    ]
    .map(|(question, answer)| (question, answer.to_owned()))
    .into()
}

fn borrowed<'a>(answers: &'a [(&'static str, String)]) -> Vec<(&'static str, &'a str)> {
    answers.iter().map(|(question, answer)| (*question, answer.as_str())).collect()
}

/// The portal at work; ended when dropped.
struct Portal(Child);

impl Portal {
    fn start(place: &Place, port: u16) -> Self {
        let file = place.file("portal.toml").display().to_string();
        let portal = Self(piped(&mut place.desk.program(&["portal", "--config", &file])));
        let since = Instant::now();
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(since.elapsed() < Duration::from_secs(60), "the portal does not start");
            std::thread::sleep(Duration::from_millis(50));
        }
        portal
    }
}

impl Drop for Portal {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn from_nothing_to_an_installation_whose_programs_work() {
    let place = Place::empty();
    let port = free_port();
    let answers = with_page(&format!("127.0.0.1:{port}"));
    let ended = place.answer(&[], &borrowed(&answers));
    assert_eq!(ended.code, 0, "{}{}", ended.out, ended.err);
    let root = place.root().display().to_string();

    let database = format!("sqlite:{root}/var/lib/tidbok/clinic.db");
    let config = place.text("config.toml");
    for line in [format!("database = \"{database}\""), "login = \"os\"".into()] {
        assert!(config.contains(&line), "{line}: {config}");
    }
    place.desk.run_unnamed(&["doctor", "--root", &root]).done();
    place.desk.run_on(&database, &["status", "--timeout", "60"]).done();

    let _portal = Portal::start(&place, port);
    let unit = place.root().join("etc/systemd/system/tidbok-sync.service.d/00-setup.conf");
    let own = std::fs::read_to_string(unit).unwrap();
    let address = format!("http://127.0.0.1:{port}/fhir/mitt");
    assert!(own.contains(&format!("Environment=\"TIDBOK_PORTAL={address}\"")), "{own}");
    let token = place.file("mitt-agent-token").display().to_string();
    assert!(own.contains(&format!("LoadCredential=portal-token:{token}\n")), "{own}");
    let check = ["sync", "--portal", &address, "--token-file", &token, "--check"];
    assert!(place.desk.run_unnamed(&check).done().ends_with("Provet: godkänt\n"));

    assert!(ended.out.contains("Kvar att göra:"), "{}", ended.out);
    let both = "tidbok-portal.service tidbok-sync.service";
    let start = format!("systemctl enable {both} && systemctl restart {both}");
    let backups = "install -d -o tidbok -g tidbok -m 700 /var/backups/tidbok";
    for left in [start.as_str(), "usermod", backups, "en mapp att prova i"] {
        assert!(ended.out.contains(left), "{left}: {}", ended.out);
    }
}

#[test]
fn messages_link_to_the_page_that_was_set_up_with_them() {
    let place = Place::empty();
    place.answer(&[], &borrowed(&with_page("127.0.0.1:8484")));
    let mail = place.text("mail.toml");
    assert!(mail.contains("page = \"https://boka.klinik.example/mitt\""), "{mail}");
}

#[test]
fn what_a_run_that_was_killed_has_left_is_told_of_and_cleared_away_by_the_next() {
    let place = Place::empty();
    place.answer(&[], &borrowed(&with_page("127.0.0.1:8484")));
    let left = place.file(".tidbok-setup-x1Y2z3");
    std::fs::write(&left, "a-secret\n").unwrap();
    let root = place.root().display().to_string();
    let told = place.desk.run_unnamed(&["doctor", "--root", &root]).done();
    assert!(told.contains(".tidbok-setup-x1Y2z3: kvar efter"), "{told}");
    place.answer(&[], &[]);
    assert!(!left.exists());
}

#[test]
fn secrets_lie_in_files_of_their_own_and_are_never_told() {
    let place = Place::empty();
    let answers = with_page("127.0.0.1:8484");
    let ended = place.answer(&[], &borrowed(&answers));
    let mut told = ended.out + &ended.err;
    for name in ["config.toml", "portal.toml", "mail.toml"] {
        assert_eq!(mode(&place.file(name)), 0o644, "{name}");
        told.push_str(&place.text(name));
    }
    let files = ["hash-key", "mitt-agent-token", "mitt-page-token", "smtp-password"];
    for name in files {
        assert_eq!(mode(&place.file(name)), 0o600, "{name}");
        let secret = place.text(name);
        assert!(secret.trim().len() >= 16 && !told.contains(secret.trim()), "{name}");
    }
    let [key, agent, page] =
        ["hash-key", "mitt-agent-token", "mitt-page-token"].map(|it| place.text(it));
    assert!(key != agent && agent != page && page != key);

    // Whoever made one readable for all has it mended the next time, and it stays what it was.
    let shown = place.file("hash-key");
    std::fs::set_permissions(&shown, std::fs::Permissions::from_mode(0o644)).unwrap();
    place.answer(&[], &[]);
    assert_eq!((mode(&shown), place.text("hash-key")), (0o640, key));
}

#[test]
fn run_again_with_enter_alone_it_leaves_every_byte_as_it_was() {
    let place = Place::empty();
    let mut answers = with_page("127.0.0.1:8484");
    for (question, answer) in [
        ("förmedlare)", "ja"),
        ("issuer", "https://id.example/auth"),
        ("client_id", "tidbok"),
        ("Er hemlighet", "hos-formedlaren"),
        ("Skärmen låses", "10"),
        ("Begränsad", "ja"),
    ] {
        answers.push((question, answer.to_owned()));
    }
    place.answer(&[], &borrowed(&answers));
    let commented = format!(
        "# our own words\n{}\n[keys]  # ours\nundo = [\"z\", 'F6']\n",
        place.text("config.toml")
    );
    place.write("config.toml", &commented);
    let portal = place.text("portal.toml").replace("silence_minutes = 5", "silence_minutes = 7");
    place.write("portal.toml", &portal);
    let before = place.picture();
    for more in [&[][..], &["--yes"]] {
        let ended = place.answer(more, &[]);
        assert_eq!(ended.code, 0, "{}{}", ended.out, ended.err);
        assert_eq!(place.changed_since(&before), Vec::<PathBuf>::new(), "{more:?}");
    }
}

#[test]
fn a_changed_answer_changes_only_what_it_is_about() {
    let place = Place::empty();
    place.answer(&[], &borrowed(&with_page("127.0.0.1:8484")));
    let before = place.picture();
    place.answer(&[], &[("Skärmen låses", "15")]);
    assert_eq!(place.changed_since(&before), [place.file("config.toml")]);
    let config = place.text("config.toml");
    let kept = config.replace("lock_minutes = 15\n", "");
    assert_eq!(kept.as_bytes(), before[&place.file("config.toml")].1);

    let before = place.picture();
    place.answer(&[], &[("Rubrik", "Tandkliniken Mitt")]);
    assert_eq!(place.changed_since(&before), [place.file("portal.toml")]);
    place.answer(&[], &[("Rubrik", "-")]);
    assert_eq!(place.changed_since(&before), Vec::<PathBuf>::new());
}

#[test]
fn what_is_left_out_later_is_no_longer_there() {
    let place = Place::empty();
    place.answer(&[], &borrowed(&with_page("127.0.0.1:8484")));
    let own = place.root().join("etc/systemd/system/tidbok-sync.service.d/00-setup.conf");
    assert!(std::fs::read_to_string(&own).unwrap().contains("TIDBOK_MAIL"));
    place.answer(&[], &[("e-post om", "nej")]);
    assert!(!std::fs::read_to_string(&own).unwrap().contains("TIDBOK_MAIL"));
    let ended = place.answer(&[], &[("agenten gå", "nej")]);
    assert!(!own.exists());
    assert!(ended.out.contains("systemctl disable --now tidbok-sync.service"), "{}", ended.out);
    // That it does not run here is an answer that is remembered, and so is that there is no page.
    place.answer(&["--yes"], &[]);
    assert!(!own.exists());
    place.answer(&[], &[("Var är bokningssidan", "ingen")]);
    let before = place.picture();
    place.answer(&["--yes"], &[]);
    assert_eq!(place.changed_since(&before), Vec::<PathBuf>::new());
    assert!(
        !place.root().join("etc/systemd/system/tidbok-portal.service.d/00-setup.conf").exists()
    );
}

#[test]
fn a_portal_that_would_not_start_is_no_installation_that_is_well() {
    let place = Place::empty();
    place.answer(&[], &borrowed(&with_page("127.0.0.1:8484")));
    place.write("mitt-page-token", "too-short\n");
    let ended = place.answer(&[], &[]);
    assert_eq!(ended.code, 1, "{}", ended.out);
    let told = "mitt-page-token: the first line has fewer than 24 characters";
    assert!(ended.out.contains(told) && !ended.out.contains("too-short"), "{}", ended.out);
}

/// The secrets that systemd hands a service: its drop-ins in the order of their names, where an empty list
/// begins anew.
fn handed_to(place: &Place, unit: &str) -> Vec<String> {
    let folder = place.root().join(format!("etc/systemd/system/{unit}.service.d"));
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let in_order: std::collections::BTreeSet<PathBuf> = entries.collect();
    let mut handed = Vec::new();
    for path in in_order {
        for line in std::fs::read_to_string(path).unwrap().lines() {
            match line.strip_prefix("LoadCredential=") {
                Some("") => handed.clear(),
                Some(said) => handed.push(said.split(':').next().unwrap().to_owned()),
                None => {}
            }
        }
    }
    handed
}

#[test]
fn what_is_ones_own_of_a_service_adds_to_what_setup_has_written() {
    let place = Place::empty();
    place.answer(&[], &borrowed(&with_page("127.0.0.1:8484")));
    let folder = place.root().join("etc/systemd/system/tidbok-portal.service.d");
    let own = "[Service]\nLoadCredential=mitt-e-id-secret:/etc/tidbok/mitt-e-id-secret\n";
    std::fs::write(folder.join("e-id.conf"), own).unwrap();
    let secrets = ["hash-key", "mitt-agent-token", "mitt-page-token", "mitt-e-id-secret"];
    assert_eq!(handed_to(&place, "tidbok-portal"), secrets);

    // What an earlier version wrote is read, and gone once it is written anew.
    let agent = place.root().join("etc/systemd/system/tidbok-sync.service.d");
    for folder in [&folder, &agent] {
        std::fs::rename(folder.join("00-setup.conf"), folder.join("setup.conf")).unwrap();
    }
    let root = place.root().display().to_string();
    let seen = place.desk.run_unnamed(&["doctor", "--root", &root]).done();
    assert!(seen.contains("tidbok-sync.service"), "{seen}");
    let ended = place.answer(&["--yes"], &[]);
    assert!(!ended.out.contains("disable"), "{}", ended.out);
    for folder in [&folder, &agent] {
        assert!(!folder.join("setup.conf").exists() && folder.join("00-setup.conf").exists());
    }
    assert_eq!(handed_to(&place, "tidbok-portal"), secrets);
    assert_eq!(handed_to(&place, "tidbok-sync"), ["portal-token", "smtp-password"]);

    std::fs::rename(agent.join("00-setup.conf"), agent.join("setup.conf")).unwrap();
    let ended = place.answer(&[], &[("agenten gå", "nej")]);
    assert!(!agent.join("setup.conf").exists());
    assert!(ended.out.contains("systemctl disable --now tidbok-sync.service"), "{}", ended.out);
}

#[test]
fn a_clinic_that_gets_another_short_name_leaves_a_section_which_is_told_of() {
    let place = Place::empty();
    let ended = place.answer(&[], &borrowed(&with_page("127.0.0.1:8484")));
    assert!(!ended.out.contains("står kvar"), "{}", ended.out);
    let ended = place.answer(&[], &[("korta namn", "nytt")]);
    let told = format!("[clinics.mitt] står kvar i {}", place.file("portal.toml").display());
    assert!(ended.out.contains(&told), "{}", ended.out);
    assert!(place.text("portal.toml").contains("[clinics.mitt]"));
    let ended = place.answer(&[], &[]);
    assert!(!ended.out.contains("står kvar"), "{}", ended.out);
}

#[test]
fn a_file_that_is_broken_is_told_of_with_its_line_and_left_as_it_is() {
    for name in ["config.toml", "portal.toml", "mail.toml"] {
        let place = Place::empty();
        place.answer(&[], &borrowed(&with_page("127.0.0.1:8484")));
        let broken = format!("# ours\n{}listen = = 1\n", place.text(name));
        let line = broken.lines().count();
        place.write(name, &broken);
        let before = place.picture();
        place.answer(&[], &[]).failed(2, &[&format!("{name}:"), &format!("{line}:")]);
        assert_eq!(place.picture(), before);
    }
}

#[test]
fn whoever_turns_e_mail_on_is_told_which_bookings_are_confirmed_at_once() {
    let place = Place::empty();
    let told = "det senaste dygnet bekräftas så snart agenten";
    let ended = place.answer(&[], &borrowed(&with_page("127.0.0.1:8484")));
    assert!(ended.out.contains(told), "{}", ended.out);
    assert!(!place.answer(&[], &[]).out.contains(told), "it is on already");
}

#[test]
fn an_answer_that_is_none_is_told_why_and_asked_for_again() {
    let place = Place::empty();
    let long = "x".repeat(5000);
    let asked = [
        ("Databas:", "oracle", "svara med ett av orden: sqlite, sqlserver, annanstans"),
        ("Databasens fil", "clinic.db", "skriv hela sökvägen"),
        ("Hur man blir", "PIN", "svara med ett av orden: os, password, none"),
        ("Skärmen låses", "0", "skriv 1 till 240"),
        ("Begränsad", "kanske", "svara ja eller nej"),
        ("Var är bokningssidan", "\u{1b}[31m", "annat än text"),
        ("Var är bokningssidan", "här", ""),
        ("korta namn", "fhir", "några namn är upptagna"),
        ("korta namn", &long, "för långt"),
        ("webbläsare når", "http://boka.example", "https://boka.klinik.se"),
        ("lyssnar på", "8484", "skriv adress och port"),
        ("e-post om", "ja", ""),
        ("E-postserverns", "smtp example", "skriv ett värdnamn"),
        ("E-postserverns", "", "ett svar behövs här"),
        ("E-postserverns", "smtp.example", ""),
        ("Port [", "70000", "65535"),
        ("Avsändare", "klinik", "skriv en adress som"),
        ("Avsändare", "info@klinik.example", ""),
    ];
    let answers: Vec<(&str, &str)> = asked.iter().map(|it| (it.0, it.1)).collect();
    let ended = place.answer(&[], &answers);
    assert_eq!(ended.code, 0, "{}{}", ended.out, ended.err);
    let mut rest = ended.out.as_str();
    for (question, answer, told) in asked {
        let at = rest.find(told).unwrap_or_else(|| panic!("{question} {answer}: {told}\n{rest}"));
        rest = &rest[at + told.len()..];
    }
    assert!(!ended.out.contains('\u{1b}'));
}

#[test]
fn where_the_answers_end_or_are_no_nothing_is_written() {
    for input in ["", "\n", "\n\n\n\n", "sv\nsqlite\n/nowhere", "\n\n\n\n\n\n\n\n"] {
        let place = Place::empty();
        let mut child = piped(&mut place.command(&[]));
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        let ended = Ended::of(child.wait_with_output().unwrap());
        assert_eq!(ended.code, 1, "{input:?}: {}", ended.out);
        for said in ["svaren tog slut vid", "inget är skrivet"] {
            assert!(ended.err.contains(said), "{}", ended.err);
        }
        assert!(!place.root().exists(), "{input:?}");
    }
    let place = Place::empty();
    let ended = place.answer(&[], &[("Skriv detta", "nej")]);
    assert_eq!((ended.code, place.root().exists()), (1, false));
}

#[test]
fn a_key_that_breaks_it_off_leaves_everything_as_it_was() {
    use nix::sys::signal::{Signal, kill};
    let place = Place::empty();
    place.answer(&["--yes"], &[]);
    let before = place.picture();
    let mut child = piped(&mut place.command(&[]));
    child.stdin.take().unwrap().write_all(b"en\n\n\npassword\n").unwrap();
    let (mut said, mut chunk) = (String::new(), [0; 4096]);
    while !said.contains("The screen locks") {
        let read = child.stdout.as_mut().unwrap().read(&mut chunk).unwrap();
        assert!(read > 0, "{said}");
        said.push_str(&String::from_utf8_lossy(&chunk[..read]));
    }
    let pid = nix::unistd::Pid::from_raw(i32::try_from(child.id()).unwrap());
    // It may have met the end of its input by then, which is as good.
    let _ = kill(pid, Signal::SIGINT);
    assert!(!child.wait().unwrap().success());
    assert_eq!(place.picture(), before);
}

#[test]
fn a_dry_run_shows_the_files_and_writes_nothing() {
    let place = Place::empty();
    let ended = place.answer(&["--dry-run"], &borrowed(&with_page("127.0.0.1:8484")));
    assert_eq!((ended.code, place.root().exists()), (0, false), "{}", ended.err);
    for said in
        ["+login = \"os\"", "+[clinics.mitt]", "+host = \"smtp.klinik.example\"", "+ExecStart="]
    {
        assert!(ended.out.contains(said), "{said}: {}", ended.out);
    }
    assert!(!ended.out.contains("hemligt-hos-posten"), "{}", ended.out);

    place.answer(&[], &[]);
    let before = place.picture();
    let ended = place.answer(&["--dry-run", "--language", "en"], &[("one becomes", "password")]);
    assert!(ended.out.contains("-login = \"os\"\n+login = \"password\"\n"), "{}", ended.out);
    assert_eq!(place.picture(), before);
}

#[test]
fn for_scripts_everything_is_answered_by_what_is_there_or_usual() {
    let place = Place::empty();
    let ended = Ended::of(place.command(&["--yes"]).output().unwrap());
    assert!(ended.done().contains("Databasen är i ordning."));
    assert!(place.root().join("var/lib/tidbok/clinic.db").exists());
    assert!(!place.file("portal.toml").exists() && !place.file("mail.toml").exists());

    // What can't be known is not made up.
    let own = place.root().join("etc/systemd/system/tidbok-sync.service.d");
    std::fs::create_dir_all(&own).unwrap();
    let elsewhere = "[Service]\nEnvironment=\"TIDBOK_PORTAL=https://boka.example/fhir/mitt\"\n";
    std::fs::write(own.join("00-setup.conf"), elsewhere).unwrap();
    let ended = Ended::of(place.command(&["--yes"]).output().unwrap());
    ended.failed(2, &["Agentens token", "utan --yes"]);
}

#[test]
fn a_database_of_before_is_brought_up_to_date_when_that_is_answered() {
    let place = Place::empty();
    let path = place.root().join("var/lib/tidbok/clinic.db");
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    drop(crate::desk::older(&path));
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o660)).unwrap();
    let ended = Ended::of(place.command(&["--yes"]).output().unwrap());
    let told = ended.done();
    assert!(told.contains("Databasen är i ordning."), "{told}");
    let ended = Ended::of(place.command(&["--yes"]).output().unwrap());
    assert!(ended.done().contains("Databasen finns och är aktuell."));
}

#[test]
fn a_database_that_is_named_is_the_answer() {
    let place = Place::empty();
    let path = place.root().join("srv/tidbok/storgatan.db");
    let named = format!("sqlite:{}", path.display());
    let run = |database: &str, more: &[&str]| {
        let arguments: Vec<&str> =
            ["--database", database].into_iter().chain(more.iter().copied()).collect();
        place.answer(&arguments, &[])
    };
    assert_eq!(run(&named, &["--yes"]).code, 0);
    assert!(place.text("config.toml").contains(&format!("database = \"{named}\"")));
    assert!(path.exists() && !place.root().join("var/lib/tidbok/clinic.db").exists());
    // It goes before the one that is there, and is left where none is named.
    let other = format!("sqlite:{}/srv/tidbok/annan.db", place.root().display());
    assert_eq!(run(&other, &[]).code, 0);
    place.answer(&["--yes"], &[]);
    assert!(place.text("config.toml").contains(&format!("database = \"{other}\"")));

    let before = place.picture();
    run("sqlserver://sa:hemligt@db.example/Klinik", &["--yes"]).failed(2, &["lösenord"]);
    run("sqlite:clinic.db", &["--yes"]).failed(2, &["hela sökvägen"]);
    let server = run("sqlserver://agda@db.example/Klinik", &["--yes"]);
    server.failed(2, &["Inloggningens lösenord", "utan --yes"]);
    assert_eq!(place.picture(), before);
}

#[test]
fn a_server_has_its_password_in_a_file_and_a_script_for_its_administrator() {
    let place = Place::empty();
    let authority = place.desk.path("ca.pem");
    std::fs::write(&authority, "").unwrap();
    let answers = [
        ("Databas:", "sqlserver"),
        ("Servern", "db.klinik.example;x=1"),
        ("Servern", "db.klinik.example:1444"),
        ("Databasens namn", "Klinik Mitt"),
        ("utfärdaren", "/nowhere/ca.pem"),
        ("utfärdaren", authority.to_str().unwrap()),
        ("lösenord", "hemligt-hos-servern"),
    ];
    let ended = place.answer(&["--dry-run"], &answers);
    let ca = authority.display();
    let url = format!(
        "sqlserver://tidbok_console@db.klinik.example:1444/Klinik%20Mitt?encrypt=on&ca={ca}"
    );
    for said in
        [&format!("+database = \"{url}\""), "hemlighet", "database-password", "+USE [Klinik Mitt];"]
    {
        assert!(ended.out.contains(said), "{said}: {}", ended.out);
    }
    assert!(!ended.out.contains("hemligt-hos"), "{}", ended.out);
}

#[test]
fn what_is_left_to_do_at_a_server_can_be_put_into_a_shell_as_it_stands() {
    for (server, of_sqlcmd) in [("127.0.0.1:9", "127.0.0.1,9"), ("[::1]:9", "[::1],9")] {
        let place = Place::empty();
        let authority = place.desk.path("ca.pem");
        std::fs::write(&authority, "").unwrap();
        let answers = [
            ("Databas:", "sqlserver"),
            ("Servern", server),
            ("Databasens namn", "Klinik"),
            ("utfärdaren", authority.to_str().unwrap()),
            ("lösenord", "hemligt-hos-servern"),
            ("Skapa databasen", "nej"),
        ];
        let ended = place.answer(&[], &answers);
        let (ca, file) = (authority.display(), place.file("database-password"));
        let address = format!("sqlserver://tidbok_console@{server}/Klinik?encrypt=on&ca={ca}");
        let program = format!(
            "TIDBOK_DATABASE_PASSWORD_FILE={} tidbok --database '{address}'",
            file.display()
        );
        for command in [
            format!("{program}\n"),
            format!("{program} migrate\n"),
            format!("sqlcmd -S '{of_sqlcmd}' -i {}\n", place.file("grants.sql").display()),
        ] {
            assert!(ended.out.contains(&command), "{command}: {}", ended.out);
        }
    }
}

#[test]
fn files_that_can_not_be_understood_are_told_of_and_left() {
    let place = Place::empty();
    place.answer(&["--yes"], &[]);
    for (name, text) in [("config.toml", "logon = \"os\"\n"), ("portal.toml", "listen = 5\n")] {
        let before = std::fs::read(place.file(name)).ok();
        place.write(name, text);
        let ended = Ended::of(place.command(&["--yes"]).output().unwrap());
        ended.failed(2, &[name, "1"]);
        assert_eq!(place.text(name), text);
        match before {
            Some(before) => std::fs::write(place.file(name), before).unwrap(),
            None => std::fs::remove_file(place.file(name)).unwrap(),
        }
    }
}

#[test]
fn this_machine_is_set_up_by_its_administrator_alone() {
    let desk = Desk::empty();
    if nix::unistd::geteuid().is_root() {
        return;
    }
    desk.run_unnamed(&["setup"]).failed(1, &["sudo tidbok setup"]);
}
