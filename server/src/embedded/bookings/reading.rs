//! What is told of bookings. Whatever is asked for is the caller's own, or not there.

use portal_api::{
    money::{Currency, Money},
    petit_monde::booking::{Booking, BookingStatus, Bookings, GuestToken, TokenStrategy},
    portal::{
        bookings::HELD_EARLIER_MINUTES,
        events::{BOOKING, BookingNews},
    },
    query::bookings::BookingQuery,
    time::Instant,
};
use sqlx::{AnyConnection, FromRow};

use crate::embedded::{Store, charging::News};

/// A booking as it stands in the store.
#[derive(Clone, Debug, FromRow)]
pub struct Stored {
    /// A UUID.
    pub id: String,
    /// Whoever made it.
    pub booker_id: String,
    /// Whoever pays for what is charged.
    pub payer_id: String,
    /// On which charge point.
    pub charge_point_id: String,
    /// Which of its connectors.
    pub connector: i64,
    /// Whose group's token it is used with.
    pub group_id: Option<String>,
    /// What the charge point is told who may use it.
    pub tag: String,
    /// What stands for all cards of the group.
    pub parent_tag: Option<String>,
    /// Its hold at the charge point.
    pub cpo_reservation_id: Option<String>,
    /// Why it was refused or failed.
    pub trouble: Option<String>,
    /// The session that it became.
    pub session_id: Option<String>,
    /// The hash of a guest's link.
    pub guest_link: Option<String>,
    site_id: String,
    evse_uid: String,
    starts_at: i64,
    ends_at: i64,
    strategy: String,
    customer_id: Option<String>,
    token_id: Option<String>,
    external_id: Option<String>,
    status: String,
    status_at: i64,
    currency: String,
    estimate_minor: i64,
    price_minor: Option<i64>,
    cancel_reason: Option<String>,
    created_at: i64,
    updated_at: i64,
    location_name: String,
    location_city: String,
    location_time_zone: String,
    cpo_name: String,
    held: i64,
}

impl Stored {
    /// How far it is.
    pub fn status(&self) -> BookingStatus {
        BookingStatus::of_word(&self.status)
    }

    /// With whose token it is used.
    pub fn strategy(&self) -> TokenStrategy {
        TokenStrategy::of_word(&self.strategy)
    }

    /// From when until when.
    pub const fn window(&self) -> (Instant, Instant) {
        (
            Instant::from_millis(self.starts_at),
            Instant::from_millis(self.ends_at),
        )
    }

    /// From when the plug is held, and a guest's token works.
    pub const fn opens_at(&self) -> Instant {
        self.window().0.plus_seconds(-HELD_EARLIER_MINUTES * 60)
    }

    /// Whether whoever booked can still give it up: what became of it once its time is over
    /// its charge point tells.
    pub fn can_be_given_up(&self, now: Instant) -> bool {
        self.status().can_be_cancelled() && self.window().1 > now
    }

    /// Whether the charge point holds the plug.
    pub const fn is_held(&self) -> bool {
        self.held == 1
    }

    /// The name of the place.
    pub fn place(&self) -> &str {
        &self.location_name
    }

    /// What stands on the plug: the charge point's name and its connector's number.
    pub fn plug_name(&self) -> String {
        format!("{} #{}", self.charge_point_id, self.connector)
    }

    /// An amount of its currency.
    pub fn money(&self, minor: i64) -> Option<Money> {
        Currency::new(&self.currency).map(|currency| Money::new(minor, currency))
    }

    /// What it cost, or is thought to.
    pub fn price(&self) -> Option<Money> {
        self.money(self.price_minor.unwrap_or(self.estimate_minor))
    }

