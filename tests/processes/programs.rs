//! A portal and agents as processes of their own, a clinic's database between them, and a booking page.

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use chrono::{Datelike, NaiveDate, Utc, Weekday};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};
use tidbok::clinic::{Clinic, Command as Change, new_command_id};
use tidbok::domain::*;
use tidbok::store::{ClinicFile, DatabaseLocation, ImportMode, OpenMode, Store};

/// How long anything may take on a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(90);
/// How long a lease holds in the tests, in seconds.
pub const LEASE: &str = "3";

pub const AGENT: &str = "agent-token-agent-token-1";
pub const PAGE: &str = "page-token-page-token-page";
pub const KEY: &str = "a key of sixteen bytes or more";

/// A patient of whom nothing may be found in a log: a test personnummer.
pub const PERSONNUMMER: &str = "189001019802";
pub const FAMILY: &str = "Hemlighetsson";
pub const GIVEN: &str = "Hildegunn";
pub const EMAIL: &str = "hildegunn@hemlig.example";
pub const MOBILE: &str = "070-174 06 05";
pub const STREET: &str = "Undangömda stigen 17";

/// The portal's file.
const PORTAL: &str = "\
listen = \"127.0.0.1:0\"
database = \"portal.db\"
hash_key_file = \"hash-key\"
[clinics.mitt]
agent_token_file = \"agent-token\"
page_token_file = \"page-token\"
";

/// Everything that runs and is stored.
pub struct Place {
    pub folder: tempfile::TempDir,
    /// Where programs say what they do.
    pub logs: PathBuf,
    pub clinic: Clinic,
    /// With whose token it is asked what is published.
    pub token: &'static str,
    client: Client,
    portal: Option<Child>,
    address: String,
}

/// What a place is made of.
pub struct Ground {
    pub folder: tempfile::TempDir,
    pub logs: PathBuf,
    pub file: ClinicFile,
}

/// Variables of a program's environment.
pub type Around = Vec<(&'static str, String)>;

/// A program that says what it does in a file.
pub struct Agent {
    child: Child,
    pub log: PathBuf,
}

/// What memory a program has, in KiB.
#[derive(Clone, Copy, Debug)]
pub struct Memory {
    pub now: u64,
    /// The most that it has ever had.
    pub most: u64,
}

impl Memory {
    /// A process's, where the system tells.
    pub fn of(process: u32) -> Option<Self> {
        let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
        let kib = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name))?;
            line.split_whitespace().next()?.parse().ok()
        };
        Some(Memory { now: kib("VmRSS:")?, most: kib("VmHWM:")? })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Some(portal) = &mut self.portal {
            end(portal);
        }
    }
}

impl Drop for Agent {
    fn drop(&mut self) {
        end(&mut self.child);
    }
}

/// Kills a program, and waits for its end.
pub fn end(child: &mut Child) {
    // It may have ended by itself.
    let _ = child.kill();
    let _ = child.wait();
}

fn appended(path: &Path) -> File {
    OpenOptions::new().create(true).append(true).open(path).expect("a log")
}

pub fn program(log: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tidbok"));
    // As talkative as anything could make it.
    command.env("RUST_LOG", "trace").env("RUST_BACKTRACE", "full");
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(appended(log));
    command
}

impl Place {
    /// The example clinic's set-up, a portal, and no agent yet.
    pub async fn open() -> Self {
        Self::with_portal("", &[]).await
    }

    /// The same, with more of the clinic in the portal's file, and files that are named there.
    pub async fn with_portal(more: &str, files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (logs, file) = (folder.path().to_owned(), example());
        let mut place = Self::on(Ground { folder, logs, file }, more, files).await;
        place.start_portal(&Around::new());
        place
    }

    /// The same of another clinic, with a portal that is still to be started.
    pub async fn on(ground: Ground, more: &str, files: &[(&str, &str)]) -> Self {
        let Ground { folder, logs, file } = ground;
        let at = |name: &str| folder.path().join(name);
        let clinic = opened(&at("clinic.db")).await;
        let (mode, id) = (ImportMode::IntoEmpty, new_command_id());
        let imported = clinic.import(&Actor::System, id, &file, mode).await;
        imported.expect("the clinic is imported");
        let own = [
            ("agent-token", AGENT),
            ("page-token", PAGE),
            ("hash-key", KEY),
            ("portal.toml", &format!("{PORTAL}{more}")),
        ];
        for (name, text) in own.iter().chain(files) {
            std::fs::write(at(name), text).expect("a file");
        }
        let (client, address) = (Client::new(), "127.0.0.1:0".to_owned());
        Self { folder, logs, clinic, token: PAGE, client, portal: None, address }
    }

