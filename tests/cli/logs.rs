//! The audit log on the command line: the same filters as on screen.

use std::collections::BTreeSet;

use crate::desk::Desk;

#[test]
fn the_filters_of_the_log_combine() {
    let desk = Desk::example();
    desk.run(&["booking", "cancel", "b1", "--user", "REC"]).done();
    desk.run(&["session", "add", "AE", "2026-11-27T08:00/12:00"]).done();
    let list = |more: &[&str]| {
        let all = [&["audit", "list", "--json"][..], more].concat();
        let rows = desk.run(&all).done();
        let rows: Vec<serde_json::Value> = serde_json::from_str(&rows).expect("JSON");
        let actions = rows.iter().map(|row| row["action"].as_str().expect("text").to_owned());
        // Within one second, the chains' names decide.
        actions.collect::<BTreeSet<_>>()
    };
    for (filters, actions) in [
        (&[][..], &["clinic.import", "booking.cancel", "schedule.add"][..]),
        (&["--by", "REC"], &["booking.cancel"]),
        (&["--practitioner", "AE", "--by", "system"], &["schedule.add"]),
        (&["--kind", "work_session"], &["schedule.add"]),
        (&["--kind", "booking", "--action", "booking.move"], &[]),
        (&["--action", "booking.cancel", "--from", "2020-01-01"], &["booking.cancel"]),
        (&["--action", "booking.cancel", "--to", "2020-01-01"], &[]),
        (&["--from", "2020-01-01", "--to", "2100-01-01", "--by", "REC"], &["booking.cancel"]),
    ] {
        let actions = actions.iter().map(|action| (*action).to_owned()).collect();
        assert_eq!(list(filters), actions, "{filters:?}");
    }
    desk.run(&["audit", "list", "--from", "i morgon"]).failed(2, &["i morgon"]);
    desk.run(&["audit", "list", "--kind", "booking", "--entity", "booking/b1"])
        .failed(2, &["--kind"]);
}
