//! All about one booking for whoever made it, and how somebody can make one.

use portal_api::{
    money::Money,
    petit_monde::booking::{AHEAD_MINUTES, TokenStrategy},
    portal::{
        Cost,
        bookings::{
            BookingChoice, BookingDetail, BookingOptions, BookingTrouble, Cancelling, ShownToken,
            TokenKind,
        },
    },
    query::bookings::OptionsQuery,
    time::Instant,
};
use sqlx::AnyConnection;

use super::{
    asking::fee_now,
    opening::is_closed,
    payers,
    plugs::{self, Plug},
    reading::{self, Stored},
};
use crate::embedded::{
    charging::Charging,
    groups::{self, Group, limits},
    people::Person,
};

/// So many of a group's tokens are shown at most.
const MOST_TOKENS: i64 = 50;

impl Charging {
    /// One of somebody's own bookings, with what Petit Monde doesn't tell of it.
    pub async fn booking(
        &self,
        person_id: &str,
        id: &str,
    ) -> Result<Option<BookingDetail>, sqlx::Error> {
        let mut reader = self.store().readers().acquire().await?;
        let Some(stored) = reading::own(&mut reader, person_id, id).await? else {
            return Ok(None);
        };
        let place = (&stored.charge_point_id[..], stored.connector);
        let plug = plugs::at(&mut reader, place).await?;
        let group = match &stored.group_id {
            Some(id) => groups::find(&mut reader, id).await?,
            None => None,
        };
        let now = self.now();
        let lost = plugs::is_lost(&mut reader, &stored).await?;
        let guest = stored.strategy() == TokenStrategy::AdHoc;
        let fee = plug.as_ref().map(|plug| plug.terms.no_show_fee);
        Ok(Some(BookingDetail {
            tokens: tokens(&mut reader, &stored).await?,
            charge_point: self.booked_plug(person_id, &stored).await?,
            group_name: group.map(|group| group.name),
            held_from: Some(stored.opens_at()),
            held: stored.is_held(),
            cancelling: plug.and_then(|plug| cancelling(&stored, &plug, lost, now)),
            no_show_fee: fee.and_then(|fee| stored.money(fee)).map(told),
            trouble: stored.trouble.as_deref().map(BookingTrouble::of_word),
            session_id: stored.own_session(),
            guest_link: guest.then_some(stored.guest_link.is_some()),
            booking: stored.told(),
            now,
        }))
    }

    /// How somebody can book a plug for that time; `None` if there is no such plug.
    pub async fn booking_options(
        &self,
        person: &Person,
        query: &OptionsQuery,
    ) -> Result<Option<BookingOptions>, sqlx::Error> {
        let mut reader = self.store().readers().acquire().await?;
        let plug = plugs::find(&mut reader, &query.location_id, &query.evse_uid).await?;
        let number = query.connector_id.as_deref();
        let plug = plug.filter(|plug| number.is_none_or(|number| plug.is_number(number)));
        let Some(plug) = plug else {
            return Ok(None);
        };
        let window = (query.start, query.end);
        let now = self.now();
        let (place, terms) = ((&plug.charge_point_id[..], plug.connector), plug.terms);
        let longest = terms.booking_minutes * 60_000;
        let short = window.1.millis() - window.0.millis() <= longest;
        let closed = short && is_closed(&mut reader, &plug, window).await?;
        let fits = plug.takes_holds
            && window.0 >= now.plus_seconds(AHEAD_MINUTES * 60)
            && window.0 <= plug.furthest(now)
            && short;
        let estimate = plug.estimate(window);
        let number = |number: i64| u32::try_from(number).unwrap_or(u32::MAX);
        let fee = |minor| {
            plug.currency()
                .map(|currency| told(Money::new(minor, currency)))
        };
        let asked = estimate
            .filter(|_| fits)
            .map(|estimate| plug.set_aside(estimate));
        Ok(Some(BookingOptions {
            choices: choices(&mut reader, person, (asked, window.0)).await?,
            longest_minutes: number(terms.booking_minutes),
            days_ahead: Some(number(terms.booking_days_ahead)),
            free: plugs::is_free(&mut reader, place, window).await?,
            closed,
            estimate: estimate.map(told),
            free_cancel_minutes: Some(number(terms.free_cancel_minutes)),
            late_cancel_fee: fee(terms.late_cancel_fee),
            no_show_fee: fee(terms.no_show_fee),
            now,
        }))
    }
}

pub(super) fn told(money: Money) -> Cost {
    Cost {
        amount: money.major(),
        currency: money.currency,
    }
}

fn cancelling(stored: &Stored, plug: &Plug, lost: bool, now: Instant) -> Option<Cancelling> {
    if !stored.can_be_given_up(now) {
        return None;
    }
    let terms = &plug.terms;
    let fee = stored.money(terms.late_cancel_fee);
    let fee = fee.filter(|fee| fee.minor > 0 && !lost);
    let from = stored
        .window()
        .0
        .plus_seconds(-terms.free_cancel_minutes * 60);
    Some(Cancelling {
        costs: told(stored.money(fee_now(stored, terms, lost, now))?),
        may_cost: false,
        fee_from: fee.map(|_| from),
        fee: fee.map(told),
    })
}

