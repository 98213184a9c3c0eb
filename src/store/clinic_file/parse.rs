//! Reading the clinic file: the document as a whole, and what its arrays have in common.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::checks::{Checks, Kind, repeated};
use super::fields::{Faults, Fields};
use super::json::Json;
use super::{
    ClinicFile, FORMAT, Fault, VERSION, books, people, registers, scalars, week_templates,
};
use crate::domain::{ClinicZone, OnlineSettings, Setup};

impl ClinicFile {
    /// Reads a document. `today` is what a personnummer's birth date must not lie after (R21).
    ///
    /// # Errors
    /// Every fault in the file, in the order of the file as far as that can be told; nothing of a
    /// file with faults is usable.
    pub fn parse(text: &str, today: NaiveDate) -> Result<Self, Vec<Fault>> {
        // Some editors put a byte order mark first; it says nothing in UTF-8.
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let document: Json = serde_json::from_str(text).map_err(|error| {
            let message = format!("is not JSON: {error}");
            vec![Fault { path: String::new(), message }]
        })?;
        let faults = Faults::default();
        let file = Reader { checks: Checks::default(), faults: &faults, today }.document(&document);
        let found = faults.into_inner();
        match file {
            Some(file) if found.is_empty() => Ok(file),
            _ => Err(found),
        }
    }
}

/// What reading carries along.
pub(super) struct Reader<'f> {
    pub(super) checks: Checks,
    pub(super) faults: &'f Faults,
    pub(super) today: NaiveDate,
}

impl<'f> Reader<'f> {
    fn document(mut self, json: &Json) -> Option<ClinicFile> {
        let mut top = Fields::open(json, String::new(), self.faults)?;
        top.required("format", |json| match scalars::text_of(json) {
            Ok(FORMAT) => Ok(()),
            _ => Err(format!("must be {FORMAT:?}: this is not a clinic file")),
        });
        top.required("version", |json| match json {
            Json::Integer(version) if *version == i64::from(VERSION) => Ok(()),
            _ => Err(format!("must be {VERSION}: no other version is known")),
        });
        let zone = top.or("time_zone", ClinicZone::default(), |json| {
            let zone = scalars::text_of(json)?.parse::<ClinicZone>();
            zone.map_err(|unknown| format!("is {unknown}"))
        });
        let setup = Setup {
            zone: zone.unwrap_or_default(),
            organisations: self.keyed(&mut top, "organisations", registers::organisation),
            companies: self.keyed(&mut top, "companies", registers::company),
            practitioners: self.keyed(&mut top, "practitioners", registers::practitioner),
            resources: self.keyed(&mut top, "resources", registers::resource),
            categories: self.keyed(&mut top, "categories", registers::category),
            preblock_types: self.keyed(&mut top, "preblock_types", registers::preblock_type),
            templates: self.keyed(&mut top, "templates", registers::template),
            template_lists: self.keyed(&mut top, "template_lists", registers::template_list),
            preblock_lists: self.keyed(&mut top, "preblock_lists", registers::preblock_list),
            ..Setup::default()
        };
        let work_sessions = self.array(&mut top, "work_sessions", books::work_session);
        let preblocks = self.array(&mut top, "preblocks", books::preblock);
        let bookings = self.keyed(&mut top, "bookings", books::booking);
        let patients = self.keyed(&mut top, "patients", people::patient);
        let users = self.keyed(&mut top, "users", people::user);
        let closed_days = self.closed_days(&mut top);
        let online = self.online(&mut top);
        let week_templates = self.keyed(&mut top, "week_templates", week_templates::week_template);
        top.end();
        self.checks.finish(self.faults);
        let setup = Setup { closed_days, online: online?, week_templates, ..setup };
        Some(ClinicFile { setup, work_sessions, preblocks, bookings, patients, users })
    }

