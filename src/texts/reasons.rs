//! Why a time is not bookable, in words that tell staff what to change and where (R11).

use crate::domain::{CivilTime, LackingResource, ListLevel, NotBookable, Setup};

use super::{Dates, Language};

/// The reason as a sentence; names are looked up in the set-up, where they are known.
pub fn not_bookable(language: Language, reason: &NotBookable, setup: &Setup) -> String {
    match language {
        Language::English => reason.to_string(),
        Language::Swedish => swedish(reason, setup),
    }
}

/// The reason in two or three words, for where there is no room for more.
pub fn not_bookable_shortly(language: Language, reason: &NotBookable) -> &'static str {
    let (swedish, english) = match reason {
        NotBookable::Paused | NotBookable::CompanyPaused => ("tillfälligt stängt", "paused"),
        NotBookable::NoPreblock => ("inget preblock", "no preblock"),
        NotBookable::OffGrid { .. } => ("ingen start", "no start"),
        NotBookable::PreblockTooShort { .. } => ("för kort preblock", "preblock too short"),
        NotBookable::PractitionerInactive => ("behandlaren inaktiv", "practitioner inactive"),
        NotBookable::TypeInactive(_) => ("preblocket inaktivt", "preblock inactive"),
        NotBookable::TypeNotValid(_) => ("preblocket gäller inte", "preblock not valid"),
        NotBookable::Expired { .. } => ("preblocket upphört", "preblock expired"),
        NotBookable::NothingAllowed(_) => ("inget tillåtet", "nothing allowed"),
        NotBookable::CategoryNotAllowed { .. } => ("annan kategori", "other category"),
        NotBookable::TemplateInactive => ("mallen inaktiv", "template inactive"),
        NotBookable::TemplateNotOnline => ("inte i e-tidbok", "not online"),
        NotBookable::NotInList { .. } => ("inte i mallistan", "not in the list"),
        NotBookable::OutsideSchedule => ("utanför schemat", "outside the schedule"),
        NotBookable::TooSoon { .. } => ("för nära inpå", "too soon"),
        NotBookable::TooFarAhead { .. } => ("för långt fram", "too far ahead"),
        NotBookable::Booked(_) => ("fullbokat", "fully booked"),
        NotBookable::Resource(_) => ("resurs upptagen", "resource taken"),
        NotBookable::ClockChange => ("klockan ställs om", "clock change"),
    };
    language.pick(swedish, english)
}

fn swedish(reason: &NotBookable, setup: &Setup) -> String {
    let dates = Dates(Language::Swedish);
    let type_name = |id: &crate::domain::PreblockTypeId| {
        setup.preblock_types.get(id).map_or_else(|| id.to_string(), |found| found.name.clone())
    };
    match reason {
        NotBookable::Paused => {
            "E-tidboken är tillfälligt stängd; öppna den i Online-inställningarna".into()
        }
        NotBookable::CompanyPaused => {
            "Företaget är tillfälligt stängt i e-tidboken; öppna det på företagets kort".into()
        }
        NotBookable::NoPreblock => "Inget Internet-preblock täcker tiden; lägg ett där".into(),
        NotBookable::OffGrid { before, after } => {
            format!("Ingen start i preblockets rutnät{}", nearest(*before, *after))
        }
        NotBookable::PreblockTooShort { preblock, template } => format!(
            "Preblocket är {} min, för kort för mallens {} min; lägg ett längre",
            preblock.0, template.0
        ),
        NotBookable::PractitionerInactive => {
            "Behandlaren är inte aktiv; aktivera på behandlarens registerkort".into()
        }
        NotBookable::TypeInactive(id) => format!(
            "Preblocket {} är inte aktivt; aktivera det under Preblockering i tidboken",
            type_name(id)
        ),
        NotBookable::TypeNotValid(id) => format!(
            "Preblocket {} gäller inte behandlaren; lägg till under Resurser på preblocket",
            type_name(id)
        ),
        NotBookable::Expired { last_day } => {
            format!(
                "Preblocket har upphört; det gällde t.o.m. {}; ändra Upphör på preblocket",
                dates.date(*last_day)
            )
        }
        NotBookable::NothingAllowed(id) => format!(
            "Preblocket {} tillåter ingen behandling; bocka i Tillåt och välj på preblocket",
            type_name(id)
        ),
        NotBookable::CategoryNotAllowed { preblock_type, category } => {
            let category = setup.categories.get(category).map_or(category.as_str(), |c| &c.name);
            format!(
                "Preblocket {} tillåter inte kategorin {category}; ändra på preblocket eller mallen",
                type_name(preblock_type)
            )
        }
        NotBookable::TemplateInactive => {
            "Mallen är inte aktiv; aktivera den under Bokningsmallar".into()
        }
        NotBookable::TemplateNotOnline => {
            "Mallen används inte i e-tidbok; bocka i det på bokningsmallen".into()
        }
        NotBookable::NotInList { level, list } => {
            let name = list
                .as_ref()
                .map(|id| setup.template_lists.get(id).map_or(id.as_str(), |found| &found.name));
            format!(
                "Mallen ingår inte i listan \"{}\" ({}); lägg till den i listan",
                name.unwrap_or_default(),
                level_name(*level)
            )
        }
        NotBookable::OutsideSchedule => "Utanför arbetsschemat; lägg ett arbetspass där".into(),
        NotBookable::TooSoon { earliest } => format!(
            "För nära inpå: bokningsbart först från {} {}",
            dates.date(earliest.date()),
            earliest.clock()
        ),
        NotBookable::TooFarAhead { last_day } => {
            format!("För långt fram: tider visas t.o.m. {}", dates.date(*last_day))
        }
        NotBookable::Booked(interval) => {
            format!("En bokning {} är i vägen", dates.hours(*interval))
        }
        NotBookable::Resource(lacking) => lacking_swedish(*lacking),
        NotBookable::ClockChange => "Klockan ställs om under tiden".into(),
    }
}

/// The sentence about a lacking resource, in Swedish.
pub(super) fn lacking_swedish(lacking: LackingResource) -> String {
    match lacking {
        LackingResource::Unknown(code) => {
            format!("Ingen resurs har tecknet {code}; rätta bokningsmallen eller lägg upp resursen")
        }
        LackingResource::Full(code) => format!("Resursen {code} är upptagen"),
    }
}

/// Who chose the list, in Swedish.
fn level_name(level: ListLevel) -> &'static str {
    match level {
        ListLevel::Practitioner => "vald av behandlaren",
        ListLevel::Company => "vald av företaget",
        ListLevel::Organisation => "vald av organisationen",
        ListLevel::Nowhere => "ingen lista vald",
    }
}

fn nearest(before: Option<CivilTime>, after: Option<CivilTime>) -> String {
    match (before, after) {
        (Some(before), Some(after)) => {
            format!("; närmast är {} och {}", before.clock(), after.clock())
        }
        (Some(only), None) | (None, Some(only)) => format!("; närmast är {}", only.clock()),
        (None, None) => String::new(),
    }
}
