//! A line to the server on which things go wrong, or are counted: what passes, passes through here.

use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use tidbok::store::{Instance, ServerLocation};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// How often the near end has begun to speak.
pub struct Turns(Arc<AtomicU64>);

impl Turns {
    /// Since this was last asked; waits until nothing more is said.
    pub async fn take(&self) -> u64 {
        let mut seen = self.0.load(Ordering::SeqCst);
        loop {
            tokio::time::sleep(Duration::from_millis(300)).await;
            let now = self.0.load(Ordering::SeqCst);
            if std::mem::replace(&mut seen, now) == now {
                return self.0.swap(0, Ordering::SeqCst);
            }
        }
    }
}

/// The same database behind a line on which it is counted how often the near end speaks after the far.
pub async fn counted(server: &ServerLocation) -> (ServerLocation, Turns) {
    let turns = Arc::new(AtomicU64::new(0));
    let counting = Arc::clone(&turns);
    let behind = behind(server, move |near, far| count(near, far, Arc::clone(&counting))).await;
    (behind, Turns(turns))
}

async fn count(mut near: TcpStream, mut far: TcpStream, turns: Arc<AtomicU64>) {
    let (mut there, mut back) = ([0; 16 * 1024], [0; 16 * 1024]);
    let mut far_spoke = true;
    loop {
        let (read, by_far) = tokio::select! {
            read = near.read(&mut there) => (read, false),
            read = far.read(&mut back) => (read, true),
        };
        let Ok(length @ 1..) = read else { return };
        if !by_far && far_spoke {
            turns.fetch_add(1, Ordering::SeqCst);
        }
        far_spoke = by_far;
        let passed = match by_far {
            true => near.write_all(&back[..length]).await,
            false => far.write_all(&there[..length]).await,
        };
        if passed.is_err() {
            return;
        }
    }
}

/// What passes on a line that can be stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Passing {
    Open,
    /// Connections stay, and are made; nothing is heard on them.
    Nothing,
    /// Connections are cut, and those that are made are cut at once.
    Cut,
}

/// What stops a line.
pub struct Switch(watch::Sender<Passing>);

impl Switch {
    pub fn set(&self, passing: Passing) {
        self.0.send_replace(passing);
    }
}

/// The same database behind a line that can be stopped.
pub async fn switched(server: &ServerLocation) -> (ServerLocation, Switch) {
    let (switch, passing) = watch::channel(Passing::Open);
    let behind = behind(server, move |near, far| pass_if(near, far, passing.clone())).await;
    (behind, Switch(switch))
}

/// Any program's address behind a line that can be stopped; the address of its near end.
pub async fn switched_to(address: &str) -> (String, Switch) {
    let (host, port) = address.rsplit_once(':').expect("an address with a port");
    let (host, port) = (host.to_owned(), port.parse().expect("a port"));
    let (switch, passing) = watch::channel(Passing::Open);
    let near = relayed(host, port, move |near, far| pass_if(near, far, passing.clone())).await;
    (format!("127.0.0.1:{near}"), Switch(switch))
}

async fn pass_if(mut near: TcpStream, mut far: TcpStream, mut passing: watch::Receiver<Passing>) {
    let (mut there, mut back) = ([0; 16 * 1024], [0; 16 * 1024]);
    loop {
        let now = *passing.borrow_and_update();
        let (read, onto, piece) = tokio::select! {
            read = near.read(&mut there), if now == Passing::Open => (read, &mut far, &there),
            read = far.read(&mut back), if now == Passing::Open => (read, &mut near, &back),
            _ = passing.changed(), if now != Passing::Cut => continue,
            else => return,
        };
        let Ok(length @ 1..) = read else { return };
        if onto.write_all(&piece[..length]).await.is_err() {
            return;
        }
    }
}

/// The same database behind a line that does with each connection what it is told.
async fn behind<F>(
    server: &ServerLocation,
    line: impl Fn(TcpStream, TcpStream) -> F + Send + 'static,
) -> ServerLocation
where
    F: Future<Output = ()> + Send + 'static,
{
    let Instance::Port(port) = server.instance else { panic!("a port") };
    let mut behind = server.clone();
    behind.host = "localhost".to_owned();
    behind.instance = Instance::Port(relayed(server.host.clone(), port, line).await);
    behind
}

/// The port of the near end of a line to there.
async fn relayed<F>(
    host: String,
    port: u16,
    line: impl Fn(TcpStream, TcpStream) -> F + Send + 'static,
) -> u16
where
    F: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let near = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((near, _)) = listener.accept().await {
            if let Ok(far) = TcpStream::connect((host.as_str(), port)).await {
                tokio::spawn(line(near, far));
            }
        }
    });
    near
}

/// What goes wrong: each once in so many pieces that pass, on the way there or back; never where `None`.
#[derive(Clone, Copy, Default)]
pub struct Weather {
    /// The piece is swallowed and the connection cut.
    pub cuts: Option<u64>,
    /// The piece comes up to a third of a second later.
    pub delays: Option<u64>,
    /// Nothing passes on this connection for up to half a minute.
    pub stalls: Option<u64>,
}

/// Calms a line.
#[derive(Clone, Default)]
pub struct Calm(Arc<AtomicBool>);

impl Calm {
    /// From now on nothing goes wrong.
    pub fn down(&self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// The same database behind a line in such weather, until it is calmed.
pub async fn stormy(server: &ServerLocation, weather: Weather) -> (ServerLocation, Calm) {
    let calm = Calm::default();
    let stays = calm.clone();
    let behind = behind(server, move |near, far| pass(near, far, weather, stays.clone())).await;
    (behind, calm)
}

async fn pass(mut near: TcpStream, mut far: TcpStream, weather: Weather, calm: Calm) {
    let (mut there, mut back) = ([0; 16 * 1024], [0; 16 * 1024]);
    let mut passed = 0_u64;
    loop {
        let (read, onto, piece) = tokio::select! {
            read = near.read(&mut there) => (read, &mut far, &there),
            read = far.read(&mut back) => (read, &mut near, &back),
        };
        let Ok(length @ 1..) = read else { return };
        passed += 1;
        // Signing in takes some pieces; a line that is cut before anything was done tests nothing.
        if passed > 12 && !calm.0.load(Ordering::Relaxed) {
            if happens(weather.cuts) {
                return;
            }
            if happens(weather.stalls) {
                tokio::time::sleep(Duration::from_millis(random() % 30_000)).await;
            }
            if happens(weather.delays) {
                tokio::time::sleep(Duration::from_millis(random() % 333)).await;
            }
        }
        if onto.write_all(&piece[..length]).await.is_err() {
            return;
        }
    }
}

fn happens(once_in: Option<u64>) -> bool {
    once_in.is_some_and(|pieces| random().is_multiple_of(pieces))
}

fn random() -> u64 {
    RandomState::new().hash_one(0_u8)
}
