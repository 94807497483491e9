//! A letter for each step that whoever booked must hear of, in their language.

use chrono_tz::Tz;
use portal_api::{
    language::Language, money::Money, petit_monde::booking::BookingStatus,
    portal::bookings::BookingTrouble, time::Instant,
};

use super::reading::Stored;
use crate::{
    documents::format,
    embedded::{charging::Work, letters},
    ids,
    mail::words::{self, Addressee, Booked, Fee},
};

/// What a letter speaks of.
pub(super) struct Matter<'a> {
    /// The booking.
    pub id: &'a str,
    pub booker_id: &'a str,
    pub status: &'a BookingStatus,
    /// What it cost, or is thought to, as far as anybody says.
    pub price: Option<Money>,
    /// Why it was refused or failed, or was given up for them.
    pub trouble: Option<BookingTrouble>,
    pub spot: Spot,
}

/// Where and when.
pub(super) struct Spot {
    /// The name of the place.
    pub place: String,
    /// What stands on the plug.
    pub plug: String,
    /// By whose clock.
    pub zone: Tz,
    pub window: (Instant, Instant),
}

impl Spot {
    /// On two lines, by the place's clock.
    pub(super) fn lines(&self, language: Language) -> String {
        let moment = |at: Instant| {
            let local = at.utc().map(|at| at.with_timezone(&self.zone));
            local.map_or_else(String::new, |local| {
                let zone = local.format("%Z").to_string();
                format::moment(local.naive_local(), &zone, language)
            })
        };
        let (start, end) = (moment(self.window.0), moment(self.window.1));
        format!("{}, {}\n{start} – {end}", self.place, self.plug)
    }
}

impl Work {
    /// Writes to whoever booked how it stands, if that is worth a letter.
    pub(super) async fn write_to_booker(&mut self, stored: &Stored) -> Result<(), sqlx::Error> {
        let matter = Matter {
            id: &stored.id,
            booker_id: &stored.booker_id,
            status: &stored.status(),
            price: stored.price(),
            trouble: stored.trouble.as_deref().map(BookingTrouble::of_word),
            spot: self.spot_of(stored).await?,
        };
        self.write_of(&matter).await
    }

    /// The same, of any booking.
    pub(super) async fn write_of(&mut self, matter: &Matter<'_>) -> Result<(), sqlx::Error> {
        let worth = match matter.status {
            BookingStatus::Confirmed
            | BookingStatus::Expired
            | BookingStatus::NoShow
            | BookingStatus::Rejected
            | BookingStatus::Failed => true,
            // What one gives up oneself one knows.
            BookingStatus::Cancelled => matter.trouble == Some(BookingTrouble::LeftGroup),
            _ => false,
        };
        if !worth {
            return Ok(());
        }
        let row: (String, String, Option<String>) =
            sqlx::query_as("select email, name, language from people where id = $1")
                .bind(matter.booker_id)
                .fetch_one(&mut *self.write)
                .await?;
        let (email, name, language) = row;
        let language = language.as_deref().and_then(Language::of_tag);
        let language = language.unwrap_or_default();
        let link = format!("{}/bookings/{}", self.portal, matter.id);
        let to = Addressee {
            language,
            email: &email,
            name: &name,
            link: &link,
        };
        let place = matter.spot.lines(language);
        let letter = match matter.status {
            BookingStatus::Confirmed => words::booking(&to, Booked::Confirmed, &place),
            BookingStatus::NoShow => {
                let fee = matter.price.map(|fee| format::money(fee, language));
                let fee = match (matter.price, &fee) {
                    (Some(price), Some(fee)) if price.minor > 0 => Fee::Of(fee),
                    (Some(_), _) => Fee::Nothing,
                    (None, _) => Fee::Unknown,
                };
                words::booking(&to, Booked::NoShow(fee), &place)
            }
            BookingStatus::Expired if matter.price.is_none() => {
                words::booking(&to, Booked::Lapsed, &place)
            }
            BookingStatus::Expired => words::booking(&to, Booked::Expired, &place),
            BookingStatus::Cancelled => words::booking(&to, Booked::LeftGroup, &place),
            _ => words::booking(&to, Booked::Refused(matter.trouble.as_ref()), &place),
        };
        let id = ids::new_id("let").map_err(|_| sqlx::Error::WorkerCrashed)?;
        letters::add(&mut self.write, &id, &letter, self.now).await
    }

    /// Where and when a booking is.
    pub(super) async fn spot_of(&mut self, stored: &Stored) -> Result<Spot, sqlx::Error> {
        let zone: Option<String> = sqlx::query_scalar(
            "select s.time_zone from sites s join bookings b on b.site_id = s.id where b.id = $1",
        )
        .bind(&stored.id)
        .fetch_optional(&mut *self.write)
        .await?;
        let zone = zone.and_then(|zone| zone.parse().ok());
        Ok(Spot {
            place: stored.place().to_owned(),
            plug: stored.plug_name(),
            zone: zone.unwrap_or(Tz::UTC),
            window: stored.window(),
        })
    }
}
