//! All about one booking at a real Petit Monde, and how somebody can make one there. What
//! Petit Monde doesn't tell is left open: its operators' terms, and what is free.

use portal_api::{
    money::{Currency, Money},
    petit_monde::{
        booking::{AHEAD_MINUTES, Booking, TokenStrategy},
        search::Location,
    },
    portal::{
        Cost,
        bookings::{
            BookingChoice, BookingDetail, BookingOptions, Cancelling, ShownToken, TokenKind,
        },
        charge_points::ChargePoint,
    },
    query::bookings::OptionsQuery,
    time::Instant,
};
use sqlx::AnyConnection;

use super::{Kept, ask_next, own};
use crate::embedded::{
    bookings::{
        leaving,
        options::{group_tokens, in_order, of_group, told},
        payers, plugs,
    },
    charging::Charging,
    groups::{self, members},
    people::{self, Person},
};

/// Operators usually take four hours at most; some take a working day.
const LONGEST_MINUTES: u32 = 8 * 60;

impl Charging {
    /// One of somebody's own bookings.
    pub async fn booking_elsewhere(
        &self,
        person_id: &str,
        id: &str,
    ) -> Result<Option<BookingDetail>, sqlx::Error> {
        let mut reader = self.store().readers().acquire().await?;
        let Some(kept) = own(&mut reader, person_id, id).await? else {
            return Ok(None);
        };
        ask_next(self.store(), &kept, self.now()).await?;
        let group = match &kept.group_id {
            Some(id) => groups::find(&mut reader, id).await?,
            None => None,
        };
        Ok(Some(BookingDetail {
            tokens: tokens(&mut reader, &kept).await?,
            charge_point: self.our_plug(person_id, &kept.told).await?,
            group_name: group.map(|group| group.name),
            held_from: None,
            held: false,
            cancelling: cancelling(&kept),
            no_show_fee: None,
            trouble: leaving::trouble(&kept.told),
            session_id: None,
            guest_link: kept.is_for_a_guest().then_some(kept.guest_link),
            booking: kept.told,
            now: self.now(),
        }))
    }

    /// The place may be one of ours, too.
    pub(super) async fn our_plug(
        &self,
        person_id: &str,
        told: &Booking,
    ) -> Result<Option<ChargePoint>, sqlx::Error> {
        let place = told.location_id.as_deref().zip(told.evse_uid.as_deref());
        let Some((location, evse)) = place else {
            return Ok(None);
        };
        let mut reader = self.store().readers().acquire().await?;
        let Some(plug) = plugs::find(&mut reader, location, evse).await? else {
            return Ok(None);
        };
        drop(reader);
        let place = (&plug.charge_point_id[..], plug.connector);
        self.one_plug(person_id, place).await
    }

    /// How somebody can book a plug for that time.
    pub async fn options_elsewhere(
        &self,
        person: &Person,
        query: &OptionsQuery,
        place: Option<&Location>,
    ) -> Result<BookingOptions, sqlx::Error> {
        let mut reader = self.store().readers().acquire().await?;
        let now = self.now();
        let longest = i64::from(LONGEST_MINUTES) * 60_000;
        let fits = query.start >= now.plus_seconds(AHEAD_MINUTES * 60)
            && query.end.millis() - query.start.millis() <= longest
            && place.is_none_or(|place| place.supports_reservation);
        Ok(BookingOptions {
            choices: choices(&mut reader, person, (fits, query.start)).await?,
            longest_minutes: LONGEST_MINUTES,
            days_ahead: None,
            free: true,
            closed: false,
            estimate: place.and_then(|place| estimate(place, &query.evse_uid)),
            free_cancel_minutes: None,
            late_cancel_fee: None,
            no_show_fee: None,
            now,
        })
    }
}

/// What the last search said that it would cost.
fn estimate(place: &Location, evse_uid: &str) -> Option<Cost> {
    let evse = place.evses.iter().find(|evse| evse.evse_uid == evse_uid)?;
    let price = place.price(evse)?;
    Some(Cost {
        amount: price.estimated_price?,
        currency: price.currency.or(usual_currency())?,
    })
}

/// Petit Monde's own.
fn usual_currency() -> Option<Currency> {
    Currency::new("EUR")
}

/// Giving up what isn't confirmed costs nothing; what is may cost what the operator says.
fn cancelling(kept: &Kept) -> Option<Cancelling> {
    let status = &kept.told.status;
    if !status.can_be_cancelled() || kept.upstream_id.is_none() {
        return None;
    }
    let currency = kept.told.client_price_currency.or(usual_currency())?;
    Some(Cancelling {
        costs: told(Money::new(0, currency)),
        may_cost: status.may_cost_to_cancel(),
        fee_from: None,
        fee: None,
    })
}

/// What can be shown at the plug.
async fn tokens(reader: &mut AnyConnection, kept: &Kept) -> Result<Vec<ShownToken>, sqlx::Error> {
    if let Some(group_id) = &kept.group_id {
        if kept.told.status.is_over() {
            return Ok(Vec::new());
        }
        return group_tokens(reader, &kept.booker_id, group_id).await;
    }
    let shown = |kind, uid| ShownToken {
        uid,
        label: None,
        kind,
    };
    Ok(match (&kept.told.token_strategy, &kept.told.token) {
        (Some(TokenStrategy::AdHoc), Some(token)) => {
            vec![shown(TokenKind::Guest, Some(token.uid.clone()))]
        }
        (Some(TokenStrategy::AdHoc), None) => Vec::new(),
        _ => vec![shown(TokenKind::Card, None)],
    })
}

/// With whose token somebody may book. Whether a group may spend so much, Petit Monde says
/// once it is asked.
async fn choices(
    reader: &mut AnyConnection,
    person: &Person,
    (fits, start): (bool, Instant),
) -> Result<Vec<BookingChoice>, sqlx::Error> {
    let plain = |strategy, customer_id| BookingChoice {
        strategy,
        customer_id,
        group_id: None,
        group_name: None,
        currency: None,
        left: None,
        most: None,
        set_aside: None,
        fits,
    };
    let mut choices = Vec::new();
    let known = people::customer(reader, &person.id).await?.is_some();
    if known && payers::has_own_token(person) {
        choices.push(plain(TokenStrategy::DriverToken, Some(person.id.clone())));
    }
    for group in members::groups_of(reader, &person.id).await? {
        if let Some(group) = groups::find(reader, &group.id).await? {
            let choice = of_group(reader, &group, (None, start)).await?;
            // Where something is left, it is Petit Monde's to say whether that is enough.
            let spent = choice
                .left
                .as_ref()
                .is_some_and(|left| left.amount.is_zero());
            let fits = fits && !spent;
            choices.push(BookingChoice { fits, ..choice });
        }
    }
    if payers::may_invite(person) {
        choices.push(plain(TokenStrategy::AdHoc, None));
    }
    Ok(in_order(choices))
}
