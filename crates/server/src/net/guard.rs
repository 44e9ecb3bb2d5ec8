//! Deadlines of a connection.
//!
//! Invariants: while no request is under way, a connection lives no longer than its headers (or,
//! between two requests, its idle time) may take; while the peer takes nothing, it lives no longer
//! than a request may. The attacks this stops: slow headers ("slow loris"), idle connections piled
//! up, and clients that ask and never read.
//!
//! HTTP libraries arm a timer for each request. Here one timer serves the whole connection: it is
//! moved only when a deadline comes before it, and otherwise finds out when it fires that there is
//! more time. A request costs one look at the clock.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep};

/// What a connection's stream and requests tell its [`Deadlines`].
#[derive(Debug, Default)]
pub(super) struct Pulse {
    under_way: AtomicU32,
    started: AtomicU32,
    multiplexed: AtomicBool,
    received: AtomicBool,
    write_blocked: AtomicBool,
}

impl Pulse {
    /// A request begins; it ends when the result is dropped.
    pub fn begin(self: &Arc<Self>) -> UnderWay {
        self.under_way.fetch_add(1, Ordering::Relaxed);
        self.started.fetch_add(1, Ordering::Relaxed);
        UnderWay(Arc::clone(self))
    }

    /// From now on the connection is HTTP/2, where bytes also arrive between requests.
    pub fn set_multiplexed(&self) {
        self.multiplexed.store(true, Ordering::Relaxed);
    }

    /// Requests without an answer.
    pub fn under_way(&self) -> u32 {
        self.under_way.load(Ordering::Relaxed)
    }
}

/// A request that has no answer yet.
#[derive(Debug)]
pub(super) struct UnderWay(Arc<Pulse>);

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.under_way.fetch_sub(1, Ordering::Relaxed);
    }
}

/// How long a peer may take.
#[derive(Debug, Clone, Copy)]
pub(super) struct Patience {
    /// For the headers of a request.
    pub headers: Duration,
    /// Between two requests.
    pub idle: Duration,
    /// To take a piece of an answer.
    pub write: Duration,
}

/// Which deadline has passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Passed {
    /// No request came: the connection may end in good order.
    Idle,
    /// The peer is in the middle of something and does not go on.
    Late,
}

/// What a connection is waiting for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Waiting {
    /// The rest of a request's headers, or the first request.
    Headers,
    /// The next request.
    Idle,
    /// A handler; its own time limits hold.
    Handler,
}

/// The deadlines of one connection, to be polled by its task after each step of the connection.
#[derive(Debug)]
pub(super) struct Deadlines {
    patience: Patience,
    waiting: Waiting,
    read_deadline: Option<Instant>,
    write_deadline: Option<Instant>,
    /// The number of requests that had begun at the last poll.
    seen: u32,
    /// Whether bytes of a next request have come.
    begun: bool,
    alarm: Alarm,
}

impl Deadlines {
    /// The deadlines of a connection whose first request is now waited for.
    pub fn new(patience: Patience) -> Self {
        Self {
            patience,
            waiting: Waiting::Handler,
            read_deadline: None,
            write_deadline: None,
            seen: 0,
            begun: true,
            alarm: Alarm::default(),
        }
    }

    /// From now on the peer has only the time of headers left, to see its connection end.
    pub fn last_chance(&mut self) {
        self.begun = true;
    }

    /// Ready when a deadline has passed; otherwise the task is woken for the next one.
    pub fn poll(&mut self, cx: &mut Context<'_>, pulse: &Pulse) -> Poll<Passed> {
        let waiting = self.observe(pulse);
        let blocked = pulse.write_blocked.load(Ordering::Relaxed);
        if waiting == Waiting::Handler && !blocked {
            self.waiting = waiting;
            self.read_deadline = None;
            self.write_deadline = None;
            return Poll::Pending;
        }
        let now = Instant::now();
        if waiting != self.waiting {
            self.waiting = waiting;
            self.read_deadline = match waiting {
                Waiting::Headers => Some(now + self.patience.headers),
                Waiting::Idle => Some(now + self.patience.idle),
                Waiting::Handler => None,
            };
        }
        let write = now + self.patience.write;
        self.write_deadline = blocked.then(|| self.write_deadline.unwrap_or(write));
        let next = self.read_deadline.into_iter().chain(self.write_deadline).min().unwrap_or(write);
        ready!(self.alarm.poll(cx, now, next));
        let idle = waiting == Waiting::Idle && !blocked;
        Poll::Ready(if idle { Passed::Idle } else { Passed::Late })
    }

