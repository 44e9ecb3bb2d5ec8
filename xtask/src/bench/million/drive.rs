//! Requests that differ, over many connections: `oha` repeats one request, this sends prepared ones.
//!
//! Invariant: an answer with another status than the expected one ends the measurement.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, anyhow, bail};

const LIMIT: Duration = Duration::from_secs(30);

/// What a measurement saw.
pub struct Seen {
    pub requests: usize,
    pub elapsed: Duration,
    /// Microseconds of each request, in order of size.
    times: Vec<u32>,
}

impl Seen {
    /// From the times of requests one after the other.
    pub fn of(times: Vec<Duration>) -> Self {
        let elapsed = times.iter().sum();
        let mut times: Vec<u32> = times.into_iter().map(micros).collect();
        times.sort_unstable();
        Self { requests: times.len(), elapsed, times }
    }

    pub fn per_s(&self) -> f64 {
        self.requests as f64 / self.elapsed.as_secs_f64()
    }

    /// Milliseconds that a share of the requests did not exceed.
    pub fn percentile_ms(&self, share: f64) -> f64 {
        let last = self.times.len().saturating_sub(1);
        let at = (self.times.len() as f64 * share) as usize;
        self.times.get(at.min(last)).map_or(f64::NAN, |micros| f64::from(*micros) / 1000.0)
    }
}

/// The bytes of a request with a body.
pub fn post(host: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Vec<u8> {
    let mut request = format!("POST {path} HTTP/1.1\r\nhost: {host}\r\naccept: */*\r\n");
    for (name, value) in headers {
        request.push_str(&format!("{name}: {value}\r\n"));
    }
    request.push_str(&format!("content-length: {}\r\n\r\n{body}", body.len()));
    request.into_bytes()
}

/// Sends what each connection's plan gives, until it gives nothing; `plan` makes them.
pub fn drive<'r, P>(
    port: u16,
    connections: usize,
    expected: u16,
    plan: impl Fn(usize) -> P + Sync,
) -> Result<Seen>
where
    P: FnMut() -> Option<&'r [u8]>,
{
    let start = Instant::now();
    let work = |at| -> Result<Vec<u32>> {
        let mut connection = Connection::open(port)?;
        let mut next = plan(at);
        let mut times = Vec::new();
        while let Some(request) = next() {
            let begun = Instant::now();
            connection.exchange(request, expected)?;
            times.push(micros(begun.elapsed()));
        }
        Ok(times)
    };
    let mut times = thread::scope(|scope| {
        let workers: Vec<_> = (0..connections).map(|at| scope.spawn(move || work(at))).collect();
        let mut all = Vec::new();
        for worker in workers {
            all.extend(worker.join().map_err(|_| anyhow!("a connection's thread panicked"))??);
        }
        anyhow::Ok(all)
    })?;
    times.sort_unstable();
    Ok(Seen { requests: times.len(), elapsed: start.elapsed(), times })
}

fn micros(time: Duration) -> u32 {
    u32::try_from(time.as_micros()).unwrap_or(u32::MAX)
}

struct Connection {
    stream: TcpStream,
    answer: Vec<u8>,
}

impl Connection {
    fn open(port: u16) -> Result<Self> {
        let stream =
            TcpStream::connect(("127.0.0.1", port)).context("the server does not listen")?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(LIMIT))?;
        Ok(Self { stream, answer: Vec::with_capacity(8192) })
    }

    fn exchange(&mut self, request: &[u8], expected: u16) -> Result<()> {
        self.stream.write_all(request).context("a request was not sent")?;
        self.answer.clear();
        let mut piece = [0; 8192];
        let mut wanted = None;
        while wanted.is_none_or(|wanted| self.answer.len() < wanted) {
            let read = self.stream.read(&mut piece).context("an answer was lost")?;
            if read == 0 {
                bail!("the server closed a connection");
            }
            self.answer.extend_from_slice(&piece[..read]);
            if wanted.is_none() {
                wanted = whole_length(&self.answer)?;
            }
        }
        let status = format!("HTTP/1.1 {expected} ");
        if !self.answer.starts_with(status.as_bytes()) {
            bail!("not {expected}: {}", String::from_utf8_lossy(&self.answer));
        }
        Ok(())
    }
}

/// How long head and body of an answer are together, once the head is there.
fn whole_length(answer: &[u8]) -> Result<Option<usize>> {
    let Some(end) = answer.windows(4).position(|four| four == b"\r\n\r\n") else {
        return Ok(None);
    };
    let head = std::str::from_utf8(&answer[..end]).context("a head that is no text")?;
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim())
    });
    let length: usize = length.context("an answer without a length")?.parse()?;
    Ok(Some(end + 4 + length))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_whole_with_its_body() {
        let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
        assert_eq!(whole_length(answer).expect("a length"), Some(answer.len()));
        assert_eq!(whole_length(&answer[..30]).expect("not yet"), None);
        assert!(whole_length(b"HTTP/1.1 200 OK\r\n\r\n").is_err());
    }

    #[test]
    fn percentiles_are_of_the_sorted_times() {
        let seen = Seen::of((1..=100).rev().map(Duration::from_millis).collect());
        assert_eq!((seen.percentile_ms(0.5), seen.percentile_ms(0.99)), (51.0, 100.0));
        assert_eq!(seen.requests, 100);
    }
}