    /// As Petit Monde tells it to whoever booked.
    pub fn told(&self) -> Booking {
        let (start, end) = self.window();
        let time = |millis| Some(Instant::from_millis(millis));
        let price = self.price();
        let guest = self.strategy() == TokenStrategy::AdHoc;
        Booking {
            id: self.id.clone(),
            external_id: self.external_id.clone(),
            status: self.status(),
            status_updated_at: time(self.status_at),
            location_id: Some(self.site_id.clone()),
            location_name: Some(self.location_name.clone()),
            location_city: Some(self.location_city.clone()),
            location_time_zone: Some(self.location_time_zone.clone()),
            cpo_name: Some(self.cpo_name.clone()),
            evse_uid: Some(self.evse_uid.clone()),
            connector_id: Some(self.connector.to_string()),
            reservation_start: Some(start),
            reservation_end: Some(end),
            token_strategy: Some(self.strategy()),
            fleet_group_id: self.group_id.clone(),
            customer_id: self.customer_id.clone(),
            token_id: self.token_id.clone(),
            client_price: price.map(Money::major),
            client_price_currency: price.map(|price| price.currency),
            cpo_reservation_id: self.cpo_reservation_id.clone(),
            cancel_reason: self.cancel_reason.clone(),
            token: guest.then(|| GuestToken {
                uid: self.tag.clone(),
                kind: Some("AD_HOC_USER".to_owned()),
                valid_from: Some(self.opens_at()),
                valid_until: Some(end),
            }),
            created_at: time(self.created_at),
            updated_at: time(self.updated_at),
        }
    }

    /// The session that it became, if it is the booker's own.
    pub fn own_session(&self) -> Option<String> {
        let own = self.payer_id == self.booker_id;
        self.session_id.clone().filter(|_| own)
    }
}

/// A booking, whoever's.
pub async fn one(reader: &mut AnyConnection, id: &str) -> Result<Option<Stored>, sqlx::Error> {
    sqlx::query_as("select * from bookings_told where id = $1")
        .bind(id)
        .fetch_optional(reader)
        .await
}

/// One of somebody's own bookings.
pub async fn own(
    reader: &mut AnyConnection,
    person_id: &str,
    id: &str,
) -> Result<Option<Stored>, sqlx::Error> {
    let stored = one(reader, id).await?;
    Ok(stored.filter(|stored| stored.booker_id == person_id))
}

/// Somebody's own bookings, the newest first.
pub async fn list(
    store: &Store,
    person_id: &str,
    query: &BookingQuery,
) -> Result<Bookings, sqlx::Error> {
    let mut reader = store.readers().acquire().await?;
    let status = query.status.as_ref().map_or("", |status| status.as_str());
    let from = query.from.map_or(i64::MIN, Instant::millis);
    // The wire tells whole seconds.
    let to = query.to.map_or(i64::MAX, |to| to.plus_seconds(1).millis());
    let total: i64 = sqlx::query_scalar(
        "select count(*) from bookings where booker_id = $1 and ($2 = '' or status = $2)
            and created_at >= $3 and created_at < $4",
    )
    .bind(person_id)
    .bind(status)
    .bind(from)
    .bind(to)
    .fetch_one(&mut *reader)
    .await?;
    let rows: Vec<Stored> = sqlx::query_as(
        "select * from bookings_told where booker_id = $1 and ($2 = '' or status = $2)
            and created_at >= $3 and created_at < $4
            order by created_at desc, id desc limit $5 offset $6",
    )
    .bind(person_id)
    .bind(status)
    .bind(from)
    .bind(to)
    .bind(i64::from(query.limit))
    .bind(i64::try_from(query.offset).unwrap_or(i64::MAX))
    .fetch_all(&mut *reader)
    .await?;
    Ok(Bookings {
        bookings: rows.iter().map(Stored::told).collect(),
        total: u64::try_from(total).ok(),
        limit: Some(query.limit),
        offset: Some(query.offset),
    })
}

/// What is told of a booking to whoever made it and looks.
pub async fn news(reader: &mut AnyConnection, id: &str) -> Result<Option<News>, sqlx::Error> {
    let stored = one(reader, id).await?;
    Ok(stored.and_then(|stored| {
        let news = BookingNews {
            booking: stored.told(),
            held: stored.is_held(),
            session_id: stored.own_session(),
        };
        News::of(&stored.booker_id, BOOKING, &news)
    }))
}
