//! A booking is made, and given up.

use portal_api::{
    petit_monde::{
        MOST_BOOKINGS,
        booking::{AHEAD_MINUTES, Booking, BookingRequest, BookingStatus, Unfit},
    },
    time::Instant,
};

use super::{
    payers::{Payer, payer},
    plugs::{self, Plug},
    reading::{self, Stored},
    steps::Change,
};
use crate::{
    embedded::{
        charging::Work,
        groups::limits::{self, Claim, Unclaimed},
        people::Person,
        sites::BookingTerms,
        throttle::{self, BOOKINGS, Subject},
    },
    ids::{self, NoRandomness},
};

/// The most characters of what the caller knows a booking by.
const EXTERNAL_ID_LONGEST: usize = 100;

/// The most characters of why it is given up.
pub const REASON_LONGEST: usize = 500;

/// Whoever gives it up while that is said to cost nothing pays nothing: what they send takes
/// seconds on its way, and is sent again where the network is bad.
const ON_ITS_WAY: i64 = 60;

/// Why a booking was not made or not given up.
#[derive(Debug, thiserror::Error)]
pub enum Undone {
    /// There is no such place, plug or booking, or it isn't theirs.
    #[error("there is no such thing")]
    NotFound,
    /// It names too few or too many for its strategy.
    #[error("{}", unfit(*.0))]
    Unfit(Unfit),
    /// It begins too soon.
    #[error("reservation_start must be at least {AHEAD_MINUTES} minutes ahead")]
    TooSoon,
    /// It begins more than so many days ahead.
    #[error("reservation_start must be at most {0} days ahead")]
    TooFar(i64),
    /// It ends before it begins.
    #[error("reservation_end must be after reservation_start")]
    Backwards,
    /// It is longer than so many minutes.
    #[error("this operator takes bookings of at most {0} minutes")]
    TooLong(i64),
    /// Another plug has that number.
    #[error("connector_id must be that of a connector of this EVSE")]
    Connector,
    /// The place takes no bookings.
    #[error("this location takes no reservations")]
    NotReservable,
    /// Somebody else has it then.
    #[error("the EVSE is not available for that time")]
    Taken,
    /// More than a reference.
    #[error("{0} must be at most {1} characters")]
    TooMuchText(&'static str, usize),
    /// Somebody else's, or nobody's.
    #[error("customer_id and token_id must be the driver's own")]
    NotTheirs,
    /// Not one of theirs, or none at all.
    #[error("fleet_group_id must be a group that the driver belongs to")]
    NoSuchGroup,
    /// None of the group's cards works.
    #[error("the fleet group has no active token")]
    NoToken,
    /// The group may not spend so much.
    #[error(transparent)]
    Limit(Unclaimed),
    /// They don't book for others.
    #[error("only people of an organisation book for guests")]
    NoGuests,
    /// It is too late for that.
    #[error("a booking that is {} cannot be cancelled", .0.as_str())]
    TooLate(BookingStatus),
    /// Its time is over.
    #[error("a booking whose time is over cannot be cancelled")]
    Over,
    /// It is over, or not a guest's.
    #[error("only a guest's booking that is not over has a link")]
    NoLink,
    /// Too many tries; so many seconds to wait.
    #[error("too many tries")]
    TooMany(u64),
    /// So many of their own stand already.
    #[error("{MOST_BOOKINGS}: give one up first")]
    Most,
    /// No id.
    #[error(transparent)]
    Random(#[from] NoRandomness),
    /// The store says no.
    #[error(transparent)]
    Store(sqlx::Error),
}

fn unfit(unfit: Unfit) -> &'static str {
    match unfit {
        Unfit::NoDriver => "driver_token needs a customer_id or a token_id",
        Unfit::NoGroup => "group_token needs a fleet_group_id and nothing else",
        Unfit::Foreign => "the request names somebody whom its token_strategy has no use for",
        Unfit::Unknown => "token_strategy must be driver_token, group_token or ad_hoc",
    }
}

impl From<Unfit> for Undone {
    fn from(unfit: Unfit) -> Self {
        Self::Unfit(unfit)
    }
}

impl From<sqlx::Error> for Undone {
    fn from(error: sqlx::Error) -> Self {
        let overlaps = error.as_database_error().is_some_and(|error| {
            error.message().contains("bookings overlap") || error.code().as_deref() == Some("23P01")
        });
        if overlaps {
            Self::Taken
        } else {
            Self::Store(error)
        }
    }
}

impl From<Unclaimed> for Undone {
    fn from(unclaimed: Unclaimed) -> Self {
        match unclaimed {
            Unclaimed::Store(error) => error.into(),
            limit => Self::Limit(limit),
        }
    }
}

impl Work {
    /// Books a plug: it is asked for, and the server will see to it. Of bookings with
    /// their own token a driver has at most `most`.
    pub async fn book(
        &mut self,
        person: &Person,
        request: &BookingRequest,
        most: i64,
    ) -> Result<Booking, Undone> {
        let window = window(request, self.now)?;
        let (location, evse) = (&request.location_id, &request.evse_uid);
        let plug = plugs::find(&mut self.write, location, evse).await?;
        let plug = plug.ok_or(Undone::NotFound)?;
        check_plug(&plug, request, window, self.now)?;
        let subject = [Subject(BOOKINGS, &person.id)];
        if let Some(wait) = throttle::count(&mut self.write, &subject, self.now).await? {
            return Err(Undone::TooMany(wait));
        }
        self.check_most(person, request, most).await?;
        let place = (&plug.charge_point_id[..], plug.connector);
        plugs::lock(&mut self.write, place).await?;
        if !plugs::is_free(&mut self.write, place, window).await? {
            return Err(Undone::Taken);
        }
        let payer = payer(&mut self.write, person, request).await?;
        let estimate = plug.estimate(window).ok_or(Undone::NotReservable)?;
        let id = ids::new_uuid()?;
        let asked = Asked {
            person,
            request,
            window,
            payer: &payer,
            plug: &plug,
        };
        self.write_down(&id, &asked, estimate.minor).await?;
        if let Some(group) = &payer.group {
            let claim = Claim {
                reference: &id,
                amount: plug.set_aside(estimate),
                at: window.0,
                person_id: Some(&person.id),
            };
            limits::claim(&mut self.write, group, &claim).await?;
        }
        self.tell_booking(&id).await?;
        let stored = reading::one(&mut self.write, &id).await?;
        Ok(stored.ok_or(Undone::NotFound)?.told())
    }

