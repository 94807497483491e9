//! Places, with all that a search tells of their plugs.

use std::collections::{BTreeMap, btree_map::Entry};

use chrono_tz::Tz;
use portal_api::{
    decimal::Decimal,
    petit_monde::search::{Evse, EvseConnector, EvseStatus},
    portal::charge_points::{ConnectorState, Plug as Fitting},
    query::search::SearchQuery,
    time::Instant,
};
use sqlx::{AnyConnection, Row, any::AnyRow};

/// So many places are read by one query.
pub(super) const AT_ONCE: usize = 20;

/// A place, and what can be used there.
pub(super) struct Place {
    pub name: String,
    pub address: String,
    pub city: String,
    pub time_zone: Tz,
    pub operator: String,
    pub plugs: Vec<Plug>,
}

/// A plug of a place.
pub(super) struct Plug {
    pub power_w: i64,
    /// Whether somebody has it for some of the time that was asked about.
    pub booked: bool,
    number: i64,
    evse_id: String,
    kind: Option<String>,
    state: ConnectorState,
    tariff_id: Option<String>,
    takes_holds: bool,
}

/// The places of these ids, [`AT_ONCE`] at most.
pub(super) async fn places(
    reader: &mut AnyConnection,
    ids: &[&str],
    window: Option<(Instant, Instant)>,
) -> Result<BTreeMap<String, Place>, sqlx::Error> {
    let mut query = sqlx::query(
        "select s.id, s.name, s.address, s.city, s.time_zone, o.name, c.connector, c.evse_id,
            c.plug, c.power_w, n.state, c.tariff_id, p.takes_holds,
            case when exists (select 1 from bookings b
                where b.charge_point_id = c.charge_point_id and b.connector = c.connector
                    and b.ends_at > $1 and b.starts_at < $2 and b.status in ('REQUESTED',
                        'PENDING', 'CONFIRMED', 'ATTENDING')) then 1 else 0 end
            from sites s join operators o on o.id = s.operator_id
            join charge_points p on p.site_id = s.id
            join connectors c on c.charge_point_id = p.id
            join connectors_shown n
                on n.charge_point_id = c.charge_point_id and n.connector = c.connector
            where s.id in ($3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,
                $19, $20, $21, $22)
            order by s.id, c.charge_point_id, c.connector",
    )
    .bind(window.map_or(0, |(start, _)| start.millis()))
    .bind(window.map_or(0, |(_, end)| end.millis()));
    for place in 0..AT_ONCE {
        query = query.bind(ids.get(place).copied().unwrap_or_default());
    }
    let mut places = BTreeMap::new();
    for row in query.fetch_all(reader).await? {
        let id: String = row.try_get(0)?;
        let place = match places.entry(id) {
            Entry::Occupied(place) => place.into_mut(),
            Entry::Vacant(new) => new.insert(place(&row)?),
        };
        place.plugs.push(plug(&row)?);
    }
    Ok(places)
}

fn place(row: &AnyRow) -> Result<Place, sqlx::Error> {
    let zone: &str = row.try_get(4)?;
    Ok(Place {
        name: row.try_get(1)?,
        address: row.try_get(2)?,
        city: row.try_get(3)?,
        time_zone: zone.parse().unwrap_or(Tz::UTC),
        operator: row.try_get(5)?,
        plugs: Vec::new(),
    })
}

fn plug(row: &AnyRow) -> Result<Plug, sqlx::Error> {
    Ok(Plug {
        number: row.try_get(6)?,
        evse_id: row.try_get(7)?,
        kind: row.try_get(8)?,
        power_w: row.try_get(9)?,
        state: ConnectorState::of_word(row.try_get(10)?),
        tariff_id: row.try_get(11)?,
        takes_holds: row.try_get::<i64, _>(12)? == 1,
        booked: row.try_get::<i64, _>(13)? == 1,
    })
}

impl Plug {
    /// What charging costs there, if it can be booked.
    pub fn bookable(&self) -> Option<&str> {
        self.tariff_id.as_deref().filter(|_| self.takes_holds)
    }

    /// Whether it is what somebody looks for.
    pub fn fits(&self, query: &SearchQuery) -> bool {
        let wanted = query.connector_type.as_deref().map(of_ocpi);
        wanted.is_none_or(|wanted| self.kind == Some(wanted))
            && self.power_w >= i64::from(query.power_min_w.unwrap_or(0))
    }

    /// The operator's three letters in its number in the world: `DE*NOV*E770011*1`.
    pub fn party(&self) -> Option<String> {
        self.evse_id.split('*').nth(1).map(str::to_owned)
    }

    /// As it is told.
    pub fn told(self) -> Evse {
        Evse {
            evse_uid: self.evse_id,
            status: if self.booked {
                EvseStatus::Reserved
            } else {
                status(&self.state)
            },
            connectors: vec![EvseConnector {
                connector_id: self.number.to_string(),
                kind: self
                    .kind
                    .as_deref()
                    .map(|kind| Fitting::of_word(kind).ocpi().to_owned()),
                power_kw: Some(Decimal::new(self.power_w, 3)),
            }],
            pricing: None,
        }
    }
}

/// Our word; of what we have no plug for, one that no plug has.
pub(super) fn of_ocpi(theirs: &str) -> String {
    Fitting::of_ocpi(theirs).as_str().to_owned()
}

fn status(state: &ConnectorState) -> EvseStatus {
    match state {
        ConnectorState::Available => EvseStatus::Available,
        ConnectorState::Occupied => EvseStatus::Charging,
        ConnectorState::Reserved => EvseStatus::Reserved,
        ConnectorState::Faulted => EvseStatus::OutOfOrder,
        ConnectorState::Unavailable => EvseStatus::Inoperative,
        ConnectorState::Offline | ConnectorState::Other(_) => EvseStatus::Unknown,
    }
}
