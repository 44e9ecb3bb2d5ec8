//! Stopping: from serving, over finishing what is under way, to cutting what is left.
//!
//! Invariant: every connection learns of each step, also one that is just being opened.

use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering};

use tokio::sync::Notify;
use tokio::sync::futures::Notified;

/// What became of the connections that were open when the server was told to stop.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ShutdownReport {
    /// Connections that were open, idle ones included.
    pub open: usize,
    /// Of these, those that came to their end by themselves.
    pub finished: usize,
    /// Of these, those that were closed after the grace period.
    pub cut: usize,
    /// Requests without an answer on the connections that were cut.
    pub requests_cut: usize,
}

/// The steps of a server's life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Step {
    Serving = 0,
    /// Requests under way are finished; no more are taken.
    Draining = 1,
    /// Connections are closed as they are.
    Cut = 2,
}

/// The step that a server is in, seen by all its connections.
#[derive(Debug, Default)]
pub(super) struct Stop {
    step: AtomicU8,
    changed: [Notify; 2],
    finished: AtomicUsize,
    requests_cut: AtomicUsize,
}

impl Stop {
    /// Takes the next step and wakes every connection.
    pub fn advance(&self, step: Step) {
        self.step.store(step as u8, Ordering::Release);
        if let Some(changed) =
            (step as usize).checked_sub(1).and_then(|index| self.changed.get(index))
        {
            changed.notify_waiters();
        }
    }

    /// The step now. Cheap: it is asked each time that a connection wakes.
    pub fn step(&self) -> Step {
        match self.step.load(Ordering::Acquire) {
            0 => Step::Serving,
            1 => Step::Draining,
            _ => Step::Cut,
        }
    }

    /// Ready when draining begins. To miss nothing, make it first and ask for the step then.
    pub fn draining(&self) -> Notified<'_> {
        self.changed[0].notified()
    }

    /// Ready when connections are cut. To miss nothing, make it first and ask for the step then.
    pub fn cut(&self) -> Notified<'_> {
        self.changed[1].notified()
    }

    /// Counts a connection that has come to its end by itself.
    pub fn count_finished(&self) {
        self.finished.fetch_add(1, Ordering::Relaxed);
    }

    /// Counts the requests of a connection that is cut.
    pub fn count_requests_cut(&self, requests: usize) {
        self.requests_cut.fetch_add(requests, Ordering::Relaxed);
    }

    /// What became of the connections that were `open` when draining began.
    pub fn report(&self, open: usize) -> ShutdownReport {
        let finished = self.finished.load(Ordering::Relaxed).min(open);
        let requests_cut = self.requests_cut.load(Ordering::Relaxed);
        ShutdownReport { open, finished, cut: open - finished, requests_cut }
    }
}
