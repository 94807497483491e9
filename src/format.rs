//! Money, energy and time as text, by the browser's `Intl`: no locale data
//! travels with the portal.

pub mod wall;
pub mod week;

use std::cell::RefCell;

use js_sys::{Array, Function, Intl, Object, Reflect};
use portal_api::{
    decimal::Decimal,
    money::{Currency, Money},
    time::{Instant, Month},
};
use wasm_bindgen::{JsCast, JsValue};

use crate::i18n::{self, words};

thread_local! {
    /// Making a formatter is slow, using it is fast: each is made once.
    static FORMATTERS: RefCell<Vec<(String, Function)>> = const { RefCell::new(Vec::new()) };
}

/// What is known of some parts, one after the other on a line.
pub fn dotted(parts: &[Option<String>]) -> String {
    joined(parts, " · ")
}

/// What is known of some parts, with something between them.
pub fn joined(parts: &[Option<String>], between: &str) -> String {
    let known = parts.iter().flatten().filter(|part| !part.is_empty());
    let known: Vec<&str> = known.map(String::as_str).collect();
    known.join(between)
}

/// Forgets all formatters, as when the language changes.
pub fn forget_formatters() {
    FORMATTERS.with_borrow_mut(Vec::clear);
}

/// Formats with the formatter of that name, made when first needed. `None` if the
/// browser refuses its options, such as a time zone it doesn't know.
fn formatted(name: &str, class: &str, options: &[(&str, &str)], value: &JsValue) -> Option<String> {
    formatted_in(&i18n::locale(), name, class, options, value)
}

fn formatted_in(
    locale: &str,
    name: &str,
    class: &str,
    options: &[(&str, &str)],
    value: &JsValue,
) -> Option<String> {
    let known = FORMATTERS.with_borrow(|all| {
        all.iter()
            .find(|(known, _)| known == name)
            .map(|(_, formatter)| formatter.clone())
    });
    let formatter = match known {
        Some(formatter) => formatter,
        None => {
            let formatter = make_formatter(locale, class, options)?;
            FORMATTERS.with_borrow_mut(|all| all.push((name.to_owned(), formatter.clone())));
            formatter
        }
    };
    formatter
        .call1(&JsValue::UNDEFINED, value)
        .ok()?
        .as_string()
}

fn make_formatter(locale: &str, class: &str, options: &[(&str, &str)]) -> Option<Function> {
    let intl = Reflect::get(&js_sys::global(), &"Intl".into()).ok()?;
    let class: Function = Reflect::get(&intl, &class.into()).ok()?.dyn_into().ok()?;
    let arguments = Array::of2(&locale.into(), &options_of(options));
    let formatter = Reflect::construct(&class, &arguments).ok()?;
    Reflect::get(&formatter, &"format".into())
        .ok()?
        .dyn_into()
        .ok()
}

fn number(name: &str, value: &str, options: &[(&str, &str)]) -> String {
    // The exact decimal as text: a float would round large amounts.
    formatted(name, "NumberFormat", options, &value.into()).unwrap_or_else(|| value.to_owned())
}

fn date(name: &str, at: Instant, options: &[(&str, &str)]) -> Option<String> {
    date_in(&i18n::locale(), name, at, options)
}

fn date_in(locale: &str, name: &str, at: Instant, options: &[(&str, &str)]) -> Option<String> {
    #[expect(
        clippy::cast_precision_loss,
        reason = "instants are far below 2^53 milliseconds"
    )]
    let value = JsValue::from_f64(at.millis() as f64);
    formatted_in(locale, name, "DateTimeFormat", options, &value)
}

fn options_of(options: &[(&str, &str)]) -> Object {
    let object = Object::new();
    for (key, value) in options {
        i18n::set(&object, key, value);
    }
    object
}

/// `12,50 €`
pub fn money(amount: Money) -> String {
    let code = amount.currency.code().to_owned();
    let name = ["money ", &code].concat();
    number(
        &name,
        &amount.major().to_string(),
        &[("style", "currency"), ("currency", &code)],
    )
}

