//! `tidbok sync --check`: tests the connection to the booking page's server step by step, and names
//! what is wrong: the name, the port, the certificate, the token, the version, or the probe.

use std::time::Duration;

use reqwest::Url;
use tokio::net::{TcpStream, lookup_host};

use crate::sync::{Flaw, Wire, WireError, probe};
use crate::texts::Language;

use super::{Failure, output};

/// How long the server may take to be reached.
const PATIENCE: Duration = Duration::from_secs(5);

/// Each step is told as it is passed; the first that fails is told as what to mend.
pub(super) async fn run(language: Language, portal: &Url, wire: &Wire) -> Result<(), Failure> {
    let (Some(host), Some(port)) = (portal.host_str(), portal.port_or_known_default()) else {
        return Err(Failure::Usage(
            language.pick("adressen saknar värdnamn", "the address has no host name").to_owned(),
        ));
    };
    // An IPv6 address stands in brackets in a URL, and nowhere else.
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let found: Vec<_> = lookup_host((bare, port)).await.map(Iterator::collect).unwrap_or_default();
    if found.is_empty() {
        return Err(Failure::Refused(no_name(language, host)));
    }
    told(language.pick("Namnet", "Name"), host)?;
    let mut reached = false;
    for address in found {
        let connecting = tokio::time::timeout(PATIENCE, TcpStream::connect(address));
        reached |= connecting.await.is_ok_and(|connected| connected.is_ok());
    }
    if !reached {
        return Err(Failure::Refused(no_port(language, host, port)));
    }
    told(language.pick("Porten", "Port"), &port.to_string())?;
    probe(wire).await.map_err(|error| Failure::Refused(wrong(language, &error)))?;
    if portal.scheme() == "https" {
        told(language.pick("Certifikatet", "Certificate"), language.pick("godtas", "trusted"))?;
    }
    told(language.pick("Behörigheten", "Access"), language.pick("godtas", "granted"))?;
    told("Version", "FHIR R4")?;
    told(language.pick("Provet", "Probe"), language.pick("godkänt", "passed"))
}

fn told(what: &str, how: &str) -> Result<(), Failure> {
    output::print(&format!("{what}: {how}\n"))
}

fn no_name(language: Language, host: &str) -> String {
    language.pick(
        format!("namnet {host} finns inte: kontrollera stavningen i adressen, och namnservern"),
        format!(
            "the name {host} is not known: check how the address spells it, and the name server"
        ),
    )
}

fn no_port(language: Language, host: &str, port: u16) -> String {
    language.pick(
        format!(
            "ingen svarar på {host} port {port}: kontrollera porten i adressen, att servern är \
             igång, och brandväggen"
        ),
        format!(
            "nobody answers at {host} port {port}: check the port in the address, that the server \
             runs, and the firewall"
        ),
    )
}

/// What is wrong and what to do.
fn wrong(language: Language, error: &WireError) -> String {
    let (swedish, english) = match error {
        WireError::Unreachable | WireError::TimedOut => (
            "servern tar emot anslutningen men svarar inte: kontrollera att adressen börjar med \
             https om servern har TLS och http om den inte har det",
            "the server takes the connection and does not answer: check that the address begins with \
             https where the server has TLS, and with http where it has none",
        ),
        WireError::NotTrusted => (
            "certifikatet godtas inte: kontrollera att det gäller namnet, inte har gått ut, och att \
             utfärdaren är känd för den här datorn",
            "the certificate is not trusted: check that it is for this name, is not out of date, and \
             that this machine knows its issuer",
        ),
        WireError::Unauthorized => (
            "agentens token eller certifikat godtas inte: det ska vara det som servern har för agenten \
             på just den kliniken; bokningssidans token duger inte",
            "the agent's token or certificate is not taken: it must be the one that the server has for \
             the agent of this very clinic; the booking page's token will not do",
        ),
        WireError::NotFhir | WireError::NotThat | WireError::Elsewhere => (
            "det som svarar är inte FHIR R4: kontrollera sökvägen sist i adressen, som /fhir/storgatan",
            "what answers is not FHIR R4: check the path at the end of the address, as /fhir/storgatan",
        ),
        WireError::Conflict | WireError::Refused(_) => (
            "servern tar inte emot det som agenten behöver spara: kontrollera dess logg och rättigheter",
            "the server does not store what the agent needs to store: check its log and permissions",
        ),
        WireError::Unfit(flaw) => return unfit(language, *flaw),
    };
    let sentence = language.pick(swedish, english);
    match error {
        WireError::Refused(status) => format!("{sentence} (HTTP {status})"),
        _ => sentence.to_owned(),
    }
}

fn unfit(language: Language, flaw: Flaw) -> String {
    if language == Language::English {
        return format!("the server fails the probe and can't be used: {flaw}");
    }
    let what = match flaw {
        Flaw::Version => "den talar inte FHIR R4 (4.0)",
        Flaw::LenientSearch => {
            "den svarar på en sökning med en okänd parameter, fast handling=strict begärs"
        }
        Flaw::StaleTaken => "den tar emot en ändring fast en annan version är sparad (If-Match)",
        Flaw::StaleTransactionTaken => {
            "den tar emot en transaktion fast en annan version är sparad (ifMatch)"
        }
        Flaw::NotRolledBack => "den behåller en del av en transaktion som misslyckades",
        Flaw::Duplicated => {
            "den sparar en resurs en gång till fast den redan finns (If-None-Exist)"
        }
    };
    format!("servern klarar inte provet och kan inte användas: {what}")
}
