//! What was heard of a charge so far. Messages come twice, late and in any order, and
//! who pays or where may be said later than that it began.

use portal_api::time::Instant;
use sqlx::{Row, any::AnyRow};

use crate::{
    embedded::{
        charging::{Work, feed},
        sessions::End,
    },
    ocpp::message::{Charge, ChargeId, Step},
};

/// A charge as far as it was heard of.
#[derive(Clone, Debug)]
pub struct Heard {
    /// Which charge point tells of it.
    pub charge_point_id: String,
    /// What we call it.
    pub number: i64,
    /// Where.
    pub connector: Option<i64>,
    /// The tag that it began with, unless nobody pays for that.
    pub tag: Option<String>,
    /// The hold that it used, by its number.
    pub reservation: Option<i64>,
    /// Since when all of this holds.
    pub began: Option<Instant>,
    /// What the meter showed then.
    pub meter_start_wh: Option<i64>,
    /// How it ended.
    pub end: Option<End>,
    /// What the meter showed then.
    pub meter_end_wh: Option<i64>,
    /// The session that it became.
    pub session_id: Option<String>,
}

impl Heard {
    /// What was heard of a charge before.
    pub async fn before(
        work: &mut Work,
        charge_point_id: &str,
        id: &ChargeId,
    ) -> Result<Option<Self>, sqlx::Error> {
        let (name, number) = match id {
            ChargeId::Name(name) => (name.as_str(), 0),
            ChargeId::Number(number) => ("", *number),
        };
        let row = sqlx::query(
            "select charge_point_id, number, connector, tag, reservation, began_at,
                meter_start_wh, ended_at, ended_early, meter_end_wh, session_id
                from charges_heard where charge_point_id = $1 and (name = $2 or number = $3)",
        )
        .bind(charge_point_id)
        .bind(name)
        .bind(number)
        .fetch_optional(&mut *work.write)
        .await?;
        row.as_ref().map(Self::of).transpose()
    }

    fn of(row: &AnyRow) -> Result<Self, sqlx::Error> {
        let time = |column: usize| -> Result<Option<Instant>, sqlx::Error> {
            Ok(row
                .try_get::<Option<i64>, _>(column)?
                .map(Instant::from_millis))
        };
        let early: Option<i64> = row.try_get(8)?;
        let ended = time(7)?;
        Ok(Self {
            charge_point_id: row.try_get(0)?,
            number: row.try_get(1)?,
            connector: row.try_get(2)?,
            tag: row.try_get(3)?,
            reservation: row.try_get(4)?,
            began: time(5)?,
            meter_start_wh: row.try_get(6)?,
            end: ended.map(|at| End {
                at,
                early: early == Some(1),
            }),
            meter_end_wh: row.try_get(9)?,
            session_id: row.try_get(10)?,
        })
    }

    /// A charge of which nothing was heard before.
    pub async fn first(
        work: &mut Work,
        charge_point_id: &str,
        name: &str,
    ) -> Result<Self, sqlx::Error> {
        let number = feed::next(&mut work.write, "transaction").await?;
        let first = "insert into charges_heard (charge_point_id, name, number) values ($1, $2, $3)";
        sqlx::query(first)
            .bind(charge_point_id)
            .bind(name)
            .bind(number)
            .execute(&mut *work.write)
            .await?;
        Ok(Self {
            charge_point_id: charge_point_id.to_owned(),
            number,
            connector: None,
            tag: None,
            reservation: None,
            began: None,
            meter_start_wh: None,
            end: None,
            meter_end_wh: None,
            session_id: None,
        })
    }

    /// Takes note of what is said now. Whether it says more than was known.
    pub fn note(&mut self, charge: &Charge) -> bool {
        let first = charge.samples.first().map(|first| first.meter_wh);
        self.meter_start_wh = match (self.meter_start_wh, first, charge.step) {
            // What was heard before it began stood higher already.
            (Some(known), Some(first), Step::Started) => Some(known.min(first)),
            (known, first, _) => known.or(first),
        };
        if let Step::Ended { early } = charge.step {
            if self.end.is_some() {
                return false;
            }
            self.end = Some(End {
                at: charge.at,
                early,
            });
            self.meter_end_wh = charge.samples.last().map(|last| last.meter_wh);
            // Whoever ends it may be somebody else than whoever began it.
            return true;
        }
        let begins = charge.step == Step::Started && self.began.is_none();
        let news = fill(&mut self.connector, charge.connector)
            | fill(&mut self.tag, charge.tag.clone())
            | begins;
        fill(&mut self.reservation, charge.reservation);
        if news && self.session_id.is_none() {
            self.began = self.began.max(Some(charge.at));
        }
        news
    }

    /// Writes down what is known.
    pub async fn keep(&self, work: &mut Work) -> Result<(), sqlx::Error> {
        sqlx::query(
            "update charges_heard set connector = $2, tag = $3, reservation = $4, began_at = $5,
                meter_start_wh = $6, ended_at = $7, ended_early = $8, meter_end_wh = $9,
                session_id = $10 where number = $1",
        )
        .bind(self.number)
        .bind(self.connector)
        .bind(&self.tag)
        .bind(self.reservation)
        .bind(self.began.map(Instant::millis))
        .bind(self.meter_start_wh)
        .bind(self.end.map(|end| end.at.millis()))
        .bind(self.end.map(|end| i64::from(end.early)))
        .bind(self.meter_end_wh)
        .bind(&self.session_id)
        .execute(&mut *work.write)
        .await
        .map(drop)
    }
}

/// Whether something is known now that wasn't.
fn fill<T>(known: &mut Option<T>, said: Option<T>) -> bool {
    let news = known.is_none() && said.is_some();
    if news {
        *known = said;
    }
    news
}
