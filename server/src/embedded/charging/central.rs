//! One charge point's reports and orders, in our own store.

use std::sync::Arc;

use super::{Charging, Work, charges, holds, links::Ends, points, tags};
use crate::ocpp::{
    Busy, Central, Doing, Protocol,
    message::{Order, Outcome, Reply, Report, TagStatus},
};

/// A charge point that is connected.
#[derive(Clone, Debug)]
pub struct Line {
    charging: Charging,
    charge_point_id: Arc<str>,
    connection: i64,
}

impl Charging {
    /// A charge point has connected: who listens to it, and what wakes and ends the
    /// connection.
    pub async fn connect(
        &self,
        charge_point_id: &str,
        protocol: Protocol,
    ) -> Result<(Line, Ends), sqlx::Error> {
        let connection = self.connected(charge_point_id, protocol).await?;
        let ends = self.links.add(charge_point_id, connection);
        let line = Line {
            charging: self.clone(),
            charge_point_id: charge_point_id.into(),
            connection,
        };
        Ok((line, ends))
    }
}

impl Line {
    /// The connection has ended.
    pub async fn hang_up(self) {
        let id = &self.charge_point_id;
        self.charging.links.remove(id, self.connection);
        if let Err(error) = self.charging.disconnected(id, self.connection).await {
            tracing::error!(event = "charging_failed", %error);
        }
    }

    async fn take(&self, report: Report) -> Result<Reply, sqlx::Error> {
        let mut reply = Reply {
            now: self.charging.clock.now(),
            tag: TagStatus::Accepted,
            parent_tag: None,
            number: 0,
        };
        // Most of what comes changes nothing, and must not wait for what does.
        match report {
            Report::Heartbeat | Report::Other => return Ok(reply),
            Report::Authorize { tag } => {
                let mut reader = self.charging.store.readers().acquire().await?;
                let shown = tags::show(&mut reader, &self.charge_point_id, &tag, reply.now).await?;
                reply.tag = shown.status;
                reply.parent_tag = shown.parent_tag;
                return Ok(reply);
            }
            _ => {}
        }
        let mut work = self.charging.begin().await?;
        self.change(&mut work, report, &mut reply).await?;
        work.commit().await?;
        Ok(reply)
    }

    async fn change(
        &self,
        work: &mut Work,
        report: Report,
        reply: &mut Reply,
    ) -> Result<(), sqlx::Error> {
        let id = &*self.charge_point_id;
        match report {
            Report::Booted => holds::remind(work, id).await,
            Report::Status {
                connector,
                state,
                at,
                idle,
            } => {
                if let Some(idle) = idle {
                    charges::idle(work, (id, connector), idle, at.unwrap_or(work.now)).await?;
                }
                points::status(work, id, connector, state, at).await
            }
            Report::Charge(charge) => {
                let tag = charge.tag.clone();
                let known = charges::take(work, id, charge).await?;
                reply.tag = known.tag;
                if let (TagStatus::Accepted, Some(tag)) = (known.tag, tag) {
                    reply.parent_tag = tags::parent(&mut work.write, &tag).await?;
                }
                reply.number = known.number;
                Ok(())
            }
            Report::HoldEnded { number, expired } => {
                holds::ended_there(work, id, number, expired).await
            }
            Report::Heartbeat | Report::Authorize { .. } | Report::Other => Ok(()),
        }
    }
}

impl Central for Line {
    fn report(&self, report: Report) -> Doing<'_, Result<Reply, Busy>> {
        Box::pin(async move {
            let booted = report == Report::Booted;
            let reply = self.take(report).await.map_err(|error| {
                tracing::error!(event = "charging_failed", %error);
                Busy
            })?;
            if booted {
                self.charging.links.ring(&self.charge_point_id);
            }
            Ok(reply)
        })
    }

    fn next_order(&self) -> Doing<'_, Option<Order>> {
        Box::pin(async move {
            let order = self.charging.next_order(&self.charge_point_id).await;
            order.unwrap_or_else(|error| {
                tracing::error!(event = "charging_failed", %error);
                None
            })
        })
    }

    fn outcome<'a>(&'a self, order: &'a Order, outcome: Outcome) -> Doing<'a, Result<(), Busy>> {
        Box::pin(async move {
            let kept = self.charging.outcome(order, outcome).await;
            kept.map_err(|error| {
                tracing::error!(event = "charging_failed", %error);
                Busy
            })
        })
    }
}
