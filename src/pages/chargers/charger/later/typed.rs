//! What is typed about a booking, kept on the device until the server has it.

use leptos::prelude::*;
use portal_api::{
    petit_monde::booking::{BookingRequest, TokenStrategy},
    query::bookings::OptionsQuery,
    time::Instant,
};
use serde::{Deserialize, Serialize};

use super::{
    Bookable,
    check::{self, Limits, Times, Window, Wrong},
};
use crate::{
    client,
    components::booking,
    format,
    format::wall,
    i18n::words,
    json,
    state::{
        clock::{Clock, use_clock},
        draft::{Draft, use_draft},
    },
};

/// The first time that is proposed begins at least so many seconds from now, and on a
/// half hour.
const AHEAD: i64 = 30 * 60;

/// The name of what is kept about a place.
pub fn name(place: &str) -> String {
    ["book ", place].concat()
}

/// As it is kept.
#[derive(Clone, Default, Deserialize, Serialize)]
#[serde(default)]
struct Typed {
    plug: String,
    day: String,
    from: String,
    to: String,
    choice: String,
    /// What the server knows the request by.
    key: Option<String>,
    /// What was sent, as long as nobody knows what came of it.
    sent: Option<BookingRequest>,
}

/// Nothing came of a request: what was typed stays, as something that wasn't sent.
pub fn refused(draft: &Draft) {
    let typed = draft
        .read()
        .and_then(|text| json::read::<Typed>(&text).ok());
    if let Some(mut typed) = typed {
        (typed.key, typed.sent) = (None, None);
        if let Ok(text) = json::write(&typed) {
            draft.keep(&text);
        }
    }
}

/// A booking in the making.
#[derive(Clone, Copy)]
pub struct Filling {
    /// What can be booked.
    pub bookable: StoredValue<Bookable>,
    /// Which plug.
    pub plug: RwSignal<String>,
    /// The day it begins.
    pub day: RwSignal<String>,
    /// When it begins.
    pub from: RwSignal<String>,
    /// When it ends.
    pub to: RwSignal<String>,
    /// With whose token: the strategy, and whose it is.
    pub choice: RwSignal<String>,
    /// Whether it is on its way how it can be booked.
    pub waits: RwSignal<bool>,
    /// Why it can't be booked as it is chosen, if it can't.
    pub cannot: RwSignal<Option<String>>,
    /// What the operator takes, once that is known.
    pub limits: RwSignal<Option<Limits>>,
    /// How often what is offered was found to be wrong.
    pub turns: RwSignal<u32>,
    /// The choice that was refused because the group may not spend so much.
    pub poor: RwSignal<String>,
    /// Whether it was tried to send it.
    pub tried: RwSignal<bool>,
    key: StoredValue<Option<String>>,
    sent: StoredValue<Option<BookingRequest>>,
    draft: StoredValue<Draft>,
    clock: Clock,
}

impl Filling {
    /// What was typed about a place, or a time that can be had.
    pub fn of(bookable: Bookable) -> Self {
        let clock = use_clock();
        let draft = use_draft(&name(&bookable.name));
        let carried = bookable.typed.get_value();
        let text = Some(carried)
            .filter(|text| !text.is_empty())
            .or_else(|| draft.read());
        let typed: Typed = text
            .and_then(|text| json::read(&text).ok())
            .unwrap_or_default();
        let plug = match bookable.plug(&typed.plug) {
            Some(plug) if typed.sent.is_none() => plug.id.clone(),
            _ => typed.plug,
        };
        let filling = Self {
            plug: RwSignal::new(plug),
            day: RwSignal::new(typed.day),
            from: RwSignal::new(typed.from),
            to: RwSignal::new(typed.to),
            choice: RwSignal::new(typed.choice),
            waits: RwSignal::new(false),
            cannot: RwSignal::new(None),
            limits: RwSignal::new(None),
            turns: RwSignal::new(0),
            tried: RwSignal::new(false),
            poor: RwSignal::new(String::new()),
            key: StoredValue::new(typed.key),
            sent: StoredValue::new(typed.sent),
            draft: StoredValue::new(draft),
            bookable: StoredValue::new(bookable),
            clock,
        };
        if filling.sent().is_none() {
            filling.propose();
        }
        filling
    }

    /// Proposes a time where none is typed, or one that has gone by.
    fn propose(self) {
        let now = self.clock.exactly();
        let usable = untrack(|| self.window()).is_ok_and(|(start, _)| start > now);
        if usable {
            return;
        }
        let half_hours = (now.millis() / 1000 + AHEAD).div_euclid(1800) + 1;
        let start = Instant::from_millis(half_hours * 1_800_000);
        let of = |at: Instant| {
            self.bookable.with_value(|bookable| {
                wall::day_and_time(at, bookable.zone.as_deref()).unwrap_or_default()
            })
        };
        let (day, from, to) = check::proposal(start, of);
        self.day.set(day);
        self.from.set(from);
        self.to.set(to);
    }

