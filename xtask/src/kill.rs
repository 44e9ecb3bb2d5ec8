//! The crash drill: SIGKILL under a load of code exchanges and refreshes, again and again.
//!
//! What must hold after every crash (design, "what must never happen", 3 and 9):
//! a code that was handed out works; the refresh token that was acknowledged last works, and so
//! does the one before it when the crash swallowed the answer; a session goes on; a code that was
//! exchanged is never exchanged again.

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use crate::cli::Cli;
use crate::flow::{App, Outcome};
use crate::http::{Client, NotConnected, Target};
use crate::random::Random;
use crate::server::Server;
use crate::workshop::Workshop;

const WORKERS: usize = 4;
const SCOPE: &str = "openid offline_access";
/// Codes live 60 s; a refusal of an older one would prove nothing.
const YOUNG: Duration = Duration::from_secs(45);
const LIVE_FAMILIES: usize = 150;

/// Runs the drill and tells what it saw.
pub fn run(shop: &Workshop, cli: &Cli, port: u16, rounds: u32) -> Result<String> {
    let mut server = Server::start(shop, cli, port, "kill")?;
    let ready = server.ready.clone();
    let target = server.target()?;
    let app = App::of_demo(&server)?;
    let drill = Drill::default();
    let mut random = Random::new();
    let mut workers = Vec::new();
    for _ in 0..WORKERS {
        workers.push(Worker::new(&drill, &app, &target)?);
    }
    let outcome: Result<Vec<Worker<'_>>> = thread::scope(|scope| {
        let running: Vec<_> =
            workers.into_iter().map(|worker| scope.spawn(move || worker.work())).collect();
        let crashes = (1..=rounds).try_for_each(|round| {
            thread::sleep(Duration::from_millis(300 + random.below(1200)));
            server.still_runs()?;
            drill.epoch.fetch_add(1, Ordering::SeqCst);
            server.kill();
            let start = Instant::now();
            server = Server::start(shop, cli, port, "kill")
                .with_context(|| format!("after crash {round}"))?;
            if server.ready != ready {
                bail!("after crash {round} the demo printed another ready line");
            }
            drill.epoch.fetch_add(1, Ordering::SeqCst);
            println!("crash {round:>2}: ready again after {} ms", start.elapsed().as_millis());
            Ok(())
        });
        if crashes.is_ok() {
            // Time to learn how the requests ended that the last crash cut off.
            thread::sleep(Duration::from_secs(1));
        }
        drill.stop.store(true, Ordering::SeqCst);
        let workers: Vec<Worker<'_>> =
            running.into_iter().filter_map(|handle| handle.join().ok()).collect();
        crashes.map(|()| workers)
    });
    let mut workers = outcome.map_err(|error| error.context(server.log_tail()))?;
    if workers.len() != WORKERS {
        bail!("a worker of the drill panicked");
    }
    for worker in &mut workers {
        worker.verify();
    }
    server.still_runs()?;
    judge(&workers, rounds).map_err(|error| error.context(server.log_tail()))
}

/// What all workers share.
#[derive(Default)]
struct Drill {
    /// Odd while the server is down. An error in an unchanged, even epoch is not the crash's doing.
    epoch: AtomicU64,
    stop: AtomicBool,
}

impl Drill {
    /// Waits for the server; `None` when the drill is over before it comes.
    fn up(&self) -> Option<u64> {
        loop {
            let epoch = self.epoch.load(Ordering::SeqCst);
            if epoch.is_multiple_of(2) {
                return Some(epoch);
            }
            if self.stop.load(Ordering::SeqCst) {
                return None;
            }
            thread::sleep(Duration::from_millis(2));
        }
    }
}

/// What one code gave.
struct Family {
    code: String,
    born: Instant,
    /// The refresh token that was acknowledged last.
    refresh: String,
    refreshes: u32,
}

#[derive(Default)]
struct Seen {
    families: u64,
    refreshes: u64,
    replays: u64,
    races: u64,
    /// Answers that a crash swallowed.
    lost: u64,
    /// Lost exchanges whose code turned out to be spent, and not.
    lost_spent: u64,
    lost_unspent: u64,
    verified: u64,
}

struct Worker<'drill> {
    drill: &'drill Drill,
    app: App,
    target: Target,
    browser: Client,
    client: Client,
    /// The epoch in which the connections were opened.
    epoch: u64,
    random: Random,
    live: Vec<Family>,
    tokens: HashSet<String>,
    seen: Seen,
    faults: Vec<String>,
}

/// How a token request ended, once the crash (if there was one) is over.
enum Answer {
    Tokens(String),
    Refused(String),
    /// The answer was lost in a crash, and the request may or may not have been carried out.
    Lost,
    /// Something that must not be; it is written down already.
    Fault,
}

