//! A mail server that takes mail on loopback (RFC 5321), with TLS or without, and with ailments.
#![allow(dead_code, reason = "each test binary uses some of it")]

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

pub const USER: &str = "tidbok";
pub const PASSWORD: &str = "ett Lösenord";
/// The two as AUTH PLAIN has them.
const LOGIN: &str = "AHRpZGJvawBldHQgTMO2c2Vub3Jk";

/// What goes wrong with the next message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ailment {
    /// The answer to whom the message is for.
    ToRecipient(&'static str),
    /// The answer to whom it is from.
    ToSender(&'static str),
    /// The answer to the message.
    ToMessage(&'static str),
    /// What comes in one breath with the consent to begin TLS.
    WithConsent(&'static str),
    /// The greeting.
    Greeting(&'static str),
    /// The line is cut once the message is there, before the answer.
    Cut,
    /// The line is cut at signing in.
    CutAtLogin,
}

/// How the server is to be spoken to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wants {
    Nothing,
    StartTls,
    Tls,
}

/// A message as it was taken.
#[derive(Clone, Debug)]
pub struct Taken {
    pub to: String,
    pub secured: bool,
    pub text: String,
}

#[derive(Default)]
struct State {
    taken: Vec<Taken>,
    ailments: VecDeque<Ailment>,
    login: Option<&'static str>,
}

/// The server.
pub struct Receiver {
    pub address: SocketAddr,
    wants: Wants,
    state: Arc<Mutex<State>>,
    tls: Option<TlsAcceptor>,
    listening: Option<JoinHandle<()>>,
}

/// An authority of the test's own, in a file, and the certificate of a server called localhost.
pub fn authority(folder: &Path) -> (PathBuf, TlsAcceptor) {
    let key = KeyPair::generate().expect("a key");
    let mut params = CertificateParams::new(Vec::new()).expect("names");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let root = params.self_signed(&key).expect("a certificate");
    let file = folder.join("ca.pem");
    std::fs::write(&file, root.pem()).expect("a file");
    let issuer = Issuer::new(params, key);
    let own = KeyPair::generate().expect("a key");
    let named = CertificateParams::new(vec!["localhost".to_owned()]).expect("names");
    let signed = named.signed_by(&own, &issuer).expect("a certificate");
    let chain = vec![CertificateDer::from(signed.der().to_vec())];
    let key = PrivateKeyDer::try_from(own.serialize_der()).expect("a key");
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .expect("they fit");
    (file, TlsAcceptor::from(Arc::new(config)))
}

impl Receiver {
    /// Without TLS.
    pub async fn open() -> Self {
        Self::with(Wants::Nothing, None).await
    }

    pub async fn with(wants: Wants, tls: Option<TlsAcceptor>) -> Self {
        let address = SocketAddr::from(([127, 0, 0, 1], 0));
        let mut receiver = Self { address, wants, state: Arc::default(), tls, listening: None };
        receiver.up().await;
        receiver
    }

    /// Begins to listen, where it did before.
    pub async fn up(&mut self) {
        let listener = TcpListener::bind(self.address).await.expect("the port is free");
        self.address = listener.local_addr().expect("an address");
        let (state, tls, wants) = (Arc::clone(&self.state), self.tls.clone(), self.wants);
        self.listening = Some(tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(session(stream, Arc::clone(&state), tls.clone(), wants));
            }
        }));
    }

    /// Nobody listens any more.
    pub async fn down(&mut self) {
        if let Some(listening) = self.listening.take() {
            listening.abort();
            // It has been aborted, which is no answer.
            let _ = listening.await;
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("nobody panics with it")
    }

    /// Goes wrong with the next message; what was said before goes first.
    pub fn ails(&self, ailment: Ailment) {
        self.state().ailments.push_back(ailment);
    }

    /// From now on one must sign in.
    pub fn wants_login(&self) {
        self.state().login = Some(LOGIN);
    }

    /// What has been taken so far.
    pub fn taken(&self) -> Vec<Taken> {
        self.state().taken.clone()
    }
}

trait Line: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Line for T {}

/// What has been said on a connection.
struct Said {
    secured: bool,
    signed_in: bool,
    to: String,
}

async fn session(
    stream: TcpStream,
    state: Arc<Mutex<State>>,
    tls: Option<TlsAcceptor>,
    wants: Wants,
) -> Option<()> {
    let mut said = Said { secured: false, signed_in: false, to: String::new() };
    let mut line: BufReader<Box<dyn Line>> = match (wants, &tls) {
        (Wants::Tls, Some(tls)) => {
            said.secured = true;
            BufReader::new(Box::new(tls.accept(stream).await.ok()?))
        }
        _ => BufReader::new(Box::new(stream)),
    };
    let greeting = match next(&state, |it| matches!(it, Ailment::Greeting(_))) {
        Some(Ailment::Greeting(told)) => told,
        _ => "220 localhost",
    };
    answer(&mut line, greeting).await?;
    loop {
        let command = read(&mut line).await?;
        let verb = command.split(' ').next().unwrap_or_default().to_ascii_uppercase();
        match verb.as_str() {
            "EHLO" => {
                let offers = wants == Wants::StartTls && !said.secured;
                let offers = if offers { "250-STARTTLS\r\n" } else { "" };
                answer(&mut line, &format!("250-localhost\r\n{offers}250 AUTH PLAIN")).await?;
            }
            "STARTTLS" => {
                let consent = match next(&state, |it| matches!(it, Ailment::WithConsent(_))) {
                    Some(Ailment::WithConsent(more)) => format!("220 go ahead\r\n{more}"),
                    _ => "220 go ahead".to_owned(),
                };
                answer(&mut line, &consent).await?;
                let tls = tls.as_ref()?;
                line = BufReader::new(Box::new(tls.accept(line.into_inner()).await.ok()?));
                said.secured = true;
            }
            "AUTH" => {
                if next(&state, |it| *it == Ailment::CutAtLogin).is_some() {
                    return None;
                }
                said.signed_in = command.ends_with(LOGIN);
                let told = if said.signed_in { "235 welcome" } else { "535 5.7.8 no" };
                answer(&mut line, told).await?;
            }
            "DATA" => data(&mut line, &state, &said).await?,
            "QUIT" => return answer(&mut line, "221 bye").await,
            _ => {
                let told = short(&state, &mut said, &verb, &command);
                answer(&mut line, told).await?;
            }
        }
    }
}

/// The next ailment, where it is one that shows now.
fn next(state: &Mutex<State>, shows: impl Fn(&Ailment) -> bool) -> Option<Ailment> {
    let mut state = state.lock().expect("nobody panics with it");
    let shows = state.ailments.front().is_some_and(shows);
    shows.then(|| state.ailments.pop_front()).flatten()
}

/// The answer to a command that takes none but itself.
fn short(state: &Mutex<State>, said: &mut Said, verb: &str, command: &str) -> &'static str {
    let mut state = state.lock().expect("nobody panics with it");
    let next = state.ailments.front().copied();
    match (verb, next) {
        ("MAIL", _) if state.login.is_some() && !said.signed_in => return "530 5.7.0 sign in",
        ("MAIL", Some(Ailment::ToSender(answer)))
        | ("RCPT", Some(Ailment::ToRecipient(answer))) => {
            state.ailments.pop_front();
            return answer;
        }
        ("RCPT", _) => said.to = command.to_owned(),
        _ => {}
    }
    "250 well"
}