/// `12,50`: an amount as one types it, nothing between the thousands.
pub fn plain_amount(amount: Money) -> String {
    let digits = amount.currency.digits().to_string();
    let name = ["plain ", &digits].concat();
    number(
        &name,
        &amount.major().to_string(),
        &[("minimumFractionDigits", &digits), ("useGrouping", "")],
    )
}

/// `12,5059 €`: an amount with all the digits it has.
pub fn exact_money(amount: Decimal, currency: Currency) -> String {
    // The wire's decimals have no zeros at the end that mean anything.
    if let Some(amount) = Money::from_major(amount, currency) {
        return money(amount);
    }
    many_digits(amount, currency, "7")
}

/// `0,4118 €`: a price for one unit, which may have parts of a cent.
pub fn unit_price(price: Decimal, currency: Currency) -> String {
    many_digits(price, currency, "4")
}

fn many_digits(amount: Decimal, currency: Currency, most: &str) -> String {
    let code = currency.code().to_owned();
    let options = [
        ("style", "currency"),
        ("currency", &code),
        ("maximumFractionDigits", most),
    ];
    let name = ["money to ", most, " ", &code].concat();
    number(&name, &amount.to_string(), &options)
}

/// `21,604`: a number with all the digits it has.
pub fn exact(value: Decimal) -> String {
    number(
        "exact",
        &value.to_string(),
        &[("maximumFractionDigits", "7")],
    )
}

/// `21,604 kWh`
pub fn exact_energy(kwh: Decimal) -> String {
    words::unit_kwh(&exact(kwh))
}

/// `8,1 %`
pub fn percent(percent: Decimal) -> String {
    let options = [
        ("style", "unit"),
        ("unit", "percent"),
        ("maximumFractionDigits", "2"),
    ];
    number("percent", &percent.to_string(), &options)
}

/// `21,6 kWh`, with one digit after the point.
pub fn energy(kwh: Decimal) -> String {
    words::unit_kwh(&tenths("energy", kwh))
}

/// `11,2 kW`, with one digit after the point.
pub fn power(kw: Decimal) -> String {
    words::unit_kw(&tenths("energy", kw))
}

/// `150 kW`, with a digit after the point only where there is one.
pub fn whole_power(kw: Decimal) -> String {
    let options = [("maximumFractionDigits", "1")];
    words::unit_kw(&number("whole power", &kw.to_string(), &options))
}

fn tenths(name: &str, value: Decimal) -> String {
    let options = [
        ("minimumFractionDigits", "1"),
        ("maximumFractionDigits", "1"),
    ];
    number(name, &value.to_string(), &options)
}

/// `350 m` or `1,2 km`
pub fn distance(metres: u32) -> String {
    match metres {
        0..1000 => words::unit_metres(&integer((metres / 10 * 10).into())),
        _ => words::unit_kilometres(&tenths("energy", Decimal::new((metres / 100).into(), 1))),
    }
}

/// `14:05` or `1:14:05`: how long it still takes.
pub fn countdown(seconds: i64) -> String {
    let seconds = seconds.max(0);
    let two = |number: i64| [if number < 10 { "0" } else { "" }, &number.to_string()].concat();
    let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
    if hours == 0 {
        return [&minutes.to_string(), ":", &two(seconds % 60)].concat();
    }
    [
        &hours.to_string(),
        ":",
        &two(minutes),
        ":",
        &two(seconds % 60),
    ]
    .concat()
}

/// `1.234`
pub fn integer(count: u64) -> String {
    number(
        "integer",
        &count.to_string(),
        &[("maximumFractionDigits", "0")],
    )
}

/// `42 min` or `3 h 05 min`.
pub fn duration(minutes: i64) -> String {
    let minutes = minutes.max(0).unsigned_abs();
    if minutes < 60 {
        return words::unit_minutes(&integer(minutes));
    }
    let rest = minutes % 60;
    let rest = if rest < 10 {
        ["0", &rest.to_string()].concat()
    } else {
        rest.to_string()
    };
    words::unit_hours(&integer(minutes / 60), &rest)
}