    /// What the connection waits for now.
    fn observe(&mut self, pulse: &Pulse) -> Waiting {
        let under_way = pulse.under_way() > 0;
        let started = pulse.started.load(Ordering::Relaxed);
        let received = pulse.received.load(Ordering::Relaxed);
        if received {
            pulse.received.store(false, Ordering::Relaxed);
        }
        if started != self.seen {
            // A request has begun since the last poll, and may have been answered too: time starts
            // anew.
            self.seen = started;
            self.begun = false;
            self.waiting = Waiting::Handler;
        } else if received && !under_way && !pulse.multiplexed.load(Ordering::Relaxed) {
            self.begun = true;
        }
        match self.begun {
            _ if under_way => Waiting::Handler,
            true => Waiting::Headers,
            false => Waiting::Idle,
        }
    }
}

/// The connection's one timer. It wakes the task at or before the next deadline.
///
/// It relies on a connection being polled by one task, whose waker stays the same.
#[derive(Debug, Default)]
struct Alarm {
    timer: Option<Pin<Box<Sleep>>>,
    set_for: Option<Instant>,
}

impl Alarm {
    /// Ready when the deadline has passed; otherwise sees to a wake-up.
    fn poll(&mut self, cx: &mut Context<'_>, now: Instant, deadline: Instant) -> Poll<()> {
        if now >= deadline {
            return Poll::Ready(());
        }
        if self.set_for.is_some_and(|at| now < at && at <= deadline) {
            return Poll::Pending;
        }
        let timer = self.timer.get_or_insert_with(|| Box::pin(tokio::time::sleep_until(deadline)));
        timer.as_mut().reset(deadline);
        self.set_for = Some(deadline);
        timer.as_mut().poll(cx)
    }
}

/// A stream that tells when bytes come, and when none can go.
#[derive(Debug)]
pub(super) struct Observed<S> {
    stream: S,
    pulse: Arc<Pulse>,
}

impl<S> Observed<S> {
    /// Tells `pulse` what happens on `stream`.
    pub fn new(stream: S, pulse: Arc<Pulse>) -> Self {
        Self { stream, pulse }
    }

