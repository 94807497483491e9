//! All about one session: `GET /api/portal/sessions/{id}`.

use serde::{Deserialize, Serialize};

use crate::{
    bill::{Facts, Finding, check},
    decimal::Decimal,
    dynamo::Session,
    time::Instant,
};

/// A session and what the list has no room for. What the system behind the
/// server doesn't tell is `None` or empty.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct SessionDetail {
    /// As it stands in the list.
    pub session: Session,
    /// Street, number and town.
    #[serde(default)]
    pub address: Option<String>,
    /// Who runs the place.
    #[serde(default)]
    pub operator: Option<String>,
    /// The plug's number in the world.
    #[serde(default)]
    pub evse_id: Option<String>,
    /// What flows.
    #[serde(default)]
    pub current: Option<Current>,
    /// The most the plug delivers.
    #[serde(default)]
    pub power_kw: Option<Decimal>,
    /// The tag used, but for its last characters.
    #[serde(default)]
    pub id_tag: Option<String>,
    /// When the car stopped charging though it stayed.
    #[serde(default)]
    pub charged_until: Option<Instant>,
    /// What the meter showed, oldest first.
    #[serde(default)]
    pub readings: Vec<Reading>,
    /// The driver's other sessions with the same tag at the same time.
    #[serde(default)]
    pub overlaps: Vec<String>,
    /// Its receipts, the newest last.
    #[serde(default)]
    pub receipts: Vec<Receipt>,
    /// How it was paid.
    #[serde(default)]
    pub payment: Option<Payment>,
    /// Its newest dispute.
    #[serde(default)]
    pub dispute_id: Option<String>,
}

impl SessionDetail {
    /// What is odd about its bill.
    pub fn findings(&self) -> Vec<Finding> {
        check(&Facts {
            started: self.session.started_at,
            ended: self.session.ended_at,
            energy_kwh: self.session.energy_kwh,
            power_kw: self.power_kw,
            cost: self.session.cost(),
            readings: &self.readings,
            overlaps: &self.overlaps,
        })
    }
}

/// What flows out of a plug.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Current {
    /// Alternating current: hours.
    Ac,
    /// Direct current: minutes.
    Dc,
    /// A word that this program doesn't know yet.
    #[serde(other)]
    Unknown,
}

/// What the meter showed at some time.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Reading {
    /// When.
    pub at: Instant,
    /// Since the session began.
    pub energy_kwh: Decimal,
    /// What flowed at that moment.
    #[serde(default)]
    pub power_kw: Option<Decimal>,
}

/// A receipt that was issued.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Receipt {
    /// Its number.
    pub number: String,
    /// When it was issued.
    pub issued_at: Instant,
    /// The receipt that it corrects.
    #[serde(default)]
    pub corrects: Option<String>,
}

/// How a session is paid.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Payment {
    /// By the card that the driver left with the operator.
    Card,
    /// With the operator's monthly invoice.
    Invoice,
    /// By the driver's organisation.
    Organisation,
    /// A word that this program doesn't know yet.
    #[serde(other)]
    Unknown,
}
