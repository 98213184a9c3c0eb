//! A portal with TLS of its own, and agents that are known by a certificate.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};

use crate::programs::{KEY, PAGE, end, program};

/// Somebody who issues certificates.
struct Authority(Issuer<'static, KeyPair>);

impl Authority {
    /// Writes its own certificate to a file.
    fn new(name: &str, folder: &Path) -> Self {
        let key = KeyPair::generate().expect("a key");
        let mut of = CertificateParams::new([]).expect("a name");
        of.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        of.distinguished_name.push(rcgen::DnType::CommonName, name);
        let own = of.self_signed(&key).expect("a certificate");
        std::fs::write(folder.join(format!("{name}.pem")), own.pem()).expect("a file");
        Self(Issuer::new(of, key))
    }

    /// Issues a certificate, and writes it with its key to a file.
    fn issue(&self, name: &str, file: &Path) {
        let key = KeyPair::generate().expect("a key");
        let of = CertificateParams::new([name.to_owned()]).expect("a name");
        let issued = of.signed_by(&key, &self.0).expect("a certificate");
        std::fs::write(file, issued.pem() + &key.serialize_pem()).expect("a file");
    }
}

struct Place {
    folder: tempfile::TempDir,
    portal: Option<Child>,
    base: String,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.portal.as_mut().map(end);
    }
}

const SETTINGS: &str = r#"
listen = "127.0.0.1:0"
database = "portal.db"
hash_key_file = "hash-key"
[tls]
certificate_file = "portal.pem"
key_file = "portal.pem"
client_issuers_file = "ours.pem"
[clinics.mitt]
agent_certificate_file = "agent.pem"
page_token_file = "page-token"
"#;

impl Place {
    /// A portal that shows a certificate, and knows one agent by theirs.
    fn open() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let at = |name: &str| folder.path().join(name);
        let ours = Authority::new("ours", folder.path());
        ours.issue("localhost", &at("portal.pem"));
        ours.issue("agent", &at("agent.pem"));
        ours.issue("another", &at("another.pem"));
        Authority::new("theirs", folder.path()).issue("agent", &at("foreign.pem"));
        for (name, text) in [("hash-key", KEY), ("page-token", PAGE), ("portal.toml", SETTINGS)] {
            std::fs::write(at(name), text).expect("a file");
        }
        let mut command = program(&at("portal.log"));
        command.arg("portal").arg("--config").arg(at("portal.toml")).stdout(Stdio::piped());
        let mut child = command.spawn().expect("the portal starts");
        let mut told = String::new();
        let output = child.stdout.take().expect("its output");
        BufReader::new(output).read_line(&mut told).expect("it tells where");
        let port = told.rsplit_once(':').and_then(|(_, after)| after.split('/').next());
        let base = format!("https://localhost:{}/fhir/mitt", port.expect("a port"));
        Self { folder, portal: Some(child), base }
    }

    fn sync(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tidbok"));
        command.current_dir(self.folder.path()).env_remove("CREDENTIALS_DIRECTORY");
        command.args(["--language", "en", "sync", "--portal", &self.base]).args(arguments);
        command.output().expect("it ends")
    }
}

/// The arguments, and what is said on which output.
fn told(place: &Place, arguments: &[&str]) -> (bool, String) {
    let output = place.sync(arguments);
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(said).expect("text"))
}

#[test]
fn an_agent_is_let_in_by_its_certificate_and_by_no_other() {
    let place = Place::open();
    let with = |own| ["--check", "--ca", "ours.pem", "--client-certificate", own];
    let (good, said) = told(&place, &with("agent.pem"));
    assert!(good, "{said}");
    for expected in ["Certificate: trusted", "Access: granted", "Probe: passed"] {
        assert!(said.contains(expected), "{said}");
    }
    for other in ["another.pem", "foreign.pem"] {
        let (good, said) = told(&place, &with(other));
        assert!(!good && said.contains("token or certificate is not taken"), "{other}: {said}");
    }
}

#[test]
fn a_token_that_is_the_certificate_opens_nothing() {
    let place = Place::open();
    let pem = std::fs::read_to_string(place.folder.path().join("agent.pem")).expect("a file");
    let base64: String = pem.lines().skip(1).take_while(|line| !line.starts_with('-')).collect();
    std::fs::write(place.folder.path().join("token"), base64).expect("a file");
    let (good, said) = told(&place, &["--check", "--ca", "ours.pem", "--token-file", "token"]);
    assert!(!good && said.contains("token or certificate is not taken"), "{said}");
}

#[test]
fn what_is_wrong_with_certificates_is_named() {
    let place = Place::open();
    let agent = ["--client-certificate", "agent.pem"];
    for (arguments, expected) in [
        (["--check"].as_slice(), "no token"),
        (&["--check", agent[0], agent[1]], "the certificate is not trusted"),
        (&["--check", "--ca", "none.pem", agent[0], agent[1]], "none.pem: can't be read"),
        (
            &["--check", "--ca", "hash-key", agent[0], agent[1]],
            "hash-key: can't be read, or holds no",
        ),
        (
            &["--check", "--ca", "ours.pem", "--client-certificate", "ours.pem"],
            "ours.pem: holds no certificate with its key",
        ),
    ] {
        let (good, said) = told(&place, arguments);
        assert!(!good && said.contains(expected), "{arguments:?}: {said}");
        assert!(!said.contains("BEGIN"), "{said}");
    }
}

#[test]
fn a_portal_does_not_start_with_certificates_that_do_not_fit() {
    let place = Place::open();
    let at = |name: &str| place.folder.path().join(name);
    for (from, to, expected) in [
        (
            "key_file = \"portal.pem\"",
            "key_file = \"agent.pem\"",
            "does not belong to the certificate",
        ),
        ("key_file = \"portal.pem\"", "key_file = \"ours.pem\"", "no private key in PEM"),
        (
            "certificate_file = \"portal.pem\"",
            "certificate_file = \"none\"",
            "no certificate in PEM",
        ),
        ("client_issuers_file = \"ours.pem\"\n", "", "agent_certificate_file needs"),
        ("page_token", "agent_token_file = \"page-token\"\npage_token", "name either"),
    ] {
        assert!(SETTINGS.contains(from), "{from}");
        // The running portal's database is its own.
        let settings = SETTINGS.replacen(from, to, 1).replacen("portal.db", "other.db", 1);
        std::fs::write(at("other.toml"), settings).expect("a file");
        let mut command = Command::new(env!("CARGO_BIN_EXE_tidbok"));
        let output = command.arg("portal").arg("--config").arg(at("other.toml")).output();
        let output = output.expect("it ends");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success() && said.contains(expected), "{to}: {said}");
    }
}