impl<'drill> Worker<'drill> {
    fn new(drill: &'drill Drill, app: &App, target: &Target) -> Result<Self> {
        Ok(Self {
            drill,
            app: app.clone(),
            target: target.clone(),
            browser: app.sign_in(target, SCOPE)?,
            client: Client::new(target.clone()),
            epoch: 0,
            random: Random::new(),
            live: Vec::new(),
            tokens: HashSet::new(),
            seen: Seen::default(),
            faults: Vec::new(),
        })
    }

    fn work(mut self) -> Self {
        while !self.drill.stop.load(Ordering::SeqCst) && self.faults.len() < 20 {
            let full = self.live.len() >= LIVE_FAMILIES;
            match self.random.below(20) {
                0..8 if !full => self.begin_family(),
                8 | 9 => self.replay_young(),
                10 if !full => self.race(),
                _ => self.refresh_one(),
            }
        }
        self
    }

    fn begin_family(&mut self) {
        let Some(code) = self.code() else { return };
        let born = Instant::now();
        match self.exchange(&code) {
            Answer::Tokens(refresh) => self.keep(code, born, refresh),
            // Nobody has the tokens; the code may be spent or not, and trying tells which.
            Answer::Lost => match self.exchange(&code) {
                Answer::Tokens(refresh) => {
                    self.seen.lost_unspent += 1;
                    self.keep(code, born, refresh);
                }
                Answer::Refused(error) if error == "invalid_grant" => self.seen.lost_spent += 1,
                Answer::Refused(error) => self.fault(format!("a code after a crash: {error}")),
                Answer::Lost | Answer::Fault => {}
            },
            Answer::Refused(_) if born.elapsed() > YOUNG => {}
            Answer::Refused(error) => self.fault(format!("a fresh code was refused: {error}")),
            Answer::Fault => {}
        }
    }

    fn keep(&mut self, code: String, born: Instant, refresh: String) {
        self.seen.families += 1;
        self.live.push(Family { code, born, refresh, refreshes: 0 });
    }

    fn refresh_one(&mut self) {
        if self.live.is_empty() {
            return;
        }
        let index = self.random.below(self.live.len() as u64) as usize;
        self.refresh(index);
    }

    /// Spends the acknowledged token of a family; a lost answer is asked for again, as clients do.
    fn refresh(&mut self, index: usize) -> bool {
        let mut tries = 0;
        loop {
            let token = self.live[index].refresh.clone();
            match self.ask(|app, client| app.refresh(client, &token)) {
                Answer::Tokens(next) => {
                    self.seen.refreshes += 1;
                    let family = &mut self.live[index];
                    family.refresh = next;
                    family.refreshes += 1;
                    return true;
                }
                Answer::Lost if tries < 10 && !self.drill.stop.load(Ordering::SeqCst) => tries += 1,
                Answer::Lost | Answer::Fault => return false,
                Answer::Refused(error) => {
                    let family = self.live.swap_remove(index);
                    self.fault(format!(
                        "an acknowledged family is lost ({error}): {} refreshes, {} s old, {tries} answers lost just before",
                        family.refreshes,
                        family.born.elapsed().as_secs(),
                    ));
                    return false;
                }
            }
        }
    }

    /// Replays the code of a young family: refused, and the family ends (RFC 6749, section 4.1.2).
    fn replay_young(&mut self) {
        let Some(index) = self.live.iter().position(|family| family.born.elapsed() < YOUNG) else {
            return;
        };
        let family = self.live.swap_remove(index);
        self.replay(&family);
    }

    fn replay(&mut self, family: &Family) {
        match self.exchange(&family.code) {
            Answer::Refused(error) if error == "invalid_grant" => self.seen.replays += 1,
            Answer::Refused(error) => {
                self.fault(format!("a replayed code was refused with {error}"))
            }
            Answer::Tokens(_) => return self.fault("a code was exchanged twice".to_owned()),
            Answer::Lost | Answer::Fault => return,
        }
        match self.ask(|app, client| app.refresh(client, &family.refresh)) {
            Answer::Tokens(_) => {
                self.fault("a family lives on after its code was replayed".to_owned())
            }
            Answer::Refused(_) | Answer::Lost | Answer::Fault => {}
        }
    }

    /// Two requests with one code at the same moment: at most one may get tokens.
    fn race(&mut self) {
        let Some(code) = self.code() else { return };
        let (app, target) = (&self.app, &self.target);
        let exchange = || app.exchange(&mut Client::new(target.clone()), &code);
        let (one, two) = thread::scope(|scope| {
            let other = scope.spawn(exchange);
            (exchange(), other.join())
        });
        self.seen.races += 1;
        let won = |outcome: &Result<Outcome>| matches!(outcome, Ok(Outcome::Tokens { .. }));
        if won(&one) && two.is_ok_and(|two| won(&two)) {
            self.fault("two simultaneous requests both exchanged one code".to_owned());
        }
    }