    async fn write_down(
        &mut self,
        id: &str,
        asked: &Asked<'_>,
        estimate: i64,
    ) -> Result<(), sqlx::Error> {
        let (request, plug, payer) = (asked.request, asked.plug, asked.payer);
        let group = payer.group.as_ref();
        sqlx::query(
            "insert into bookings (id, booker_id, payer_id, organisation_id, site_id,
                charge_point_id, connector, evse_uid, starts_at, ends_at, strategy, customer_id,
                token_id, group_id, external_id, tag, parent_tag, status, status_at, currency,
                estimate_minor, created_at, updated_at)
                values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,
                    $17, 'REQUESTED', $18, $19, $20, $18, $18)",
        )
        .bind(id)
        .bind(&asked.person.id)
        .bind(&payer.person_id)
        .bind(&asked.person.organisation_id)
        .bind(&plug.site.id)
        .bind(&plug.charge_point_id)
        .bind(plug.connector)
        .bind(&request.evse_uid)
        .bind(asked.window.0.millis())
        .bind(asked.window.1.millis())
        .bind(payer.strategy.as_str())
        .bind(&request.customer_id)
        .bind(&request.token_id)
        .bind(group.map(|group| &group.id))
        .bind(&request.external_id)
        .bind(&payer.tag)
        .bind(group.map(|group| &group.parent_tag))
        .bind(self.now.millis())
        .bind(plug.currency().as_ref().map(|currency| currency.code()))
        .bind(estimate)
        .execute(&mut *self.write)
        .await
        .map(drop)
    }

    /// Gives a booking up; the charge point hears of it, if it holds the plug.
    pub async fn cancel_booking(
        &mut self,
        person_id: &str,
        id: &str,
        reason: Option<&str>,
    ) -> Result<Booking, Undone> {
        if reason.is_some_and(|reason| reason.chars().count() > REASON_LONGEST) {
            return Err(Undone::TooMuchText("reason", REASON_LONGEST));
        }
        let stored = self.booking_of(person_id, id).await?;
        if !stored.can_be_given_up(self.now) {
            return Err(match stored.status() {
                status if status.can_be_cancelled() => Undone::Over,
                status => Undone::TooLate(status),
            });
        }
        let change = Change {
            reason,
            ..Change::default()
        };
        self.call_off(&stored, change).await?;
        let stored = reading::one(&mut self.write, id).await?;
        Ok(stored.ok_or(Undone::NotFound)?.told())
    }

    /// Gives up a booking that may be, for what that costs now.
    pub(super) async fn call_off(
        &mut self,
        stored: &Stored,
        change: Change<'_>,
    ) -> Result<(), sqlx::Error> {
        let place = (&stored.charge_point_id[..], stored.connector);
        let plug = plugs::at(&mut self.write, place).await?;
        let lost = plugs::is_lost(&mut self.write, stored).await?;
        let terms = plug.map(|plug| plug.terms);
        let pressed = self.now.plus_seconds(-ON_ITS_WAY);
        let fee = terms.map_or(0, |terms| fee_now(stored, &terms, lost, pressed));
        let change = Change {
            price: Some(fee),
            ..change
        };
        let (from, to) = (stored.status(), BookingStatus::Cancelled);
        self.turn(&stored.id, &from, &to, &change).await?;
        self.release(stored).await
    }

    /// A booking of somebody's own, which nobody else changes from here on.
    pub(super) async fn booking_of(&mut self, person_id: &str, id: &str) -> Result<Stored, Undone> {
        sqlx::query("update bookings set updated_at = updated_at where id = $1 and booker_id = $2")
            .bind(id)
            .bind(person_id)
            .execute(&mut *self.write)
            .await?;
        let stored = reading::one(&mut self.write, id).await?;
        let stored = stored.filter(|stored| stored.booker_id == person_id);
        stored.ok_or(Undone::NotFound)
    }
}

