//! *Klippbord* on a real store: preblocks cut or copied and pasted, within a book and between two.

mod support;

use std::collections::BTreeSet;

use support::desk::{Desk, refused};
use support::interval;
use tidbok::clinic::*;
use tidbok::domain::*;
use tidbok::store::{ClinicFile, verify_audit};

/// Where `lunch` asks for a code.
async fn desk(permissions: &[Permission]) -> Desk {
    let coded = |file: &mut ClinicFile| {
        let lunch = file.setup.preblock_types.get_mut(&"lunch".into()).expect("the lunch");
        lunch.code = Some("4711".into());
    };
    Desk::changed(permissions, coded).await
}

impl Desk {
    /// The preblocks of a practitioner in two weeks, as `type interval`.
    async fn laid(&self, practitioner: &str) -> Vec<String> {
        let days = DateRange::new(support::today(), 14);
        let book = self.clinic.book(&practitioner.into(), days).await.expect("reads");
        let preblocks = book.calendar.preblocks().iter();
        preblocks.map(|it| format!("{} {}", it.preblock_type, it.interval)).collect()
    }

    /// Those of Anna's preblocks that overlap a stretch.
    async fn annas(&self, stretch: &str) -> Vec<Preblock> {
        let days = DateRange::new(support::today(), 14);
        let book = self.clinic.book(&"AE".into(), days).await.expect("reads");
        book.calendar.preblocks_in(interval(stretch)).to_vec()
    }

    /// Anna's preblocks of a stretch, cut, to be pasted some days later in a book.
    async fn cut(&self, stretch: &str, days: i32, to: &str) -> PastedPreblocks {
        let preblocks = self.annas(stretch).await;
        let wanted = |it: &Preblock| WantedPreblock {
            preblock_type: it.preblock_type.clone(),
            interval: it.interval.plus_days(days),
        };
        PastedPreblocks {
            practitioner: to.into(),
            pasted: preblocks.iter().map(wanted).collect(),
            cut: Some(CutPreblocks {
                practitioner: "AE".into(),
                preblocks: preblocks.iter().map(|it| it.id.clone()).collect(),
            }),
            overlap: OverlapChoice::Refuse,
            codes: Vec::new(),
        }
    }
}

const MORNING: &str = "2026-11-25T09:00/2026-11-25T11:00";

#[tokio::test]
async fn what_is_cut_lies_a_week_later_after_one_change_that_undo_takes_back_whole() {
    let fixture = desk(Permission::ALL).await;
    let before = fixture.export().await;
    let asked = fixture.cut("2026-11-25T00:00/2026-11-26T00:00", 7, "AE").await;
    assert_eq!(asked.pasted.len(), 2);
    let done = fixture.run(&Command::PastePreblocks(asked)).await.expect("pastes");
    assert_eq!(done.changes.len(), 4, "two removed, two added");
    assert_eq!(
        fixture.laid("AE").await,
        [
            "e-us 2026-11-26T08:00/2026-11-26T09:30",
            "e-us 2026-12-02T09:00/2026-12-02T11:00",
            "e-us 2026-12-02T11:30/2026-12-02T14:00",
        ]
    );
    let undone = fixture.undo(&done).await.expect("undoes");
    assert_eq!(fixture.export().await, before);
    fixture.undo(&undone).await.expect("redoes");
    assert!(fixture.annas(MORNING).await.is_empty());
}

#[tokio::test]
async fn between_two_books_both_are_told_of_it_and_undo_minds_the_book_it_comes_back_to() {
    let fixture = desk(Permission::ALL).await;
    let before = fixture.export().await;
    // Björn has a preblock at 09:30 on the day that Anna's is cut from: his is in nobody's way.
    let asked = fixture.cut(MORNING, 1, "BL").await;
    let preview = fixture.preview(&Command::PastePreblocks(asked.clone())).await;
    let whose: BTreeSet<_> = preview.lost.iter().map(|slot| slot.practitioner.as_str()).collect();
    assert_eq!(whose, ["AE"].into(), "what disappears in the other book is counted");
    let done = fixture.run(&Command::PastePreblocks(asked)).await.expect("pastes");
    assert!(fixture.annas(MORNING).await.is_empty());
    assert!(fixture.laid("BL").await.contains(&"e-us 2026-11-26T09:00/2026-11-26T11:00".into()));
    for (practitioner, stretch) in [("AE", MORNING), ("BL", "2026-11-26T09:00/2026-11-26T11:00")] {
        let practitioner = practitioner.into();
        let question = LogQuestion::Time { practitioner, interval: interval(stretch) };
        let told = fixture.clinic.log(&Actor::System, &question, 5).await.expect("reads");
        assert_eq!(told[0].action, "preblock.paste");
    }
    fixture.undo(&done).await.expect("undoes");
    assert_eq!(fixture.export().await, before);
    let verified = verify_audit(fixture.clinic.store()).await.expect("reads");
    assert!(verified.faults.is_empty());
}

