//! How long a console waits for what it shows out of years of bookings, on SQLite; see
//! `common/years.rs` for how many, and where they are kept.

mod common;

use std::hint::black_box;

use chrono::{TimeDelta, WeekdaySet};
use common::years::{PRACTITIONERS, Years, today};
use criterion::{Criterion, criterion_group, criterion_main};
use tidbok::clinic::{Among, Clinic, FreeQuestion, LogQuestion};
use tidbok::domain::*;
use tidbok::store::{AuditChain, AuditFilter};

fn years(criterion: &mut Criterion) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.expect("a runtime");
    let years = runtime.block_on(Years::get());
    let clinic = Clinic::new(runtime.block_on(years.store()));
    let mut group = criterion.benchmark_group(format!("{} years", years.years));
    let ids: Vec<PractitionerId> =
        (0..PRACTITIONERS).map(|n| PractitionerId::new(format!("P{n:03}"))).collect();
    let now = CivilTime::at(today(), Minutes(7 * 60));
    let week = |n: usize| {
        let back = TimeDelta::weeks(i64::try_from(n % 20).unwrap_or(0));
        DateRange::new(today() - back, 7)
    };

    let mut n = 0;
    group.bench_function("a week of one practitioner", |bencher| {
        bencher.iter(|| {
            n += 1;
            let book = runtime.block_on(clinic.book(&ids[n * 7 % ids.len()], week(n)));
            black_box(book.expect("reads"))
        });
    });
    group.bench_function("a day of eight practitioners", |bencher| {
        bencher.iter(|| {
            n += 1;
            let first = n * 8 % (ids.len() - 8);
            let day = DateRange::new(week(n).first(), 1);
            let books = runtime.block_on(clinic.books(&ids[first..first + 8], day));
            black_box(books.expect("reads"))
        });
    });
    group.bench_function("the revisions", |bencher| {
        bencher.iter(|| black_box(runtime.block_on(clinic.revisions()).expect("reads")));
    });
    for (what, text) in [("name", "månss göra"), ("personnummer", "194505059802")] {
        group.bench_function(format!("a patient by {what}"), |bencher| {
            bencher.iter(|| {
                let found = runtime.block_on(clinic.find_patients(&Actor::System, text, 50));
                black_box(found.expect("reads"))
            });
        });
    }
    let question = FreeQuestion {
        template: "us30".into(),
        among: Among::Clinic,
        suiting: Suiting { weekdays: WeekdaySet::ALL, part: PartOfDay::WHOLE },
        from: today(),
        most: 20,
    };
    group.bench_function("the next free times of the whole clinic", |bencher| {
        bencher.iter(|| {
            black_box(runtime.block_on(clinic.free_times(&question, now)).expect("reads"))
        });
    });
    let everything = AuditFilter { limit: Some(50), ..AuditFilter::default() };
    let of_patients = AuditFilter { actor: Some(ITB.to_owned()), ..everything.clone() };
    let settings = AuditFilter { kind: Some("practitioner".to_owned()), ..everything.clone() };
    let one = AuditChain::Practitioner(ids[7].clone());
    let book = AuditFilter { chain: Some(one), ..everything.clone() };
    let filters = [
        ("a page of the log", everything),
        ("what patients did online", of_patients),
        ("a rare kind of entry", settings),
        ("the log of a book", book),
    ];
    for (what, filter) in filters {
        group.bench_function(what, |bencher| {
            bencher.iter(|| {
                let entries = runtime.block_on(async {
                    clinic.store().read().await.expect("reads").audit(&filter).await
                });
                black_box(entries.expect("reads"))
            });
        });
    }
    let question =
        LogQuestion::Time { practitioner: ids[7].clone(), interval: Interval::whole_day(today()) };
    group.bench_function("what happened to a time", |bencher| {
        bencher.iter(|| {
            black_box(runtime.block_on(clinic.log(&Actor::System, &question, 50)).expect("reads"))
        });
    });
    group.finish();
}

criterion_group!(benches, years);
criterion_main!(benches);
