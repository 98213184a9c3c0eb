//! The day's list on screen. State only. Pure.

use crate::clinic::DayList;
use crate::tui::message::RequestId;

/// The day's list, to be read.
pub struct DayListView {
    /// The request that reads it.
    pub asked: RequestId,
    /// As read.
    pub lists: Option<Vec<DayList>>,
    pub scroll: usize,
}