    /// The time that is meant; whoever asks is told of changes.
    pub fn window(self) -> Result<Window, Wrong> {
        let (day, from, to) = (self.day.get(), self.from.get(), self.to.get());
        let times = Times {
            day: &day,
            from: &from,
            to: &to,
        };
        self.bookable.with_value(|bookable| {
            let zone = bookable.zone.as_deref();
            check::window(times, |day, time| wall::instant(day, time, zone))
        })
    }

    /// What is wrong with it; whoever asks is told of changes.
    pub fn wrong(self) -> Option<Wrong> {
        match self.window() {
            Err(wrong) => Some(wrong),
            Ok(window) => check::wrong(window, self.clock.now(), self.limits.get()),
        }
    }

    /// How long it is and when it ends, once a time can be meant.
    pub fn lasts(self) -> String {
        let Ok((start, end)) = self.window() else {
            return String::new();
        };
        let long = format::duration((end.millis() - start.millis()) / 60_000);
        let when = self
            .bookable
            .with_value(|bookable| booking::window(start, end, bookable.zone.as_deref()));
        words::book_lasts(&long, &when)
    }

    /// What is asked about, and how often that was; whoever asks is told of changes.
    pub fn query(self) -> Option<(OptionsQuery, u32)> {
        let (start, end) = self.window().ok()?;
        let (plug, turns) = (self.plug.get(), self.turns.get());
        let query = self.bookable.with_value(|bookable| {
            let plug = bookable.plug(&plug)?;
            Some(OptionsQuery {
                location_id: bookable.location_id.clone(),
                evse_uid: plug.evse_uid.clone(),
                connector_id: Some(plug.connector_id.clone()),
                start,
                end,
            })
        });
        Some((query?, turns))
    }

    /// Something was changed: it is another request from now on.
    pub fn changed(self) {
        self.key.set_value(None);
        self.sent.set_value(None);
        self.poor.set(String::new());
        self.keep();
    }

    /// What was sent, if nobody knows what came of it. That and nothing else may be sent
    /// again: the plug may have gone from the form since.
    pub fn sent(self) -> Option<BookingRequest> {
        self.sent.get_value()
    }

    /// It is sent from now on: what the server knows it by.
    pub fn is_asked(self, request: &BookingRequest) -> String {
        let key = self.key.get_value().unwrap_or_else(client::new_key);
        self.key.set_value(Some(key.clone()));
        self.sent.set_value(Some(request.clone()));
        self.keep();
        key
    }

    /// The server has it: nothing is left to be carried on.
    pub fn booked(self) {
        let carried = self.bookable.with_value(|bookable| bookable.typed);
        carried.try_update_value(String::clear);
    }

    /// What is kept on the device, for whoever outlives the page.
    pub fn draft(self) -> Draft {
        self.draft.get_value()
    }

    /// As it is sent.
    pub fn request(self) -> Option<BookingRequest> {
        let (query, _) = untrack(|| self.query())?;
        let choice = self.choice.get_untracked();
        let (word, id) = choice.split_once(' ').unwrap_or((&choice, ""));
        let strategy = TokenStrategy::of_word(word);
        let id = (!id.is_empty()).then(|| id.to_owned());
        let (customer_id, fleet_group_id) = match strategy {
            TokenStrategy::DriverToken => (id, None),
            TokenStrategy::GroupToken => (None, id),
            _ => (None, None),
        };
        Some(BookingRequest {
            location_id: query.location_id,
            evse_uid: query.evse_uid,
            connector_id: query.connector_id,
            reservation_start: query.start,
            reservation_end: query.end,
            external_id: None,
            token_strategy: Some(strategy),
            customer_id,
            token_id: None,
            fleet_group_id,
        })
    }

    fn keep(self) {
        let typed = Typed {
            plug: self.plug.get_untracked(),
            day: self.day.get_untracked(),
            from: self.from.get_untracked(),
            to: self.to.get_untracked(),
            choice: self.choice.get_untracked(),
            key: self.key.get_value(),
            sent: self.sent.get_value(),
        };
        if let Ok(text) = json::write(&typed) {
            self.draft.with_value(|draft| draft.keep(&text));
            let carried = self.bookable.with_value(|bookable| bookable.typed);
            carried.try_update_value(|carried| *carried = text);
        }
    }
}
