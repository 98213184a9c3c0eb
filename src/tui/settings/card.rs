//! A card: an entity that is being filled in, and what became of saving it. State only. Pure.

use crate::domain::{CivilTime, Permission};
use crate::tui::message::RequestId;
use crate::tui::model::Model;

use super::entity::{form, read};
use super::{CardForm, Entity, Faults, Section};

/// Somebody else changed, since the card was opened, what is on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    pub who: String,
    pub when: CivilTime,
}

/// An entity that is being filled in.
pub struct Card {
    pub section: Section,
    /// The entity as it was when the card was opened; `None` on a new one.
    pub before: Option<Entity>,
    /// What the card began with; `None` where the entity is nothing but what is typed.
    base: Option<Entity>,
    pub form: CardForm,
    /// The request that counts which times would come and go, were it saved as it stands.
    pub counting: Option<RequestId>,
    /// The request that saves it.
    pub saving: Option<RequestId>,
    /// What was wrong with it as a whole.
    pub error: Option<String>,
    /// Set until what the other saved has been loaded and shown.
    pub conflict: Option<Conflict>,
}

impl Card {
    /// The card of a stored entity.
    pub fn of(model: &Model, section: Section, entity: Entity) -> Self {
        Self { before: Some(entity.clone()), ..Self::beginning(model, section, Some(entity)) }
    }

    /// The card of a new entity.
    pub fn new(model: &Model, section: Section) -> Self {
        Self::beginning(model, section, Entity::blank(model, section))
    }

    /// The card of a new entity that begins as a copy of another, where that can be.
    pub fn copy(model: &Model, section: Section, of: &Entity) -> Option<Self> {
        let copied = of.copied(model.form_texts().copy_of)?;
        Some(Self::beginning(model, section, Some(copied)))
    }

    fn beginning(model: &Model, section: Section, base: Option<Entity>) -> Self {
        let form = form(model, section, base.as_ref());
        let (counting, saving) = (None, None);
        Self { section, before: None, base, form, counting, saving, error: None, conflict: None }
    }

    /// The entity as it stands on the card, and what of it cannot be read.
    pub fn read(&self, model: &Model) -> (Option<Entity>, Faults) {
        let mut faults = Faults::new();
        let entity = read(model, self.section, &self.form, self.base.as_ref(), &mut faults);
        (entity, faults)
    }

    /// Makes the choices of lists anew, where they depend on what has just been chosen (R5).
    pub fn refresh(&mut self, model: &Model) {
        if let (Some(draft @ (Entity::Company(_) | Entity::Practitioner(_))), _) = self.read(model)
        {
            let draft = with_id_of(draft, self.base.as_ref());
            self.form.offer_as(form(model, self.section, Some(&draft)));
        }
    }

    /// The same card upon what somebody else has saved, with what was edited here on top.
    pub fn rebased(&self, model: &Model, theirs: Entity) -> Self {
        Self::of(model, self.section, theirs).with_edits_of(model, &self.form)
    }

    /// The same card as that of a new entity, what was edited kept.
    pub fn as_new(&self, model: &Model) -> Self {
        Self::beginning(model, self.section, self.base.clone()).with_edits_of(model, &self.form)
    }

    /// With what was edited in a form; twice, as some lists are offered only where it leads (R5).
    fn with_edits_of(mut self, model: &Model, edited: &CardForm) -> Self {
        self.form.take_edits_of(edited);
        self.refresh(model);
        self.form.take_edits_of(edited);
        self
    }
}

/// A draft with the id that the card began with: one made from its name is only for saving.
fn with_id_of(draft: Entity, base: Option<&Entity>) -> Entity {
    match (draft, base) {
        (Entity::Company(it), Some(Entity::Company(base))) => {
            Entity::Company(crate::domain::Company { id: base.id.clone(), ..it })
        }
        (Entity::Practitioner(it), Some(Entity::Practitioner(base))) => {
            Entity::Practitioner(crate::domain::Practitioner { id: base.id.clone(), ..it })
        }
        (draft, _) => draft,
    }
}

/// Why the user may not change anything in a section, if so (R17).
pub fn lacks_for_section(model: &Model, section: Section) -> Option<String> {
    model.lacks(section.permission())
}

/// Why the user may not open an entity's card, if so (R17): who may pause opens a company's.
pub fn lacks_for_card(model: &Model, section: Section, entity: &Entity) -> Option<String> {
    let pauses = matches!(entity, Entity::Company(_)) && model.may(Permission::OnlineEdit);
    lacks_for_entity(model, section, entity).filter(|_| !pauses)
}

/// Why the user may not change an entity, if so (R17).
pub fn lacks_for_entity(model: &Model, section: Section, entity: &Entity) -> Option<String> {
    let internet = entity.is_internet_type().then_some(Permission::PreblockInternet);
    lacks_for_section(model, section).or_else(|| model.lacks(internet?))
}