/// What giving a booking up costs now: nothing, if its plug is lost.
pub(super) fn fee_now(stored: &Stored, terms: &BookingTerms, lost: bool, now: Instant) -> i64 {
    let late = now
        >= stored
            .window()
            .0
            .plus_seconds(-terms.free_cancel_minutes * 60);
    if late && !lost && stored.status().may_cost_to_cancel() {
        terms.late_cancel_fee
    } else {
        0
    }
}

/// What is to be written down.
struct Asked<'a> {
    person: &'a Person,
    request: &'a BookingRequest,
    window: (Instant, Instant),
    payer: &'a Payer,
    plug: &'a Plug,
}

/// From when until when, in whole seconds, as the wire tells them, if anybody could book that.
pub(super) fn times(
    (start, end): (Instant, Instant),
    now: Instant,
) -> Result<(Instant, Instant), Undone> {
    let whole = |at: Instant| Instant::from_millis(at.millis().div_euclid(1_000) * 1_000);
    let (start, end) = (whole(start), whole(end));
    if end <= start {
        return Err(Undone::Backwards);
    }
    if start < whole(now.plus_seconds(AHEAD_MINUTES * 60)) {
        return Err(Undone::TooSoon);
    }
    Ok((start, end))
}

/// The same of what is asked for.
pub(super) fn window(request: &BookingRequest, now: Instant) -> Result<(Instant, Instant), Undone> {
    let window = times((request.reservation_start, request.reservation_end), now)?;
    let external = request.external_id.as_deref().unwrap_or_default();
    if external.chars().count() > EXTERNAL_ID_LONGEST {
        return Err(Undone::TooMuchText("external_id", EXTERNAL_ID_LONGEST));
    }
    Ok(window)
}

fn check_plug(
    plug: &Plug,
    request: &BookingRequest,
    (start, end): (Instant, Instant),
    now: Instant,
) -> Result<(), Undone> {
    let number = request.connector_id.as_deref();
    if number.is_some_and(|number| !plug.is_number(number)) {
        return Err(Undone::Connector);
    }
    if !plug.takes_holds || plug.tariff.is_none() {
        return Err(Undone::NotReservable);
    }
    let longest = plug.terms.booking_minutes;
    if end > start.plus_seconds(longest * 60) {
        return Err(Undone::TooLong(longest));
    }
    if start > plug.furthest(now) {
        return Err(Undone::TooFar(plug.terms.booking_days_ahead));
    }
    Ok(())
}
