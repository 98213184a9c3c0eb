//! A real server on loopback: connections, addresses, and bytes that no library would send.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::{TimeDelta, Utc};
use reqwest::redirect::Policy;
use reqwest::{Client, StatusCode};
use tidbok::portal::{EId, Pages};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::super::NUMBER;
use super::super::provider::Provider;
use crate::desk::Running;

const LOOPBACK: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

async fn running(pages: Pages) -> Running {
    Running::with_pages(TimeDelta::minutes(5), pages).await
}

fn client() -> Client {
    Client::builder().redirect(Policy::none()).build().expect("a client")
}

/// Holds a time that is not there, in a browser with a name of its own; whether that is refused for being done
/// too often.
async fn holds_too_often(running: &Running, from: &str) -> bool {
    static BROWSERS: AtomicU64 = AtomicU64::new(1);
    let name =
        format!("__Host-tidbok-browser-mitt={:032x}", BROWSERS.fetch_add(1, Ordering::Relaxed));
    let request = client().post(format!("{}/mitt/hold", running.address())).header("cookie", name);
    let answer = request.header("x-forwarded-for", from).body("time=x").send().await;
    answer.expect("an answer").status() == StatusCode::TOO_MANY_REQUESTS
}

#[tokio::test]
async fn one_address_never_holds_all_times() {
    let running = running(Pages::default()).await;
    let mut held = 0;
    while !holds_too_often(&running, "203.0.113.9").await {
        held += 1;
        assert!(held < 20, "browser upon browser");
    }
    assert_eq!(held, 6, "a household behind one address is let be");
    assert!(!holds_too_often(&running, "203.0.113.10").await);
}

#[tokio::test]
async fn a_network_of_64_bits_is_one_address() {
    let running = running(Pages::default()).await;
    let mut n = 0;
    while !holds_too_often(&running, &format!("2001:db8:1:2:{n:x}::1")).await {
        n += 1;
        assert!(n < 20, "address upon address");
    }
    assert!(holds_too_often(&running, "[2001:db8:1:2::7]:443").await, "with a port");
    assert!(!holds_too_often(&running, "2001:db8:1:3::1").await, "the next network");
}

#[tokio::test]
async fn an_address_is_believed_of_trusted_proxies_only() {
    let trusting = |trusted_proxies| Pages { trusted_proxies, ..Pages::default() };
    let nobody = running(trusting(vec![])).await;
    let loopback = running(trusting(vec![LOOPBACK])).await;
    let mut refused = [0, 0, 0];
    for n in 0..40 {
        let made_up = format!("203.0.113.{n}");
        refused[0] += usize::from(holds_too_often(&nobody, &made_up).await);
        refused[1] += usize::from(holds_too_often(&loopback, &made_up).await);
        // What is no address is everybody's.
        let odd = ["unknown", "203.0.113.9,", "_hidden", "999.1.1.1", "203.0.113.9 evil"];
        refused[2] += usize::from(holds_too_often(&loopback, odd[n % odd.len()]).await);
    }
    assert!(refused[0] >= 20, "{refused:?}: nobody is a proxy there");
    assert_eq!(refused[1], 0, "{refused:?}: the proxy tells the truth");
    assert!(refused[2] >= 20, "{refused:?}: nonsense makes nobody free");
}

#[tokio::test]
async fn log_ins_are_limited_by_address() {
    let provider = Provider::start(Utc::now(), NUMBER).await;
    let (settings, secret) = provider.settings();
    let e_id = EId::new(&settings, secret).expect("settings");
    let running =
        running(Pages { e_id: [("mitt".to_owned(), e_id)].into(), ..Pages::default() }).await;
    let log_in = async |from: &'static str| {
        let request = client().get(format!("{}/mitt/log-in", running.address()));
        let answer = request.header("x-forwarded-for", from).send().await.expect("an answer");
        (answer.status(), answer.text().await.expect("text"))
    };
    let mut begun = 0;
    let told = loop {
        let (status, text) = log_in("203.0.113.9").await;
        if status != StatusCode::SEE_OTHER {
            assert_eq!(status, StatusCode::TOO_MANY_REQUESTS);
            break text;
        }
        begun += 1;
        assert!(begun < 100);
    };
    assert_eq!(begun, 30);
    assert!(told.contains("Det går inte att logga in just nu"), "{told}");
    assert_eq!(log_in("203.0.113.10").await.0, StatusCode::SEE_OTHER, "others are not hindered");
}

async fn connection(running: &Running) -> TcpStream {
    let address = running.address().strip_prefix("http://").expect("an address").to_owned();
    TcpStream::connect(address).await.expect("it answers")
}

