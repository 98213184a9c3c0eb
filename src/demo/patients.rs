//! The demo's patients: invented names on the tax agency's published test numbers.

use chrono::{Days, NaiveDate};

use crate::domain::{IdentityProtection, Patient, PatientId, Personnummer, Recall};

use super::dice::Dice;

/// From the test numbers that Skatteverket publishes for systems under test: nobody has them.
/// Children last.
const TEST_NUMBERS: [&str; 140] = [
    "19121212-1212",
    "19350318-9049",
    "19360810-8993",
    "19370501-9200",
    "19380312-9182",
    "19390516-5407",
    "19401203-7224",
    "19410922-9080",
    "19420502-9186",
    "19430703-9042",
    "19441115-5858",
    "19450928-7068",
    "19450701-8820",
    "19461121-3010",
    "19461130-5469",
    "19471203-2343",
    "19471105-2326",
    "19480511-1855",
    "19480403-2094",
    "19490228-3045",
    "19490127-2247",
    "19500430-2120",
    "19510812-2143",
    "19511010-2166",
    "19520116-1857",
    "19520415-2192",
    "19530927-2119",
    "19530206-2699",
    "19540818-2128",
    "19540108-0691",
    "19550307-1812",
    "19550307-1796",
    "19561207-2545",
    "19560508-2642",
    "19570413-3106",
    "19571031-2686",
    "19581124-3269",
    "19580513-3138",
    "19701018-9269",
    "19701112-9280",
    "19710810-9286",
    "19710204-9280",
    "19720923-9289",
    "19721124-9276",
    "19730710-9293",
    "19730120-9289",
    "19740322-9292",
    "19740830-2391",
    "19750114-9285",
    "19751008-2386",
    "19760130-2396",
    "19760217-2384",
    "19770311-2388",
    "19770329-2396",
    "19780419-2396",
    "19780508-2398",
    "19790430-2390",
    "19790518-2387",
    "19800603-2398",
    "19800621-2396",
    "19810713-2386",
    "19810731-2392",
    "19820815-2390",
    "19820902-2394",
    "19830918-2387",
    "19831006-2388",
    "19841024-2393",
    "19841111-2389",
    "19851203-2395",
    "19851221-2385",
    "19860108-2384",
    "19860126-2382",
    "19870415-2381",
    "19870504-2391",
    "19880510-2392",
    "19880529-2391",
    "19890628-2382",
    "19890716-2385",
    "19900727-2397",
    "19900815-2390",
    "19910904-2391",
    "19910923-2398",
    "19920923-2389",
    "19921012-2389",
    "19931117-2382",
    "19931206-2392",
    "19941022-2385",
    "19941110-2396",
    "19950119-2398",
    "19950206-2384",
    "19961226-2395",
    "19960109-2969",
    "19970410-2384",
    "19970428-2384",
    "19980331-2397",
    "19980419-2384",
    "19990528-2399",
    "19990615-2393",
    "20000621-2393",
    "20000709-2398",
    "20010822-2399",
    "20010910-2384",
    "20021029-2389",
    "20021116-2383",
    "20031125-2381",
    "20031213-2343",
    "20041228-2386",
    "20040116-2391",
    "20050214-2391",
    "20050304-2392",
    "20060319-2394",
    "20060407-2389",
    "20100101-2382",
    "20100327-2380",
    "20100620-2384",
    "20100913-2398",
    "20101207-2391",
    "20110302-2388",
    "20110526-2388",
    "20110816-2395",
    "20111109-2381",
    "20120202-2388",
    "20120427-2395",
    "20120721-2380",
    "20121014-2392",
    "20130107-2383",
    "20130329-2393",
    "20130622-2397",
    "20130915-2393",
    "20131209-2396",
    "20140507-2396",
    "20141024-2398",
    "20150412-2381",
    "20150922-2392",
    "20160519-2382",
    "20160424-2394",
    "20170214-2397",
    "20170803-2386",
    "20190120-2380",
    "20190709-2389",
];

