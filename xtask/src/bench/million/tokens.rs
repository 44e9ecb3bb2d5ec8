//! Tokens per second for a hot set of clients, beside the same on a small database.

use std::time::{Duration, Instant};

use anyhow::Result;

use crate::bench::load::cpu_seconds;
use crate::bench::million::Plan;
use crate::bench::million::drive::{self, Seen};
use crate::bench::million::ground::{Ground, Machine};
use crate::bench::million::outcome::{Outcome, Target};
use crate::http::basic_header;

const CONNECTIONS: usize = 16;
/// Clients that ask, each of another tenant.
const HOT: usize = 64;
/// Turns of each database, so that a slow second of the machine meets both.
const TURNS: u32 = 3;
const OF_SMALL: f64 = 0.9;

/// Measures both databases in turns.
pub fn measure(
    plan: &Plan,
    (large, small): (&Ground, &Ground),
    (large_pid, small_pid): (i32, i32),
    outcome: &mut Outcome,
) -> Result<()> {
    let warm_up = Duration::from_secs(plan.warm_up.max(1).into());
    let turn = Duration::from_secs(plan.seconds.into()) / TURNS;
    let mut rates = [0.0; 2];
    let mut p99_ms = 0.0;
    let mut cpu = 1.0_f64;
    let sides = [(large, requests(large)), (small, requests(small))];
    for (ground, requests) in &sides {
        load(ground, requests, warm_up)?;
    }
    for _ in 0..TURNS {
        for (at, pid) in [large_pid, small_pid].into_iter().enumerate() {
            let (ground, requests) = &sides[at];
            let before = cpu_seconds(pid)?;
            let seen = load(ground, requests, turn)?;
            cpu = cpu.min((cpu_seconds(pid)? - before) / seen.elapsed.as_secs_f64());
            rates[at] += seen.per_s() / f64::from(TURNS);
            if at == 0 {
                p99_ms = seen.percentile_ms(0.99).max(p99_ms);
            }
        }
    }
    let [of_large, of_small] = rates;
    println!(
        "tokens: {of_large:.0}/s, small database {of_small:.0}/s; server's core at least {:.0} %",
        cpu * 100.0
    );
    outcome.number("tokens per second, 64 clients, 16 connections", of_large, Target::None);
    outcome.number("p99 of a token, ms", p99_ms, Target::None);
    let name = format!("the same on a small database ({} clients)", small.size.clients);
    outcome.number(&name, of_small, Target::None);
    outcome.number("of the small database's", of_large / of_small, Target::AtLeast(OF_SMALL));
    if cpu < 0.85 {
        outcome.warn(
            "the server's core was not busy with the server alone while tokens were measured",
        );
    }
    Ok(())
}

fn requests(ground: &Ground) -> Vec<Vec<u8>> {
    ground.machines.iter().skip(1).take(HOT).map(request).collect()
}

/// `client_credentials` as a machine client.
pub fn request(machine: &Machine) -> Vec<u8> {
    let basic = basic_header(&machine.id, &machine.secret);
    let headers =
        [("authorization", basic.as_str()), ("content-type", "application/x-www-form-urlencoded")];
    drive::post(&machine.host, "/oauth/token", &headers, "grant_type=client_credentials")
}

fn load(ground: &Ground, requests: &[Vec<u8>], time: Duration) -> Result<Seen> {
    let start = Instant::now();
    drive::drive(ground.port, CONNECTIONS, 200, |connection| {
        let mut at = connection;
        move || {
            at += 1;
            (start.elapsed() < time).then(|| requests[at % requests.len()].as_slice())
        }
    })
}
