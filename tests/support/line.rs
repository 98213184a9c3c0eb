//! A line to the server that is cut again and again: what passes, passes through here.

use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tidbok::store::{Instance, ServerLocation};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

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

/// The same database behind a line that does with each connection what it is told.
async fn behind<F>(
    server: &ServerLocation,
    line: impl Fn(TcpStream, TcpStream) -> F + Send + 'static,
) -> ServerLocation
where
    F: Future<Output = ()> + Send + 'static,
{
    let Instance::Port(port) = server.instance else { panic!("a port") };
    let (listener, host) = (TcpListener::bind("127.0.0.1:0").await.unwrap(), server.host.clone());
    let mut behind = server.clone();
    behind.host = "localhost".to_owned();
    behind.instance = Instance::Port(listener.local_addr().unwrap().port());
    tokio::spawn(async move {
        while let Ok((near, _)) = listener.accept().await {
            if let Ok(far) = TcpStream::connect((host.as_str(), port)).await {
                tokio::spawn(line(near, far));
            }
        }
    });
    behind
}

/// The same database behind a line on which, of so many pieces that pass, about one is swallowed and
/// the connection cut: on the way there or back.
pub async fn torn(server: &ServerLocation, pieces: u64) -> ServerLocation {
    behind(server, move |near, far| pass(near, far, pieces)).await
}

async fn pass(mut near: TcpStream, mut far: TcpStream, pieces: u64) {
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
        if passed > 12 && RandomState::new().hash_one(passed).is_multiple_of(pieces) {
            return;
        }
        if onto.write_all(&piece[..length]).await.is_err() {
            return;
        }
    }
}
