//! Of two agents one works. The other takes over when the first is killed, or hangs and lets its lease
//! end; one that wakes up again stands by.

use std::time::Instant;

use nix::sys::signal::Signal;

use crate::programs::{Place, stretch};

const WORKS: &str = "in step";
const STANDS_BY: &str = "standing by";

#[tokio::test]
async fn the_second_takes_over_when_the_first_is_killed() {
    let place = Place::open().await;
    let first = place.agent("first");
    first.wait_saying(WORKS).await;
    let second = place.agent("second");
    second.wait_saying(STANDS_BY).await;
    assert!(place.lay("AE", stretch(0, 9 * 60, 120)).await);
    place.wait_in_step().await;
    assert!(!place.published().await.is_empty());
    second.wait_saying(STANDS_BY).await;

    first.kill();
    let killed = Instant::now();
    assert!(place.lay("AE", stretch(1, 9 * 60, 120)).await);
    place.wait_in_step().await;
    println!("killed; the second has published after {:?}", killed.elapsed());
    second.wait_saying(WORKS).await;

    // Asked to end, an agent gives its lease back: the next need not wait for it.
    let third = place.agent("third");
    third.wait_saying(STANDS_BY).await;
    second.stop();
    let stopped = Instant::now();
    third.wait_saying(WORKS).await;
    println!("stopped; the third works after {:?}", stopped.elapsed());
}

#[tokio::test]
async fn the_second_takes_over_from_one_that_hangs_which_then_stands_by() {
    let place = Place::open().await;
    let first = place.agent("first");
    first.wait_saying(WORKS).await;
    let second = place.agent("second");
    second.wait_saying(STANDS_BY).await;

    first.signal(Signal::SIGSTOP);
    let stopped = Instant::now();
    assert!(place.lay("AE", stretch(0, 9 * 60, 120)).await);
    place.wait_in_step().await;
    println!("hanging; the second has published after {:?}", stopped.elapsed());
    second.wait_saying(WORKS).await;

    first.signal(Signal::SIGCONT);
    first.wait_saying(STANDS_BY).await;
    assert!(place.lay("AE", stretch(1, 9 * 60, 120)).await);
    place.wait_in_step().await;
    first.wait_saying(STANDS_BY).await;
    second.wait_saying(WORKS).await;
}