    /// After the last crash: every family that is left works, twice in a row; then replays.
    fn verify(&mut self) {
        let mut index = 0;
        while index < self.live.len() {
            let before = self.live.len();
            if self.refresh(index) && self.refresh(index) {
                self.seen.verified += 1;
            }
            // A family that was refused has left the list.
            index += usize::from(self.live.len() == before);
        }
        for family in std::mem::take(&mut self.live).into_iter().step_by(3) {
            self.replay(&family);
        }
    }

    /// A fresh code, or `None` when a crash came between or the drill is over.
    fn code(&mut self) -> Option<String> {
        let epoch = self.connect()?;
        match self.app.authorize_silently(&mut self.browser, SCOPE) {
            Ok(code) => Some(code),
            Err(error) => {
                if self.same(epoch) {
                    self.fault(format!("no code: {error:#}"));
                }
                None
            }
        }
    }

    fn exchange(&mut self, code: &str) -> Answer {
        self.ask(|app, client| app.exchange(client, code))
    }

    fn ask(&mut self, request: impl Fn(&App, &mut Client) -> Result<Outcome>) -> Answer {
        loop {
            let Some(epoch) = self.connect() else {
                return Answer::Lost;
            };
            match request(&self.app, &mut self.client) {
                Ok(Outcome::Tokens { refresh: Some(refresh), .. }) => {
                    if self.tokens.insert(refresh.clone()) {
                        return Answer::Tokens(refresh);
                    }
                    self.fault("one refresh token was handed out twice".to_owned());
                    return Answer::Fault;
                }
                Ok(Outcome::Tokens { refresh: None, access }) => {
                    self.fault(format!(
                        "no refresh token beside the access token of {} characters",
                        access.len()
                    ));
                    return Answer::Fault;
                }
                Ok(Outcome::Refused(error)) => return Answer::Refused(error),
                Ok(Outcome::Broken(what)) => {
                    self.fault(format!("the token endpoint answered {what}"));
                    return Answer::Fault;
                }
                Err(error) if self.same(epoch) => {
                    self.fault(format!("no answer though the server was up: {error:#}"));
                    return Answer::Fault;
                }
                // The server was down already: nothing was sent, so this was no attempt.
                Err(error) if error.downcast_ref::<NotConnected>().is_some() => {}
                Err(_) => {
                    self.seen.lost += 1;
                    return Answer::Lost;
                }
            }
        }
    }

    /// Waits until the server is up, and leaves connections to its dead predecessor.
    fn connect(&mut self) -> Option<u64> {
        let epoch = self.drill.up()?;
        if epoch != self.epoch {
            self.browser.disconnect();
            self.client.disconnect();
            self.epoch = epoch;
        }
        Some(epoch)
    }

    fn same(&self, epoch: u64) -> bool {
        self.drill.epoch.load(Ordering::SeqCst) == epoch
    }

    fn fault(&mut self, what: String) {
        self.faults.push(what);
    }
}

fn judge(workers: &[Worker<'_>], rounds: u32) -> Result<String> {
    let sum = |of: fn(&Seen) -> u64| workers.iter().map(|worker| of(&worker.seen)).sum::<u64>();
    let faults: Vec<&String> = workers.iter().flat_map(|worker| &worker.faults).collect();
    let lost = sum(|seen| seen.lost);
    let story = format!(
        "{rounds} crashes cut off {lost} answers ({} codes were spent by then, {} not); {} families, {} refreshes, {} replays, {} races, \
         {} families verified at the end",
        sum(|seen| seen.lost_spent),
        sum(|seen| seen.lost_unspent),
        sum(|seen| seen.families),
        sum(|seen| seen.refreshes),
        sum(|seen| seen.replays),
        sum(|seen| seen.races),
        sum(|seen| seen.verified),
    );
    if !faults.is_empty() {
        let shown: Vec<String> =
            faults.iter().take(12).map(|fault| format!("  - {fault}")).collect();
        bail!("{} faults:\n{}\n(of {story})", faults.len(), shown.join("\n"));
    }
    // A drill that hit nothing has shown nothing.
    if lost < u64::from(rounds) / 4
        || sum(|seen| seen.verified) == 0
        || sum(|seen| seen.replays) == 0
    {
        bail!("the drill hit too little to show anything: {story}");
    }
    Ok(format!("no family lost, no code spent twice: {story}"))
}
