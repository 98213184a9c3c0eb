//! What the settings check has found, as sentences that say what to do, and where. Pure.

use crate::domain::{AnyList, Chooser, Finding, MendIn, Remark, Setup, Severity, Subject};

use super::Language;
use super::names::Names;

/// Where a finding is mended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MendPlace {
    /// This program's screen.
    pub screen: &'static str,
    /// The way there in the manual's words.
    pub manual: &'static str,
}

/// How grave, as a word.
pub fn severity_name(language: Language, severity: Severity) -> &'static str {
    match severity {
        Severity::Fault => language.pick("Fel", "Fault"),
        Severity::Advice => language.pick("Råd", "Advice"),
        Severity::Notice => language.pick("Obs", "Notice"),
    }
}

/// What the finding is about: `Preblocket E-tid`.
pub fn finding_subject(language: Language, subject: &Subject, setup: &Setup) -> String {
    let named = |swedish: &str, english: &str, name: String| {
        format!("{} {name}", language.pick(swedish, english))
    };
    let names = Names { setup };
    match subject {
        Subject::PreblockType(id) => named("Preblocket", "Preblock type", names.of_type(id)),
        Subject::Template(id) => named("Bokningsmallen", "Template", names.of_template(id)),
        Subject::TemplateList(id) => {
            let list = AnyList::Templates(id.clone());
            named("Bokningsmallslistan", "Template list", names.of_list(&list))
        }
        Subject::PreblockList(id) => {
            let list = AnyList::Preblocks(id.clone());
            named("Preblocklistan", "Preblock list", names.of_list(&list))
        }
        Subject::Organisation(id) => {
            let chooser = Chooser::Organisation(id.clone());
            named("Organisationen", "Organisation", names.of_chooser(&chooser))
        }
        Subject::Company(id) => {
            named("Företaget", "Company", names.of_chooser(&Chooser::Company(id.clone())))
        }
        Subject::Practitioner(id) => {
            let chooser = Chooser::Practitioner(id.clone());
            named("Behandlaren", "Practitioner", names.of_chooser(&chooser))
        }
        Subject::ClosedDays => language.pick("Stängda dagar", "Closed days").to_owned(),
        Subject::Online => language.pick("Bokningssidan", "Booking page").to_owned(),
        Subject::Users => language.pick("Användarna", "Users").to_owned(),
        Subject::User(signature) => named("Användaren", "User", signature.to_string()),
    }
}

/// What is the matter and what to do about it, as a sentence.
pub fn finding(language: Language, finding: &Finding, setup: &Setup) -> String {
    let names = Names { setup };
    match language {
        Language::Swedish => swedish(&finding.remark, &names),
        Language::English => english(&finding.remark, &names),
    }
}

/// Where it is mended.
pub fn finding_place(language: Language, finding: &Finding) -> MendPlace {
    mend_place(language, finding.mend_in())
}

/// What a place to mend something is called.
pub fn mend_place(language: Language, place: MendIn) -> MendPlace {
    let (screen, manual) = match place {
        MendIn::PreblockTypes => (
            ("Inställningar › Preblockering i tidboken", "Settings › Preblock types"),
            "Verktyg > Inställningar - Alla behandlare > Tidbok > Preblockering i tidboken",
        ),
        MendIn::Templates => (
            ("Inställningar › Bokningsmallar", "Settings › Booking templates"),
            "Verktyg > Inställningar - Alla behandlare > Tidbok > Bokningsmallar",
        ),
        MendIn::TemplateLists => (
            ("Inställningar › Bokningsmallslistor", "Settings › Template lists"),
            "Verktyg > Inställningar - Alla behandlare > Tidbok > Bokningsmallslistor",
        ),
        MendIn::PreblockLists => (
            ("Inställningar › Preblocklistor", "Settings › Preblock lists"),
            "Verktyg > Inställningar - Alla behandlare > Tidbok > Preblocklistor",
        ),
        MendIn::Organisations => (
            ("Inställningar › Organisation", "Settings › Organisations"),
            "Organisationsinformationen",
        ),
        MendIn::Companies => {
            (("Inställningar › Företag", "Settings › Companies"), "Företagsinformationen")
        }
        MendIn::Practitioners => (
            ("Inställningar › Behandlare", "Settings › Practitioners"),
            "Behandlarens Registerkort",
        ),
        MendIn::ClosedDays => {
            (("Inställningar › Stängda dagar", "Settings › Closed days"), "Tidbok")
        }
        MendIn::Online => {
            (("Inställningar › Bokningssidan", "Settings › Booking page"), "Opus Online Client")
        }
        MendIn::Users => (
            ("Inställningar › Behörighetssystem", "Settings › Users and permissions"),
            "Verktyg > Behörighetssystem > Tidbok",
        ),
    };
    MendPlace { screen: language.pick(screen.0, screen.1), manual }
}

