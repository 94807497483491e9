//! `/bookings/:id`: a booking, where it stands, and all one can do about it.

mod cancel;
mod facts;
mod guest;
mod outcome;
mod steps;
mod token;

use std::{cell::Cell, rc::Rc, time::Duration};

use leptos::prelude::*;
use portal_api::{
    petit_monde::booking::{Booking, BookingStatus},
    portal::bookings::{BookingDetail, ShownToken},
    time::Instant,
};

use self::{
    cancel::Cancel,
    facts::Facts,
    guest::{HandOver, Handing},
    outcome::Outcome,
    steps::Steps,
};
use crate::{
    client::{self, Answer},
    components::{
        booking::{StatusChip, place, status_text, window_of},
        calendar::{Entry, Reminder, ToCalendar},
        loaded::Loaded,
    },
    format,
    i18n::{tab_title, words},
    pages::bookings::token::WhatToShow,
    routes,
    run::{live, pause, whenever, while_here},
    state::{
        address::use_address,
        clock::{Clock, use_clock},
        live::use_live,
        remote::{Remote, remote},
    },
    ui::{icon::Icon, page::Page, skeleton::Shape},
};

/// How often the server is asked while a booking isn't settled: what it tells by itself
/// may not get here.
const ASK_AGAIN: Duration = Duration::from_secs(5);

/// A booking as the page has it.
type Shown = Remote<BookingDetail>;

/// The booking that the address names.
#[component]
pub fn BookingPage() -> impl IntoView {
    let address = use_address();
    let id = Memo::new(move |_| routes::booking_in(&address.path()).unwrap_or_default());
    live(move || view! { <BookingById id=id.get() /> }.into_any())
}

async fn ask(
    id: String,
    clock: Clock,
    tokens: Rc<Cell<Vec<ShownToken>>>,
) -> client::Result<Answer<BookingDetail>> {
    let mut answer = client::bookings::booking(&id).await?;
    let before = tokens.take();
    if answer.kept_at.is_none() {
        clock.set(answer.value.now);
    } else if !before.is_empty() {
        // What is kept has no numbers in it, and somebody may stand before the charger.
        answer.value.tokens = before;
    }
    tokens.set(answer.value.tokens.clone());
    // That time goes on is nothing to draw the page anew for.
    answer.value.now = Instant::from_millis(0);
    Ok(answer)
}

#[component]
fn BookingById(id: String) -> impl IntoView {
    let (told, clock) = (use_live(), use_clock());
    let (asked, tokens) = (id.clone(), Rc::default());
    let detail: Shown = remote(move || ask(asked.clone(), clock, Rc::clone(&tokens)));
    // What is being handed over outlives what is drawn anew.
    provide_context(Handing::of(&id));
    told.renews(detail);
    keep_up(id, detail);
    ask_until_settled(detail);
    let title = move || match detail.value() {
        Some(detail) => place(&detail.booking),
        None => words::booking_title(),
    };
    // It stands there before anything is to be said: only then is it spoken.
    let spoken = move || {
        detail
            .value()
            .map(|detail| status_text(&detail.booking.status))
    };
    let coming = Memo::new(move |_| detail.value().as_ref().is_some_and(comes));
    view! {
        <a class="back" href=routes::RESERVATIONS>
            <Icon name="back" />
            {words::holds_title()}
        </a>
        <Page title=Signal::derive(title) tab_title>
            <p class="said-only" role="status">{live(spoken)}</p>
            <Loaded
                remote=detail
                shape=Shape::Overview
                children=|of| view! { <All of /> }.into_any()
            />
            {live(move || coming.get().then(|| view! { <Actions detail /> }))}
        </Page>
    }
}

/// Asks for what the server told of meanwhile.
fn keep_up(id: String, detail: Shown) {
    let told = use_live();
    whenever(move || {
        let (Some(news), Some(here)) = (told.booking(&id), detail.value()) else {
            return;
        };
        let newer = news.booking.updated_at >= here.booking.updated_at;
        if newer && (news.booking != here.booking || news.held != here.held) {
            detail.again();
        }
    });
}

/// Asks now and then while a booking is neither confirmed nor over.
fn ask_until_settled(detail: Shown) {
    while_here(async move {
        loop {
            pause(ASK_AGAIN).await;
            let open = |detail: BookingDetail| !is_settled(&detail.booking);
            if !document().hidden() && untrack(|| detail.value()).is_some_and(open) {
                detail.again();
            }
        }
    });
}

fn is_settled(booking: &Booking) -> bool {
    let kept = [BookingStatus::Confirmed, BookingStatus::Attending];
    kept.contains(&booking.status) || booking.status.is_over()
}

/// Whether somebody may come for it: what is confirmed and can't be given up any more had
/// its time, though it isn't known yet what came of it.
fn comes(of: &BookingDetail) -> bool {
    match of.booking.status {
        BookingStatus::Confirmed => of.cancelling.is_some(),
        ref status => !status.is_over(),
    }
}

/// Everything about a booking.
#[component]
fn All(of: BookingDetail) -> impl IntoView {
    let booking = of.booking.clone();
    let comes = comes(&of);
    let now = view! {
        <section class="card booking-now" aria-label=words::booking_title()>
            <StatusChip status=booking.status.clone() />
            <p class="booking-window">{window_of(&booking)}</p>
            {comes.then(|| begins(booking.reservation_start))}
            <Outcome of=of.clone() />
            <Steps status=booking.status.clone() held=of.held confirmed=was_confirmed(&booking) />
        </section>
    };
    let coming = comes.then(|| {
        view! {
            <WhatToShow of=of.clone() />
            {of.guest_link.is_some().then(|| view! { <HandOver of=of.clone() /> })}
        }
    });
    view! {
        {now}
        {coming}
        <Facts of />
    }
}

/// What can be done about a booking that isn't over: who is asked for the last yes still is
/// when the booking goes further meanwhile.
#[component]
fn Actions(detail: Shown) -> impl IntoView {
    let calendar = move || {
        let entry = entry(&detail.value()?)?;
        Some(view! { <ToCalendar entry file="booking.ics" /> })
    };
    view! {
        <div class="booking-actions">
            {live(calendar)}
            <Cancel detail />
        </div>
    }
}

/// How long it is until then, within a day.
fn begins(start: Option<Instant>) -> impl IntoView {
    let clock = use_clock();
    let says = move || {
        let left = start?.millis() - clock.now().millis();
        let minutes = (left + 59_999).div_euclid(60_000);
        (1..=24 * 60)
            .contains(&minutes)
            .then(|| words::booking_begins(&format::duration(minutes)))
    };
    view! { <p class="booking-begins">{live(says)}</p> }
}

/// Whether it ever was confirmed, as far as one can tell.
fn was_confirmed(booking: &Booking) -> bool {
    booking.cpo_reservation_id.is_some()
}

/// The place's time zone.
fn zone(of: &BookingDetail) -> Option<&str> {
    of.booking.location_time_zone.as_deref()
}

/// What stands in a calendar.
fn entry(of: &BookingDetail) -> Option<Entry> {
    let booking = &of.booking;
    let address = of.charge_point.as_ref();
    let address = address.and_then(|point| point.place.address.clone());
    Some(Entry {
        id: booking.id.clone(),
        start: booking.reservation_start?,
        end: booking.reservation_end?,
        title: words::booking_calendar_title(&place(booking)),
        text: facts::plug(of),
        place: vec![place(booking), address.unwrap_or_default()],
        path: routes::booking(&booking.id),
        reminder: Reminder::BeforeStart,
    })
}