    /// The members of an array of objects; those with faults are left out.
    fn array<'j, T>(
        &mut self,
        top: &mut Fields<'j, 'f>,
        key: &'static str,
        read: impl Fn(&mut Self, &mut Fields<'j, 'f>) -> Option<T>,
    ) -> Vec<T> {
        let mut members = Vec::new();
        for (index, json) in self.items(top, key).iter().enumerate() {
            let Some(mut fields) = Fields::member(key, index, json, self.faults) else { continue };
            members.extend(read(self, &mut fields));
            fields.end();
        }
        members
    }

    /// The members of an array by their ids. An id used twice is a fault, so none is lost.
    fn keyed<'j, K: Ord, T>(
        &mut self,
        top: &mut Fields<'j, 'f>,
        key: &'static str,
        read: impl Fn(&mut Self, &mut Fields<'j, 'f>) -> Option<(K, T)>,
    ) -> BTreeMap<K, T> {
        self.array(top, key, read).into_iter().collect()
    }

    /// An array that is empty where it is missing.
    pub(super) fn items<'j>(&self, fields: &mut Fields<'j, 'f>, key: &'static str) -> &'j [Json] {
        let read = |json: &'j Json| match json {
            Json::Array(items) => Ok(items.as_slice()),
            _ => Err(format!("must be an array, not {}", json.kind())),
        };
        fields.or(key, &[][..], read).unwrap_or_default()
    }

    fn closed_days(&self, top: &mut Fields<'_, 'f>) -> BTreeSet<NaiveDate> {
        let mut days = BTreeSet::new();
        for (index, json) in self.items(top, "closed_days").iter().enumerate() {
            let path = format!("closed_days[{index}]");
            match scalars::date(json) {
                Ok(day) if days.insert(day) => {}
                Ok(_) => self.faults.add(path, "stands twice in the list"),
                Err(message) => self.faults.add(path, message),
            }
        }
        days
    }

    fn online(&self, top: &mut Fields<'_, 'f>) -> Option<OnlineSettings> {
        let json = top.required("online", Ok)?;
        let mut fields = Fields::open(json, "online".to_owned(), self.faults)?;
        let preset = OnlineSettings::default();
        let horizon_days = fields.or("horizon_days", preset.horizon_days, scalars::count);
        let notice_minutes = fields.or("notice_minutes", preset.notice_minutes, scalars::count);
        let require_address = fields.or("require_address", preset.require_address, scalars::flag);
        let allow_rebook = fields.or("allow_rebook", preset.allow_rebook, scalars::flag);
        let allow_cancel = fields.or("allow_cancel", preset.allow_cancel, scalars::flag);
        let hours = preset.change_deadline_hours;
        let change_deadline_hours = fields.or("change_deadline_hours", hours, scalars::count);
        let paused = fields.or("paused", preset.paused, scalars::flag);
        fields.end();
        Some(OnlineSettings {
            horizon_days: horizon_days?,
            notice_minutes: notice_minutes?,
            require_address: require_address?,
            allow_rebook: allow_rebook?,
            allow_cancel: allow_cancel?,
            change_deadline_hours: change_deadline_hours?,
            paused: paused?,
        })
    }

    /// The entity's own id, under `key`.
    pub(super) fn own_id<T: for<'a> From<&'a str>>(
        &mut self,
        fields: &mut Fields<'_, 'f>,
        key: &'static str,
        kind: Kind,
    ) -> Option<T> {
        let id = fields.required(key, scalars::text_of)?;
        self.checks.id(kind, id, fields.path_of(key), fields.path(), self.faults);
        Some(T::from(id))
    }

    /// A required reference.
    pub(super) fn reference<T: for<'a> From<&'a str>>(
        &mut self,
        fields: &mut Fields<'_, 'f>,
        key: &'static str,
        kind: Kind,
    ) -> Option<T> {
        let id = fields.required(key, scalars::text_of)?;
        self.checks.refer(kind, id, fields.path_of(key));
        Some(T::from(id))
    }

    /// A reference that may be null.
    pub(super) fn optional_reference<T: for<'a> From<&'a str>>(
        &mut self,
        fields: &mut Fields<'_, 'f>,
        key: &'static str,
        kind: Kind,
    ) -> Option<Option<T>> {
        let id = fields.nullable(key, scalars::text_of)?;
        if let Some(id) = id {
            self.checks.refer(kind, id, fields.path_of(key));
        }
        Some(id.map(T::from))
    }

    /// References in an array, none of them twice; `None` where one is not even a text.
    pub(super) fn references<T: for<'a> From<&'a str>>(
        &mut self,
        items: &[Json],
        path: &str,
        kind: Kind,
    ) -> Option<Vec<T>> {
        let mut ids = Vec::with_capacity(items.len());
        let mut whole = true;
        for (index, json) in items.iter().enumerate() {
            let path = format!("{path}[{index}]");
            match scalars::text_of(json) {
                Ok(id) => {
                    self.checks.refer(kind, id, path);
                    ids.push((index, id));
                }
                Err(message) => {
                    self.faults.add(path, message);
                    whole = false;
                }
            }
        }
        for place in repeated(ids.iter().map(|(_, id)| *id)) {
            if let Some((index, _)) = ids.get(place) {
                self.faults.add(format!("{path}[{index}]"), "stands twice in the list");
            }
        }
        whole.then(|| ids.into_iter().map(|(_, id)| T::from(id)).collect())
    }
}
