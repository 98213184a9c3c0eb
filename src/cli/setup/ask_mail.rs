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
    let (it, understand, before) = (asking.dialogue, asking.understand(), &asking.existing.mail);
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
    // What a new file begins with is an example, and no answer.
    let said = |key| before.is_there().then(|| before.said(&[key])).flatten();
    let question = it.pick("E-postserverns värdnamn", "The mail server's host name");
    let host = it.ask(question, said("host"), |text| understand.host(text))?;
    let default = SECURITIES.iter().find(|it| Some(it.0) == said("tls"));
    let question = it.pick("Så skyddas vägen dit", "How the way there is secured");
    let default = default.map_or(Security::StartTls, |it| it.2);
    let tls = it.choose(question, default, &SECURITIES)?;
    let port = before.is_there().then(|| before.number(&["port"])).flatten();
    let usual = tls.port();
    let shown = port.unwrap_or(usual.into()).to_string();
    let port = it.ask("Port", Some(&shown), |text| understand.port(text))?;
    let user = if before.is_there() { said("user") } else { None };
    let question = it.pick(
        "Användarnamn där, - om man inte loggar in",
        "The user name there, - where one does not sign in",
    );
    let user = it.ask_or_nothing(question, user, |text| understand.name(text))?;
    let login = match user {
        None => None,
        Some(user) => {
            let file = from_folder(asking.layout, said("password_file").unwrap_or(secrets::MAIL));
            let question = it.pick("Lösenordet där", "The password there");
            let password = it.secret(question, secrets::kept(&file), |_| Ok(()))?;
            Some(MailLogin { user, password })
        }
    };
    let question = it.pick(
        "Avsändare, som Tandvården <info@klinik.se>",
        "Whom messages come from, as Tandvården <info@klinik.se>",
    );
    let from = it.ask(question, said("from"), |text| understand.sender(text))?;
    let question = it.pick(
        "Svar går till, - för företagets e-postadress",
        "Answers go to, - for the company's e-mail address",
    );
    let reply_to = it.ask_or_nothing(question, said("reply_to"), |text| understand.sender(text))?;
    let port = Some(port).filter(|port| *port != usual);
    Ok(Some(MailAnswers { host, tls, port, login, from, reply_to }))
}
