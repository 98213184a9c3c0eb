//! `tidbok slots`: the times that patients can book.

use serde::Serialize;

use crate::clinic::again;
use crate::domain::{CivilTime, PractitionerId, Refusal, Slot};
use crate::store::OpenMode;

use super::arguments::Listing;
use super::context::{Context, Entered};
use super::{Failure, output};

#[derive(Serialize)]
struct Row<'a> {
    practitioner: &'a str,
    template: &'a str,
    start: CivilTime,
    end: CivilTime,
}

pub(super) async fn run(context: &Context, arguments: &Listing) -> Result<(), Failure> {
    let entered = context.enter(OpenMode::Existing).await?;
    let slots = find(&entered, arguments).await?;
    let text = if arguments.json { json(&slots)? } else { table(&entered, &slots) };
    entered.leave().await;
    output::print(&text)
}

async fn find(entered: &Entered, arguments: &Listing) -> Result<Vec<Slot>, Failure> {
    let now = arguments.at.now(&entered.setup);
    let days = arguments.days.range(now);
    let practitioner = match arguments.practitioner.as_deref() {
        Some(named) => Some(entered.practitioner(named)?),
        None => None,
    };
    let slots = again(|| entered.clinic.slots(practitioner.as_ref(), days, now)).await;
    slots.map_err(|error| entered.failure(&error))
}

impl Entered {
    /// The one that is named, else all of them.
    pub(super) fn practitioners(
        &self,
        named: Option<&str>,
    ) -> Result<Vec<PractitionerId>, Failure> {
        let Some(named) = named else {
            return Ok(self.setup.practitioners.keys().cloned().collect());
        };
        self.practitioner(named).map(|id| vec![id])
    }

    /// The practitioner with this id.
    pub(super) fn practitioner(&self, named: &str) -> Result<PractitionerId, Failure> {
        let id = PractitionerId::new(named);
        match self.setup.practitioners.contains_key(&id) {
            true => Ok(id),
            false => Err(self.refused(&Refusal::UnknownPractitioner(id))),
        }
    }
}

fn json(slots: &[Slot]) -> Result<String, Failure> {
    let rows: Vec<_> = slots
        .iter()
        .map(|slot| Row {
            practitioner: slot.practitioner.as_str(),
            template: slot.template.as_str(),
            start: slot.interval.start(),
            end: slot.interval.end(),
        })
        .collect();
    output::json_list(&rows)
}

fn table(entered: &Entered, slots: &[Slot]) -> String {
    let language = entered.language;
    let rows: Vec<_> = slots
        .iter()
        .map(|slot| {
            let template = entered.setup.templates.get(&slot.template);
            [
                slot.interval.start().date().to_string(),
                format!("{}–{}", slot.interval.start().clock(), slot.interval.end().clock()),
                slot.practitioner.to_string(),
                slot.template.to_string(),
                template.map(|found| found.name.clone()).unwrap_or_default(),
            ]
        })
        .collect();
    let head = language.pick(
        ["DAG", "TID", "BEHANDLARE", "MALL", "NAMN"],
        ["DAY", "TIME", "PRACTITIONER", "TEMPLATE", "NAME"],
    );
    output::table(head, &rows, language.pick("Inga bokningsbara tider.", "No bookable times."))
}
