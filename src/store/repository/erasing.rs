//! Everything that is kept of one patient: found, and erased so that the audit log stays whole. Its entries
//! hold salted hashes of what is personal; the values they stand for lie apart, and go.

use std::collections::BTreeSet;

use crate::domain::{Booking, BookingId, CommandId, EntityKind, PatientId};
use crate::store::audit::Stored;
use crate::store::error::StoreError;
use crate::store::session::Session;
use crate::store::value::{Columns, named, values};

/// What stands in the place of an erased patient's name.
const ERASED: (&str, &str) = ("Raderad", "patient");

/// What was found in the log of a patient.
#[derive(Default)]
struct InLog {
    /// Of personal values.
    hashes: BTreeSet<String>,
    commands: BTreeSet<CommandId>,
    /// Bookings that were made for the patient, whosever they are now: what was given with them is the
    /// patient's.
    made_for: BTreeSet<BookingId>,
}

/// Before and after of an entry, as stored.
type Sides = [Option<serde_json::Value>; 2];

fn sides(row: &mut Columns) -> Result<(CommandId, Sides), StoreError> {
    let command = row.id()?;
    let unreadable = |_| StoreError::Unreadable { table: "audit_entry", column: 1 };
    let mut side = || -> Result<Option<serde_json::Value>, StoreError> {
        let text = row.optional_text()?;
        text.map(|text| serde_json::from_str(&text)).transpose().map_err(unreadable)
    };
    Ok((command, [side()?, side()?]))
}

/// What an entry about a patient's bookings, or about the patient, is about.
pub(crate) fn entities_of(patient: &PatientId, bookings: &[Booking]) -> Vec<String> {
    let of_booking = |booking: &Booking| {
        [EntityKind::Booking, EntityKind::Contacts, EntityKind::Call]
            .map(|kind| kind.named(&booking.id))
    };
    let own = EntityKind::Patient.named(patient);
    [own].into_iter().chain(bookings.iter().flat_map(of_booking)).collect()
}

impl Session {
    /// A patient's bookings, cancelled ones too, by time.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn bookings_of(&mut self, patient: &PatientId) -> Result<Vec<Booking>, StoreError> {
        let mut found = self.bookings_where("patient = @P1", values![patient]).await?;
        found.sort_by(|a, b| (a.interval.start(), &a.id).cmp(&(b.interval.start(), &b.id)));
        Ok(found)
    }

    /// Erases what is personal of a patient: on the card, with the bookings, and in the log. The
    /// revisions of the settings and of the bookings' books must have been bumped. The commands whose
    /// kept outcomes may hold the same; they are the caller's to replace.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn erase_patient(
        &mut self,
        patient: &PatientId,
        bookings: &[Booking],
    ) -> Result<BTreeSet<CommandId>, StoreError> {
        let InLog { hashes, commands, made_for } = self.in_log(patient, bookings).await?;
        for (hashes, parameters) in named(hashes) {
            let sql = format!("DELETE FROM audit_personal WHERE hash IN ({hashes})");
            self.execute(sql, parameters).await?;
        }
        for (bookings, parameters) in named(&made_for) {
            let sql = format!("DELETE FROM given_contacts WHERE booking IN ({bookings})");
            self.execute(sql, parameters).await?;
        }
        let whose = "booking IN (SELECT id FROM booking WHERE patient = @P1)";
        for sql in [
            format!("DELETE FROM given_contacts WHERE {whose}"),
            format!("DELETE FROM recall_move WHERE {whose}"),
            "UPDATE booking SET text = '' WHERE patient = @P1".to_owned(),
            "DELETE FROM patient_name WHERE patient = @P1".to_owned(),
        ] {
            self.execute(sql, values![patient]).await?;
        }
        let (first, last) = ERASED;
        self.execute_one(
            || EntityKind::Patient.named(patient),
            "UPDATE patient SET personnummer = NULL, first_name = @P2, last_name = @P3, \
             email = NULL, mobile = NULL, address = NULL, protected = @P4, recall_date = NULL, \
             recall_template = NULL WHERE id = @P1",
            values![patient, first, last, false],
        )
        .await?;
        Ok(commands)
    }

    async fn in_log(
        &mut self,
        patient: &PatientId,
        bookings: &[Booking],
    ) -> Result<InLog, StoreError> {
        let mut found = self.of_its_bookings(patient).await?;
        let given = found.made_for.iter().map(|booking| EntityKind::Contacts.named(booking));
        let entities: Vec<String> = given.chain(entities_of(patient, bookings)).collect();
        for entity in entities {
            let sql =
                "SELECT command, before_value, after_value FROM audit_entry WHERE entity = @P1";
            for row in self.query(sql, values![entity]).await? {
                let (command, sides) = sides(&mut row.columns("audit_entry"))?;
                found.take(command, sides.iter().flatten());
            }
        }
        Ok(found)
    }

    /// What tells of bookings as this patient's, though they may be another's now, or nobody's.
    async fn of_its_bookings(&mut self, patient: &PatientId) -> Result<InLog, StoreError> {
        let mut found = InLog::default();
        let named = format!("%\"patient\":{}%", escaped(patient));
        let sql = "SELECT command, before_value, after_value, entity FROM audit_entry \
                   WHERE kind = 'booking' \
                   AND (before_value LIKE @P1 ESCAPE '!' OR after_value LIKE @P1 ESCAPE '!')";
        // To SQLite's LIKE, `P1` is `p1`.
        let is_own = |side: &serde_json::Value| side["patient"] == patient.as_str();
        for row in self.query(sql, values![named]).await? {
            let mut row = row.columns("audit_entry");
            let (command, sides) = sides(&mut row)?;
            let entity = row.text()?;
            let mut own = sides.iter().flatten().filter(|side| is_own(side)).peekable();
            if own.peek().is_none() {
                continue;
            }
            found.take(command, own);
            if let ([None, Some(_)], Some(id)) = (&sides, entity.strip_prefix("booking/")) {
                found.made_for.insert(id.into());
            }
        }
        Ok(found)
    }
}

impl InLog {
    fn take<'a>(&mut self, command: CommandId, sides: impl Iterator<Item = &'a serde_json::Value>) {
        self.commands.insert(command);
        self.hashes.extend(sides.flat_map(Stored::references).map(str::to_owned));
    }
}

/// An id as JSON has it, and as LIKE takes it for what it is.
fn escaped(patient: &PatientId) -> String {
    let mut out = String::new();
    for letter in serde_json::Value::from(patient.as_str()).to_string().chars() {
        if matches!(letter, '!' | '%' | '_' | '[' | ']') {
            out.push('!');
        }
        out.push(letter);
    }
    out
}