fn swedish(remark: &Remark, names: &Names<'_>) -> String {
    match remark {
        Remark::AllowUnset => {
            "Tillåt är inte ikryssat, så inga tider visas; bocka först i Tillåt och välj sedan behandling".into()
        }
        Remark::NoCategory => {
            "Ingen behandling är vald under Tillåt, så inga tider visas; välj minst en".into()
        }
        Remark::MatchesNoTemplate { would_match, not_online } => {
            let mut text = "Ingen bokningsmall i e-tidboken har någon av dess kategorier".to_owned();
            match names.of_categories(would_match) {
                Some(some) => text += &format!("; mallar i e-tidboken har: {some}"),
                None => text += "; ingen aktiv mall är ikryssad Använd i e-tidbok",
            }
            if let Some(some) = names.of_templates(not_online) {
                text += &format!("; rätt kategori men inte aktiva i e-tidboken: {some}");
            }
            text
        }
        Remark::MatchesInNoList { templates } => format!(
            "Mallarna som passar ({}) står inte i e-tidboklistan hos någon behandlare som preblocket gäller för; lägg till dem där",
            names.of_templates(templates).unwrap_or_default()
        ),
        Remark::ValidForNobody => {
            "Gäller ingen aktiv behandlare; välj behandlare under Resurser".into()
        }
        Remark::ExpiresBeforeHorizon { days_before, horizon_days } => format!(
            "Upphör {days_before} dagar innan, men tider visas bara {horizon_days} dagar framåt, så inga visas; minska Upphör"
        ),
        Remark::HasCode => {
            "Kräver en kod för att läggas ut; manualen avråder från kod".into()
        }
        Remark::UnknownResource(code) => format!(
            "Ingen resurs har tecknet {code}, så mallen får inga tider; rätta mallen eller lägg upp resursen"
        ),
        Remark::InNoOnlineList => {
            "Står inte i e-tidboklistan hos någon aktiv behandlare, så ingen patient ser mallen; lägg till den i en lista".into()
        }
        Remark::NoTypeAllows { category, nearly } => {
            let mut text = format!(
                "Inget aktivt Internet-preblock med Tillåt har kategorin {}",
                names.of_category(category)
            );
            match names.of_types(nearly) {
                Some(some) => {
                    text += &format!("; nära är {some} (inte aktivt, inte Internet eller utan Tillåt)");
                }
                None => text += "; lägg till den på ett preblock",
            }
            text
        }
        Remark::TypesElsewhere { types } => format!(
            "Preblocken som tillåter mallen ({}) gäller inte någon behandlare vars e-tidboklista har den; lägg till behandlare under Resurser",
            names.of_types(types).unwrap_or_default()
        ),
        Remark::EmptyList { chosen_by } => format!(
            "Listan är tom men vald av {}, så inget visas; lägg till något i den eller välj en annan",
            names.of_choosers(chosen_by)
        ),
        Remark::NothingOnline => {
            "E-tidboklista utan någon aktiv mall i e-tidboken, så patienterna ser inget; lägg till en sådan".into()
        }
        Remark::NothingActive => {
            "Allt i listan är inaktivt, så menyn i tidboken är tom; lägg till något aktivt".into()
        }
        Remark::OutOfReach(list) => format!(
            "Har valt listan {}, vars ägare är en annan; välj en lista som är tillgänglig, eller ändra listans ägare",
            names.of_list(list)
        ),
        Remark::NoOnlineListChosen => {
            "Ingen e-tidboklista är vald på någon nivå, så patienterna ser alla mallar i e-tidboken; välj en lista".into()
        }
        Remark::Paused => "Tillfälligt stängd: inga tider publiceras".into(),
        Remark::NoticeBeyondHorizon => {
            "Kortaste varsel är längre än så långt fram som tider visas, så inga visas; minska varslet".into()
        }
        Remark::RebookingOff { templates } => format!(
            "Ombokning på nätet är avstängd, men mallar har Omboka i E-tidbok: {}",
            names.of_templates(templates).unwrap_or_default()
        ),
        Remark::CancellingOff { templates } => format!(
            "Avbokning på nätet är avstängd, men mallar har Avboka i E-tidbok: {}",
            names.of_templates(templates).unwrap_or_default()
        ),
        Remark::ClosedDaysPassed => {
            "Alla stängda dagar har varit; lägg in de kommande, till exempel julafton".into()
        }
        Remark::NoAdministrator => {
            "Ingen aktiv användare har behörigheten Användare (users.manage), så bara databasens ägare kan ändra behörigheter".into()
        }
        Remark::NoPermission => {
            "Har ingen behörighet alls; ge behörigheter, eller inaktivera användaren".into()
        }
    }
}

