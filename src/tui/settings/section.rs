//! The sections of the settings, in the manual's order, and what each needs. Pure.

use crate::domain::{MendIn, Permission};
use crate::texts::{FormTexts, Language, mend_place};

/// A section of the settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    PreblockTypes,
    Templates,
    TemplateLists,
    PreblockLists,
    Categories,
    Resources,
    ClosedDays,
    Online,
    Organisations,
    Companies,
    Practitioners,
    Users,
}

/// What happens to an entity of a section that is no longer wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shelf {
    /// It is deactivated, and activated again.
    Deactivated,
    /// It is removed once nothing refers to it.
    Removed,
    /// There is only one, which stays.
    Kept,
}

/// What a section is called and says.
pub struct Words {
    pub name: &'static str,
    pub help: &'static str,
    /// What to do where there is nothing yet.
    pub empty: &'static str,
    /// What deactivating or removing does.
    pub gone: &'static str,
}

impl Section {
    /// Every section, in the order of the menu.
    pub const ALL: [Section; 12] = [
        Section::PreblockTypes,
        Section::Templates,
        Section::TemplateLists,
        Section::PreblockLists,
        Section::Categories,
        Section::Resources,
        Section::ClosedDays,
        Section::Online,
        Section::Organisations,
        Section::Companies,
        Section::Practitioners,
        Section::Users,
    ];

    /// What changing it needs (R17).
    pub fn permission(self) -> Permission {
        match self {
            Section::Online => Permission::OnlineEdit,
            Section::Users => Permission::UsersManage,
            _ => Permission::SettingsEdit,
        }
    }

    /// Where the manual does the same, as a menu path, and what else it calls what is in it.
    pub fn manual(self) -> String {
        let (place, more) = match self {
            Section::PreblockTypes => (MendIn::PreblockTypes, "preblock, preblockmallar, e-tider"),
            Section::Templates => (MendIn::Templates, "e-tidbok, behandlingar"),
            Section::TemplateLists => {
                (MendIn::TemplateLists, "bokningsmallslista, E-tidbok bokningsmallslista, ägare")
            }
            Section::PreblockLists => (MendIn::PreblockLists, "preblocklista, ägare"),
            Section::Categories => {
                (MendIn::Templates, "bokningskategori, behandling, behandlingstyp")
            }
            Section::Resources => (MendIn::Templates, "pride, resursbokning, rum"),
            Section::ClosedDays => (MendIn::ClosedDays, "röda dagar, helgdagar, stängt"),
            Section::Online => {
                (MendIn::Online, "onlineinställningar, bokningsportal, e-tidbok, synkronisering")
            }
            Section::Organisations => (MendIn::Organisations, "listor"),
            Section::Companies => (MendIn::Companies, "klinik, listor"),
            Section::Practitioners => (MendIn::Practitioners, "behandlarkort, listor"),
            Section::Users => (MendIn::Users, "användare, behörigheter, lösenord"),
        };
        format!("{} {more}", mend_place(Language::Swedish, place).manual)
    }

    /// What happens to what is no longer wanted.
    pub fn shelf(self) -> Shelf {
        match self {
            Section::PreblockTypes
            | Section::Templates
            | Section::Practitioners
            | Section::Users => Shelf::Deactivated,
            Section::Online => Shelf::Kept,
            _ => Shelf::Removed,
        }
    }

    /// The section some steps away, stopping at the ends.
    pub fn step(self, steps: isize) -> Self {
        let at = Self::ALL.iter().position(|section| *section == self).unwrap_or(0);
        let to = at.saturating_add_signed(steps).min(Self::ALL.len() - 1);
        Self::ALL.get(to).copied().unwrap_or(self)
    }

    /// What it is called and says.
    pub fn words(self, texts: &FormTexts) -> Words {
        let (name, help, empty, gone) = match self {
            Section::PreblockTypes => {
                (texts.types, texts.types_help, texts.types_empty, texts.types_off)
            }
            Section::Templates => {
                (texts.templates, texts.templates_help, texts.templates_empty, texts.templates_off)
            }
            Section::TemplateLists => (
                texts.template_lists,
                texts.template_lists_help,
                texts.template_lists_empty,
                texts.removed_for_good,
            ),
            Section::PreblockLists => (
                texts.preblock_lists,
                texts.preblock_lists_help,
                texts.preblock_lists_empty,
                texts.removed_for_good,
            ),
            Section::Categories => (
                texts.categories,
                texts.categories_help,
                texts.categories_empty,
                texts.removed_for_good,
            ),
            Section::Resources => (
                texts.resources,
                texts.resources_help,
                texts.resources_empty,
                texts.removed_for_good,
            ),
            Section::ClosedDays => (
                texts.closed_days,
                texts.closed_days_help,
                texts.closed_days_empty,
                texts.removed_for_good,
            ),
            Section::Online => {
                (texts.online, texts.online_help, texts.none_match, texts.cannot_remove)
            }
            Section::Organisations => (
                texts.organisations,
                texts.organisations_help,
                texts.organisations_empty,
                texts.removed_for_good,
            ),
            Section::Companies => (
                texts.companies,
                texts.companies_help,
                texts.companies_empty,
                texts.removed_for_good,
            ),
            Section::Practitioners => (
                texts.practitioners,
                texts.practitioners_help,
                texts.practitioners_empty,
                texts.practitioners_off,
            ),
            Section::Users => (texts.users, texts.users_help, texts.users_empty, texts.users_off),
        };
        Words { name, help, empty, gone }
    }
}