#[tokio::test]
async fn r20_undo_is_refused_where_somebody_has_laid_something_since_and_changes_neither_book() {
    let fixture = desk(Permission::ALL).await;
    let asked = fixture.cut(MORNING, 1, "BL").await;
    let done = fixture.run(&Command::PastePreblocks(asked)).await.expect("pastes");
    let lay = Command::LayPreblocks {
        practitioner: "AE".into(),
        preblock_type: "e-us".into(),
        intervals: vec![interval("2026-11-25T10:00/2026-11-25T10:30")],
        overlap: OverlapChoice::Refuse,
        code: None,
    };
    fixture.run(&lay).await.expect("lays");
    let between = fixture.export().await;
    let Refusal::InBookOf { practitioner, refusal } = refused(fixture.undo(&done).await) else {
        panic!("two books: it says whose")
    };
    assert_eq!(practitioner.as_str(), "AE");
    assert!(matches!(*refusal, Refusal::TouchedSince { .. }));
    assert_eq!(fixture.export().await, between);
}

#[tokio::test]
async fn r12_what_lies_in_the_way_is_refused_replaced_or_left() {
    let fixture = desk(Permission::ALL).await;
    let before = fixture.export().await;
    // Onto Thursday 26th, where 08:00–09:30 is taken.
    let mut asked = fixture.cut(MORNING, 1, "AE").await;
    let command = |asked: &PastedPreblocks| Command::PastePreblocks(asked.clone());
    assert!(matches!(refused(fixture.run(&command(&asked)).await), Refusal::PreblockInTheWay(_)));
    assert_eq!(fixture.export().await, before);
    let cases = [
        (OverlapChoice::Replace, ["08:00/2026-11-26T09:00", "09:00/2026-11-26T11:00"]),
        (OverlapChoice::Fill, ["08:00/2026-11-26T09:30", "09:30/2026-11-26T11:00"]),
    ];
    for (overlap, expected) in cases {
        asked.overlap = overlap;
        let done = fixture.run(&command(&asked)).await.expect("pastes");
        let laid = fixture.laid("AE").await;
        let thursday: Vec<_> =
            laid.iter().filter_map(|it| it.strip_prefix("e-us 2026-11-26T")).collect();
        assert_eq!(thursday, expected, "{overlap:?}");
        fixture.undo(&done).await.expect("undoes");
        asked = fixture.cut(MORNING, 1, "AE").await;
    }
    // Half an hour later the old place is no obstacle: it is being left.
    let mut later = fixture.cut(MORNING, 0, "AE").await;
    later.pasted[0].interval = interval("2026-11-25T09:30/2026-11-25T11:30");
    fixture.run(&command(&later)).await.expect("pastes");
}

#[tokio::test]
async fn a_copy_leaves_what_it_is_of_and_may_be_pasted_when_that_is_gone() {
    let fixture = desk(Permission::ALL).await;
    let copy = PastedPreblocks { cut: None, ..fixture.cut(MORNING, 7, "AE").await };
    fixture.run(&Command::PastePreblocks(copy.clone())).await.expect("pastes");
    let original = fixture.annas(MORNING).await;
    assert_eq!(original.len(), 1);
    let remove = Command::RemovePreblocks {
        practitioner: "AE".into(),
        preblocks: vec![original[0].id.clone()],
    };
    fixture.run(&remove).await.expect("removes");
    let mut again = copy.clone();
    again.pasted[0].interval = again.pasted[0].interval.plus_days(1);
    fixture.run(&Command::PastePreblocks(again)).await.expect("pastes again");
    assert_eq!(
        refused(fixture.run(&Command::PastePreblocks(copy)).await),
        Refusal::PreblockInTheWay(vec![interval("2026-12-02T09:00/2026-12-02T11:00")])
    );
}

