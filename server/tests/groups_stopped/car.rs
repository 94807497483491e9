//! A car that charges on a group's account.

use serde_json::{Value, json};

use crate::support::{Server, charge_point::ChargePoint};

/// A car that charges sixty kilowatts.
pub struct Car {
    pub connector: i64,
    pub id: Value,
    meter_wh: i64,
}

impl Car {
    pub async fn at(server: &Server, point: &mut ChargePoint, connector: i64, card: &str) -> Self {
        let (id, told) = point.begin(connector, card, server.clock().now()).await;
        assert_eq!(told["status"], "Accepted");
        Self {
            connector,
            id,
            meter_wh: 0,
        }
    }

    /// Ten minutes later the meter is read.
    pub async fn goes_on(&mut self, server: &Server, point: &mut ChargePoint) {
        server.clock().advance(600);
        self.is_read(server, point, 10_000).await;
    }

    /// So much has flowed since the last reading.
    pub async fn is_read(&mut self, server: &Server, point: &mut ChargePoint, flowed_wh: i64) {
        self.meter_wh += flowed_wh;
        point
            .read(&self.id, self.meter_wh, server.clock().now())
            .await;
    }

    /// It is told to end, and does.
    pub async fn obeys(&self, server: &Server, point: &mut ChargePoint, dialect: &str) {
        let (action, order) = point.obey("Accepted").await;
        assert_eq!((&action[..], &order), (word(dialect), &self.order()));
        point
            .end(&self.id, self.meter_wh, server.clock().now())
            .await;
    }

    pub fn order(&self) -> Value {
        json!({ "transactionId": self.id })
    }

    /// How often its charge point was to be told to end it.
    pub async fn tries(&self, server: &Server) -> i64 {
        sqlx::query_scalar(
            "select c.stop_tries from group_claims c join sessions s on s.id = c.session_id
                where s.connector = $1 order by s.started_at desc limit 1",
        )
        .bind(self.connector)
        .fetch_one(server.store().readers())
        .await
        .unwrap()
    }
}

pub fn word(dialect: &str) -> &'static str {
    if dialect == "ocpp1.6" {
        "RemoteStopTransaction"
    } else {
        "RequestStopTransaction"
    }
}
