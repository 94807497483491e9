//! An entry in a calendar (RFC 5545).

use js_sys::Array;
use leptos::prelude::*;
use portal_api::time::Instant;
use web_sys::{Blob, BlobPropertyBag};

use crate::{
    i18n::words,
    state::clock::use_clock,
    ui::{
        button::{Button, Weight},
        save::save,
    },
};

/// The most bytes of a line.
const LINE: usize = 75;

/// What stands in a calendar.
#[derive(Clone, Debug)]
pub struct Entry {
    /// What it is known by.
    pub id: String,
    /// From when.
    pub start: Instant,
    /// Until when.
    pub end: Instant,
    /// In a few words.
    pub title: String,
    /// What else there is to know.
    pub text: String,
    /// Where: name and address, as far as they are known.
    pub place: Vec<String>,
    /// Its page in the portal.
    pub path: String,
    /// When the calendar reminds of it.
    pub reminder: Reminder,
}

/// When a calendar reminds of an entry.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Reminder {
    /// Five minutes before it ends.
    BeforeEnd,
    /// Half an hour before it begins.
    BeforeStart,
}

impl Reminder {
    const fn as_str(self) -> &'static str {
        match self {
            Self::BeforeEnd => "TRIGGER;RELATED=END:-PT5M",
            Self::BeforeStart => "TRIGGER:-PT30M",
        }
    }
}

/// Something to press that makes the entry.
#[component]
pub fn ToCalendar(
    /// What it says.
    entry: Entry,
    /// The file's name.
    file: &'static str,
) -> impl IntoView {
    let clock = use_clock();
    let press = move |()| {
        let origin = window().location().origin().unwrap_or_default();
        let text = written(&entry, clock.exactly(), &origin);
        let about = BlobPropertyBag::new();
        about.set_type("text/calendar;charset=utf-8");
        let parts = Array::of1(&text.into());
        if let Ok(blob) = Blob::new_with_str_sequence_and_options(&parts, &about) {
            save(&blob, file);
        }
    };
    view! { <Button weight=Weight::Quiet text=words::hold_calendar() on_press=press /> }
}

/// The file.
fn written(entry: &Entry, now: Instant, origin: &str) -> String {
    let host = origin.rsplit('/').next().unwrap_or_default();
    let place: Vec<&str> = entry
        .place
        .iter()
        .map(String::as_str)
        .filter(|part| !part.is_empty())
        .collect();
    let lines = [
        "BEGIN:VCALENDAR".to_owned(),
        "VERSION:2.0".to_owned(),
        "PRODID:-//Driver Portal//Holds//EN".to_owned(),
        "BEGIN:VEVENT".to_owned(),
        ["UID:", &escaped(&entry.id), "@", host].concat(),
        ["DTSTAMP:", &stamp(now)].concat(),
        ["DTSTART:", &stamp(entry.start)].concat(),
        ["DTEND:", &stamp(entry.end)].concat(),
        ["SUMMARY:", &escaped(&entry.title)].concat(),
        ["DESCRIPTION:", &escaped(&entry.text)].concat(),
        ["LOCATION:", &escaped(&place.join(", "))].concat(),
        ["URL:", origin, &entry.path].concat(),
        "BEGIN:VALARM".to_owned(),
        "ACTION:DISPLAY".to_owned(),
        ["DESCRIPTION:", &escaped(&entry.title)].concat(),
        entry.reminder.as_str().to_owned(),
        "END:VALARM".to_owned(),
        "END:VEVENT".to_owned(),
        "END:VCALENDAR".to_owned(),
    ];
    lines.iter().map(|line| folded(line)).collect()
}

/// `20250302T160500Z`
fn stamp(at: Instant) -> String {
    at.to_string().replace(['-', ':'], "")
}

fn escaped(text: &str) -> String {
    let text = text
        .replace('\\', "\\\\")
        .replace(';', "\\;")
        .replace(',', "\\,");
    text.replace('\r', "").replace('\n', "\\n")
}

/// A line with its end; a long one in pieces, each on a line that begins with a blank.
fn folded(line: &str) -> String {
    let mut folded = String::new();
    let mut length = 0;
    for sign in line.chars() {
        if length + sign.len_utf8() > LINE {
            folded.push_str("\r\n ");
            length = 1;
        }
        folded.push(sign);
        length += sign.len_utf8();
    }
    folded.push_str("\r\n");
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_has_utc_times_escaped_text_and_one_name() {
        let at = |text: &str| text.parse::<Instant>().unwrap();
        let entry = Entry {
            id: "rsv_1".into(),
            start: at("2025-03-02T16:05:00Z"),
            end: at("2025-03-02T16:35:00Z"),
            title: "A, b\nc".into(),
            text: "Connector 2".into(),
            place: vec!["Am Bogen; Hof, 2".into(), String::new()],
            path: "/r/CP-1/2".into(),
            reminder: Reminder::BeforeEnd,
        };
        let text = written(&entry, at("2025-03-02T16:06:00Z"), "https://portal.example");
        for line in [
            "UID:rsv_1@portal.example",
            "DTSTART:20250302T160500Z",
            "DTEND:20250302T163500Z",
            "SUMMARY:A\\, b\\nc",
            "LOCATION:Am Bogen\\; Hof\\, 2",
            "URL:https://portal.example/r/CP-1/2",
            "TRIGGER;RELATED=END:-PT5M",
        ] {
            assert!(text.contains(&[line, "\r\n"].concat()), "{line} in {text}");
        }
    }

    #[test]
    fn no_line_is_longer_than_75_bytes_and_no_sign_is_cut() {
        let line = "ä".repeat(100);
        let text = folded(&line);
        assert!(text.split("\r\n").all(|line| line.len() <= 75));
        assert_eq!(text.replace("\r\n ", "").trim_end(), line);
    }
}
