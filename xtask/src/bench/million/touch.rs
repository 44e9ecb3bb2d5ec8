//! Memory while a Zipf-distributed load touches every tenant.
//!
//! One request in four goes to the next tenant that was not touched yet, which costs it a signing
//! key and a bot user, both durable; the others follow Zipf's law with exponent 1: the tenant of
//! rank r is asked in proportion to 1/r.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, anyhow};

use crate::bench::memory;
use crate::bench::million::drive;
use crate::bench::million::ground::Ground;
use crate::bench::million::outcome::{Outcome, Target};
use crate::bench::million::tokens::request;
use crate::random::Random;

const CONNECTIONS: usize = 16;
/// Requests for each that touches a new tenant.
const PER_TOUCH: u64 = 4;
const LOOK: Duration = Duration::from_millis(250);
const MIB: f64 = 150.0;

/// Touches all tenants, or as many as the time allows.
pub fn measure(ground: &Ground, pid: i32, limit: Duration, outcome: &mut Outcome) -> Result<()> {
    let requests: Vec<Vec<u8>> = ground.machines.iter().map(request).collect();
    let zipf = Zipf::new(requests.len());
    let touched = AtomicUsize::new(0);
    let done = AtomicBool::new(false);
    let idle = memory(pid, "VmRSS")?;
    let start = Instant::now();
    let plan = |_| {
        let mut random = Random::new();
        let (requests, zipf, touched) = (&requests, &zipf, &touched);
        move || {
            if start.elapsed() > limit || touched.load(Ordering::Relaxed) >= requests.len() {
                return None;
            }
            if random.below(PER_TOUCH) > 0 {
                return Some(requests[zipf.pick(&mut random)].as_slice());
            }
            requests.get(touched.fetch_add(1, Ordering::Relaxed)).map(Vec::as_slice)
        }
    };
    let (seen, most) = thread::scope(|scope| {
        let watch = scope.spawn(|| watch(pid, &done));
        let seen = drive::drive(ground.port, CONNECTIONS, 200, plan);
        done.store(true, Ordering::Relaxed);
        anyhow::Ok((seen?, watch.join().map_err(|_| anyhow!("the watch panicked"))??))
    })?;
    let touched = touched.into_inner().min(requests.len());
    println!(
        "touch: {touched} of {} tenants in {:.0} s, {:.0} tokens/s, at most {most:.0} MiB resident",
        requests.len(),
        seen.elapsed.as_secs_f64(),
        seen.per_s()
    );
    outcome.number("resident before any request, MiB", idle, Target::None);
    let name = "resident at most while a Zipf load touches the tenants, MiB";
    outcome.number(name, most, Target::AtMost(MIB));
    outcome.number("resident at its end, MiB", memory(pid, "VmRSS")?, Target::None);
    // Each tenant's first token makes its ES256 key.
    outcome.number("tenants touched, each with a new signing key", touched as f64, Target::None);
    let share = touched as f64 / requests.len() as f64;
    outcome.number("of all tenants", share, Target::AtLeast(1.0));
    outcome.number("tokens per second meanwhile", seen.per_s(), Target::None);
    outcome.number("p99 of these, ms", seen.percentile_ms(0.99), Target::None);
    Ok(())
}

/// The most that was resident at any look.
fn watch(pid: i32, done: &AtomicBool) -> Result<f64> {
    let mut most = 0.0_f64;
    while !done.load(Ordering::Relaxed) {
        most = most.max(memory(pid, "VmRSS")?);
        thread::sleep(LOOK);
    }
    Ok(most)
}

/// Ranks by Zipf's law with exponent 1; rank and number of a tenant have nothing to do with each other.
struct Zipf {
    /// The share of all requests up to each rank.
    up_to: Vec<f64>,
    tenants: Vec<usize>,
}

impl Zipf {
    fn new(count: usize) -> Self {
        let mut sum = 0.0;
        let mut up_to: Vec<f64> = (1..=count)
            .map(|rank| {
                sum += 1.0 / rank as f64;
                sum
            })
            .collect();
        up_to.iter_mut().for_each(|share| *share /= sum);
        let mut random = Random::new();
        let mut tenants: Vec<usize> = (0..count).collect();
        for at in (1..count).rev() {
            tenants.swap(at, random.below(at as u64 + 1) as usize);
        }
        Self { up_to, tenants }
    }

    fn pick(&self, random: &mut Random) -> usize {
        let drawn = random.fraction();
        let rank = self.up_to.partition_point(|share| *share <= drawn);
        self.tenants[rank.min(self.tenants.len() - 1)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_rank_is_asked_most() {
        let zipf = Zipf::new(1000);
        let mut random = Random::new();
        let mut counts = vec![0_u32; 1000];
        for _ in 0..100_000 {
            counts[zipf.pick(&mut random)] += 1;
        }
        // 1/H(1000) is 13.4 %.
        let first = counts[zipf.tenants[0]];
        assert!((12_000..15_000).contains(&first), "{first}");
        assert!(first > counts[zipf.tenants[1]]);
    }
}
