//! What a service needs of the operating system: being told to stop, and telling systemd how it goes.

/// Waits until the service is to stop.
#[cfg(unix)]
pub(super) async fn asked() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}

/// Waits until the service is to stop.
#[cfg(not(unix))]
pub(super) async fn asked() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending().await
    }
}

/// Tells systemd that the service is up, where there is one that listens.
#[cfg(unix)]
pub(super) fn ready() {
    // Nobody need listen.
    let _ = sd_notify::notify(&[sd_notify::NotifyState::Ready]);
}

/// Tells systemd that the service lives and how it goes.
#[cfg(unix)]
pub(super) fn alive(status: &str) {
    let states = [sd_notify::NotifyState::Watchdog, sd_notify::NotifyState::Status(status)];
    let _ = sd_notify::notify(&states);
}

#[cfg(not(unix))]
pub(super) fn ready() {}

#[cfg(not(unix))]
pub(super) fn alive(_status: &str) {}
