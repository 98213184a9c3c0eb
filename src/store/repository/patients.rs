//! Patients, and finding them by name or number.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::domain::{
    IdentityProtection, Patient, PatientId, Personnummer, PersonnummerIs, Recall, dialled_number,
    swedish,
};
use crate::store::error::StoreError;
use crate::store::question::Question;
use crate::store::session::Session;
use crate::store::value::{Columns, Value, named, values};

const PATIENT: &str = "id, personnummer, first_name, last_name, email, mobile, address, protected, \
                       recall_months, recall_date, recall_template";

fn patient(row: &mut Columns) -> Result<Patient, StoreError> {
    // Stored ones were valid when written: the future is not asked about again.
    let number = |text: &str| Personnummer::parse(text, NaiveDate::MAX).ok();
    Ok(Patient {
        id: row.id()?,
        personnummer: row.read_optional(number)?,
        first_name: row.text()?,
        last_name: row.text()?,
        email: row.optional_text()?,
        mobile: row.optional_text()?,
        address: row.optional_text()?,
        protection: match row.flag()? {
            true => IdentityProtection::Protected,
            false => IdentityProtection::None,
        },
        recall: Recall {
            months: row.number()?,
            date: row.optional_date()?,
            template: row.optional_id()?,
        },
    })
}

/// A patient's columns, in the order of [`PATIENT`].
pub(super) fn patient_columns(patient: &Patient) -> Vec<Value> {
    values![
        &patient.id,
        patient.personnummer.as_ref(),
        &patient.first_name,
        &patient.last_name,
        patient.email.as_ref(),
        patient.mobile.as_ref(),
        patient.address.as_ref(),
        patient.protection == IdentityProtection::Protected,
        patient.recall.months,
        patient.recall.date,
        patient.recall.template.as_ref(),
    ]
}

/// The patients that a condition is true of.
pub(super) fn patient_question(condition: &str, parameters: Vec<Value>) -> Question<Vec<Patient>> {
    let sql = format!("SELECT {PATIENT} FROM patient WHERE {condition}");
    Question::rows(sql, parameters, "patient", patient)
}

/// Patients that are looked at where more have such a name: who types so little will type on.
const NAMESAKES: u32 = 500;

/// How a word of a name is kept and looked for: as it is written, and without the accents that Swedish does
/// not count.
type Spellings = BTreeSet<String>;

fn spellings(part: &str) -> Spellings {
    [part.to_owned(), swedish::loose_key(part)].into()
}

/// What was typed to find patients by.
enum Sought {
    /// Stretches of personnummer, from one up to another, and the beginning of a telephone number.
    Numbers { stretches: Vec<(String, String)>, dialled: Option<String> },
    /// The beginnings of names, all of one patient's; the longest first, which the fewest have.
    Names(Vec<Spellings>),
}

impl Sought {
    fn new(text: &str) -> Self {
        Self::by_number(text).unwrap_or_else(|| Self::by_name(text))
    }

    /// Six or more digits with at most a hyphen, a plus sign and spaces between them: a
    /// personnummer in any spelling, or its birth date; or what patients call from.
    fn by_number(text: &str) -> Option<Self> {
        // Texts that are written with care have other dashes.
        let text = text.replace(['\u{2010}', '\u{2011}', '\u{2013}', '\u{2212}'], "-");
        let stretches = Self::personnummer(&text).unwrap_or_default();
        let dialled = dialled_number(&text);
        let is_none = stretches.is_empty() && dialled.is_none();
        (!is_none).then_some(Self::Numbers { stretches, dialled })
    }

    fn personnummer(text: &str) -> Option<Vec<(String, String)>> {
        let ignored = |c: char| c == '-' || c == '+' || c.is_whitespace();
        let digits: String = text.chars().filter(|c| !ignored(*c)).collect();
        if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let centuries = |digits: &str| {
            ["18", "19", "20"].into_iter().map(|century| format!("{century}{digits}")).collect()
        };
        let starts: Vec<String> = match digits.len() {
            8 | 12 => vec![digits],
            6 | 10 => centuries(&digits),
            _ => return None,
        };
        let stretch = |digits: &String| {
            let (birth, serial) = digits.split_at(8);
            let from = format!("{birth}-{serial}");
            // Past every digit that may follow.
            let to = format!("{from}~");
            (from, to)
        };
        Some(starts.iter().map(stretch).collect())
    }

    /// Each word must begin one of the patient's names.
    fn by_name(text: &str) -> Self {
        let key = swedish::search_key(text);
        let mut words: Vec<Spellings> = name_parts(&key).map(spellings).collect();
        words.sort_by_key(|word| std::cmp::Reverse(word.first().map(|it| it.chars().count())));
        Self::Names(words)
    }

    /// The SELECT of the ids, with its parameters; `None` where nothing was typed that could be looked
    /// for.
    fn statement(&self) -> Option<(String, Vec<Value>)> {
        let mut parameters = Vec::new();
        let mut within = |column: &str, from: &str, to: String| {
            parameters.extend(values![from, to]);
            let to = parameters.len();
            format!("({column} >= @P{} AND {column} < @P{to})", to - 1)
        };
        let sql = match self {
            Sought::Numbers { stretches, dialled } => {
                let stretches =
                    stretches.iter().map(|(from, to)| within("personnummer", from, to.clone()));
                let any = stretches.collect::<Vec<_>>().join(" OR ");
                let by_number = Some(format!("SELECT id FROM patient WHERE {any}"));
                let by_call = dialled.as_ref().map(|number| {
                    let begins = within("part", number, format!("{number}{}", char::MAX));
                    format!("SELECT patient FROM patient_name WHERE {begins}")
                });
                let both = by_number.filter(|_| !any.is_empty()).into_iter().chain(by_call);
                both.collect::<Vec<_>>().join(" UNION ")
            }
            Sought::Names(words) => {
                let all = words.iter().enumerate().map(|(n, word)| {
                    let part = format!("n{n}.part");
                    let any = word.iter().map(|it| within(&part, it, format!("{it}{}", char::MAX)));
                    format!("({})", any.collect::<Vec<_>>().join(" OR "))
                });
                let all = all.collect::<Vec<_>>().join(" AND ");
                let others = (1..words.len())
                    .map(|n| format!(" JOIN patient_name n{n} ON n{n}.patient = n0.patient"));
                let others: String = others.collect();
                format!(
                    "SELECT n0.patient FROM patient_name n0{others} WHERE {all} \
                     ORDER BY n0.part, n0.patient"
                )
            }
        };
        (!parameters.is_empty()).then_some((sql, parameters))
    }
}

