//! The hostile tour: what OWASP's Application Security Verification Standard asks of level 2, as far as a
//! server-rendered booking page with OpenID Connect has to do with it. Each line names its test, or says
//! why there is none. Tests without a module are in this folder; the others stand where they are named.
//!
//! | refused, or kept | test, or why it does not apply |
//! |---|---|
//! | HTML, SQL, template, formula and path texts in every field | `input::whatever_is_typed_into_a_field_is_shown_and_sent_on_as_text_or_refused` |
//! | line breaks, control, direction and unseen characters in every field: what reaches agent, console and mail | the same; on screen `tui::screens::hostile_names_reach_the_screen_without_control_characters`, in mail `mail::words::names_that_would_add_headers_or_markup_add_none` |
//! | the same in every parameter of every address, and in cookies | `input::whatever_stands_in_an_address_or_a_cookie_breaks_nothing_and_leads_nowhere_else` |
//! | lines in calendar files, markup on pages by the clinic's own texts | `input::the_clinics_own_texts_add_no_lines_to_a_calendar_file_and_no_markup_to_a_page` |
//! | body, field, number of fields too large | `input::what_is_too_large_is_refused_as_a_page`, `guard::a_form_has_a_bounded_size_and_its_own_method` |
//! | address, number of parameters too large | `input::what_is_too_large_is_refused_as_a_page` |
//! | head of a request too large | `wire::a_head_that_is_too_large_is_refused` |
//! | path traversal, odd encodings of a path | `input::paths_lead_nowhere_but_to_the_pages` (no file is opened by a request's words: assets are in the program) |
//! | every method that a route has not, TRACE and OPTIONS among them | `requests::every_route_takes_its_methods_only_and_says_so_as_a_page` |
//! | methods overridden by a header | `requests::headers_that_proxies_and_frameworks_know_change_nothing` |
//! | forms that are no forms: JSON, XML, plain text, files | `requests::what_is_no_form_is_refused` |
//! | CSRF: from another site, another host, another port, without an origin that can be told | `requests::forms_of_every_route_are_taken_from_this_site_only`; one that says neither origin nor site comes from no browser |
//! | CSRF: without the session's seal, with another session's | `sessions::a_form_of_another_session_changes_nothing`, `my_times::changes_take_a_form_of_this_session`, `two_people::r14_a_form_shown_for_one_person_books_nothing_for_another_who_has_logged_in_since` |
//! | open redirect, host header, X-Forwarded-Host and the like | `requests::headers_that_proxies_and_frameworks_know_change_nothing`, `input::whatever_stands_in_an_address_or_a_cookie_breaks_nothing_and_leads_nowhere_else` |
//! | X-Forwarded-For by whoever is no proxy of ours; written in odd ways | `wire::an_address_is_believed_of_trusted_proxies_only` |
//! | clickjacking, sniffing, inline code, referrers, other sites' windows, connections without TLS | `requests::every_answer_has_its_headers_whatever_it_is`, `guard::pages_hold_nothing_inline_and_ask_no_other_host` |
//! | personal pages in caches | `requests::every_answer_has_its_headers_whatever_it_is`; by the back button after log-out, in a browser: `looks::every_page_of_the_portal_holds_in_a_browser` |
//! | plain words instead of a page | `requests::whatever_is_refused_is_a_page_in_the_browsers_language` |
//! | a log-in's code and state in the address of a page that stays | `sessions::a_failed_log_in_is_told_in_the_other_language_without_what_the_provider_brought` |
//! | the same form twice, the back button | `booking::a_form_that_is_sent_twice_asks_once`, `booking::going_back_after_booking_leads_to_what_was_booked`, `holds::choosing_the_held_time_again_holds_it_anew`, `my_times::a_form_that_is_sent_twice_or_after_another_asks_once`, `sessions::a_form_that_is_played_back_does_nothing_twice` |
//! | session fixation, rotation at log-in | `e_id::a_session_gets_a_name_of_its_own_at_log_in_whatever_the_browser_came_with` |
//! | a session after log-out, in the browser and in a thief's | `sessions::after_logging_out_the_sessions_name_opens_nothing` |
//! | a session that is guessed, of another clinic, twice in one request | `sessions::names_that_are_guessed_or_doubled_open_nothing` |
//! | idle and absolute end of a session | `e_id::a_session_ends_after_fifteen_minutes_without_a_request_and_after_an_hour_anyhow` |
//! | cookies' attributes | `e_id::the_sessions_cookie_is_closed_to_scripts_other_hosts_and_connections_without_tls`, `guard::the_browsers_cookie_is_random_closed_to_scripts_and_secure_but_on_the_machine_itself` |
//! | a browser's name that another planted | `guard::over_tls_what_is_typed_is_not_kept_under_a_name_that_somebody_else_may_have_planted`; it can't be (`__Host-`), nor can a session's |
//! | log-in begun by another (login CSRF), used twice, in another browser, late; forged tokens | `e_id::a_log_in_ends_once_in_the_browser_that_began_it_and_within_ten_minutes`, `e_id::forged_expired_and_foreign_tokens_are_refused`, `real_provider` |
//! | codes and issuers mixed up | `e_id::a_code_that_was_used_or_is_made_up_and_another_issuers_answer_are_refused` |
//! | who is a patient, which bookings and ids there are | `sessions::anothers_and_made_up_ids_are_answered_alike`, `my_times::anothers_booking_is_answered_as_one_that_is_not_there`, `details` (known and new patients walk one way: nothing here knows the clinic's patients); work is alike since one's own are looked through for any id |
//! | how many times somebody has booked | one who knows the number and books is told when there are as many as may be, as the patient has to be; what they book on the way is counted: `guard::so_many_wishes_an_hour_are_taken_in_one_persons_name_and_how_long_to_wait_is_said` |
//! | somebody locked out by one who knows the number | `guard::whoever_knows_a_personnummer_keeps_nobody_from_booking_with_forms_that_come_to_nothing` |
//! | floods by one address: holds, forms, bookings, log-ins | `guard::one_address_may_hold_so_often_by_what_a_trusted_proxy_says`, `wire::log_ins_are_limited_by_address`, limits' own tests |
//! | all times held by one address | `wire::one_address_never_holds_all_times` |
//! | many addresses of one subscriber (IPv6) | `wire::a_network_of_64_bits_is_one_address`; who owns more networks is not told apart from a neighbourhood |
//! | slow heads, slow bodies, slow readers | `wire::whoever_is_slow_on_purpose_is_cut_off_and_others_are_answered`; who does not read is cut off after five minutes, and connections are bounded |
//! | request smuggling: two lengths, length and chunks, odd chunks, bare line feeds, spaces | `wire::requests_whose_end_is_in_doubt_are_not_answered_as_two` |
//! | passwords, password reset, registration, second factor (V2) | nobody has an account here: the e-ID is the provider's |
//! | file upload, server-side requests, deserialisation, XML (V12, V5.2.6, V5.5) | none of them is here: forms are names and texts, and the only addresses that are asked are those of the provider's own document |
//! | stored secrets, key management (V6) | `portal::privacy`, `tidbok doctor` |
//! | logging of personal details (V7.1) | `processes::logs`, `processes::browser::assert_discreet` |
//! | TLS (V9) | `processes::tls` |