const WOMEN: [&str; 24] = [
    "Alva", "Astrid", "Birgitta", "Disa", "Ebba", "Elsa", "Fatima", "Freja", "Gudrun", "Hedda",
    "Ingrid", "Iris", "Kerstin", "Leila", "Linnéa", "Maja", "Märta", "Nora", "Saga", "Signe",
    "Siv", "Tuva", "Ylva", "Åsa",
];
const MEN: [&str; 24] = [
    "Algot", "Amir", "Arvid", "Bo", "Börje", "Edvin", "Elis", "Folke", "Gösta", "Hjalmar", "Ivar",
    "Joel", "Kalle", "Lars", "Love", "Malte", "Nils", "Omar", "Otto", "Rune", "Sixten", "Ture",
    "Valter", "Åke",
];
const SURNAMES: [&str; 35] = [
    "Ahlgren",
    "Almkvist",
    "Bergdahl",
    "Björk",
    "Blomgren",
    "Brolin",
    "Cedergren",
    "Dahlin",
    "Ekström",
    "Engdahl",
    "Falk",
    "Fors",
    "Granath",
    "Haddad",
    "Hallberg",
    "Hedlund",
    "Holmgren",
    "Isaksson",
    "Jönsson",
    "Kallio",
    "Lindahl",
    "Ljung",
    "Marklund",
    "Nyström",
    "Nåhlin",
    "Ohlin",
    "Persson",
    "Rahimi",
    "Sjögren",
    "Stenmark",
    "Sundin",
    "Törnqvist",
    "Wallin",
    "Åberg",
    "Östlund",
];
const STREETS: [&str; 6] =
    ["Björkvägen", "Hamngatan", "Kvarnbacken", "Lärkstigen", "Storgatan", "Ängsvägen"];

/// Which of them has a protected identity (R22).
const PROTECTED: usize = 16;
/// Which of them is registered without a personnummer.
const WITHOUT_NUMBER: usize = 40;

/// How many of them are children.
pub(super) const CHILDREN: usize = 28;

/// Everybody, by id, children last; those not born by `today` are left out.
pub(super) fn patients(today: NaiveDate) -> Vec<Patient> {
    TEST_NUMBERS
        .iter()
        .enumerate()
        .filter_map(|(place, number)| {
            let number = Personnummer::parse(number, today).ok()?;
            Some(patient(place, number, today))
        })
        .collect()
}

fn patient(place: usize, number: Personnummer, today: NaiveDate) -> Patient {
    let mut dice = Dice::new(place as u64);
    let names = if is_woman(&number) { &WOMEN } else { &MEN };
    let first_name = dice.pick(names).copied().unwrap_or_default();
    // A step that shares no factor with the count gives every surname before any comes again.
    let last_name = SURNAMES[(place * 11) % SURNAMES.len()];
    let address = dice.chance(60).then(|| {
        let street = dice.pick(&STREETS).copied().unwrap_or_default();
        format!("{street} {}, 721 {:02} Mälarstad", place + 1, place % 90 + 10)
    });
    Patient {
        id: PatientId::new(format!("p{:03}", place + 1)),
        email: dice.chance(70).then(|| format!("patient{:03}@example.org", place + 1)),
        // Numbers that PTS sets aside for fiction.
        mobile: dice.chance(85).then(|| format!("+46701740{:03}", 605 + place % 95)),
        personnummer: (place != WITHOUT_NUMBER).then_some(number),
        first_name: first_name.to_owned(),
        last_name: last_name.to_owned(),
        address,
        protection: match place {
            PROTECTED => IdentityProtection::Protected,
            _ => IdentityProtection::None,
        },
        recall: recall(&mut dice, today),
    }
}

fn recall(dice: &mut Dice, today: NaiveDate) -> Recall {
    let months = *dice.pick(&[6, 12, 12, 18, 24]).unwrap_or(&12);
    if !dice.chance(55) {
        return Recall { months, date: None, template: None };
    }
    let ahead = *dice.pick(&[9, 16, 30, 44, 71, 120, 190, 260]).unwrap_or(&30);
    let template = if dice.chance(50) { "us30" } else { "hyg45" };
    Recall {
        months,
        date: today.checked_add_days(Days::new(ahead)),
        template: Some(template.into()),
    }
}

/// The serial number's last digit is even for women.
fn is_woman(number: &Personnummer) -> bool {
    number.as_str().as_bytes().get(11).is_some_and(|digit| (digit - b'0').is_multiple_of(2))
}