    /// Closes the clinic's database: until this process asks for anything of it, others alone have it
    /// open.
    pub async fn let_go(&mut self) {
        let anew = opened(&self.path("clinic.db")).await;
        let before = std::mem::replace(&mut self.clinic, anew);
        let store = before.store().clone();
        drop(before);
        store.close().await;
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn log(&self, name: &str) -> PathBuf {
        self.logs.join(format!("{name}.log"))
    }

    /// Starts the portal, at the same address as before, and reads where it answers.
    pub fn start_portal(&mut self, around: &Around) {
        let mut command = program(&self.log("portal"));
        command.arg("portal").arg("--config").arg(self.path("portal.toml"));
        command.args(["--listen", &self.address]).stdout(Stdio::piped());
        command.envs(around.iter().cloned());
        let mut child = command.spawn().expect("the portal starts");
        let mut told = String::new();
        let output = child.stdout.take().expect("its output");
        BufReader::new(output).read_line(&mut told).expect("it tells where");
        let after = told.split("http://").nth(1).unwrap_or_else(|| panic!("no address: {told}"));
        self.address = after.split('/').next().expect("an address").to_owned();
        self.portal = Some(child);
    }

    /// Kills the portal at once.
    pub fn end_portal(&mut self) {
        if let Some(mut portal) = self.portal.take() {
            end(&mut portal);
        }
    }

    /// Kills the portal at once and starts it again at the same address.
    pub fn kill_portal(&mut self) {
        self.end_portal();
        self.start_portal(&Around::new());
    }

    /// The portal's process, while there is one.
    pub fn portal_id(&self) -> Option<u32> {
        self.portal.as_ref().map(Child::id)
    }

    /// Where the portal listens.
    pub fn address(&self) -> &str {
        &self.address
    }

    pub fn base(&self) -> String {
        format!("http://{}/fhir/mitt", self.address)
    }

    pub fn database(&self) -> String {
        format!("sqlite:{}", self.path("clinic.db").display())
    }

    /// Where patients book.
    pub fn page_address(&self) -> String {
        format!("http://{}/mitt", self.address)
    }

    /// The portal's memory, where the system tells.
    pub fn portal_memory(&self) -> Option<Memory> {
        Memory::of(self.portal_id()?)
    }

    /// An agent that says what it does in `NAME.log`, faster than usual.
    pub fn agent(&self, name: &str) -> Agent {
        self.agent_with(name, &["--every", "60"])
    }

    /// The same at its usual pace, with more options.
    pub fn agent_with(&self, name: &str, more: &[&str]) -> Agent {
        let command = self.agent_command(name, &self.base(), more);
        Agent::start(command, self.log(name))
    }

    /// What starts an agent, with where it finds the portal.
    pub fn agent_command(&self, name: &str, portal: &str, more: &[&str]) -> Command {
        let mut command = program(&self.log(name));
        command.args(["--database", &self.database()]);
        command.args(["sync", "--portal", portal, "--lease", LEASE]);
        command.arg("--token-file").arg(self.path("agent-token")).args(more);
        command
    }

    pub async fn run(&self, command: Change) -> bool {
        self.clinic.execute(&Actor::System, new_command_id(), &command, now()).await.is_ok()
    }

    /// Scheduled time, and as much preblock.
    pub async fn lay(&self, practitioner: &str, at: Interval) -> bool {
        let practitioner = PractitionerId::from(practitioner);
        let (session, intervals) = (practitioner.clone(), vec![at]);
        let sessions =
            Change::AddWorkSessions { practitioner: session, intervals: intervals.clone() };
        self.run(sessions).await;
        self.run(Change::LayPreblocks {
            practitioner,
            preblock_type: "e-us".into(),
            intervals,
            overlap: OverlapChoice::Replace,
            code: None,
        })
        .await
    }

    /// Asks as the booking page. `None` where the portal was being killed.
    pub async fn page(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Option<(StatusCode, Value)> {
        let address = format!("{}/{path}", self.base());
        let mut request = self.client.request(method, address).bearer_auth(self.token);
        if let Some(body) = body {
            request = request.json(body);
        }
        let answer = request.send().await.ok()?;
        let status = answer.status();
        Some((status, answer.json().await.ok()?))
    }

    /// What a search finds, page by page; less where the portal was being killed.
    pub async fn all(&self, query: &str) -> Vec<Value> {
        let mut all = Vec::new();
        let mut next = Some(format!("{query}&_count=1000"));
        while let Some(path) = next {
            let Some((_, mut found)) = self.page(Method::GET, &path, None).await else { break };
            let entries = found["entry"].as_array_mut().map(std::mem::take).unwrap_or_default();
            all.extend(entries.into_iter().map(|mut entry| entry["resource"].take()));
            let links = found["link"].as_array().into_iter().flatten();
            let further = links.filter(|link| link["relation"] == "next");
            let further =
                further.filter_map(|link| link["url"].as_str()?.split("/fhir/mitt/").nth(1));
            next = further.map(str::to_owned).next();
        }
        all
    }

    /// A patient wishes a slot; whether the wish was taken in.
    pub async fn wish(&self, slot: &Value) -> bool {
        let name = "urn:uuid:61ebe359-bfdc-4613-8bf2-c5e300945f0a";
        let wish = json!({
            "resourceType": "Appointment",
            "status": "proposed",
            "slot": [{"reference": format!("Slot/{}", slot["id"].as_str().expect("an id"))}],
            "participant": [{"status": "accepted", "actor": {"reference": name}}],
        });
        let entry = |full_url: Option<&str>, url: &str, resource: Value| {
            let mut entry =
                json!({"request": {"method": "POST", "url": url}, "resource": resource});
            if let Some(full_url) = full_url {
                entry["fullUrl"] = full_url.into();
            }
            entry
        };
        let bundle = json!({
            "resourceType": "Bundle",
            "type": "transaction",
            "entry": [entry(Some(name), "Patient", patient()), entry(None, "Appointment", wish)],
        });
        let done = self.page(Method::POST, "", Some(&bundle)).await;
        done.is_some_and(|(status, _)| status == StatusCode::OK)
    }

    /// Start and template of every time that is offered at the portal.
    pub async fn published(&self) -> Vec<String> {
        let mut all: Vec<String> = Vec::new();
        for slot in self.all("Slot?status=free").await {
            let template = slot["serviceType"][0]["coding"][0]["code"].as_str();
            let start = &slot["start"].as_str().expect("a start")[..16];
            all.push(format!("{start} {}", template.expect("a template")));
        }
        all.sort();
        all
    }

    /// The same, as the resolver says.
    pub async fn bookable(&self) -> Vec<String> {
        let days = DateRange::new(now().date(), 95);
        let slots = self.clinic.slots(None, days, now()).await.expect("the store answers");
        let one = |slot: &Slot| format!("{} {}", slot.interval.start(), slot.template);
        let mut all: Vec<String> = slots.iter().map(one).collect();
        all.sort();
        all
    }

    /// Waits until what is offered is what the resolver says, and every wish is answered.
    pub async fn wait_in_step(&self) -> Duration {
        let begun = Instant::now();
        loop {
            let (published, bookable) = (self.published().await, self.bookable().await);
            let waiting = self.all("Appointment?status=proposed").await.len();
            if published == bookable && waiting == 0 {
                return begun.elapsed();
            }
            assert!(
                begun.elapsed() < PATIENCE,
                "{waiting} wishes wait; published {}, bookable {}\n{}",
                published.len(),
                bookable.len(),
                self.logs()
            );
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Everything that any program has said.
    pub fn logs(&self) -> String {
        let entries = std::fs::read_dir(&self.logs).expect("a folder");
        let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
        let logs = paths.filter(|path| path.extension().is_some_and(|it| it == "log"));
        logs.map(|path| {
            format!("{}:\n{}\n", path.display(), std::fs::read_to_string(&path).expect("a log"))
        })
        .collect()
    }
}

impl Agent {
    pub fn start(mut command: Command, log: PathBuf) -> Self {
        Self { child: command.spawn().expect("the agent starts"), log }
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Ends it as a crash would.
    pub fn kill(mut self) {
        end(&mut self.child);
    }

    pub fn signal(&self, signal: Signal) {
        let pid = i32::try_from(self.child.id()).expect("a process");
        kill(Pid::from_raw(pid), signal).expect("it runs");
    }

    /// Asks it to end, and waits until it has.
    pub fn stop(mut self) {
        self.signal(Signal::SIGTERM);
        let begun = Instant::now();
        while self.child.try_wait().expect("it can be waited for").is_none() {
            assert!(begun.elapsed() < PATIENCE, "the agent does not end");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Waits until the last that it has said is that.
    pub async fn wait_saying(&self, what: &str) {
        let begun = Instant::now();
        loop {
            let log = std::fs::read_to_string(&self.log).unwrap_or_default();
            if log.lines().last().is_some_and(|line| line.contains(what)) {
                return;
            }
            assert!(begun.elapsed() < PATIENCE, "waited in vain for {what:?}:\n{log}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

/// A clinic's database, made where it is not there.
async fn opened(path: &Path) -> Clinic {
    let location = DatabaseLocation::Sqlite(path.to_owned());
    Clinic::new(Store::open(&location, OpenMode::Create).await.expect("a database"))
}

/// The example clinic.
pub fn example() -> ClinicFile {
    let file = include_str!("../data/clinic-example.json");
    ClinicFile::parse(file, now().date()).expect("the example is right")
}

pub fn now() -> CivilTime {
    ClinicZone::default().civil(Utc::now())
}

/// A Monday three weeks ahead.
pub fn monday() -> NaiveDate {
    let mut day = now().plus_days(21).date();
    while day.weekday() != Weekday::Mon {
        day = day.succ_opt().expect("a day");
    }
    day
}

/// A stretch of a day after that Monday, in minutes of the day.
pub fn stretch(days: i32, from: i32, length: i32) -> Interval {
    let date = CivilTime::at(monday(), Minutes(0)).plus_days(days).date();
    let start = CivilTime::at(date, Minutes(from));
    Interval::new(start, start + Minutes(length)).expect("from before to")
}

/// Who books.
pub fn patient() -> Value {
    json!({
        "resourceType": "Patient",
        "identifier": [{
            "system": "http://electronichealth.se/identifier/personnummer",
            "value": PERSONNUMMER,
        }],
        "name": [{"family": FAMILY, "given": [GIVEN]}],
        "telecom": [
            {"system": "email", "value": EMAIL},
            {"system": "phone", "value": MOBILE},
        ],
        "address": [{"text": STREET}],
    })
}
