//! `/guest#…`: a booking as its guest sees it, whoever has the link.

use std::time::Duration;

use leptos::{ev, prelude::*};
use portal_api::{
    petit_monde::booking::BookingStatus, portal::bookings::GuestBooking, time::Instant,
};

use crate::{
    client::{self, Answer, Problem},
    components::{
        booking::{self, StatusChip},
        charging::{map_link, plug_and_number},
        loaded::Loaded,
    },
    format,
    i18n::{tab_title, words},
    run::{live, pause, while_here},
    state::{
        clock::{Clock, use_clock},
        guest::{forget, keep, kept},
        remote::{Load, Remote, remote},
    },
    ui::{
        chip::{Chip, Tone},
        notice::{About, Notice},
        number::LargeNumber,
        page::Page,
        skeleton::Shape,
    },
};

/// How often it is asked for again.
const ASK_AGAIN: Duration = Duration::from_secs(20);

/// What the link shows.
#[component]
pub fn GuestPage() -> impl IntoView {
    let secret = window().location().hash().unwrap_or_default();
    let secret = secret.trim_start_matches('#').to_owned();
    // Another link in the same page is another booking.
    let changed = window_event_listener(ev::hashchange, |_| {
        let _ = web_sys::window().map(|window| window.location().reload());
    });
    on_cleanup(move || changed.remove());
    let clock = use_clock();
    let booking = remote(move || ask(secret.clone(), clock));
    keep_asking(booking);
    // Whether there is something to show; `None` as long as nobody knows.
    let stands = Memo::new(move |_| match booking.load() {
        Load::Here(answer) => {
            let before_end = |shown: GuestBooking| clock.now() < shown.end;
            Some(answer.value.is_some_and(before_end))
        }
        _ => None,
    });
    let title = move || match stands.get() {
        Some(true) => words::guest_page_title(),
        Some(false) => words::guest_spent_title(),
        None => words::booking_title(),
    };
    let draw = move |booking: Option<GuestBooking>| {
        live(move || match booking.clone() {
            Some(booking) if stands.get() == Some(true) => shown(booking),
            _ => view! { <Spent /> }.into_any(),
        })
        .into_any()
    };
    view! {
        <Page title=Signal::derive(title) tab_title>
            <Loaded remote=booking shape=Shape::Overview children=draw />
        </Page>
    }
}

/// Asks for what the link shows, which may be nothing any more; without a network it is
/// what it showed last.
async fn ask(secret: String, clock: Clock) -> client::Result<Answer<Option<GuestBooking>>> {
    let fresh = |value| Answer {
        value,
        kept_at: None,
    };
    if secret.is_empty() {
        return Ok(fresh(None));
    }
    match client::bookings::guest(secret.clone()).await {
        Ok(mut answer) => {
            let now = answer.value.now;
            clock.set(now);
            // That time goes on is nothing to draw the page anew for.
            answer.value.now = Instant::from_millis(0);
            keep(&secret, &answer.value, now);
            Ok(fresh(Some(answer.value)))
        }
        Err(Problem::Missing | Problem::Refused { .. }) => {
            forget();
            Ok(fresh(None))
        }
        Err(problem) => {
            let still = |kept: &(GuestBooking, Instant)| kept.0.end > clock.exactly();
            let kept = kept(&secret).filter(still);
            let (value, at) = kept.ok_or(problem)?;
            Ok(Answer {
                value: Some(value),
                kept_at: Some(at),
            })
        }
    }
}

/// Guests hear of nothing by themselves.
fn keep_asking(booking: Remote<Option<GuestBooking>>) {
    while_here(async move {
        loop {
            pause(ASK_AGAIN).await;
            if !document().hidden() {
                booking.again();
            }
        }
    });
}

/// It is over, was given up, or never was.
#[component]
fn Spent() -> impl IntoView {
    view! {
        <Notice
            about=About::Nothing
            icon="clock"
            title=""
            text=words::guest_spent_text()
        />
    }
}

/// All that a guest needs to know.
fn shown(booking: GuestBooking) -> AnyView {
    let place = &booking.charge_point.place;
    let zone = place.time_zone.as_deref();
    let plug = booking.charge_point.connectors.first();
    let plug = plug.map(|plug| plug_and_number(plug.plug.as_ref(), plug.connector_id));
    let from = [
        format::day(booking.valid_from, zone),
        format::clock(booking.valid_from, zone),
    ]
    .join(", ");
    let held = booking.held.then(|| {
        view! { <Chip tone=Tone::Live icon="check" text=words::guest_held() /> }
    });
    let lines = [
        (words::session_address(), place.address.clone()),
        (
            words::session_charge_point(),
            Some(booking.charge_point.charge_point_id.clone()),
        ),
        (words::booking_plug(), plug),
    ];
    let lines = lines
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
        .map(|(name, value)| view! { <dt>{name}</dt><dd>{value}</dd> })
        .collect_view();
    let note = format::zone_note(booking.start, zone);
    view! {
        <div class="guest">
            <p class="guest-place">{place.name.clone()}</p>
            <p class="guest-window">{booking::window(booking.start, booking.end, zone)}</p>
            <p class="guest-state">
                <StatusChip status=booking.status.clone() />
                {held}
            </p>
            <section class="guest-token" aria-labelledby="number">
                <h2 class="card-title" id="number">{words::guest_number()}</h2>
                {(!booking.uid.is_empty()).then(|| view! { <LargeNumber number=booking.uid.clone() /> })}
                <p>{waits(&booking, &from)}</p>
            </section>
            <dl class="facts">{lines}</dl>
            {note.map(|note| view! { <p class="facts-note">{note}</p> })}
            {map_link(place)}
        </div>
    }
    .into_any()
}

/// What the guest does with the number, or waits for.
fn waits(booking: &GuestBooking, from: &str) -> String {
    match booking.status {
        BookingStatus::Requested | BookingStatus::Pending => words::guest_not_yet(),
        BookingStatus::Attending => words::booking_means_attending(),
        _ if booking.uid.is_empty() => words::guest_not_yet(),
        _ => words::guest_how(from),
    }
}
