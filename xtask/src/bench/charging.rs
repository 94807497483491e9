//! A thousand charge points that all charge a car, and a driver who holds plugs beside
//! them.

use std::{
    io::{BufRead, BufReader, Lines, Write},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use portal_api::{dynamo::reservation::Reservation, path};
use serde_json::json;

use super::{
    Server, Setting,
    client::{self, Connection},
    figure::{Budget, Figure},
};
use crate::{
    failure::{Failure, Result, While},
    process::Profile,
    say, simulate,
};

/// How many charge points charge a car.
const CHARGING: usize = 1_000;

/// How many plugs are held, one after the other.
const HOLDS: usize = 300;

/// How often meters are read and charge points say that they live, in seconds.
const EVERY: u64 = 30;

/// The simulated charge points.
struct Simulator {
    process: Child,
    orders: ChildStdin,
    said: Lines<BufReader<ChildStdout>>,
}

/// Brings the charge points up, lets them charge, kills the server and holds plugs.
pub fn measure(setting: &Setting) -> Result<Vec<Figure>> {
    let mut server = Server::start(setting)?;
    let cookie = client::sign_in(server.address, "many@example.com")?;
    let mut simulator = Simulator::start(setting, &server)?;
    say::step("bench: charge points come up", || simulator.come_up())?;
    say::step("bench: cars are plugged in", || simulator.charge())?;
    let back = say::step("bench: the server is killed and comes back", || {
        simulator.order("down")?;
        let began = Instant::now();
        server.restart()?;
        simulator.says("ok down")?;
        simulator.order("up")?;
        simulator.says("ok up")?;
        Ok(began.elapsed())
    })?;
    say::step("bench: meters are read", || {
        thread::sleep(Duration::from_secs(EVERY));
        Ok(())
    })?;
    let mut waits = say::step("bench: plugs are held", || hold(&server, &cookie))?;
    waits.sort_unstable();
    let at = |share: usize| {
        let place = waits.len() * share / 100;
        waits
            .get(place)
            .map_or(f64::NAN, |wait| wait.as_secs_f64() * 1000.0)
    };
    let (now, most) = server.memory()?;
    Ok(vec![
        Figure::timed(
            "charge points back after a restart, s",
            back.as_secs_f64(),
            Budget::AtMost(10.0),
        ),
        Figure::timed("a hold beside them, median ms", at(50), Budget::Any),
        Figure::timed("a hold beside them, p99 ms", at(99), Budget::AtMost(200.0)),
        Figure::timed(
            "server's memory with them now, MB",
            now,
            Budget::AtMost(250.0),
        ),
        Figure::timed("server's memory with them at most, MB", most, Budget::Any),
    ])
}

impl Simulator {
    fn start(setting: &Setting, server: &Server) -> Result<Self> {
        let program = simulate::build(&setting.places, Profile::Release)?;
        let every = EVERY.to_string();
        let mut process = Command::new(program)
            .args(["--demo", "--visitors", "0", "--samples", &every])
            .args(["--server", &server.url()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .when("starting the simulator")?;
        let pipes = process.stdin.take().zip(process.stdout.take());
        let (orders, said) = pipes.ok_or_else(|| Failure::new("the simulator has no pipes"))?;
        Ok(Self {
            process,
            orders,
            said: BufReader::new(said).lines(),
        })
    }

    fn come_up(&mut self) -> Result<()> {
        self.says("simulator: all ")
    }

    fn charge(&mut self) -> Result<()> {
        for number in 1..=CHARGING {
            self.order(&format!("charge CP-FELD-{number:02} 1 many@example.com"))?;
            self.says("ok")?;
        }
        Ok(())
    }

    fn order(&mut self, line: &str) -> Result<()> {
        writeln!(self.orders, "{line}").when("ordering the simulator")
    }

    /// Waits until it says so.
    fn says(&mut self, beginning: &str) -> Result<()> {
        for line in &mut self.said {
            let line = line?;
            if line.starts_with("error") {
                return Err(Failure::new(line));
            }
            if line.starts_with(beginning) {
                return Ok(());
            }
        }
        Err(Failure::new("the simulator has ended"))
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Holds a plug and gives it up, over and over; how long each took to be held.
fn hold(server: &Server, cookie: &str) -> Result<Vec<Duration>> {
    let mut connection = Connection::open(server.address)?;
    let mut waits = Vec::with_capacity(HOLDS);
    for number in 0..HOLDS {
        let request = json!({ "charge_point_id": format!("CP-ISAR-{:02}", number % 40 + 1),
            "connector_id": 1, "id_tag": "many@example.com",
            "expires_at": in_a_quarter_of_an_hour()? });
        let asked = Instant::now();
        let status = connection.change("POST", path::RESERVATIONS, cookie, &request.to_string())?;
        waits.push(asked.elapsed());
        let said = String::from_utf8_lossy(connection.body()).into_owned();
        if status != 201 {
            return Err(Failure::new(format!(
                "a plug was not held ({status}): {said}"
            )));
        }
        let held: Reservation = serde_json::from_str(&said).when("reading a hold")?;
        let path = path::reservation(held.reservation_id);
        connection.change("DELETE", &path, cookie, "")?;
    }
    Ok(waits)
}

fn in_a_quarter_of_an_hour() -> Result<portal_api::time::Instant> {
    let since = std::time::UNIX_EPOCH.elapsed();
    let since = since.map_err(|_| Failure::new("the clock is before 1970"))?;
    let now = i64::try_from(since.as_millis()).map_err(|_| Failure::new("far in the future"))?;
    Ok(portal_api::time::Instant::from_millis(now).plus_seconds(900))
}
