//! Booking a plug for later: which one, when, and with whose token.

mod asking;
mod check;
mod group;
mod offers;
mod typed;

use leptos::{ev, prelude::*};
use portal_api::{
    petit_monde::search::Location,
    portal::charge_points::{ChargePoint, Connector, Plug},
};

use self::{
    asking::{Asking, Stage},
    check::Wrong,
    offers::Offers,
    typed::Filling,
};
use crate::{
    client::bookings::Refusal,
    components::{
        charging::{plug_and_number, plug_name},
        trouble::FormTrouble,
    },
    format,
    i18n::{problem::say_in_a_line, words},
    run::live,
    state::{clock::use_clock, draft::use_draft, network::use_network},
    ui::{
        button::{Button, Weight},
        field::{self, Field, Kind},
        select::Select,
    },
};

/// Whether a booking there was asked for and nobody knows yet what came of it. It is asked
/// before the form's code is here, so that it only looks for the word.
pub fn waits(charge_point_id: &str) -> bool {
    let typed = use_draft(&typed::name(charge_point_id)).read();
    typed.is_some_and(|typed| typed.contains(r#""sent":{"#))
}

/// Petit Monde tells no zone of its places; all of them are in one.
const ELSEWHERE: &str = "Europe/Berlin";

/// A place with plugs that can be booked.
#[derive(Clone)]
pub struct Bookable {
    /// What is typed about it is kept by this name.
    name: String,
    location_id: String,
    zone: Option<String>,
    /// The one somebody stands before in front.
    plugs: Vec<BookablePlug>,
    /// What is typed, as long as the page is there.
    typed: StoredValue<String>,
}

/// One of them.
#[derive(Clone)]
struct BookablePlug {
    /// Tells it from the others there.
    id: String,
    evse_uid: String,
    connector_id: String,
    /// What it is called in the list of them.
    says: String,
}

impl BookablePlug {
    /// A plug of ours that takes holds and has a price and a number in the world.
    fn of(plug: &Connector) -> Option<Self> {
        let evse_uid = plug.evse_id.clone()?;
        let number = plug.connector_id;
        let name = plug_and_number(plug.plug.as_ref(), number);
        let power = plug.power_kw.map(format::whole_power);
        (plug.reservable && plug.terms.is_some()).then(|| Self {
            id: number.to_string(),
            evse_uid,
            connector_id: number.to_string(),
            says: format::dotted(&[Some(name), power]),
        })
    }
}

impl Bookable {
    /// A charge point of ours, if any of its plugs can be booked.
    pub fn of(
        charger: &ChargePoint,
        first: Option<u32>,
        typed: StoredValue<String>,
    ) -> Option<Self> {
        let mut plugs = charger.connectors.clone();
        plugs.sort_by_key(|plug| (Some(plug.connector_id) != first, plug.connector_id));
        let plugs: Vec<_> = plugs.iter().filter_map(BookablePlug::of).collect();
        (!plugs.is_empty()).then(|| Self {
            name: charger.charge_point_id.clone(),
            location_id: charger.place.site_id.clone(),
            zone: charger.place.time_zone.clone(),
            plugs,
            typed,
        })
    }

    /// A place that a real Petit Monde knows. Only what is free there now can be booked.
    pub fn elsewhere(location: &Location) -> Self {
        let plugs = location
            .evses
            .iter()
            .filter(|evse| evse.can_be_booked())
            .flat_map(|evse| {
                evse.connectors.iter().map(|plug| BookablePlug {
                    id: [&evse.evse_uid, " ", &plug.connector_id].concat(),
                    evse_uid: evse.evse_uid.clone(),
                    connector_id: plug.connector_id.clone(),
                    says: format::dotted(&[
                        plug.kind
                            .as_deref()
                            .map(|kind| plug_name(Some(&Plug::of_ocpi(kind)))),
                        plug.power_kw.map(format::whole_power),
                        Some(evse.evse_uid.clone()),
                    ]),
                })
            });
        Self {
            name: location.location_id.clone(),
            location_id: location.location_id.clone(),
            zone: Some(ELSEWHERE.to_owned()),
            plugs: plugs.collect(),
            typed: StoredValue::new(String::new()),
        }
    }

    /// The plug of that id, else the first one.
    fn plug(&self, id: &str) -> Option<&BookablePlug> {
        let found = self.plugs.iter().find(|plug| plug.id == id);
        found.or(self.plugs.first())
    }
}

/// The form about the [`Bookable`] of the context.
#[component]
pub fn Later() -> impl IntoView {
    let bookable: Bookable = expect_context();
    let network = use_network();
    let zone = format::zone_note(use_clock().exactly(), bookable.zone.as_deref());
    let filling = Filling::of(bookable);
    let asking = Asking::of(filling);
    asking.resume();
    let busy = move || asking.is_asking() || filling.waits.get();
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        filling.tried.set(true);
        if let Some(wrong) = untrack(|| filling.wrong()) {
            field::focus(wrong.field());
        } else if untrack(busy) {
            // The button says so.
        } else if filling.cannot.read_untracked().is_some() {
            asking.stage.set(Stage::Cannot);
        } else {
            asking.ask();
        }
    };
    let can = Memo::new(move |_| network.online() || asking.is_asking());
    let button = move || {
        if !can.get() {
            return view! { <p class="facts-note">{words::hold_offline()}</p> }.into_any();
        }
        // Busy with what is on its way before, it says nothing else than what it does.
        let text = if asking.is_asking() {
            words::book_asking()
        } else {
            words::book_submit()
        };
        view! { <Button weight=Weight::Main text busy=Signal::derive(busy) /> }.into_any()
    };
    let says = move || match asking.stage.get() {
        Stage::Checking => words::book_checking(),
        Stage::Asking => words::book_asking_text(),
        _ => String::new(),
    };
    let refusal = move || match asking.stage.get() {
        Stage::Refused(why) => refused(&why),
        Stage::Cannot => filling.cannot.get(),
        _ => None,
    };
    view! {
        <form class="card form booking-form" novalidate aria-label=words::book_title() on:submit=submit>
            <WhichPlug filling />
            <Times filling />
            {zone.map(|zone| view! { <p class="facts-note">{zone}</p> })}
            {live(move || network.online().then(|| offers(filling)))}
            <FormTrouble problem=Signal::derive(refusal) />
            {live(button)}
            <p class="offer-says" role="status">{live(says)}</p>
        </form>
    }
}

/// With whose token, and what it costs; made anew for each plug and time.
fn offers(filling: Filling) -> AnyView {
    match filling.query() {
        Some((query, _)) => view! { <Offers query filling /> }.into_any(),
        None => {
            filling.waits.set(false);
            view! { <p class="facts-note">{words::book_time_first()}</p> }.into_any()
        }
    }
}

/// Which plug, where there are several.
#[component]
fn WhichPlug(filling: Filling) -> impl IntoView {
    let options: Vec<(String, String)> = filling.bookable.with_value(|bookable| {
        let plugs = bookable.plugs.iter();
        plugs
            .map(|plug| (plug.id.clone(), plug.says.clone()))
            .collect()
    });
    (options.len() > 1).then(|| {
        view! {
            <Select
                id="booked-plug"
                label=words::booking_plug()
                options=Signal::stored(options)
                value=filling.plug
                on_change=move |plug: String| {
                    filling.plug.set(plug);
                    filling.changed();
                }
            />
        }
    })
}

/// The day, from when and until when.
#[component]
fn Times(filling: Filling) -> impl IntoView {
    let wrong = move |id: &'static str| {
        Signal::derive(move || {
            let wrong = filling.wrong().filter(|wrong| wrong.field() == id)?;
            (filling.tried.get() || !wrong.is_missing()).then(|| said(&wrong))
        })
    };
    let changed = move |_: String| filling.changed();
    view! {
        <Field
            id="day"
            kind=Kind::Date
            label=words::book_day()
            error=wrong("day")
            value=filling.day
            autocomplete="off"
            on_input=changed
        />
        <div class="booking-times">
            <Field
                id="from"
                kind=Kind::Time
                label=words::book_from()
                error=wrong("from")
                value=filling.from
                autocomplete="off"
                on_input=changed
            />
            <Field
                id="to"
                kind=Kind::Time
                label=words::book_to()
                error=wrong("to")
                value=filling.to
                autocomplete="off"
                on_input=changed
            />
        </div>
        <p class="facts-note" role="status">{live(move || filling.lasts())}</p>
    }
}

/// What is wrong with a time, in words.
fn said(wrong: &Wrong) -> String {
    match wrong {
        Wrong::NoDay => words::book_day_missing(),
        Wrong::NoFrom | Wrong::NoTo => words::book_time_missing(),
        Wrong::NeverFrom | Wrong::NeverTo => words::book_time_never(),
        Wrong::TooSoon => words::book_too_soon(),
        Wrong::TooFar(days) => words::book_too_far((*days).into()),
        Wrong::Same => words::book_same(),
        Wrong::TooLong(minutes) => words::book_too_long(&format::duration((*minutes).into())),
    }
}

/// Why it isn't booked, where nothing else on the page says it.
fn refused(why: &Refusal) -> Option<String> {
    Some(match why {
        Refusal::Taken => words::book_taken(),
        Refusal::Spending(_) => words::book_spending(),
        Refusal::Most => words::book_most_open(),
        Refusal::Start => words::book_too_soon(),
        Refusal::End => words::book_end_refused(),
        Refusal::Other(problem) => say_in_a_line(problem),
    })
}