    fn written<T>(&self, result: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        self.pulse.write_blocked.store(result.is_pending(), Ordering::Relaxed);
        result
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Observed<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let result = Pin::new(&mut self.stream).poll_read(cx, buffer);
        if buffer.filled().len() > before {
            self.pulse.received.store(true, Ordering::Relaxed);
        }
        result
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Observed<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let result = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.written(result)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let result = Pin::new(&mut self.stream).poll_flush(cx);
        self.written(result)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let result = Pin::new(&mut self.stream).poll_shutdown(cx);
        self.written(result)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        pieces: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let result = Pin::new(&mut self.stream).poll_write_vectored(cx, pieces);
        self.written(result)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::poll_fn;

    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    const PATIENCE: Patience = Patience {
        headers: Duration::from_secs(10),
        idle: Duration::from_secs(75),
        write: Duration::from_secs(30),
    };

    fn new() -> (Deadlines, Arc<Pulse>) {
        (Deadlines::new(PATIENCE), Arc::default())
    }

    /// Waits for a deadline, woken by the alarm only.
    async fn passed(deadlines: &mut Deadlines, pulse: &Pulse) -> (Passed, u64) {
        let start = Instant::now();
        let passed = poll_fn(|cx| deadlines.poll(cx, pulse)).await;
        (passed, start.elapsed().as_secs())
    }

    /// Waits for a deadline while something happens each second.
    async fn passed_with(
        deadlines: &mut Deadlines,
        pulse: &Pulse,
        each_second: impl Fn(u64),
    ) -> (Passed, u64) {
        let start = Instant::now();
        loop {
            each_second(start.elapsed().as_secs());
            let next = poll_fn(|cx| deadlines.poll(cx, pulse));
            if let Ok(passed) = tokio::time::timeout(Duration::from_secs(1), next).await {
                return (passed, start.elapsed().as_secs());
            }
        }
    }

    fn receive(pulse: &Pulse) {
        pulse.received.store(true, Ordering::Relaxed);
    }

    #[tokio::test(start_paused = true)]
    async fn the_first_request_has_the_time_of_headers() {
        let (mut deadlines, pulse) = new();
        assert_eq!(passed(&mut deadlines, &pulse).await, (Passed::Late, 10));
    }

    #[tokio::test(start_paused = true)]
    async fn bytes_that_trickle_do_not_buy_time() {
        let (mut deadlines, pulse) = new();
        assert_eq!(
            passed_with(&mut deadlines, &pulse, |_| receive(&pulse)).await,
            (Passed::Late, 10)
        );
    }

    #[tokio::test(start_paused = true)]
    async fn between_requests_there_is_the_idle_time() {
        let (mut deadlines, pulse) = new();
        let once = |second| {
            if second == 5 {
                receive(&pulse);
                drop(pulse.begin());
            }
        };
        assert_eq!(passed_with(&mut deadlines, &pulse, once).await, (Passed::Idle, 80));
    }

    #[tokio::test(start_paused = true)]
    async fn requests_one_after_the_other_keep_a_connection_open() {
        let (mut deadlines, pulse) = new();
        let many = |second: u64| {
            if second < 1000 && second.is_multiple_of(50) {
                receive(&pulse);
                drop(pulse.begin());
            }
        };
        assert_eq!(passed_with(&mut deadlines, &pulse, many).await, (Passed::Idle, 950 + 75));
    }

    #[tokio::test(start_paused = true)]
    async fn headers_after_an_idle_time_have_their_own_time() {
        let (mut deadlines, pulse) = new();
        let late = |second| match second {
            0 => drop(pulse.begin()),
            60 => receive(&pulse),
            _ => {}
        };
        assert_eq!(passed_with(&mut deadlines, &pulse, late).await, (Passed::Late, 70));
    }

    #[tokio::test(start_paused = true)]
    async fn a_handler_is_not_hurried_and_ends_with_an_idle_time() {
        let (mut deadlines, pulse) = new();
        let request = std::cell::RefCell::new(None);
        let long = |second| match second {
            3 => *request.borrow_mut() = Some(pulse.begin()),
            4..1000 => receive(&pulse),
            1000 => drop(request.take()),
            _ => {}
        };
        assert_eq!(passed_with(&mut deadlines, &pulse, long).await, (Passed::Idle, 1075));
    }

    #[tokio::test(start_paused = true)]
    async fn multiplexed_chatter_does_not_buy_time() {
        let (mut deadlines, pulse) = new();
        pulse.set_multiplexed();
        drop(pulse.begin());
        assert_eq!(
            passed_with(&mut deadlines, &pulse, |_| receive(&pulse)).await,
            (Passed::Idle, 75)
        );
        deadlines.last_chance();
        assert_eq!(passed(&mut deadlines, &pulse).await, (Passed::Late, 10));
    }

    #[tokio::test(start_paused = true)]
    async fn a_peer_that_takes_nothing_is_given_up_also_while_a_handler_runs() {
        let (mut deadlines, pulse) = new();
        let _request = pulse.begin();
        let (near, _far) = tokio::io::duplex(8);
        let mut stream = Observed::new(near, Arc::clone(&pulse));
        assert!(tokio::time::timeout(Duration::ZERO, stream.write_all(&[0; 9])).await.is_err());
        assert_eq!(passed(&mut deadlines, &pulse).await, (Passed::Late, 30));
    }

    #[tokio::test(start_paused = true)]
    async fn a_stream_tells_what_happens_on_it() {
        let pulse = Arc::new(Pulse::default());
        let (near, mut far) = tokio::io::duplex(8);
        let mut stream = Observed::new(near, Arc::clone(&pulse));
        far.write_all(b"x").await.unwrap();
        stream.read_u8().await.unwrap();
        assert!(pulse.received.load(Ordering::Relaxed));
        stream.write_all(&[0; 8]).await.unwrap();
        assert!(!pulse.write_blocked.load(Ordering::Relaxed));
    }
}
