//! The names that the wire uses: code systems, identifier systems and extensions. Those of ours are
//! `urn:x-tidbok:…`: they name things, nothing is to be fetched from them.

/// Swedish personal identity numbers, twelve digits without a separator.
pub const PERSONNUMMER: &str = "http://electronichealth.se/identifier/personnummer";
/// Swedish co-ordination numbers, written alike.
pub const SAMORDNINGSNUMMER: &str = "http://electronichealth.se/identifier/samordningsnummer";

/// A company's id in the clinic.
pub const COMPANY: &str = "urn:x-tidbok:company";
/// A practitioner's id in the clinic.
pub const PRACTITIONER: &str = "urn:x-tidbok:practitioner";
/// A booking template's id in the clinic: identifier of a HealthcareService, code of a Slot's service
/// type.
pub const TEMPLATE: &str = "urn:x-tidbok:booking-template";
/// The booking page's id of a booking.
pub const BOOKING: &str = "urn:x-tidbok:booking";
/// The database that is published to a clinic's page, as a digest of where it lies: identifier of the
/// HealthcareService by which its agent claims the page.
pub const PUBLISHED_DATABASE: &str = "urn:x-tidbok:published-database";
/// How much that database's agent has done, as a number that only grows: identifier of the same
/// HealthcareService.
pub const GENERATION: &str = "urn:x-tidbok:generation";
/// Why a request was refused: a code of [`REFUSAL`].
pub const REFUSAL: &str = "urn:x-tidbok:refusal";

/// Minutes that a HealthcareService takes.
pub const MINUTES: &str = "urn:x-tidbok:extension:minutes";
/// Whether patients may rebook what a HealthcareService is.
pub const MAY_REBOOK: &str = "urn:x-tidbok:extension:may-rebook";
/// Whether patients may cancel what a HealthcareService is.
pub const MAY_CANCEL: &str = "urn:x-tidbok:extension:may-cancel";
/// How many hours before its start a booking of what a HealthcareService is can last be rebooked or
/// cancelled by its patient.
pub const CHANGE_HOURS: &str = "urn:x-tidbok:extension:change-hours";
/// A company's text for the booking page.
pub const PORTAL_TEXT: &str = "urn:x-tidbok:extension:portal-text";
/// Whether a company's patients must give their address (R14).
pub const ADDRESS_REQUIRED: &str = "urn:x-tidbok:extension:address-required";
/// The company that a Schedule belongs to, an Organization.
pub const OF_COMPANY: &str = "urn:x-tidbok:extension:company";
/// The order in which a Schedule's templates are shown: one extension each, a HealthcareService.
pub const OFFERS: &str = "urn:x-tidbok:extension:offers";
/// What a patient asks of an Appointment: `book`, `rebook` or `cancel`.
pub const WISH: &str = "urn:x-tidbok:extension:wish";
/// The booking that a wish to rebook replaces, by its id under [`BOOKING`].
pub const REPLACES: &str = "urn:x-tidbok:extension:replaces";
/// Whether the patient was identified with e-ID.
pub const E_ID: &str = "urn:x-tidbok:extension:e-id";
/// Tags of languages (BCP 47).
pub const LANGUAGE: &str = "urn:ietf:bcp:47";
/// The extensions that Appointments have: of wishes, and of their answers.
pub const OF_WISHES: [&str; 4] = [WISH, REPLACES, E_ID, REFUSAL];