/// How long to wait: `40 s`, `3 min` or, where a month has to end, `225 h 00 min`, rounded up.
pub fn wait(seconds: u32) -> String {
    if seconds <= 90 {
        return words::unit_seconds(&integer(seconds.into()));
    }
    duration(seconds.div_ceil(60).into())
}

/// `Sun, 2 Mar` on the place's calendar, or on this device's.
pub fn day(at: Instant, zone: Option<&str>) -> String {
    zoned(
        "day",
        at,
        zone,
        &[("weekday", "short"), ("day", "numeric"), ("month", "short")],
    )
}

/// `Sun, 2 Mar 2025` on the place's calendar, or on this device's.
pub fn full_day(at: Instant, zone: Option<&str>) -> String {
    zoned(
        "full day",
        at,
        zone,
        &[
            ("weekday", "short"),
            ("day", "numeric"),
            ("month", "short"),
            ("year", "numeric"),
        ],
    )
}

/// `17:05` by the place's clock, or by this device's; `17:05 BST` where the two differ.
pub fn clock(at: Instant, zone: Option<&str>) -> String {
    let here = clock_alone(at, None);
    if zone.is_none() || clock_alone(at, zone) == here {
        return here;
    }
    zoned(
        "clock elsewhere",
        at,
        zone,
        &[
            ("hour", "numeric"),
            ("minute", "2-digit"),
            ("timeZoneName", "short"),
        ],
    )
}

/// Whose clock a place's times are by, where that shows another time than this device's.
pub fn zone_note(at: Instant, zone: Option<&str>) -> Option<String> {
    let elsewhere = zone.filter(|_| clock_alone(at, zone) != clock_alone(at, None));
    elsewhere.map(words::session_zone)
}

/// `17:05` by the place's clock, or by this device's, whether or not they differ.
pub fn clock_alone(at: Instant, zone: Option<&str>) -> String {
    zoned("clock", at, zone, &[("timeStyle", "short")])
}

/// `17:05` if it is the same day there as now, else `Sun, 2 Mar, 17:05`.
pub fn lately(at: Instant, now: Instant, zone: Option<&str>) -> String {
    let on = day(at, zone);
    let on = (on != day(now, zone)).then_some(on);
    joined(&[on, Some(clock(at, zone))], ", ")
}

/// `2 Mar 2025, 17:05` by this device's clock.
pub fn day_and_clock(at: Instant) -> String {
    zoned(
        "day and clock",
        at,
        None,
        &[("dateStyle", "medium"), ("timeStyle", "short")],
    )
}

fn zoned(name: &str, at: Instant, zone: Option<&str>, options: &[(&str, &str)]) -> String {
    let there = zone.and_then(|zone| {
        let mut options = options.to_vec();
        options.push(("timeZone", zone));
        date(&[name, " ", zone].concat(), at, &options)
    });
    there
        .or_else(|| date(name, at, options))
        .unwrap_or_else(|| at.to_string())
}

/// `March 2025`
pub fn month(month: Month) -> String {
    let options = [("month", "long"), ("year", "numeric"), ("timeZone", "UTC")];
    month
        .first_day()
        .and_then(|day| [&day.to_string(), "T12:00:00Z"].concat().parse().ok())
        .and_then(|noon| date("month", noon, &options))
        .unwrap_or_else(|| month.to_string())
}

/// `12 minutes ago, 17:05` under a day, else the day; by this device's clock.
pub fn ago(at: Instant, now: Instant) -> String {
    let seconds = (now.millis() - at.millis()).max(0) / 1000;
    let (count, unit) = match seconds {
        0..60 => (0, "minute"),
        60..3600 => (seconds / 60, "minute"),
        3600..86_400 => (seconds / 3600, "hour"),
        _ => return day_and_clock(at),
    };
    let object = options_of(&[("numeric", "auto"), ("style", "long")]);
    let formatter = Intl::RelativeTimeFormat::new(&Array::of1(&i18n::locale().into()), &object);
    #[expect(clippy::cast_precision_loss, reason = "less than a day of seconds")]
    let ago = formatter.format(-(count as f64), unit).into();
    joined(&[Some(ago), Some(clock(at, None))], ", ")
}
