//! What charge points are ordered, and what they say: about holds, and of charges that
//! are to end.

use portal_api::{dynamo::reservation::Blocked, portal::holds::HoldEnd, time::Instant};

use crate::{
    embedded::{
        charging::{Charging, Work},
        groups::stops::{self, Stop},
    },
    ocpp::message::{Order, Outcome},
};

/// After so many questions without an answer a hold is given up.
const TRIES: i64 = 3;

/// A hold that a charge point was asked about.
struct Asked {
    id: String,
    stage: String,
    expires_at: i64,
    wanted_until: Option<i64>,
    tries: i64,
}

type Next = (i64, i64, String, Option<String>, String, i64);

impl Charging {
    /// What a charge point is to do next: what costs more every minute comes first.
    pub(in crate::embedded::charging) async fn next_order(
        &self,
        charge_point_id: &str,
    ) -> Result<Option<Order>, sqlx::Error> {
        let mut reader = self.store.readers().acquire().await?;
        let stop = stops::wanted(&mut reader, charge_point_id, self.now()).await?;
        if let Some(Stop { number, name }) = stop {
            return Ok(Some(Order::Stop { number, name }));
        }
        let row: Option<Next> = sqlx::query_as(
            "select number, connector, sent_tag, parent_tag, stage, coalesce(wanted_until, expires_at)
                from reservations where charge_point_id = $1 and (stage in ('asking', 'ending')
                    or (stage = 'held' and wanted_until is not null))
                order by tries, number limit 1",
        )
        .bind(charge_point_id)
        .fetch_optional(&mut *reader)
        .await?;
        Ok(row.map(|(number, connector, tag, parent, stage, until)| {
            if stage == "ending" {
                Order::Release { number }
            } else {
                Order::Hold {
                    number,
                    connector,
                    tag,
                    parent,
                    until: Instant::from_millis(until),
                }
            }
        }))
    }

    /// What came of an order.
    pub(in crate::embedded::charging) async fn outcome(
        &self,
        order: &Order,
        outcome: Outcome,
    ) -> Result<(), sqlx::Error> {
        let mut work = self.begin().await?;
        match order {
            Order::Hold { number, until, .. } => {
                if let Some(asked) = asked(&mut work, *number).await? {
                    work.answered(&asked, *until, outcome).await?;
                }
            }
            Order::Release { number } => {
                if let Some(asked) = asked(&mut work, *number).await? {
                    work.released(&asked, outcome).await?;
                }
            }
            Order::Stop { number, .. } => {
                if outcome != Outcome::Accepted {
                    tracing::warn!(event = "charge_not_stopped", ?outcome);
                }
                stops::was_told(&mut work.write, *number).await?;
            }
        }
        work.commit().await
    }
}

async fn asked(work: &mut Work, number: i64) -> Result<Option<Asked>, sqlx::Error> {
    let row: Option<(String, String, i64, Option<i64>, i64)> = sqlx::query_as(
        "select id, stage, expires_at, wanted_until, tries from reservations where number = $1",
    )
    .bind(number)
    .fetch_optional(&mut *work.write)
    .await?;
    Ok(
        row.map(|(id, stage, expires_at, wanted_until, tries)| Asked {
            id,
            stage,
            expires_at,
            wanted_until,
            tries,
        }),
    )
}

impl Work {
    /// A charge point was asked to hold a plug, or to hold it for longer.
    async fn answered(
        &mut self,
        asked: &Asked,
        until: Instant,
        outcome: Outcome,
    ) -> Result<(), sqlx::Error> {
        match (&asked.stage[..], outcome) {
            ("asking" | "held", Outcome::Accepted) => self.hold(asked, until).await,
            ("asking", Outcome::Unknown) if asked.tries + 1 >= TRIES => {
                let blocked = Some(&Blocked::NoAnswer);
                self.give_up(&asked.id, &HoldEnd::NoAnswer, blocked).await
            }
            ("held", Outcome::Unknown) if asked.tries + 1 >= TRIES => self.stop_asking(asked).await,
            (_, Outcome::Unknown) => self.count_try(asked).await,
            ("asking", no) => self.refuse(asked, no).await,
            ("held", no) => self.not_extended(asked, no).await,
            // Given up meanwhile: it is released next, or never was held.
            ("ending", Outcome::Accepted) => Ok(()),
            ("ending", _) => self.end(&asked.id, &HoldEnd::Cancelled).await,
            _ => Ok(()),
        }
    }