/// The words of a normalised name, without signs around them as in `Ek, Anna`; the halves of a double
/// name are words of their own. A sign within a word stays: `o'hara` is one.
fn name_parts(key: &str) -> impl Iterator<Item = &str> {
    let ends_word = |c: char| c.is_whitespace() || matches!(c, '-' | ',' | ';');
    key.split(ends_word)
        .map(|part| part.trim_end_matches(|c: char| !c.is_alphanumeric()))
        .filter(|part| !part.is_empty())
}

impl Session {
    pub(super) async fn patients_where(
        &mut self,
        condition: &str,
        parameters: Vec<Value>,
    ) -> Result<Vec<Patient>, StoreError> {
        self.ask(patient_question(condition, parameters)).await
    }

    /// The patients with these ids; ids that are nobody's are left out.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn patients(
        &mut self,
        ids: &BTreeSet<PatientId>,
    ) -> Result<BTreeMap<PatientId, Patient>, StoreError> {
        let mut found = BTreeMap::new();
        for (ids, parameters) in named(ids) {
            let patients = self.patients_where(&format!("id IN ({ids})"), parameters).await?;
            found.extend(patients.into_iter().map(|patient| (patient.id.clone(), patient)));
        }
        Ok(found)
    }

    /// Who is found by what was typed: those whose names begin with its words, or whose personnummer or
    /// birth date it is in any spelling, or whose number it is.
    ///
    /// # Errors
    /// What the database meets.
    pub(super) async fn sought(&mut self, text: &str) -> Result<BTreeSet<PatientId>, StoreError> {
        let Some((sql, parameters)) = Sought::new(text).statement() else {
            return Ok(BTreeSet::new());
        };
        let rows = self.query_first(sql, parameters, Some(NAMESAKES)).await?;
        rows.into_iter().map(|row| row.columns("patient_name").id()).collect()
    }

    /// Patients whose names begin with the words of `text`, or whose personnummer or birth date it
    /// is in any spelling, or whose telephone number it is or begins; in Swedish order of last and first name, at most `limit`. Of very many the
    /// first by the longest word are looked at. Protected ones are among them: what is shown of them is
    /// the caller's to decide (R22).
    ///
    /// # Errors
    /// What the database meets.
    pub async fn find_patients(
        &mut self,
        text: &str,
        limit: u32,
    ) -> Result<Vec<Patient>, StoreError> {
        let ids = self.sought(text).await?;
        let mut found: Vec<Patient> = self.patients(&ids).await?.into_values().collect();
        found.sort_by_cached_key(|patient| {
            let key = swedish::sort_key;
            (key(&patient.last_name), key(&patient.first_name), patient.id.clone())
        });
        found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(found)
    }

    /// Every patient there is, in no order.
    pub(crate) async fn all_patients(&mut self) -> Result<Vec<Patient>, StoreError> {
        let rows = self.query(format!("SELECT {PATIENT} FROM patient"), values![]).await?;
        rows.into_iter().map(|row| patient(&mut row.columns("patient"))).collect()
    }

    /// Whether a patient other than this one has the personnummer.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn personnummer_is(
        &mut self,
        number: &Personnummer,
        of: &PatientId,
    ) -> Result<PersonnummerIs, StoreError> {
        let sql = "SELECT COUNT(*) FROM patient WHERE personnummer = @P1 AND id <> @P2";
        let others = match self.query(sql, values![number, of]).await?.pop() {
            Some(row) => row.columns("patient").number::<i64>()?,
            None => 0,
        };
        Ok(if others > 0 { PersonnummerIs::AnothersAlready } else { PersonnummerIs::Free })
    }

    /// Adds a patient.
    ///
    /// # Errors
    /// [`StoreError::Duplicate`] for a repeated id or personnummer,
    /// [`StoreError::BrokenReference`] for an unknown recall template.
    pub async fn insert_patient(&mut self, patient: &Patient) -> Result<(), StoreError> {
        self.execute(
            format!(
                "INSERT INTO patient ({PATIENT}) \
                 VALUES (@P1, @P2, @P3, @P4, @P5, @P6, @P7, @P8, @P9, @P10, @P11)"
            ),
            patient_columns(patient),
        )
        .await?;
        self.insert_patient_names(patient).await
    }

    /// What a patient is found by: the words of the name in each spelling, and the number to be called on.
    pub(crate) async fn insert_patient_names(
        &mut self,
        patient: &Patient,
    ) -> Result<(), StoreError> {
        let names = format!("{} {}", patient.first_name, patient.last_name);
        let key = swedish::search_key(&names);
        let number = patient.mobile.as_deref().and_then(dialled_number);
        for part in name_parts(&key).flat_map(spellings).chain(number).collect::<BTreeSet<_>>() {
            self.execute(
                "INSERT INTO patient_name (part, patient) VALUES (@P1, @P2)",
                values![part, &patient.id],
            )
            .await?;
        }
        Ok(())
    }
}
