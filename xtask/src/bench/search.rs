//! A search among fifty thousand places.

use std::{
    env,
    fmt::Write as _,
    fs,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use portal_api::{path, petit_monde::search::SearchPage, time};

use super::{
    Server, Setting,
    client::{self, Connection},
    figure::{Budget, Figure},
};
use crate::{
    failure::{Failure, Result, While},
    say,
};

/// How many places there are, a file's worth after the other.
const FILES: usize = 10;
const PLACES: usize = 5_000;

/// How often it is searched.
const SEARCHES: usize = 400;

/// Puts the places into the store and searches around many of them.
pub fn measure(setting: &Setting) -> Result<Vec<Figure>> {
    let server = Server::start(setting)?;
    say::step("bench: fifty thousand places are imported", || {
        (0..FILES).try_for_each(|file| import(&server, file))
    })?;
    let cookie = client::sign_in(server.address, "many@example.com")?;
    let mut waits = say::step("bench: searching", || search(&server, &cookie))?;
    waits.sort_unstable();
    let at = |share: usize| {
        let place = waits.len() * share / 100;
        let wait = waits.get(place);
        wait.map_or(f64::NAN, |wait| wait.as_secs_f64() * 1000.0)
    };
    Ok(vec![
        Figure::timed("a search, median ms", at(50), Budget::Any),
        Figure::timed("a search, p99 ms", at(99), Budget::AtMost(20.0)),
    ])
}

fn import(server: &Server, file: usize) -> Result<()> {
    let path = env::temp_dir().join(format!("portal-bench-{}-{file}.toml", std::process::id()));
    fs::write(&path, stock(file)?).when("writing places to import")?;
    let imported = server.import(&path);
    fs::remove_file(&path).when("removing the places' file")?;
    imported
}

/// Places all over a country, with a charge point each.
fn stock(file: usize) -> Result<String> {
    let mut text = String::from(OPERATOR);
    for number in file * PLACES..(file + 1) * PLACES {
        let (latitude, longitude) = spot(number);
        let hours = if number % 2 == 0 { "\"always\"" } else { HOURS };
        write!(
            text,
            "[[places]]\nid = \"site_bench_{number}\"\noperator = \"oper_bench\"\n\
             name = \"Place {number}\"\naddress = \"Street {number}\"\ncity = \"Town\"\n\
             country = \"DE\"\ntime_zone = \"Europe/Berlin\"\nlatitude = {latitude:.6}\n\
             longitude = {longitude:.6}\nhours = {hours}\n\
             [[charge_points]]\nid = \"CP-BENCH-{number}\"\nplace = \"site_bench_{number}\"\n\
             connectors = [\n{{ number = 1, plug = \"ccs\", current = \"dc\", power_kw = 150, \
             tariff = \"tariff_bench\" }},\n{{ number = 2, plug = \"type2\", current = \"ac\", \
             power_kw = 22, tariff = \"tariff_bench\" }},\n]\n"
        )
        .map_err(|_| Failure::new("a place can't be written"))?;
    }
    Ok(text)
}

/// Of every other place.
const HOURS: &str = "[\n{ days = [\"mon\", \"tue\", \"wed\", \"thu\", \"fri\"], from = \"06:00\", \
    to = \"24:00\" },\n{ days = [\"sat\", \"sun\"], from = \"06:00\", to = \"23:00\" },\n]";

const OPERATOR: &str = r##"
[[operators]]
id = "oper_bench"
name = "Bench"
address = "Street"
vat_id = "DE 1"
colour = "#0a5fa8"
receipt_prefix = "BEN"

[[tariffs]]
id = "tariff_bench"
name = "Bench"
currency = "EUR"
per_kwh = 0.49
tax_percent = 19
tax_included = true

"##;

/// Evenly spread over nine degrees each way.
fn spot(number: usize) -> (f64, f64) {
    let number = f64::from(u32::try_from(number).unwrap_or(0));
    let part = |times: f64| (number * times).fract();
    (
        47.0 + 8.0 * part(0.618_033_988_75),
        6.0 + 9.0 * part(0.754_877_666_25),
    )
}

/// Two hours that begin in a day.
fn tomorrow() -> Result<String> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let now = now.map_err(|_| Failure::new("the clock is before 1970"))?;
    let now = i64::try_from(now.as_secs()).map_err(|_| Failure::new("the clock is far off"))?;
    let start = time::Instant::from_millis((now + 24 * 60 * 60) * 1_000);
    let end = start.plus_seconds(2 * 60 * 60);
    Ok(format!("&start_time={start}&end_time={end}"))
}

fn search(server: &Server, cookie: &str) -> Result<Vec<Duration>> {
    let mut connection = Connection::open(server.address)?;
    let mut waits = Vec::with_capacity(SEARCHES);
    let tomorrow = tomorrow()?;
    for number in 0..SEARCHES {
        let (latitude, longitude) = spot(number * 97);
        // Every other one asks what can be booked for two hours of tomorrow.
        let when = if number % 2 == 0 { "" } else { &tomorrow };
        let path = format!(
            "{}?lat={latitude:.6}&lng={longitude:.6}&radius=50\
             &connector_type=IEC_62196_T2_COMBO{when}",
            path::SEARCH
        );
        let asked = Instant::now();
        connection.get(&path, cookie)?;
        waits.push(asked.elapsed());
        let page: SearchPage =
            serde_json::from_slice(connection.body()).when("reading what was found")?;
        if page.results.len() != 20 {
            return Err(Failure::new(format!("only {} places around", page.total)));
        }
    }
    Ok(waits)
}
