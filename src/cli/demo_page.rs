//! The other end of the demo: the booking page's server, and the agent that keeps it in step, on a
//! thread of their own beside the console, which waits for neither.

use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use chrono::TimeDelta;
use reqwest::Url;
use tokio::sync::{Notify, oneshot};

use crate::clinic::Clinic;
use crate::portal::{Access, HashKey, Journal, Pages, Portal, Token, Tokens};
use crate::store::{DatabaseLocation, OpenMode, Store};
use crate::sync::{Agent, BearerToken, Http, Pace, Wire};
use crate::texts::Language;
use crate::tui::BookingPage;

use super::secret_file::made;

/// The demo's clinic as its addresses name it.
const CLINIC: &str = "demo";
/// How often the clinic is asked whether anything has changed.
const LOOK: Duration = Duration::from_millis(400);
/// A round at least so often: time passing is a change, too.
const ROUND: Duration = Duration::from_secs(4);
/// How long a round under way may take once the demo is left.
const GRACE: Duration = Duration::from_secs(1);

/// What a person needs to try it, beside each other in the demo's folder.
const CURL_FILE: &str = "curl.conf";
const BOOKING_FILE: &str = "booking.json";
const GUIDE_FILE: &str = "README";

/// A booking page's transaction: the patient, and the wish, which takes its slot. A test personnummer.
const BOOKING: &str = r#"{"resourceType": "Bundle", "type": "transaction", "entry": [
  {"fullUrl": "urn:uuid:61ebe359-bfdc-4613-8bf2-c5e300945f0a",
   "request": {"method": "POST", "url": "Patient"},
   "resource": {"resourceType": "Patient",
     "identifier": [{"system": "http://electronichealth.se/identifier/personnummer",
                     "value": "189001019802"}],
     "name": [{"family": "Demosson", "given": ["Prova"]}],
     "telecom": [{"system": "email", "value": "prova@example.se"},
                 {"system": "phone", "value": "070-174 06 05"}]}},
  {"request": {"method": "POST", "url": "Appointment"},
   "resource": {"resourceType": "Appointment", "status": "proposed",
     "slot": [{"reference": "Slot/SLOT"}],
     "participant": [{"status": "accepted",
       "actor": {"reference": "urn:uuid:61ebe359-bfdc-4613-8bf2-c5e300945f0a"}}]}}
]}
"#;

/// The server and the agent at work.
pub(super) struct Running {
    stop: oneshot::Sender<()>,
    thread: JoinHandle<()>,
}

/// Starts both; what the console tells of it. Without a server the demo goes on alone.
pub(super) async fn start(
    database: &Path,
    folder: &Path,
    language: Language,
) -> (Option<Running>, BookingPage) {
    let (stop, stopped) = oneshot::channel();
    let (tell, told) = oneshot::channel();
    let begun = prepared(database, folder, language).and_then(|other_end| {
        let work = move || other_end.work(tell, stopped);
        std::thread::Builder::new().name("other end".to_owned()).spawn(work)
    });
    let broke_off = || io::Error::other("broken off");
    let page = match begun {
        Ok(thread) => match told.await.unwrap_or_else(|_| Err(broke_off())) {
            Ok(page) => return (Some(Running { stop, thread }), page),
            Err(error) => Err(error),
        },
        Err(error) => Err(error),
    };
    (None, page.unwrap_or_else(|error| BookingPage::Missing { why: error.to_string() }))
}

impl Running {
    /// Ends both. A round under way has a moment: the demo's agent is of no use without its console.
    pub(super) fn end(self) {
        // It may have ended by itself.
        let _ = self.stop.send(());
        let _ = self.thread.join();
    }
}

/// Everything that the thread needs.
struct OtherEnd {
    database: PathBuf,
    folder: PathBuf,
    agent_token: String,
    page_token: String,
    access: Access,
    language: Language,
}

fn prepared(database: &Path, folder: &Path, language: Language) -> io::Result<OtherEnd> {
    let (agent_token, page_token) = (made()?, made()?);
    let token = |text: &str| Token::new(text).map_err(io::Error::other);
    let tokens = Tokens { agent: token(&agent_token)?, page: token(&page_token)? };
    let access = Access {
        clinics: [(CLINIC.to_owned(), tokens)].into(),
        silence: TimeDelta::minutes(5),
        key: HashKey::new(made()?.into_bytes()).ok_or_else(|| io::Error::other("too short"))?,
    };
    let (database, folder) = (database.to_owned(), folder.to_owned());
    Ok(OtherEnd { database, folder, agent_token, page_token, access, language })
}

