//! Places to charge at, and sessions there.

use portal_api::{money::Currency, portal::Payment, time::Instant};
use portal_server::embedded::{
    Write,
    sessions::{self, End, Record, WriteError},
    sites::{self, BookingTerms, ChargePoint, Connector, Current, Operator, Site},
    tariffs::{self, Tariff},
};

use super::{Browser, Server, people};

/// A place in Auckland, far ahead of UTC, and one in Bergen; a tariff each.
pub struct Ground {
    pub sites: [Site; 2],
    pub tariffs: [Tariff; 2],
}

pub const AUCKLAND: usize = 0;
pub const BERGEN: usize = 1;

/// Whoever runs all places of tests.
pub const OPERATOR: &str = "oper_QUAY";

/// Adds that operator.
pub async fn add_operator(write: &mut Write) {
    let operator = Operator {
        id: OPERATOR.into(),
        name: "Quayside".into(),
        address: "1 Quay Street\n1010 Auckland".into(),
        vat_id: "NZ 100 200 300".into(),
        colour: "#0b5fff".into(),
        logo: None,
        receipt_prefix: "QUA".into(),
        booking: BookingTerms::default(),
    };
    sites::put_operator(write, &operator).await.unwrap();
}

/// A tariff of 0.50 a kilowatt-hour, 0.10 a minute, 1.00 a session, 0.20 a minute of
/// standing after ten, and a fifth of tax on top.
pub fn tariff(id: &str, currency: &str) -> Tariff {
    Tariff {
        id: id.into(),
        name: id.into(),
        currency: Currency::new(currency).unwrap(),
        per_kwh: 5_000,
        per_minute: 1_000,
        per_session: 10_000,
        idle_per_minute: 2_000,
        idle_grace_seconds: 600,
        energy_step_wh: 1,
        time_step_seconds: 60,
        idle_step_seconds: 60,
        tax_rate: 2_000,
        tax_included: false,
        rules: Vec::new(),
    }
}

impl Ground {
    pub fn new() -> Self {
        let site = |id: &str, name: &str, zone: chrono_tz::Tz| Site {
            id: id.into(),
            name: name.into(),
            address: "1 Quay Street".into(),
            city: name.into(),
            country: "NZ".into(),
            time_zone: zone,
            operator_id: OPERATOR.into(),
        };
        Self {
            sites: [
                site("site_AKL", "Quay", chrono_tz::Pacific::Auckland),
                site("site_BGO", "Kai 7", chrono_tz::Europe::Oslo),
            ],
            tariffs: [tariff("tariff_AKL", "NZD"), tariff("tariff_BGO", "NOK")],
        }
    }

    pub async fn lay(&self, server: &Server) {
        let mut write = server.store().write().await.unwrap();
        add_operator(&mut write).await;
        for (site, tariff) in self.sites.iter().zip(&self.tariffs) {
            sites::put(&mut write, site).await.unwrap();
            tariffs::put(&mut write, tariff).await.unwrap();
            let connector = Connector {
                current: Current::Alternating,
                power_w: 22_000,
            };
            let point = ChargePoint {
                id: site.id.replace("site_", "CP-"),
                site_id: site.id.clone(),
                connectors: vec![connector; 4],
            };
            sites::add_charge_point(&mut write, &point).await.unwrap();
        }
        write.commit().await.unwrap();
    }

    pub async fn try_save(
        &self,
        server: &Server,
        place: usize,
        record: &Record,
    ) -> Result<(), WriteError> {
        let mut write = server.store().write().await.unwrap();
        let (site, tariff) = (&self.sites[place], &self.tariffs[place]);
        sessions::save(&mut write, record, site, tariff).await?;
        write.commit().await.unwrap();
        Ok(())
    }

    pub async fn save(&self, server: &Server, place: usize, record: &Record) {
        self.try_save(server, place, record).await.unwrap();
    }

    /// A session of 10 kWh and half an hour.
    pub fn session(&self, driver: &str, id: &str, place: usize, started: &str) -> Record {
        let started = at(started);
        Record {
            id: format!("sess_{id}"),
            driver_id: driver.to_owned(),
            charge_point_id: self.sites[place].id.replace("site_", "CP-"),
            connector: 1,
            id_tag: Some("04A1B2C3D4E580".into()),
            payment: Payment::Card,
            discount_rate: 0,
            promotional_code: None,
            started,
            energy_wh: 10_000,
            readings: Vec::new(),
            charged_until: None,
            end: Some(End {
                at: started.plus_seconds(1_800),
                early: false,
            }),
        }
    }
}

/// A driver with so many sessions, one an hour.
pub async fn charged_often(server: &Server, sessions: u32) -> Browser {
    let ground = Ground::new();
    ground.lay(server).await;
    let driver = people::driver(server).await;
    let mut write = server.store().write().await.unwrap();
    let (site, tariff) = (&ground.sites[BERGEN], &ground.tariffs[BERGEN]);
    for number in 0..sessions {
        let started = at("2025-01-01T00:00:00Z").plus_seconds(i64::from(number) * 3_600);
        let id = format!("{number:05}");
        let record = ground.session(&driver, &id, BERGEN, &started.to_string());
        sessions::save(&mut write, &record, site, tariff)
            .await
            .unwrap();
    }
    write.commit().await.unwrap();
    server.signed_in("driver@example.com").await
}

pub fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

/// Brings a server's clock to this time.
pub fn wait_until(server: &Server, text: &str) {
    let millis = at(text).millis() - server.clock().now().millis();
    server.clock().advance(millis / 1_000);
}
