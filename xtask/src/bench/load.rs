//! How many requests the server answers, and how soon.
//!
//! The load comes from this program, on the same machine: a few connections
//! that are kept open, each asking again as soon as it is answered.

mod receipts;

use std::{
    net::SocketAddr,
    thread,
    time::{Duration, Instant},
};

use super::{
    Server, Setting,
    client::{self, Connection},
    figure::{Budget, Figure},
};
use crate::{
    failure::{Failure, Result},
    say,
};

/// How many connections ask at the same time.
const CONNECTIONS: usize = 16;

/// How long each is asked before anything counts.
const WARM_UP: Duration = Duration::from_secs(1);

/// How long each is measured.
const MEASURED: Duration = Duration::from_secs(8);

/// The page of sessions that is asked for.
const SESSIONS: &str = "/api/v1/portal/sessions?limit=100";

/// How a path answered under load.
struct Answers {
    per_second: f64,
    /// In milliseconds.
    median: f64,
    /// In milliseconds.
    p99: f64,
}

/// Asks for a page of sessions as drivers with many and with fewer sessions,
/// and for the server's health to compare with.
pub fn measure(setting: &Setting) -> Result<Vec<Figure>> {
    let mut server = Server::start(setting)?;
    // Filling a store takes memory that a server in use has never taken.
    server.restart()?;
    let many = client::sign_in(server.address, "many@example.com")?;
    let few = client::sign_in(server.address, "driver@example.com")?;
    let ask = |what: &str, path: &str, cookie: &str| {
        say::step(&format!("bench: {what}"), || {
            load(server.address, path, cookie, CONNECTIONS)
        })
    };
    let health = ask("the server's health", "/health", "")?;
    let small = ask("100 sessions of a driver with few", SESSIONS, &few)?;
    let large = ask("100 sessions of a driver with 10,000", SESSIONS, &many)?;
    let (now, most) = server.memory()?;
    let mut figures = vec![
        Figure::timed("/health, requests/s", health.per_second, Budget::Any),
        Figure::timed("/health, p99 ms", health.p99, Budget::Any),
        Figure::timed("driver with few, requests/s", small.per_second, Budget::Any),
        Figure::timed("driver with few, p99 ms", small.p99, Budget::Any),
        Figure::timed(
            "driver with 10,000, requests/s",
            large.per_second,
            Budget::AtLeast(1000.0),
        ),
        Figure::timed("driver with 10,000, median ms", large.median, Budget::Any),
        Figure::timed(
            "driver with 10,000, p99 ms",
            large.p99,
            Budget::AtMost(40.0),
        ),
        Figure::timed(
            "/health is so many times as fast",
            health.per_second / large.per_second,
            Budget::Any,
        ),
        Figure::timed(
            "10,000 sessions are so many times as slow as few",
            small.per_second / large.per_second,
            Budget::AtMost(1.2),
        ),
        Figure::timed("server's memory now, MB", now, Budget::AtMost(80.0)),
        Figure::timed("server's memory at most, MB", most, Budget::Any),
    ];
    figures.extend(receipts::measure(&server, &many)?);
    Ok(figures)
}

/// Asks for a path over and over on so many connections.
fn load(address: SocketAddr, path: &str, cookie: &str, connections: usize) -> Result<Answers> {
    let began = Instant::now();
    let mut waits: Vec<Duration> = thread::scope(|scope| {
        let asking: Vec<_> = (0..connections)
            .map(|_| scope.spawn(|| ask_on(address, path, cookie, began)))
            .collect();
        asking
            .into_iter()
            .map(|thread| {
                thread
                    .join()
                    .unwrap_or_else(|_| Err(Failure::new("a connection broke off")))
            })
            .collect::<Result<Vec<_>>>()
    })?
    .concat();
    waits.sort_unstable();
    let at = |share: f64| {
        let place = ((waits.len() as f64 * share) as usize).min(waits.len().saturating_sub(1));
        waits
            .get(place)
            .map_or(f64::NAN, |wait| wait.as_secs_f64() * 1000.0)
    };
    Ok(Answers {
        per_second: waits.len() as f64 / MEASURED.as_secs_f64(),
        median: at(0.5),
        p99: at(0.99),
    })
}

/// How long each answer took that came while it counted.
fn ask_on(address: SocketAddr, path: &str, cookie: &str, began: Instant) -> Result<Vec<Duration>> {
    let mut connection = Connection::open(address)?;
    let mut waits = Vec::with_capacity(1 << 16);
    loop {
        let asked = Instant::now();
        connection.get(path, cookie)?;
        let done = began.elapsed();
        if done >= WARM_UP + MEASURED {
            return Ok(waits);
        }
        if done >= WARM_UP {
            waits.push(asked.elapsed());
        }
    }
}
