//! The last line around a request: a time limit, and a net under panics.
//!
//! Invariant: whatever a handler does, its request is answered, within the limit, and its
//! connection and the process go on.

use std::any::Any;
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::extract::Request;
use axum::response::Response;
use tower::{Layer, Service};

/// Why a handler gave no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// It took longer than a request may: 503.
    #[error("the request took longer than {0:?}")]
    TimedOut(Duration),
    /// It panicked: 500. The text is for the log, never for the client.
    #[error("the handler panicked: {0}")]
    Panicked(String),
}

/// Runs a handler within a time limit, with a net under panics. For use in a middleware of one's
/// own; it allocates nothing, and makes no timer for a handler that answers without waiting.
///
/// # Errors
/// The [`Failure`]. Dropping the handler's future at its limit is the caller's rollback: a
/// transaction that was not committed is not.
pub async fn guarded<F: Future>(limit: Duration, handler: F) -> Result<F::Output, Failure> {
    let mut handler = pin!(handler);
    let mut timer = pin!(None);
    poll_fn(|cx| {
        // A handler that panicked is dropped and not polled again, so nothing sees what it left
        // half done.
        match catch_unwind(AssertUnwindSafe(|| handler.as_mut().poll(cx))) {
            Ok(Poll::Ready(answer)) => return Poll::Ready(Ok(answer)),
            Ok(Poll::Pending) => {}
            Err(payload) => {
                return Poll::Ready(Err(Failure::Panicked(panic_text(payload.as_ref()))));
            }
        }
        if timer.is_none() {
            timer.set(Some(tokio::time::sleep(limit)));
        }
        match timer.as_mut().as_pin_mut() {
            Some(timer) => timer.poll(cx).map(|()| Err(Failure::TimedOut(limit))),
            None => Poll::Pending,
        }
    })
    .await
}

fn panic_text(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().copied();
    let text = text.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("no message").to_owned()
}

/// The same as a layer: `answer` makes the response of a request that failed.
pub fn shield_layer<A: Fn(Failure) -> Response + Clone>(
    limit: Duration,
    answer: A,
) -> ShieldLayer<A> {
    ShieldLayer { limit, answer }
}

/// See [`shield_layer`].
#[derive(Debug, Clone)]
pub struct ShieldLayer<A> {
    limit: Duration,
    answer: A,
}

impl<S, A: Clone> Layer<S> for ShieldLayer<A> {
    type Service = Shield<S, A>;

    fn layer(&self, inner: S) -> Self::Service {
        Shield { inner, layer: self.clone() }
    }
}

/// A service inside of [`shield_layer`].
#[derive(Debug, Clone)]
pub struct Shield<S, A> {
    inner: S,
    layer: ShieldLayer<A>,
}

impl<S, A> Service<Request> for Shield<S, A>
where
    S: Service<Request, Response = Response>,
    S::Future: Send + 'static,
    S::Error: Send,
    A: Fn(Failure) -> Response + Clone + Send + 'static,
{
    type Response = Response;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Response, S::Error>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let ShieldLayer { limit, answer } = self.layer.clone();
        // A handler may panic before it gives its future.
        match catch_unwind(AssertUnwindSafe(|| self.inner.call(request))) {
            Ok(handler) => Box::pin(async move {
                guarded(limit, handler).await.unwrap_or_else(|failure| Ok(answer(failure)))
            }),
            Err(payload) => {
                let failure = Failure::Panicked(panic_text(payload.as_ref()));
                Box::pin(async move { Ok(answer(failure)) })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: Duration = Duration::from_secs(30);

    #[tokio::test(start_paused = true)]
    async fn a_handler_that_waits_too_long_is_dropped() {
        assert_eq!(
            guarded(LIMIT, std::future::pending::<()>()).await,
            Err(Failure::TimedOut(LIMIT))
        );
        assert_eq!(guarded(LIMIT, tokio::time::sleep(LIMIT / 2)).await, Ok(()));
    }

    #[tokio::test]
    async fn a_panic_becomes_a_failure_at_any_point() {
        let early = guarded(LIMIT, async { panic!("early {}", 1) }).await;
        assert_eq!(early, Err::<(), _>(Failure::Panicked("early 1".to_owned())));
        let late = guarded(LIMIT, async {
            tokio::task::yield_now().await;
            std::panic::panic_any(7)
        });
        assert_eq!(late.await, Err::<(), _>(Failure::Panicked("no message".to_owned())));
    }
}