/// Everything that is answered to some bytes, until the connection is closed by the other end.
async fn answered(running: &Running, bytes: &[u8]) -> String {
    let mut stream = connection(running).await;
    // It may be closed before everything is read.
    let _ = stream.write_all(bytes).await;
    let mut read = Vec::new();
    let _ = stream.read_to_end(&mut read).await;
    String::from_utf8_lossy(&read).into_owned()
}

#[tokio::test]
async fn whoever_is_slow_on_purpose_is_cut_off_and_others_are_answered() {
    let running = running(Pages::default()).await;
    let mut idle = Vec::new();
    for _ in 0..50 {
        let mut stream = connection(&running).await;
        stream.write_all(b"GET /mitt HTTP/1.1\r\nHost: x\r\nX-Slow: ").await.expect("taken");
        idle.push(stream);
    }
    let body = b"POST /mitt/hold HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\ntime=";
    let slow_body = answered(&running, body);
    let others = async {
        let answer = client().get(format!("{}/health", running.address())).send().await;
        assert_eq!(answer.expect("an answer").status(), StatusCode::OK);
        for mut stream in idle {
            let mut read = Vec::new();
            // Closed by the server, whether in order or not.
            let _ = stream.read_to_end(&mut read).await;
            let read = String::from_utf8_lossy(&read).into_owned();
            assert!(read.is_empty() || read.starts_with("HTTP/1.1 408"), "{read}");
        }
    };
    let (slow_body, ()) = tokio::join!(slow_body, others);
    assert!(slow_body.starts_with("HTTP/1.1 408"), "{slow_body}");
    assert!(slow_body.contains("Det tog för lång tid"), "{slow_body}");
}

#[tokio::test]
async fn a_head_that_is_too_large_is_refused() {
    let running = running(Pages::default()).await;
    let long = "a".repeat(100 << 10);
    let many = "X-Many: 1\r\n".repeat(500);
    for head in [
        format!("GET /mitt HTTP/1.1\r\nHost: x\r\nX-Long: {long}\r\n\r\n"),
        format!("GET /mitt HTTP/1.1\r\nHost: x\r\n{many}\r\n"),
        format!("GET /{long} HTTP/1.1\r\nHost: x\r\n\r\n"),
        format!("GET /mitt HTTP/1.1\r\nHost: x\r\nCookie: a={long}\r\n\r\n"),
    ] {
        let told = answered(&running, head.as_bytes()).await;
        let refused = told.is_empty() || told.starts_with("HTTP/1.1 4");
        assert!(refused && !told.contains("<html"), "{}: {told}", &head[..60]);
    }
}

#[tokio::test]
async fn requests_whose_end_is_in_doubt_are_not_answered_as_two() {
    let running = running(Pages::default()).await;
    // Whoever takes the one end for the true one sees a second request: it asks for what tells itself.
    let hidden = "GET /assets/icon.svg HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    let start = "POST /mitt/hold HTTP/1.1\r\nHost: x\r\n";
    let length = hidden.len();
    for (what, head, body) in [
        ("two lengths", "Content-Length: 0\r\nContent-Length: LENGTH\r\n", ""),
        ("lengths in one", "Content-Length: 0, LENGTH\r\n", ""),
        ("a signed length", "Content-Length: +LENGTH\r\n", ""),
        ("a length in hexadecimal", "Content-Length: 0x0\r\n", ""),
        ("a negative length", "Content-Length: -1\r\n", ""),
        ("a space before the colon", "Content-Length : LENGTH\r\n", ""),
        ("chunks of another kind", "Transfer-Encoding: xchunked\r\n", "0\r\n\r\n"),
        ("chunks not last", "Transfer-Encoding: chunked, identity\r\n", "0\r\n\r\n"),
        ("a chunk of an odd size", "Transfer-Encoding: chunked\r\n", "0x\r\n\r\n"),
        ("a folded line", "Transfer-Encoding:\r\n chunked\r\n", "0\r\n\r\n"),
        ("chunks and a length", "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n", "0\r\n\r\n"),
        ("a length and chunks", "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
        ("a null in a name", "Content\0-Length: LENGTH\r\n", ""),
    ] {
        let head = head.replace("LENGTH", &length.to_string());
        let told = answered(&running, format!("{start}{head}\r\n{body}{hidden}").as_bytes()).await;
        assert!(!told.contains("<svg"), "{what}: {told}");
    }
    let lines = format!("{start}Content-Length: {length}\r\nConnection: close\r\n\r\n{hidden}");
    let told = answered(&running, lines.as_bytes()).await;
    assert!(told.starts_with("HTTP/1.1 303") && !told.contains("<svg"), "as it should be: {told}");
}
