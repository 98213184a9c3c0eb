//! The day's list: the same as `tidbok day` prints, of what stands on the grid.

use crate::clinic::{ClinicError, DayList};
use crate::tui::dialogs::{DayListView, Overlay};
use crate::tui::message::{Effect, RequestId};
use crate::tui::model::Model;

use super::unanswered;

/// Asks for the cursor's day of every practitioner that is shown.
pub(super) fn open(model: &mut Model) -> Vec<Effect> {
    let request = model.requests.next();
    let view = DayListView { asked: request, lists: None, scroll: 0 };
    model.overlays.push(Overlay::DayList(Box::new(view)));
    let practitioners = model.practitioners_shown();
    vec![Effect::LoadDayList { request, practitioners, date: model.cursor.date }]
}

/// The list arrived, or why it can't be read.
pub(super) fn arrived(
    model: &mut Model,
    request: RequestId,
    result: Result<Vec<DayList>, ClinicError>,
) -> Vec<Effect> {
    let asked =
        |overlay: &Overlay| matches!(overlay, Overlay::DayList(view) if view.asked == request);
    match result {
        Ok(lists) => {
            if let Some(Overlay::DayList(view)) = model.overlays.iter_mut().find(|it| asked(it)) {
                view.lists = Some(lists);
            }
        }
        Err(error) => {
            model.overlays.retain(|overlay| !asked(overlay));
            unanswered(model, &error);
        }
    }
    Vec::new()
}
