//! The questions about e-mail to patients.

use crate::cli::Failure;
use crate::mail::Security;

use super::answers::{MailAnswers, MailLogin};
use super::ask::{Asking, from_folder};
use super::secrets;

/// How the way to a mail server is secured, as its file has it.
pub(super) const SECURITIES: [(&str, &str, Security); 3] = [
    ("starttls", "starttls", Security::StartTls),
    ("tls", "tls", Security::Tls),
    ("none", "none", Security::None),
];

/// Asks; `None` where none is to be sent.
pub(super) fn ask(asking: &Asking<'_>) -> Result<Option<MailAnswers>, Failure> {
    let (it, understand) = (asking.dialogue, asking.understand());
    let question = it.pick(
        "Ska patienter få e-post om sina bokningar på nätet",
        "Are patients to get e-mail about their online bookings",
    );
    if !it.yes(question, asking.existing.mails)? {
        return Ok(None);
    }
    if !asking.existing.mails {
        it.say(it.pick(
            "Bokningar som patienter gjort det senaste dygnet bekräftas så snart agenten börjar skicka; \
             äldre inte.",
            "Bookings that patients made within the last day are confirmed as soon as the agent begins to \
             send; older ones are not.",
        ))?;
    }
    let question = it.pick("E-postserverns värdnamn", "The mail server's host name");
    let host = it.ask(question, said(asking, "host"), |text| understand.host(text))?;
    let before = SECURITIES.iter().find(|it| Some(it.0) == said(asking, "tls"));
    let question = it.pick("Så skyddas vägen dit", "How the way there is secured");
    let tls = it.choose(question, before.map_or(Security::StartTls, |it| it.2), &SECURITIES)?;
    let port = port(asking, tls)?;
    let login = login(asking)?;
    let question = it.pick(
        "Avsändare, som Tandvården <info@klinik.se>",
        "Whom messages come from, as Tandvården <info@klinik.se>",
    );
    let from = it.ask(question, said(asking, "from"), |text| understand.sender(text))?;
    let question = it.pick(
        "Svar går till, - för företagets e-postadress",
        "Answers go to, - for the company's e-mail address",
    );
    let reply_to =
        it.ask_or_nothing(question, said(asking, "reply_to"), |text| understand.sender(text))?;
    Ok(Some(MailAnswers { host, tls, port, login, from, reply_to }))
}

/// What the file says, where there is one: what a new one begins with is an example, and no answer.
fn said<'a>(asking: &'a Asking<'_>, key: &str) -> Option<&'a str> {
    let mail = &asking.existing.mail;
    mail.is_there().then(|| mail.said(&[key])).flatten()
}

/// `None` where it is the usual one.
fn port(asking: &Asking<'_>, tls: Security) -> Result<Option<u16>, Failure> {
    let mail = &asking.existing.mail;
    let before = mail.is_there().then(|| mail.number(&["port"])).flatten();
    let usual = tls.port();
    let shown = before.unwrap_or(usual.into()).to_string();
    let understand = asking.understand();
    let port = asking.dialogue.ask("Port", Some(&shown), |text| understand.port(text))?;
    Ok(Some(port).filter(|port| *port != usual))
}

/// `None` where one does not sign in.
fn login(asking: &Asking<'_>) -> Result<Option<MailLogin>, Failure> {
    let (it, understand) = (asking.dialogue, asking.understand());
    let question = it.pick(
        "Användarnamn där, - om man inte loggar in",
        "The user name there, - where one does not sign in",
    );
    let user = it.ask_or_nothing(question, said(asking, "user"), |text| understand.name(text))?;
    let Some(user) = user else { return Ok(None) };
    let file = said(asking, "password_file").unwrap_or(secrets::MAIL);
    let kept = secrets::kept(&from_folder(asking.layout, file));
    let question = it.pick("Lösenordet där", "The password there");
    let password = it.secret(question, kept, |_| Ok(()))?;
    Ok(Some(MailLogin { user, password }))
}