/// What can be shown at the plug.
async fn tokens(
    reader: &mut AnyConnection,
    stored: &Stored,
) -> Result<Vec<ShownToken>, sqlx::Error> {
    let of = |kind| ShownToken {
        uid: Some(stored.tag.clone()),
        label: None,
        kind,
    };
    let Some(group_id) = &stored.group_id else {
        if stored.strategy() == TokenStrategy::AdHoc {
            return Ok(vec![of(TokenKind::Guest)]);
        }
        let card: Option<i64> = sqlx::query_scalar("select 1 from id_tags where id_tag = $1")
            .bind(&stored.tag)
            .fetch_optional(reader)
            .await?;
        let kind = card.map_or(TokenKind::Portal, |_| TokenKind::Card);
        return Ok(vec![of(kind)]);
    };
    if stored.status().is_over() {
        return Ok(Vec::new());
    }
    group_tokens(reader, &stored.booker_id, group_id).await
}

/// What a group shares that works, for whoever is in it: their booking outlasts that.
pub(super) async fn group_tokens(
    reader: &mut AnyConnection,
    person_id: &str,
    group_id: &str,
) -> Result<Vec<ShownToken>, sqlx::Error> {
    let member = groups::members::is_admin(reader, group_id, person_id).await?;
    if member.is_none() {
        return Ok(Vec::new());
    }
    let rows: Vec<(String, String, String)> = sqlx::query_as(
        "select uid, label, kind from group_tokens where group_id = $1 and status = 'ACTIVE'
            order by case kind when 'VIRTUAL' then 0 else 1 end, position limit $2",
    )
    .bind(group_id)
    .bind(MOST_TOKENS)
    .fetch_all(reader)
    .await?;
    let token = |(uid, label, kind): (String, String, String)| {
        let shown = kind == "VIRTUAL";
        ShownToken {
            uid: shown.then_some(uid),
            label: Some(label),
            kind: if shown {
                TokenKind::Virtual
            } else {
                TokenKind::Card
            },
        }
    };
    Ok(rows.into_iter().map(token).collect())
}

/// With whose token somebody may book: the group's first if it can pay, then their own,
/// and for guests whoever may.
async fn choices(
    reader: &mut AnyConnection,
    person: &Person,
    (asked, start): (Option<Money>, Instant),
) -> Result<Vec<BookingChoice>, sqlx::Error> {
    let mut choices = Vec::new();
    let plain = |strategy, customer_id| BookingChoice {
        strategy,
        customer_id,
        group_id: None,
        group_name: None,
        currency: None,
        left: None,
        most: None,
        set_aside: None,
        fits: asked.is_some(),
    };
    if payers::has_own_token(person) {
        choices.push(plain(TokenStrategy::DriverToken, Some(person.id.clone())));
    }
    let groups: Vec<String> = sqlx::query_scalar(
        "select m.group_id from group_members m join groups g on g.id = m.group_id
            where m.person_id = $1 order by g.name, g.id",
    )
    .bind(&person.id)
    .fetch_all(&mut *reader)
    .await?;
    for id in groups {
        if let Some(group) = groups::find(reader, &id).await? {
            choices.push(of_group(reader, &group, (asked, start)).await?);
        }
    }
    if payers::may_invite(person) {
        choices.push(plain(TokenStrategy::AdHoc, None));
    }
    Ok(in_order(choices))
}

/// The suggested one first.
pub(super) fn in_order(mut choices: Vec<BookingChoice>) -> Vec<BookingChoice> {
    choices.sort_by_key(|choice| match choice.strategy {
        TokenStrategy::GroupToken if choice.fits => 0,
        TokenStrategy::DriverToken => 1,
        TokenStrategy::AdHoc => 2,
        _ => 3,
    });
    choices
}

/// With one of a group's tokens.
pub(super) async fn of_group(
    reader: &mut AnyConnection,
    group: &Group,
    (asked, start): (Option<Money>, Instant),
) -> Result<BookingChoice, sqlx::Error> {
    let month = limits::local_day(start, group.time_zone)?.month();
    let balance = limits::month(reader, &group.id, month).await?;
    let left = group.monthly_limit.map(|limit| balance.left(limit).max(0));
    let most = group.per_session_limit;
    let has_token = payers::active_token(reader, &group.id).await?.is_some();
    let fits = asked.is_some_and(|asked| {
        let within = |limit: Option<i64>| limit.is_none_or(|limit| asked.minor <= limit);
        asked.currency == group.currency && within(left) && within(most)
    });
    let cost = |minor| told(Money::new(minor, group.currency));
    Ok(BookingChoice {
        strategy: TokenStrategy::GroupToken,
        customer_id: None,
        group_id: Some(group.id.clone()),
        group_name: Some(group.name.clone()),
        currency: Some(group.currency),
        left: left.map(cost),
        most: most.map(cost),
        set_aside: asked.map(told),
        fits: fits && has_token,
    })
}