#[tokio::test]
async fn what_is_gone_goes_nowhere_or_stays_is_refused() {
    let fixture = desk(Permission::ALL).await;
    let asked = fixture.cut(MORNING, 7, "AE").await;
    let stays = fixture.cut(MORNING, 0, "AE").await;
    let run = async |asked: &PastedPreblocks| {
        refused(fixture.run(&Command::PastePreblocks(asked.clone())).await)
    };
    assert_eq!(run(&stays).await, Refusal::NothingToDo(NothingToDo::Unchanged));
    let nothing = PastedPreblocks { pasted: Vec::new(), ..asked.clone() };
    assert_eq!(run(&nothing).await, Refusal::NothingToDo(NothingToDo::NoPreblock));
    let mut others = asked.clone();
    others.cut.as_mut().expect("cut").practitioner = "BL".into();
    assert_eq!(run(&others).await, Refusal::Gone, "it is not in that book");
    let unknown = PastedPreblocks { practitioner: "XX".into(), ..asked.clone() };
    assert_eq!(run(&unknown).await, Refusal::UnknownPractitioner("XX".into()));
    let removed = asked.cut.clone().expect("cut").preblocks;
    let remove = Command::RemovePreblocks { practitioner: "AE".into(), preblocks: removed };
    fixture.run(&remove).await.expect("removes");
    assert_eq!(run(&asked).await, Refusal::Gone);
}

#[tokio::test]
async fn what_is_pasted_ends_on_the_last_day_that_can_be_written_at_the_latest() {
    let fixture = desk(Permission::ALL).await;
    let last = CivilTime::last();
    let mut asked = PastedPreblocks { cut: None, ..fixture.cut(MORNING, 0, "AE").await };
    for (end, refusal) in
        [(last + Minutes(1), Some(Refusal::NothingToDo(NothingToDo::NoTime))), (last, None)]
    {
        asked.pasted[0].interval = Interval::new(last - Minutes(60), end).expect("an hour");
        let result = fixture.run(&Command::PastePreblocks(asked.clone())).await;
        match refusal {
            Some(refusal) => assert_eq!(refused(result), refusal),
            None => drop(result.expect("pastes")),
        }
    }
}

#[tokio::test]
async fn r6_r17_r18_each_kind_has_its_permission_each_type_its_practitioners_and_code() {
    let paste = |preblock_type: &str, to: &str, codes: &[&str]| {
        Command::PastePreblocks(PastedPreblocks {
            practitioner: to.into(),
            pasted: vec![WantedPreblock {
                preblock_type: preblock_type.into(),
                interval: interval("2026-11-30T12:00/2026-11-30T13:00"),
            }],
            cut: None,
            overlap: OverlapChoice::Refuse,
            codes: codes.iter().map(|code| (*code).to_owned()).collect(),
        })
    };
    let fixture = desk(Permission::ALL).await;
    let run = async |command: &Command| refused(fixture.run(command).await);
    assert_eq!(run(&paste("e-alla", "AE", &[])).await, Refusal::TypeNotValid("e-alla".into()));
    assert_eq!(run(&paste("lunch", "AE", &[])).await, Refusal::Code("lunch".into()));
    assert_eq!(run(&paste("lunch", "AE", &["1234"])).await, Refusal::Code("lunch".into()));
    fixture.run(&paste("lunch", "AE", &["1234", "4711"])).await.expect("pastes");

    let fixture = desk(&[Permission::PreblockInternal]).await;
    let cut = Command::PastePreblocks(fixture.cut(MORNING, 7, "AE").await);
    for internet in [paste("e-us", "AE", &[]), cut] {
        let refusal = refused(fixture.run(&internet).await);
        assert!(matches!(refusal, Refusal::Permission { permission, .. }
                if permission == Permission::PreblockInternet));
    }
    fixture.run(&paste("lunch", "AE", &["4711"])).await.expect("pastes");
    // What is cut is taken away, too: its kind counts where it is only replaced by another.
    let mut swapped = fixture.cut(MORNING, 8, "AE").await;
    swapped.pasted[0].preblock_type = "lunch".into();
    swapped.codes = vec!["4711".into()];
    let refusal = refused(fixture.run(&Command::PastePreblocks(swapped)).await);
    assert!(matches!(refusal, Refusal::Permission { .. }));
}

on_the_server_too! {
    what_is_cut_lies_a_week_later_after_one_change_that_undo_takes_back_whole,
    between_two_books_both_are_told_of_it_and_undo_minds_the_book_it_comes_back_to,
    r20_undo_is_refused_where_somebody_has_laid_something_since_and_changes_neither_book,
    r12_what_lies_in_the_way_is_refused_replaced_or_left,
    a_copy_leaves_what_it_is_of_and_may_be_pasted_when_that_is_gone,
    what_is_gone_goes_nowhere_or_stays_is_refused,
    what_is_pasted_ends_on_the_last_day_that_can_be_written_at_the_latest,
    r6_r17_r18_each_kind_has_its_permission_each_type_its_practitioners_and_code,
}
