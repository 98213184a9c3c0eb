//! A line to the server on which things go wrong: what passes, passes through here.

use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tidbok::store::{Instance, ServerLocation};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

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
pub async fn behind(server: &ServerLocation, weather: Weather) -> (ServerLocation, Calm) {
    let Instance::Port(port) = server.instance else { panic!("a port") };
    let (listener, host) = (TcpListener::bind("127.0.0.1:0").await.unwrap(), server.host.clone());
    let mut behind = server.clone();
    behind.host = "localhost".to_owned();
    behind.instance = Instance::Port(listener.local_addr().unwrap().port());
    let calm = Calm::default();
    let stays = calm.clone();
    tokio::spawn(async move {
        while let Ok((near, _)) = listener.accept().await {
            if let Ok(far) = TcpStream::connect((host.as_str(), port)).await {
                tokio::spawn(pass(near, far, weather, stays.clone()));
            }
        }
    });
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