fn english(remark: &Remark, names: &Names<'_>) -> String {
    match remark {
        Remark::AllowUnset => {
            "Allow is not ticked, so no times show; tick Allow first, then choose a category".into()
        }
        Remark::NoCategory => {
            "No category is chosen under Allow, so no times show; choose at least one".into()
        }
        Remark::MatchesNoTemplate { would_match, not_online } => {
            let mut text = "No online template has one of its categories".to_owned();
            match names.of_categories(would_match) {
                Some(some) => text += &format!("; online templates have: {some}"),
                None => text += "; no active template is ticked for online booking",
            }
            if let Some(some) = names.of_templates(not_online) {
                text += &format!("; of the right category, but not active online: {some}");
            }
            text
        }
        Remark::MatchesInNoList { templates } => format!(
            "The templates that fit ({}) are in the online list of no practitioner for whom the type is valid; add them there",
            names.of_templates(templates).unwrap_or_default()
        ),
        Remark::ValidForNobody => {
            "Valid for no active practitioner; choose some under Practitioners".into()
        }
        Remark::ExpiresBeforeHorizon { days_before, horizon_days } => format!(
            "Expires {days_before} days before, but times show only {horizon_days} days ahead, so none do; let it expire later"
        ),
        Remark::HasCode => "Needs a code to be laid out; the manual advises against one".into(),
        Remark::UnknownResource(code) => format!(
            "No resource has the character {code}, so the template gets no times; correct it, or add the resource"
        ),
        Remark::InNoOnlineList => {
            "In the online list of no active practitioner, so no patient is shown it; add it to a list".into()
        }
        Remark::NoTypeAllows { category, nearly } => {
            let mut text = format!(
                "No active Internet type with Allow has the category {}",
                names.of_category(category)
            );
            match names.of_types(nearly) {
                Some(some) => {
                    text += &format!("; near is {some} (not active, not Internet or without Allow)");
                }
                None => text += "; add it to a preblock type",
            }
            text
        }
        Remark::TypesElsewhere { types } => format!(
            "The types that allow it ({}) are valid for no practitioner whose online list has it; add some under Practitioners",
            names.of_types(types).unwrap_or_default()
        ),
        Remark::EmptyList { chosen_by } => format!(
            "The list is empty, but chosen by {}, so nothing shows; add to it, or choose another",
            names.of_choosers(chosen_by)
        ),
        Remark::NothingOnline => {
            "An online list without any active online template, so patients see nothing; add one".into()
        }
        Remark::NothingActive => {
            "Everything in the list is inactive, so the menu in the book is empty; add something active".into()
        }
        Remark::OutOfReach(list) => format!(
            "Has chosen the list {}, which another owns; choose one that is available, or change its owner",
            names.of_list(list)
        ),
        Remark::NoOnlineListChosen => {
            "No online list is chosen on any level, so patients are shown every online template; choose a list".into()
        }
        Remark::Paused => "Paused: no times are published".into(),
        Remark::NoticeBeyondHorizon => {
            "The shortest notice is longer than times show ahead, so none do; shorten it".into()
        }
        Remark::RebookingOff { templates } => format!(
            "Rebooking online is off, but templates allow it: {}",
            names.of_templates(templates).unwrap_or_default()
        ),
        Remark::CancellingOff { templates } => format!(
            "Cancelling online is off, but templates allow it: {}",
            names.of_templates(templates).unwrap_or_default()
        ),
        Remark::ClosedDaysPassed => {
            "All closed days have passed; add the coming ones, Christmas Eve for one".into()
        }
        Remark::NoAdministrator => {
            "No active user has the permission users.manage, so only the database's owner can change permissions".into()
        }
        Remark::NoPermission => "Has no permission at all; give some, or deactivate the user".into(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::domain::{Category, CategoryId, ResourceCode};

    fn remarks() -> Vec<Remark> {
        let ids = || vec!["us30".into()];
        vec![
            Remark::AllowUnset,
            Remark::NoCategory,
            Remark::MatchesNoTemplate { would_match: ["us".into()].into(), not_online: ids() },
            Remark::MatchesInNoList { templates: ids() },
            Remark::ValidForNobody,
            Remark::ExpiresBeforeHorizon { days_before: 100, horizon_days: 90 },
            Remark::HasCode,
            Remark::UnknownResource(ResourceCode('X')),
            Remark::InNoOnlineList,
            Remark::NoTypeAllows { category: "us".into(), nearly: vec!["e-us".into()] },
            Remark::TypesElsewhere { types: vec!["e-us".into()] },
            Remark::EmptyList { chosen_by: [Chooser::Company("c".into())].into() },
            Remark::NothingOnline,
            Remark::NothingActive,
            Remark::OutOfReach(AnyList::Templates("web".into())),
            Remark::NoOnlineListChosen,
            Remark::Paused,
            Remark::NoticeBeyondHorizon,
            Remark::RebookingOff { templates: ids() },
            Remark::CancellingOff { templates: ids() },
            Remark::ClosedDaysPassed,
            Remark::NoAdministrator,
            Remark::NoPermission,
        ]
    }

    #[test]
    fn every_remark_has_a_sentence_a_key_and_a_place_in_both_languages() {
        let setup = Setup::default();
        let mut keys = BTreeSet::new();
        for remark in remarks() {
            assert!(keys.insert(remark.key()), "{} stands twice", remark.key());
            let found = Finding { subject: Subject::Online, remark };
            let told = Language::ALL.map(|language| finding(language, &found, &setup));
            assert!(told.iter().all(|text| text.len() > 20) && told[0] != told[1], "{told:?}");
            for language in Language::ALL {
                let place = finding_place(language, &found);
                assert!(!place.screen.is_empty() && !place.manual.is_empty(), "{found:?}");
            }
        }
    }

    #[test]
    fn names_stand_in_the_sentences_where_they_are_known() {
        let id: CategoryId = "us".into();
        let category = Category { id: id.clone(), name: "US/Röntgen".into() };
        let setup = Setup { categories: [(id.clone(), category)].into(), ..Setup::default() };
        let remark = Remark::MatchesNoTemplate { would_match: [id].into(), not_online: Vec::new() };
        let found = Finding { subject: Subject::PreblockType("e-us".into()), remark };
        assert_eq!(
            finding(Language::Swedish, &found, &setup),
            "Ingen bokningsmall i e-tidboken har någon av dess kategorier; mallar i e-tidboken har: US/Röntgen"
        );
        assert_eq!(
            finding_subject(Language::English, &found.subject, &setup),
            "Preblock type e-us"
        );
    }
}
