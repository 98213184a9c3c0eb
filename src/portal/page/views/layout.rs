//! What every page has around it: the clinic's name on top, the other language, and how to reach the
//! clinic.

use axum::http::StatusCode;
use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::super::offer::{Company, Contact};
use super::super::visit::Visit;
use super::super::words::Language;
use super::mine::instead_of;

/// A page before the layout is put around it.
pub struct Sheet<'a> {
    /// Its one heading.
    pub heading: &'a str,
    /// Put before the heading in the window's title, such as that there are errors.
    pub notice: Option<&'a str>,
    /// The step before this one.
    pub back: Option<String>,
    /// Which step of how many.
    pub step: Option<(u8, u8)>,
    /// The company that was chosen, or the only one.
    pub company: Option<&'a Company>,
    pub mood: Mood,
    pub switch: Switch,
    /// Without a script, the page is fetched anew after so many seconds.
    pub again_after: Option<u8>,
    pub content: Markup,
}

/// What has come of it, as the heading shows it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mood {
    #[default]
    Plain,
    Done,
    /// It came to nothing, or is not any more.
    Failed,
}

impl Mood {
    fn class(self) -> Option<&'static str> {
        match self {
            Self::Plain => None,
            Self::Done => Some("done"),
            Self::Failed => Some("failed"),
        }
    }
}

/// How one gets to the page in the other language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Switch {
    Link,
    /// By sending the form of that id, so that what was typed comes along.
    Form(&'static str),
}

impl Default for Sheet<'_> {
    fn default() -> Self {
        Self {
            heading: "",
            notice: None,
            back: None,
            step: None,
            company: None,
            mood: Mood::Plain,
            switch: Switch::Link,
            again_after: None,
            content: PreEscaped(String::new()),
        }
    }
}

/// What stands in the head of every page.
fn head() -> Markup {
    html! {
        meta charset="utf-8";
        meta name="viewport" content="width=device-width, initial-scale=1";
        meta name="color-scheme" content="light dark";
        meta name="robots" content="noindex";
        link rel="icon" href=(super::ICON) type="image/svg+xml";
        link rel="stylesheet" href=(super::STYLE);
    }
}

/// A page at no clinic: whose it could be is not known.
pub fn nowhere(language: Language, status: StatusCode) -> Markup {
    let (heading, advice) = match status {
        StatusCode::NOT_FOUND => (language.words().not_found, language.words().nowhere_advice),
        _ => language.refused(status),
    };
    html! {
        (DOCTYPE)
        html lang=(language.tag()) {
            head { title { (heading) } (head()) }
            body {
                header.top { div.inner { p.clinic { (language.words().book_a_time) } } }
                main #content { h1 { (heading) } p { (advice) } }
            }
        }
    }
}

/// The whole page.
pub fn page(visit: &Visit, sheet: &Sheet<'_>) -> Markup {
    let words = visit.language.words();
    let company = sheet.company;
    let title = visit.page.title.as_deref().or(company.map(|company| company.name.as_str()));
    let title = title.or(visit.contact.name.as_deref()).unwrap_or(words.book_a_time);
    html! {
        (DOCTYPE)
        html lang=(visit.language.tag()) {
            head {
                title {
                    @if let Some(notice) = sheet.notice { (notice) " " }
                    (sheet.heading) " – " (title)
                }
                (head())
                link rel="stylesheet" href=(visit.address("colours.css", &[]));
                script src=(super::SCRIPT) defer {}
                @if let Some(seconds) = sheet.again_after {
                    noscript { meta http-equiv="refresh" content=(seconds); }
                }
            }
            body {
                a.skip href="#content" { (words.to_content) }
                header.top {
                    div.inner {
                        a.clinic href=(visit.address("", &[])) lang="sv" { (title) }
                        @if visit.e_id.is_some() {
                            a.mine href=(visit.address("my-times", &[])) {
                                (visit.language.own_words().my_times)
                            }
                        }
                        (switch(visit, sheet.switch))
                    }
                }
                main #content tabindex="-1" {
                    @if let Some(address) = &sheet.back {
                        p.back { a href=(address) { (words.back) } }
                    }
                    @if let Some((at, of)) = sheet.step { p.step { (visit.language.step(at, of)) } }
                    h1 class=[sheet.mood.class()] { (sheet.heading) }
                    @if let (Some(instead), Some(_)) = (&visit.instead, sheet.step) {
                        (instead_of(visit, instead.booking()))
                    }
                    (sheet.content)
                }
                (foot(visit, company))
            }
        }
    }
}

fn switch(visit: &Visit, switch: Switch) -> Markup {
    let other = visit.language.other();
    let label = visit.language.words().in_other_language;
    html! {
        @match switch {
            Switch::Link => {
                a.language href=(visit.in_language(other)) hreflang=(other.tag()) lang=(other.tag()) {
                    (label)
                }
            }
            Switch::Form(form) => {
                // The return key presses the first button that a form has: not the language.
                button.unseen form=(form) tabindex="-1" aria-hidden="true" {}
                button.language form=(form) name="language" value=(other.tag()) lang=(other.tag())
                    formnovalidate { (label) }
            }
        }
    }
}

/// The number that the clinic is called on, where it is known.
pub fn phone_of(visit: &Visit, company: Option<&Company>) -> Option<String> {
    let known = match company {
        Some(company) => company.phone.as_ref(),
        None => visit.contact.phone.as_ref(),
    };
    visit.page.phone.as_ref().or(known).cloned()
}

/// How the clinic is reached.
fn foot(visit: &Visit, company: Option<&Company>) -> Markup {
    let words = visit.language.words();
    let contact = company.map_or_else(|| visit.contact.clone(), Contact::of);
    let phone = phone_of(visit, company);
    let email = visit.page.email.as_ref().or(contact.email.as_ref());
    let address = contact.address.as_ref();
    let nothing = phone.is_none() && email.is_none() && address.is_none();
    html! {
        @if !nothing {
            footer.foot {
                div.inner {
                    h2 { (words.contact) }
                    @if let Some(name) = &contact.name { p.name lang="sv" { (name) } }
                    ul {
                        @if let Some(phone) = &phone {
                            li { a href={ "tel:" (dialled(phone)) } { (words.call) " " (phone) } }
                        }
                        @if let Some(email) = email {
                            li { a href={ "mailto:" (email) } { (words.mail) " " (email) } }
                        }
                        @if let Some(address) = address { li lang="sv" { (address) } }
                    }
                }
            }
        }
    }
}

/// A number as a telephone takes it.
pub fn dialled(phone: &str) -> String {
    phone.chars().filter(|letter| letter.is_ascii_digit() || *letter == '+').collect()
}

/// A text of the clinic's own, which is in Swedish, line by line.
pub fn clinics_text(text: &str) -> Markup {
    html! {
        div.text lang="sv" {
            @for line in text.lines().filter(|line| !line.trim().is_empty()) { p { (line) } }
        }
    }
}
