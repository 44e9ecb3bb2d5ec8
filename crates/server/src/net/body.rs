//! Request bodies: bounded in size and in time.
//!
//! Invariant: a body that trickles ends with an error at its deadline, whoever reads it; a handler
//! never buffers more than the limit it gives.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::Body;
use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt as _;
use hyper::body::{Body as _, Frame, Incoming, SizeHint};
use tokio::time::Sleep;

/// Why a request's body could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BodyError {
    /// More bytes than the limit: 413.
    #[error("the request's body is larger than {limit} bytes")]
    TooLarge {
        /// The limit, in bytes.
        limit: usize,
    },
    /// It did not arrive in time: 408.
    #[error("the request's body did not arrive in time")]
    TooSlow,
    /// The connection broke, or the body breaks HTTP's rules: 400.
    #[error("the request's body could not be read to its end")]
    Broken,
}

/// Reads a whole body of at most `limit` bytes.
///
/// # Errors
/// See [`BodyError`]. A declared length above the limit is refused before anything is read.
pub async fn read_body(mut body: Body, limit: usize) -> Result<Bytes, BodyError> {
    read_from(&mut body, limit).await
}

/// The same, and of a larger one up to `drained` bytes are read for nothing: see [`drain`].
///
/// # Errors
/// See [`BodyError`].
pub async fn read_or_drain(
    mut body: Body,
    limit: usize,
    drained: usize,
) -> Result<Bytes, BodyError> {
    let read = read_from(&mut body, limit).await;
    if matches!(read, Err(BodyError::TooLarge { .. })) {
        drain(body, drained).await;
    }
    read
}

async fn read_from(body: &mut Body, limit: usize) -> Result<Bytes, BodyError> {
    if body.size_hint().lower() > limit as u64 {
        return Err(BodyError::TooLarge { limit });
    }
    // Nearly every body comes in one piece: that one is passed on without a copy.
    let mut first = Bytes::new();
    let mut whole = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(broken)?.into_data() else { continue };
        if first.len() + whole.len() + data.len() > limit {
            return Err(BodyError::TooLarge { limit });
        }
        if first.is_empty() && whole.is_empty() {
            first = data;
        } else {
            whole.extend_from_slice(&std::mem::take(&mut first));
            whole.extend_from_slice(&data);
        }
    }
    Ok(if whole.is_empty() { first } else { whole.freeze() })
}

/// Reads up to `most` bytes of a body and forgets them. A browser that is still sending when the
/// connection ends does not hear the answer.
pub async fn drain(mut body: Body, most: usize) {
    let mut left = most;
    while let Some(Ok(frame)) = body.frame().await {
        match left.checked_sub(frame.data_ref().map_or(0, Bytes::len)) {
            Some(rest) => left = rest,
            None => return,
        }
    }
}

/// Our own error comes back wrapped by axum; every other one is the connection's.
fn broken(error: axum::Error) -> BodyError {
    let inner = error.into_inner();
    inner.downcast_ref::<BodyError>().copied().unwrap_or(BodyError::Broken)
}

/// The body of a request on a connection, with its deadline. The clock starts when the body is
/// waited for, and no timer is made for a body that came together with its headers.
#[derive(Debug)]
pub(super) struct TimedBody {
    incoming: Incoming,
    timeout: Duration,
    timer: Option<Pin<Box<Sleep>>>,
}

impl TimedBody {
    /// Puts a deadline on a body; an empty one needs none.
    pub fn wrap(incoming: Incoming, timeout: Duration) -> Body {
        if incoming.is_end_stream() {
            return Body::empty();
        }
        Body::new(Self { incoming, timeout, timer: None })
    }
}

impl hyper::body::Body for TimedBody {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        let this = &mut *self;
        if let Poll::Ready(frame) = Pin::new(&mut this.incoming).poll_frame(cx) {
            return Poll::Ready(frame.map(|frame| frame.map_err(|_| BodyError::Broken)));
        }
        let timeout = this.timeout;
        let timer = this.timer.get_or_insert_with(|| Box::pin(tokio::time::sleep(timeout)));
        timer.as_mut().poll(cx).map(|()| Some(Err(BodyError::TooSlow)))
    }

    fn is_end_stream(&self) -> bool {
        self.incoming.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.incoming.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use http_body_util::StreamBody;

    fn pieces(pieces: &[&'static str]) -> Body {
        let frames: Vec<_> = pieces
            .iter()
            .map(|piece| Ok::<_, BodyError>(Frame::data(Bytes::from_static(piece.as_bytes()))))
            .collect();
        Body::new(StreamBody::new(futures_util::stream::iter(frames)))
    }

    #[tokio::test]
    async fn bodies_are_read_up_to_the_limit() {
        assert_eq!(read_body(Body::empty(), 0).await, Ok(Bytes::new()));
        assert_eq!(read_body(Body::from("abcd"), 4).await, Ok(Bytes::from("abcd")));
        assert_eq!(read_body(Body::from("abcde"), 4).await, Err(BodyError::TooLarge { limit: 4 }));
        assert_eq!(read_body(pieces(&["ab", "", "cd"]), 4).await, Ok(Bytes::from("abcd")));
        assert_eq!(
            read_body(pieces(&["ab", "cd", "e"]), 4).await,
            Err(BodyError::TooLarge { limit: 4 })
        );
    }

    #[tokio::test]
    async fn a_body_that_is_too_large_is_read_on_for_nothing_and_not_for_ever() {
        let too_large = Err(BodyError::TooLarge { limit: 4 });
        let endless = |read: Arc<AtomicUsize>| {
            Body::new(StreamBody::new(futures_util::stream::repeat_with(move || {
                read.fetch_add(1, Ordering::Relaxed);
                Ok::<_, BodyError>(Frame::data(Bytes::from_static(b"ab")))
            })))
        };
        assert_eq!(read_or_drain(pieces(&["ab", "cd", "e", "f"]), 4, 100).await, too_large);
        assert_eq!(read_or_drain(pieces(&["ab", "cd"]), 4, 100).await, Ok(Bytes::from("abcd")));
        let read = Arc::new(AtomicUsize::new(0));
        assert_eq!(read_or_drain(endless(Arc::clone(&read)), 4, 10).await, too_large);
        // Two fit, the third is too much; five are read for nothing, and one to know that.
        assert_eq!(read.load(Ordering::Relaxed), 9);
    }

    #[tokio::test]
    async fn our_own_error_is_recognized_and_every_other_is_broken() {
        let failing = |error| {
            Body::new(StreamBody::new(futures_util::stream::iter([
                Err::<Frame<Bytes>, BodyError>(error),
            ])))
        };
        assert_eq!(read_body(failing(BodyError::TooSlow), 4).await, Err(BodyError::TooSlow));
        let foreign = StreamBody::new(futures_util::stream::iter([Err::<Frame<Bytes>, _>(
            std::io::Error::other("x"),
        )]));
        assert_eq!(read_body(Body::new(foreign), 4).await, Err(BodyError::Broken));
    }
}
