//! What is wrong with a patient's card, and with the contacts that patients give online (R14). Pure.

use super::check::{Found, LONGEST_NAME, LONGEST_TEXT, Others, PersonnummerIs};
use super::{Fault, Field, Problem};
use crate::domain::change::Changed;
use crate::domain::contacts::{Contacts, GivenContacts};
use crate::domain::patient::Patient;
use crate::domain::phone::is_phone_number;

/// The most months between check-ups.
const MOST_MONTHS: u32 = 120;

pub(super) fn patient(found: &mut Found, change: &Changed<Patient>, others: &Others<'_>) {
    let Some(after) = change.after() else { return };
    found.required(Field::FirstName, &after.first_name, LONGEST_NAME);
    found.required(Field::LastName, &after.last_name, LONGEST_NAME);
    found.email(after.email.as_ref());
    found.optional(Field::Mobile, after.mobile.as_ref(), LONGEST_NAME);
    // One that has stood there since before is not in the way of another change.
    let stood = change.before().and_then(|before| before.mobile.as_ref());
    let new = after.mobile.as_ref().filter(|mobile| Some(*mobile) != stood);
    let wrong = new.is_some_and(|mobile| !is_phone_number(mobile));
    found.if_so(wrong.into(), Field::Mobile, Problem::Malformed);
    found.optional(Field::Address, after.address.as_ref(), LONGEST_TEXT);
    found.range(Field::RecallMonths, after.recall.months, 1, MOST_MONTHS);
    if let Some(id) = &after.recall.template {
        match others.setup.templates.get(id) {
            None => found.add(Field::RecallTemplate, Problem::Unknown),
            Some(template) if !template.recall => {
                found.add(Field::RecallTemplate, Problem::NotForRecall);
            }
            Some(_) => {}
        }
    }
    let taken = others.personnummer == PersonnummerIs::AnothersAlready;
    found.if_so(taken.into(), Field::Personnummer, Problem::Taken);
}

/// Staff settle an offer and open it again; what patients wrote is theirs.
pub(super) fn given_contacts(found: &mut Found, change: &Changed<GivenContacts>) {
    let settled = match change {
        Changed::Altered { before, after } => {
            GivenContacts { offer: after.offer, ..before.clone() } == *after
        }
        Changed::Added(_) | Changed::Removed(_) => false,
    };
    found.if_so((!settled).into(), Field::Whole, Problem::Reserved);
}

/// What is wrong with the contacts that a patient gives (R14); an address may be missing here.
pub(in crate::domain) fn contact_faults(given: &Contacts) -> Vec<Fault> {
    let mut found = Found(Vec::new());
    let lines = [
        (Field::FirstName, &given.first_name),
        (Field::LastName, &given.last_name),
        (Field::Email, &given.email),
        (Field::Mobile, &given.mobile),
    ];
    let empty = |text: &String| text.trim().is_empty();
    for (field, text) in lines {
        found.if_so(empty(text).into(), field, Problem::Empty);
        found.if_so(text.contains('\n').into(), field, Problem::ControlCharacters);
    }
    for (field, name) in lines.into_iter().take(2) {
        let nameless = !empty(name) && !name.contains(char::is_alphabetic);
        found.if_so(nameless.into(), field, Problem::Malformed);
    }
    found.text(Field::FirstName, &given.first_name, LONGEST_NAME);
    found.text(Field::LastName, &given.last_name, LONGEST_NAME);
    found.email(Some(&given.email).filter(|text| !empty(text)));
    found.text(Field::Mobile, &given.mobile, LONGEST_NAME);
    let wrong = !empty(&given.mobile) && !is_phone_number(&given.mobile);
    found.if_so(wrong.into(), Field::Mobile, Problem::Malformed);
    found.optional(Field::Address, given.address.as_ref(), LONGEST_TEXT);
    found.0
}

/// Whether mail can be sent to it: a name and a host on the network, written plainly. Quoted names and
/// hosts by their number are no patient's.
pub(super) fn is_email(text: &str) -> bool {
    let Some((name, host)) = text.rsplit_once('@') else { return false };
    // No dot first, last or twice in a row.
    let dotted = |text: &str| text.split('.').all(|part| !part.is_empty());
    let in_name =
        |letter: char| letter.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(letter);
    let in_host = |letter: char| letter.is_alphanumeric() || "-.".contains(letter);
    let labels = || host.split('.');
    let whole = |label: &str| !label.starts_with('-') && !label.ends_with('-');
    let last = labels().next_back().unwrap_or_default();
    dotted(name)
        && name.chars().all(in_name)
        && dotted(host)
        && host.chars().all(in_host)
        && labels().all(whole)
        && labels().count() > 1
        && last.chars().count() > 1
        && last.contains(char::is_alphabetic)
}

#[cfg(test)]
mod tests {
    use super::is_email;

    #[test]
    fn r14_mail_goes_to_a_name_at_a_host_that_is_written_plainly() {
        for good in ["a@b.se", "hilda.hemlig+tand@post.example.se", "o'hara_1@x-y.nu", "å@ö.se"] {
            assert!(is_email(good), "{good}");
        }
        for bad in [
            "",
            "@",
            "a",
            "a@b",
            "a@lokalt",
            "@b.se",
            "a@",
            "a@[127.0.0.1]",
            "a@127.0.0.1",
            "a@b..se",
            "a@b.se.",
            "a@.b.se",
            ".a@c.se",
            "a.@c.se",
            "a..b@c.se",
            "a@@c.se",
            "a@b@c.se",
            "mailto:a@b.se",
            "a b@c.se",
            "a@b c.se",
            "<a@b.se>",
            "\"a\"@b.se",
            "a@-b.se",
            "a@b-.se",
            "a@b.s",
            "a,b@c.se",
            "a@b.se;c@d.se",
        ] {
            assert!(!is_email(bad), "{bad}");
        }
    }
}
