//! A line to the server that is cut again and again: what passes, passes through here.

use std::hash::{BuildHasher, RandomState};

use tidbok::store::{Instance, ServerLocation};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// The same database behind a line on which, of so many pieces that pass, about one is swallowed and
/// the connection cut: on the way there or back.
pub async fn torn(server: &ServerLocation, pieces: u64) -> ServerLocation {
    let Instance::Port(port) = server.instance else { panic!("a port") };
    let (listener, host) = (TcpListener::bind("127.0.0.1:0").await.unwrap(), server.host.clone());
    let mut behind = server.clone();
    behind.host = "localhost".to_owned();
    behind.instance = Instance::Port(listener.local_addr().unwrap().port());
    tokio::spawn(async move {
        while let Ok((near, _)) = listener.accept().await {
            if let Ok(far) = TcpStream::connect((host.as_str(), port)).await {
                tokio::spawn(pass(near, far, pieces));
            }
        }
    });
    behind
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
