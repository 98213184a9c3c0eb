//! The rules: entities, time, lists, permissions, personnummer, holidays and the slot resolver.
//!
//! Pure: no I/O, no async, no clock, no SQL, no terminal. `now` and new ids come in as arguments.
//! Uses nothing of ours; rules R1–R22 are named where they are implemented.
//!
//! | file | what is in it |
//! |---|---|
//! | `time`, `zone`, `holiday`, `day_names` | civil time, the clinic's zone, holidays |
//! | `id`, `keys`, `entity`, `swedish`, `hexadecimal` | identities and names, Swedish order, texts of bytes |
//! | `organisation`, `user`, `patient`, `personnummer`, `phone`, `contacts` | who runs the clinic, who acts in it, who comes to it |
//! | `setup`, `preblock`, `template`, `list`, `resource`, `week_template`, `online` | what a clinic sets up |
//! | `calendar`, `work_session`, `booking`, `call` | what stands in a book |
//! | `resolver`, `reason`, `grid`, `slot`, `resource_use`, `free` | which times are bookable, and why one is not |
//! | `change`, `choice`, `refusal` | planned changes, what a user chooses, what says no |
//! | `laying`, `schedule`, `repeating`, `staff_booking`, `online_booking`, `recall` | planning of changes, rule by rule |
//! | `setting`, `check`, `finding` | changes of the settings and what is wrong with them; the settings check |
//! | `sync_request`, `sync_state`, `sync_status`, `out_there`, `health` | how it goes with the Online Client |
//! | `notice`, `icalendar` | what patients are told by e-mail |

mod booking;
mod calendar;
mod call;
mod change;
mod check;
mod choice;
mod contacts;
pub mod day_names;
mod entity;
mod finding;
mod free;
mod grid;
mod health;
mod hexadecimal;
mod holiday;
mod icalendar;
mod id;
mod keys;
mod laying;
mod list;
mod notice;
mod online;
mod online_booking;
mod organisation;
mod out_there;
mod patient;
mod personnummer;
mod phone;
mod preblock;
mod reason;
mod recall;
mod refusal;
mod repeating;
mod resolver;
mod resource;
mod resource_use;
mod schedule;
mod setting;
mod setup;
mod slot;
mod staff_booking;
pub mod swedish;
mod sync_request;
mod sync_state;
mod sync_status;
mod template;
mod time;
mod user;
mod week_template;
mod work_session;
mod zone;

pub use booking::{Booking, BookingState, ITB, Identification, Meanwhile, SeenBooking};
pub use calendar::Calendar;
pub use call::{Call, CallMark};
pub use change::{Change, ChangeKind, Changed, reversed};
pub use check::check;
pub use choice::{
    Confirmation, LaidOutside, OverlapChoice, RedDay, RedDays, Repeat, RepeatUntil, SkippedDay,
    WeekParity,
};
pub use contacts::{
    Contacts, DifferingContact, GivenContacts, Offer, OfferedContacts, PatientLanguage,
    TypedContacts,
};
pub use entity::EntityKind;
pub use finding::{AnyList, Chooser, Finding, MendIn, Remark, Severity, Subject};
pub use free::{FreeSearch, PartOfDay, Suiting};
pub use health::Health;
pub use hexadecimal::hexadecimal;
pub use holiday::{PublicHoliday, public_holiday};
pub use icalendar::{
    CalendarEvent, CalendarMethod, calendar_file, calendar_sequence, calendar_uid,
};
pub use id::*;
pub use laying::{
    WantedPreblock, layable, plan_laying, plan_pasting, plan_removing, plan_repeating_preblocks,
    plan_withdrawing,
};
pub use list::{EffectiveList, List, ListLevel, ListOwner, PreblockList, TemplateList};
pub use notice::{
    ChangedBy, Due, LastChange, Moment, Notice, NoticeFault, NoticeKind, NoticeReport, NoticeState,
    SETTLING, Told,
};
pub use online::OnlineSettings;
pub use online_booking::{
    BadPortalId, NotChangeable, OnlineChange, PortalId, judge_online_change, online_booking,
    within_company,
};
pub use organisation::{Company, ListChoices, Organisation, Practitioner};
pub use out_there::{OutOnDay, OutThere, Outward, Taken, outward, starts_on};
pub use patient::{IdentityProtection, NewPatient, Patient, Recall};
pub use personnummer::{BadPersonnummer, Personnummer};
pub use phone::dialled_number;
pub use preblock::{Color, NotAColor, Preblock, PreblockKind, PreblockType, ValidFor};
pub use reason::NotBookable;
pub use recall::{
    MovedFrom, RecallChange, RecallMove, RecallState, recall_after_change, recall_of_booking,
};
pub use refusal::{NothingToDo, Refusal};
pub use repeating::{MOST_WEEKS_REPEATED, week_of};
pub use resolver::{Resolver, UnknownSubject};
pub use resource::{LackingResource, RepeatedResource, Resource, ResourceCode, ResourceCodes};
pub use resource_use::{ResourceStep, ResourceUse};
pub use schedule::{
    plan_applying_week, plan_repeating_schedule, plan_scheduling, plan_unscheduling,
};
pub use setting::{
    Fault, Field, LONGEST_NAME, LONGEST_TEXT, Others, PersonnummerIs, Problem, SettingChange,
};
pub use setup::Setup;
pub use slot::Slot;
pub use staff_booking::{judge_booking, plan_cancelling, plan_moving, without};
pub use sync_request::{RequestDone, RequestsDone, SyncAsked, SyncRequest};
pub use sync_state::{
    AgentAt, Latency, Restored, Round, StrayBooking, SyncFault, SyncFaultKind, SyncState,
    WishesOfDay,
};
pub use sync_status::{AgentPulse, Liveness, SyncStatus};
pub use template::{BadTemplateMinutes, BookingTemplate, Category, TemplateMinutes};
pub use time::{
    CivilTime, DateRange, EndNotAfterStart, Interval, MINUTES_PER_DAY, Minutes, NotACivilTime,
    parse_date, subtract, union,
};
pub use user::{
    Actor, Permission, SYSTEM, SignIn, User, default_permissions, is_administered,
    is_reserved_signature,
};
pub use week_template::{LONGEST_WEEK_SESSION, WeekSession, WeekTemplate, in_order};
pub use work_session::WorkSession;
pub use zone::{ClinicZone, UnknownZone};
