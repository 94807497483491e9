//! What is shown at the plug: large and bright.

use leptos::prelude::*;
use portal_api::{
    petit_monde::booking::BookingStatus,
    portal::bookings::{BookingDetail, ShownToken, TokenKind},
};

use super::zone;
use crate::{
    format,
    i18n::words,
    ui::{fold::Fold, number::LargeNumber},
};

/// What to show at the plug, and from when it works.
#[component]
pub fn WhatToShow(
    /// The booking.
    of: BookingDetail,
) -> impl IntoView {
    let first = of.tokens.first()?.clone();
    let waits = of.booking.status != BookingStatus::Attending;
    let from = of.held_from.filter(|_| waits).map(|from| {
        let zone = zone(&of);
        let at = [format::day(from, zone), format::clock(from, zone)].join(", ");
        view! { <p class="facts-note">{words::booking_held_from(&at)}</p> }
    });
    let others = (of.tokens.len() > 1).then(|| {
        let all = of.tokens.iter();
        let all = all
            .map(|token| view! { <li>{in_a_line(token)}</li> })
            .collect_view();
        view! {
            <Fold icon="account" title=Signal::stored(words::booking_others())>
                <ul class="terms">{all}</ul>
            </Fold>
        }
    });
    Some(view! {
        <section class="card booking-token" aria-labelledby="token">
            <h2 class="card-title" id="token">{words::booking_show()}</h2>
            {large(&first)}
            {others}
            {from}
        </section>
    })
}

/// The usual one.
fn large(token: &ShownToken) -> AnyView {
    let label = token.label.clone();
    match (&token.uid, &token.kind) {
        (_, TokenKind::Portal) => view! { <p>{words::booking_show_portal()}</p> }.into_any(),
        (Some(uid), kind) if *kind != TokenKind::Card => view! {
            <p>{words::booking_show_number()}</p>
            <LargeNumber number=uid.clone() />
            {label.map(|label| view! { <p class="facts-note">{label}</p> })}
        }
        .into_any(),
        (None, kind) if *kind != TokenKind::Card => view! {
            <p>{words::group_tokens_unkept()}</p>
            {label.map(|label| view! { <p class="facts-note">{label}</p> })}
        }
        .into_any(),
        (uid, _) => {
            let name = label.or_else(|| uid.clone()).unwrap_or_default();
            view! {
                <p class="booking-card-name">{name}</p>
                <p>{words::booking_show_card()}</p>
            }
            .into_any()
        }
    }
}

/// Another one that opens the plug, too.
fn in_a_line(token: &ShownToken) -> String {
    format::dotted(&[token.label.clone(), token.uid.clone()])
}