impl OtherEnd {
    fn work(self, tell: oneshot::Sender<io::Result<BookingPage>>, stop: oneshot::Receiver<()>) {
        let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
            Ok(runtime) => runtime,
            Err(error) => {
                // Whoever started this waits for the answer.
                let _ = tell.send(Err(error));
                return;
            }
        };
        runtime.block_on(self.serve(tell, stop));
        runtime.shutdown_timeout(GRACE);
    }

    async fn serve(
        self,
        tell: oneshot::Sender<io::Result<BookingPage>>,
        stop: oneshot::Receiver<()>,
    ) {
        let (mut agent, store, portal, page) = match self.open().await {
            Ok(opened) => opened,
            Err(error) => {
                let _ = tell.send(Err(error));
                return;
            }
        };
        if tell.send(Ok(page)).is_err() {
            return;
        }
        let wake = portal.page_heard();
        let (end_portal, portal_ends) = oneshot::channel::<()>();
        tokio::spawn(portal.run(async move {
            let _ = portal_ends.await;
        }));
        tokio::spawn(look(Clinic::new(store.clone()), Arc::clone(&wake)));
        let stopping = Notify::new();
        let work =
            crate::sync::run(&mut agent, Pace { every: ROUND, wake }, stopping.notified(), |_| ());
        let mut work = std::pin::pin!(work);
        tokio::select! {
            () = &mut work => {}
            _ = stop => {
                stopping.notify_one();
                // A round that takes longer is broken off: it would be done again anyway.
                let _ = tokio::time::timeout(GRACE, work).await;
            }
        }
        let _ = end_portal.send(());
    }

    async fn open(self) -> io::Result<(Agent, Store, Portal, BookingPage)> {
        let other = |error: &dyn std::fmt::Display| io::Error::other(error.to_string());
        let loopback = SocketAddr::from(([127, 0, 0, 1], 0));
        let database = self.folder.join("page.db");
        let (pages, journal) = (Pages::default(), Journal::silent());
        let portal = Portal::open(&database, loopback, self.access, pages, journal).await;
        let portal = portal.map_err(|error| other(&error))?;
        let page = format!("http://{}/{CLINIC}", portal.address());
        let address = format!("http://{}/fhir/{CLINIC}", portal.address());
        let base: Url = address.parse().map_err(|error| other(&error))?;
        let token = BearerToken::new(&self.agent_token).ok_or_else(|| other(&"no token"))?;
        let http = Http::new().map_err(|error| other(&error))?;
        let location = DatabaseLocation::Sqlite(self.database);
        let store = Store::open(&location, OpenMode::Existing).await;
        let store = store.map_err(|error| other(&error))?;
        let wire = Wire::new(Box::new(http), &base, token);
        let agent = Agent::new(Clinic::new(store.clone()), wire, super::sync::place(&base));
        let guide = write_guide(&self.folder, &page, &address, &self.page_token, self.language)?;
        Ok((
            agent,
            store,
            portal,
            BookingPage::At { address: page, guide: guide.display().to_string() },
        ))
    }
}

/// Wakes the agent when the clinic's revisions have moved.
async fn look(clinic: Clinic, wake: Arc<Notify>) {
    let mut last = None;
    loop {
        tokio::time::sleep(LOOK).await;
        let Ok(revisions) = clinic.revisions().await else { continue };
        if last.as_ref().is_some_and(|last| *last != revisions) {
            wake.notify_one();
        }
        last = Some(revisions);
    }
}

/// What a person needs to try it: the page's address, the token in a file that only its owner reads, a booking to post,
/// and the commands.
fn write_guide(
    folder: &Path,
    page: &str,
    address: &str,
    token: &str,
    language: Language,
) -> io::Result<PathBuf> {
    let curl = format!("header = \"Authorization: Bearer {token}\"\nsilent\n");
    private_file(&folder.join(CURL_FILE))?.write_all(curl.as_bytes())?;
    std::fs::write(folder.join(BOOKING_FILE), BOOKING)?;
    let guide = folder.join(GUIDE_FILE);
    let shown = folder.display();
    let (open, find, book, then) = language.pick(
        (
            "Bokningssidan, som patienterna ser den, i en webbläsare:",
            "Ett annat program bokar så här. Lediga tider (nya syns inom en sekund):",
            "Boka den första:",
            "Inom en sekund står den i tidboken, registrerad av ITB, och alla tider den \
             överlappar är borta här. Avboka den i konsolen, så är de tillbaka.",
        ),
        (
            "The booking page, as patients see it, in a browser:",
            "Another program books like this. Free times (new ones show within a second):",
            "Book the first of them:",
            "Within a second it stands in the appointment book, registered by ITB, and every time \
             that it overlaps is gone here. Cancel it in the console, and they are back.",
        ),
    );
    let text = format!(
        "{open}\n\n  {page}\n\n{find}\n\n  cd {shown}\n  curl -K {CURL_FILE} '{address}/Slot?status=free&_sort=start&_count=3'\n\n\
         {book}\n\n  SLOT=$(curl -K {CURL_FILE} '{address}/Slot?status=free&_sort=start&_count=1' \
         | grep -o '\"id\":\"[0-9a-f]*\"' | cut -d'\"' -f4)\n  \
         sed \"s/SLOT/$SLOT/\" {BOOKING_FILE} | curl -K {CURL_FILE} --json @- {address}\n\n{then}\n"
    );
    std::fs::write(&guide, text)?;
    Ok(guide)
}

#[cfg(unix)]
fn private_file(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
}

/// The temporary folder of an account is private already.
#[cfg(not(unix))]
fn private_file(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn without_a_server_the_demo_goes_on_and_tells_why() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let nowhere = folder.path().join("nowhere");
        let database = folder.path().join("demo.db");
        let (running, page) = start(&database, &nowhere, Language::English).await;
        assert!(running.is_none());
        let BookingPage::Missing { why } = page else { panic!("{page:?}") };
        assert!(why.contains("nowhere"), "{why}");
    }
}
