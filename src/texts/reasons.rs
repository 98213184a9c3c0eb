//! Why a time is not bookable, in words that tell staff what to change and where (R11).

use crate::domain::{CivilTime, LackingResource, ListLevel, NotBookable, Setup};

use super::names::Names;
use super::{Dates, Language};

/// The reason as a sentence without the rule's number; names are looked up in the set-up, where they
/// are known.
pub fn not_bookable(language: Language, reason: &NotBookable, setup: &Setup) -> String {
    let names = Names { setup };
    match language {
        Language::Swedish => swedish(reason, &names),
        Language::English => english(reason, &names),
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

fn swedish(reason: &NotBookable, names: &Names<'_>) -> String {
    let dates = Dates(Language::Swedish);
    match reason {
        NotBookable::Paused => {
            "E-tidboken är tillfälligt stängd; öppna den i Online-inställningarna".into()
        }
        NotBookable::CompanyPaused => {
            "Företaget är tillfälligt stängt i e-tidboken; öppna det på företagets kort".into()
        }
        NotBookable::NoPreblock => "Inget Internet-preblock täcker tiden; lägg ett där".into(),
        NotBookable::OffGrid { before, after } => {
            format!(
                "Ingen start i preblockets rutnät{}",
                nearest(Language::Swedish, *before, *after)
            )
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
            names.of_type(id)
        ),
        NotBookable::TypeNotValid(id) => format!(
            "Preblocket {} gäller inte behandlaren; lägg till under Resurser på preblocket",
            names.of_type(id)
        ),
        NotBookable::Expired { last_day } => {
            format!(
                "Preblocket har upphört; det gällde t.o.m. {}; ändra Upphör på preblocket",
                dates.date(*last_day)
            )
        }
        NotBookable::NothingAllowed(id) => format!(
            "Preblocket {} tillåter ingen behandling; bocka i Tillåt och välj på preblocket",
            names.of_type(id)
        ),
        NotBookable::CategoryNotAllowed { preblock_type, category } => format!(
            "Preblocket {} tillåter inte kategorin {}; ändra på preblocket eller mallen",
            names.of_type(preblock_type),
            names.of_category(category)
        ),
        NotBookable::TemplateInactive => {
            "Mallen är inte aktiv; aktivera den under Bokningsmallar".into()
        }
        NotBookable::TemplateNotOnline => {
            "Mallen används inte i e-tidbok; bocka i det på bokningsmallen".into()
        }
        NotBookable::NotInList { level, list } => format!(
            "Mallen ingår inte i listan \"{}\" ({}); lägg till den i listan",
            list.as_ref().map(|id| names.of_template_list(id)).unwrap_or_default(),
            level_name(Language::Swedish, *level)
        ),
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
        NotBookable::Resource(resource) => lacking(Language::Swedish, *resource),
        NotBookable::ClockChange => "Klockan ställs om under tiden".into(),
    }
}

fn english(reason: &NotBookable, names: &Names<'_>) -> String {
    let dates = Dates(Language::English);
    match reason {
        NotBookable::Paused => "Online booking is paused; resume it in the online settings".into(),
        NotBookable::CompanyPaused => {
            "The company is paused online; resume it on the company's card".into()
        }
        NotBookable::NoPreblock => "No Internet preblock covers the time; lay one there".into(),
        NotBookable::OffGrid { before, after } => {
            format!(
                "No start of the preblock's grid{}",
                nearest(Language::English, *before, *after)
            )
        }
        NotBookable::PreblockTooShort { preblock, template } => format!(
            "The preblock is {} min long, too short for the template's {} min; lay a longer one",
            preblock.0, template.0
        ),
        NotBookable::PractitionerInactive => {
            "The practitioner is not active; activate on the practitioner's card".into()
        }
        NotBookable::TypeInactive(id) => format!(
            "The preblock type {} is not active; activate it among the preblock types",
            names.of_type(id)
        ),
        NotBookable::TypeNotValid(id) => format!(
            "The preblock type {} is not valid for the practitioner; add the practitioner on the type",
            names.of_type(id)
        ),
        NotBookable::Expired { last_day } => format!(
            "The preblock expired; it was in force until {}; change Expires on the type",
            dates.date(*last_day)
        ),
        NotBookable::NothingAllowed(id) => format!(
            "The preblock type {} allows no category; tick Allow and choose on the type",
            names.of_type(id)
        ),
        NotBookable::CategoryNotAllowed { preblock_type, category } => format!(
            "The preblock type {} does not allow the category {}; change the type or the template",
            names.of_type(preblock_type),
            names.of_category(category)
        ),
        NotBookable::TemplateInactive => {
            "The template is not active; activate it among the booking templates".into()
        }
        NotBookable::TemplateNotOnline => {
            "The template is not online; set it on the template".into()
        }
        NotBookable::NotInList { level, list } => format!(
            "The template is not in the list \"{}\" ({}); add it to the list",
            list.as_ref().map(|id| names.of_template_list(id)).unwrap_or_default(),
            level_name(Language::English, *level)
        ),
        NotBookable::OutsideSchedule => {
            "Outside the working schedule; add a work session there".into()
        }
        NotBookable::TooSoon { earliest } => format!(
            "Too soon: bookable only from {} {}",
            dates.date(earliest.date()),
            earliest.clock()
        ),
        NotBookable::TooFarAhead { last_day } => {
            format!("Too far ahead: times show until {}", dates.date(*last_day))
        }
        NotBookable::Booked(interval) => {
            format!("A booking at {} is in the way", dates.hours(*interval))
        }
        NotBookable::Resource(resource) => lacking(Language::English, *resource),
        NotBookable::ClockChange => "The clock changes during the time".into(),
    }
}

/// The sentence about a lacking resource.
pub(super) fn lacking(language: Language, resource: LackingResource) -> String {
    match resource {
        LackingResource::Unknown(code) => language.pick(
            format!(
                "Ingen resurs har tecknet {code}; rätta bokningsmallen eller lägg upp resursen"
            ),
            format!(
                "No resource has the character {code}; correct the template or add the resource"
            ),
        ),
        LackingResource::Full(code) => language
            .pick(format!("Resursen {code} är upptagen"), format!("The resource {code} is taken")),
    }
}

/// Who chose the list.
fn level_name(language: Language, level: ListLevel) -> &'static str {
    let (swedish, english) = match level {
        ListLevel::Practitioner => ("vald av behandlaren", "chosen by the practitioner"),
        ListLevel::Company => ("vald av företaget", "chosen by the company"),
        ListLevel::Organisation => ("vald av organisationen", "chosen by the organisation"),
        ListLevel::Nowhere => ("ingen lista vald", "no list chosen"),
    };
    language.pick(swedish, english)
}

fn nearest(language: Language, before: Option<CivilTime>, after: Option<CivilTime>) -> String {
    let (before, after) = (before.map(CivilTime::clock), after.map(CivilTime::clock));
    match (before, after) {
        (Some(before), Some(after)) => language.pick(
            format!("; närmast är {before} och {after}"),
            format!("; nearest are {before} and {after}"),
        ),
        (Some(only), None) | (None, Some(only)) => {
            language.pick(format!("; närmast är {only}"), format!("; nearest is {only}"))
        }
        (None, None) => String::new(),
    }
}