mod input;
mod requests;
mod sessions;
mod wire;

use axum::http::Method;

use super::Page;

/// Every address of the pages with what it takes beside HEAD, which is GET without a body.
pub const ROUTES: [(&str, &[Method]); 27] = {
    const GET: &[Method] = &[Method::GET];
    const POST: &[Method] = &[Method::POST];
    const BOTH: &[Method] = &[Method::GET, Method::POST];
    [
        ("/", GET),
        ("/mitt", GET),
        ("/mitt/", GET),
        ("/mitt/practitioners", GET),
        ("/mitt/times", GET),
        ("/mitt/hold", BOTH),
        ("/mitt/details", BOTH),
        ("/mitt/here/ae/2026-11-25T08:00/600", GET),
        ("/mitt/time", GET),
        ("/mitt/$bulk-publish", GET),
        ("/mitt/open/locations.ndjson", GET),
        ("/mitt/asked/x", GET),
        ("/mitt/asked/x/state", GET),
        ("/mitt/asked/x/booking.ics", GET),
        ("/mitt/colours.css", GET),
        ("/mitt/log-in", GET),
        ("/mitt/logged-in", GET),
        ("/mitt/not-logged-in", GET),
        ("/mitt/log-out", POST),
        ("/mitt/my-times", GET),
        ("/mitt/my-times/x", GET),
        ("/mitt/my-times/x/state", GET),
        ("/mitt/my-times/x/cancel", BOTH),
        ("/mitt/my-times/x/rebook", POST),
        ("/assets/page.css", GET),
        ("/assets/page.js", GET),
        ("/assets/icon.svg", GET),
    ]
};

/// Whether programs ask there, which are answered by a number.
pub fn is_for_programs(path: &str) -> bool {
    path.ends_with("/state") || path.contains("/open/") || path.contains("$bulk-publish")
}

impl Page {
    /// It is a page in the clinic's layout, in a language, that says where to go on.
    pub fn assert_proper(&self, language: &str, what: &str) {
        assert_eq!(self.header("content-type"), "text/html; charset=utf-8", "{what}");
        assert!(!self.heading().is_empty(), "{what}");
        self.assert_has(&format!("<html lang=\"{language}\">"));
        self.assert_has("<main");
        self.assert_has("href=\"/mitt\"");
    }
}