    /// A charge point was asked to give a hold up. If it knows of none, so much the better.
    async fn released(&mut self, asked: &Asked, outcome: Outcome) -> Result<(), sqlx::Error> {
        match outcome {
            Outcome::Unknown => self.count_try(asked).await,
            _ => self.end(&asked.id, &HoldEnd::Cancelled).await,
        }
    }

    async fn hold(&mut self, asked: &Asked, until: Instant) -> Result<(), sqlx::Error> {
        sqlx::query(
            "update reservations set stage = 'held', tries = 0, expires_at = $2, updated_at = $3,
                held_at = coalesce(held_at, $3),
                wanted_until = case when wanted_until = $2 then null else wanted_until end
                where id = $1",
        )
        .bind(&asked.id)
        .bind(until.millis())
        .bind(self.now.millis())
        .execute(&mut *self.write)
        .await?;
        self.tell_hold(&asked.id).await
    }

    async fn refuse(&mut self, asked: &Asked, no: Outcome) -> Result<(), sqlx::Error> {
        if no == Outcome::Unsupported {
            sqlx::query(
                "update charge_points set takes_holds = 0
                    where id = (select charge_point_id from reservations where id = $1)",
            )
            .bind(&asked.id)
            .execute(&mut *self.write)
            .await?;
        }
        sqlx::query("update reservations set blocked = $2 where id = $1")
            .bind(&asked.id)
            .bind(word(no).as_str())
            .execute(&mut *self.write)
            .await?;
        self.end(&asked.id, &HoldEnd::Refused).await
    }

    /// It doesn't hold it for longer. One that has forgotten the hold says no, too.
    async fn not_extended(&mut self, asked: &Asked, no: Outcome) -> Result<(), sqlx::Error> {
        let reminded = asked.wanted_until == Some(asked.expires_at);
        match no {
            Outcome::Faulted | Outcome::Unavailable => {
                self.end(&asked.id, &HoldEnd::OutOfOrder).await
            }
            Outcome::Rejected | Outcome::Unsupported if reminded => {
                self.end(&asked.id, &HoldEnd::ByOperator).await
            }
            _ => self.stop_asking(asked).await,
        }
    }

    async fn stop_asking(&mut self, asked: &Asked) -> Result<(), sqlx::Error> {
        sqlx::query(
            "update reservations set wanted_until = null, tries = 0, updated_at = $2
                where id = $1",
        )
        .bind(&asked.id)
        .bind(self.now.millis())
        .execute(&mut *self.write)
        .await?;
        self.tell_hold(&asked.id).await
    }

    async fn count_try(&mut self, asked: &Asked) -> Result<(), sqlx::Error> {
        sqlx::query("update reservations set tries = tries + 1 where id = $1")
            .bind(&asked.id)
            .execute(&mut *self.write)
            .await
            .map(drop)
    }
}

/// Why a plug cannot be held, by what its charge point said.
const fn word(no: Outcome) -> Blocked {
    match no {
        Outcome::Occupied => Blocked::Occupied,
        Outcome::Faulted => Blocked::Faulted,
        Outcome::Unavailable => Blocked::Unavailable,
        Outcome::Unsupported => Blocked::Unsupported,
        Outcome::Unknown => Blocked::NoAnswer,
        Outcome::Accepted | Outcome::Rejected => Blocked::Rejected,
    }
}
