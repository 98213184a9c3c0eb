//! What of the set-up uses an entity, so that it can't be removed yet: told before anything is asked for.
//! Pure.

use crate::domain::{ListChoices, ListOwner, Setup, swedish};
use crate::tui::model::Model;

use super::{Entity, Section};

/// Names that a line tells at most.
const NAMED: usize = 6;

/// A line for each section that uses the entity, such as `Bokningsmallar: Akutbesök, Blekning`; of many
/// the first and how many they are.
pub fn used_by(model: &Model, entity: &Entity) -> Vec<String> {
    let texts = model.form_texts();
    let line = |(section, mut names): (Section, Vec<&str>)| {
        names.sort_by(|a, b| swedish::compare(a, b));
        let count = names.len();
        names.truncate(NAMED);
        let more = if count > NAMED { format!(", … ({count})") } else { String::new() };
        format!("{}: {}{more}", section.words(texts).name, names.join(", "))
    };
    let mut users = users(&model.setup, entity);
    users.retain(|(_, names)| !names.is_empty());
    users.into_iter().map(line).collect()
}

/// By section, the names of what uses it.
fn users<'a>(setup: &'a Setup, entity: &Entity) -> Vec<(Section, Vec<&'a str>)> {
    match entity {
        Entity::Category(it) => {
            let types = setup.preblock_types.values();
            let types = types.filter(|each| each.categories.contains(&it.id));
            let templates = setup.templates.values().filter(|each| each.category == it.id);
            vec![
                (Section::PreblockTypes, types.map(|each| each.name.as_str()).collect()),
                (Section::Templates, templates.map(|each| each.name.as_str()).collect()),
            ]
        }
        Entity::Resource(it) => {
            let naming = setup.templates.values().filter(|each| each.resources.contains(it.code));
            vec![(Section::Templates, naming.map(|each| each.name.as_str()).collect())]
        }
        Entity::TemplateList(it) => choosers(setup, |lists| {
            [&lists.template_list, &lists.online_template_list].contains(&&Some(it.id.clone()))
        }),
        Entity::PreblockList(it) => {
            choosers(setup, |lists| lists.preblock_list.as_ref() == Some(&it.id))
        }
        Entity::Organisation(it) => {
            let own = setup.companies.values().filter(|each| each.organisation == it.id);
            let companies = (Section::Companies, own.map(|each| each.name.as_str()).collect());
            let lists = owned(setup, &ListOwner::Organisation(it.id.clone()));
            std::iter::once(companies).chain(lists).collect()
        }
        Entity::Company(it) => {
            let own = setup.practitioners.values().filter(|each| each.company == it.id);
            let employed = (Section::Practitioners, own.map(|each| each.name.as_str()).collect());
            let lists = owned(setup, &ListOwner::Company(it.id.clone()));
            std::iter::once(employed).chain(lists).collect()
        }
        Entity::PreblockType(_)
        | Entity::Template(_)
        | Entity::ClosedDay(_)
        | Entity::Online(_)
        | Entity::Practitioner(_)
        | Entity::User(_) => Vec::new(),
    }
}

/// Who has chosen a list.
fn choosers(setup: &Setup, has_chosen: impl Fn(&ListChoices) -> bool) -> Vec<(Section, Vec<&str>)> {
    let organisations = setup.organisations.values().filter(|it| has_chosen(&it.lists));
    let companies = setup.companies.values().filter(|it| has_chosen(&it.lists));
    let practitioners = setup.practitioners.values().filter(|it| has_chosen(&it.lists));
    vec![
        (Section::Organisations, organisations.map(|it| it.name.as_str()).collect()),
        (Section::Companies, companies.map(|it| it.name.as_str()).collect()),
        (Section::Practitioners, practitioners.map(|it| it.name.as_str()).collect()),
    ]
}

/// The lists that somebody owns.
fn owned<'a>(setup: &'a Setup, owner: &ListOwner) -> [(Section, Vec<&'a str>); 2] {
    let templates = setup.template_lists.values().filter(|it| it.owner == *owner);
    let preblocks = setup.preblock_lists.values().filter(|it| it.owner == *owner);
    [
        (Section::TemplateLists, templates.map(|it| it.name.as_str()).collect()),
        (Section::PreblockLists, preblocks.map(|it| it.name.as_str()).collect()),
    ]
}