async fn data(
    line: &mut BufReader<Box<dyn Line>>,
    state: &Mutex<State>,
    said: &Said,
) -> Option<()> {
    answer(line, "354 go on").await?;
    let mut text = String::new();
    loop {
        let next = read(line).await?;
        if next == "." {
            break;
        }
        text.push_str(next.strip_prefix('.').unwrap_or(&next));
        text.push_str("\r\n");
    }
    let ailment = {
        let mut state = state.lock().expect("nobody panics with it");
        let ailment = state.ailments.pop_front();
        if !matches!(ailment, Some(Ailment::ToMessage(_))) {
            state.taken.push(Taken { to: said.to.clone(), secured: said.secured, text });
        }
        ailment
    };
    match ailment {
        Some(Ailment::Cut) => None,
        Some(Ailment::ToMessage(told)) => answer(line, told).await,
        _ => answer(line, "250 taken").await,
    }
}

async fn read(line: &mut BufReader<Box<dyn Line>>) -> Option<String> {
    let mut text = String::new();
    let read = line.read_line(&mut text).await.ok()?;
    (read > 0).then(|| text.trim_end_matches(['\r', '\n']).to_owned())
}

async fn answer(line: &mut BufReader<Box<dyn Line>>, text: &str) -> Option<()> {
    line.get_mut().write_all(format!("{text}\r\n").as_bytes()).await.ok()?;
    line.get_mut().flush().await.ok()
}
