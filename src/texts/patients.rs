//! What the screens say of patients: registering one, the card, and what is wrong with a number. Pure.

use crate::domain::BadPersonnummer;

use super::Language;

impl Language {
    /// The fixed texts about patients in this language.
    pub fn patient_texts(self) -> &'static PatientTexts {
        self.pick(&SWEDISH, &ENGLISH)
    }
}

texts! { PatientTexts:
    cancelled: "avbokad", "cancelled";
    card: "Patientkort", "Patient card";
    coming: "Kommande bokningar", "Coming bookings";
    no_coming: "Inga kommande bokningar", "No coming bookings";
    no_past: "Inga tidigare bokningar", "No earlier bookings";
    no_patient_here: "bokningen har ingen patient", "the booking has no patient";
    no_recall: "ingen revisionsmall som kan bokas; välj en på kortet", "no recall template that can be booked; choose one on the card";
    no_template: "ingen mall", "no template";
    nothing_chosen: "ingen bokning vald", "no booking chosen";
    offer_dismiss: "Avvisa, låt kortet vara", "Dismiss, leave the card as it is";
    offer_take: "För in på kortet", "Put on the card";
    offer_title: "Uppgifter från patienten", "What the patient told";
    offer_wait: "Inte nu", "Not now";
    offered: "Uppgifter från bokningssidan", "Told on the booking page";
    past: "Tidigare och avbokade", "Earlier and cancelled";
    recall: "Revision", "Recall";
    recall_date: "Nästa revision", "Next recall";
    recall_date_bad: "Skriv ett datum: 2027-03-01, 1/3 2027, +52v; eller lämna fältet tomt", "Write a date: 2027-03-01, 1/3 2027, +52w; or leave the field empty";
    recall_date_help: "2027-03-01, 1/3 2027 eller +52v. Får lämnas tomt.", "2027-03-01, 1/3 2027 or +52w. May be left empty.";
    recall_months: "Intervall", "Interval";
    recall_months_bad: "Skriv antalet månader: 1–120", "Write the number of months: 1–120";
    recall_months_help: "Månader mellan kontrollerna: så långt fram flyttas nästa revision.", "Months between check-ups: so far ahead the next recall is moved.";
    recall_months_unit: "mån", "months";
    recall_none: "inget datum", "no date";
    recall_template: "Revisionsmall", "Recall template";
    recall_template_help: "Mallar som används i revision. Bokning från revisionen börjar med den.", "Templates that are usable for recall. Booking from the recall starts with it.";
    address: "Adress", "Address";
    address_help: "Gata, postnummer och ort.", "Street, postcode and town.";
    email: "E-post", "E-mail";
    email_help: "Patientens e-postadress. Får lämnas tom.", "The patient's e-mail address. May be left empty.";
    first_name: "Förnamn", "First name";
    first_name_help: "Som patienten vill bli uppropad.", "As the patient wants to be called.";
    last_name: "Efternamn", "Last name";
    last_name_help: "Sorterar i listor och söks först.", "Sorts in lists and is searched first.";
    mobile: "Mobil", "Mobile";
    mobile_help: "Numret att ringa när något ändras. Får lämnas tomt.", "The number to call when something changes. May be left empty.";
    new_patient: "Ny patient", "New patient";
    personnummer: "Personnummer", "Personnummer";
    personnummer_help: "ÅÅÅÅMMDD-XXXX; 12 siffror, eller 10 med - eller +. Får lämnas tomt.", "YYYYMMDD-XXXX; 12 digits, or 10 with - or +. May be left empty.";
    protected: "Skyddad identitet", "Protected identity";
    protected_help: "Namn, nummer och kontakter visas bara för dem som får se patienter, aldrig i loggar och utskrifter.", "Name, number and contacts show only to those who may see patients, never in logs and print-outs.";
    taken: "Finns redan", "Is registered already";
    take_with_enter: "Enter väljer den patienten.", "Enter chooses that patient.";
}

impl PatientTexts {
    /// `12 mån emellan`.
    pub fn every(&self, months: u32) -> String {
        match self.language {
            Language::Swedish => format!("{months} mån emellan"),
            Language::English => format!("{months} months apart"),
        }
    }

    /// That a booking from the recall waits for a time (R16).
    pub fn from_recall(&self, patient: &str, template: &str, keys: [&str; 3]) -> String {
        let [book, free, cancel] = keys;
        match self.language {
            Language::Swedish => format!(
                "Revision: {patient} · {template}. {book} bokar vid markören, {free} söker nästa lediga, \
                 {cancel} släpper."
            ),
            Language::English => format!(
                "Recall: {patient} · {template}. {book} books at the cursor, {free} finds the next free \
                 time, {cancel} drops it."
            ),
        }
    }
}

/// What is wrong with a personnummer, and what to do (R21).
pub fn bad_personnummer(language: Language, fault: BadPersonnummer) -> &'static str {
    match fault {
        BadPersonnummer::Form => language.pick(
            "Skriv ÅÅÅÅMMDD-XXXX, eller lämna fältet tomt",
            "Write YYYYMMDD-XXXX, or leave the field empty",
        ),
        BadPersonnummer::Date => language.pick(
            "Det datumet finns inte; se efter år, månad och dag",
            "There is no such date; look at year, month and day",
        ),
        BadPersonnummer::FutureBirth => language.pick(
            "Födelsedatumet ligger i framtiden; se efter århundradet",
            "The date of birth lies in the future; look at the century",
        ),
        BadPersonnummer::Serial => language.pick(
            "Löpnumret 000 delas inte ut; se efter de sista siffrorna",
            "The serial number 000 is not given out; look at the last digits",
        ),
        BadPersonnummer::CheckDigit => language.pick(
            "Kontrollsiffran stämmer inte; se efter siffrorna",
            "The check digit is wrong; look at the digits",
        ),
    }
}
