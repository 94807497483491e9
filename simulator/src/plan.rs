//! Which charge points there are to be.

use portal_api::portal::{
    Current,
    charge_points::{self, ConnectorState},
};

use crate::{
    args::Wishes,
    car::Outlet,
    chance::Chance,
    charge_point::{ChargePoint, Habits},
    clock,
    connector::Connector,
    wire::Protocol,
};

/// A charge point that is to be.
struct Plan {
    id: String,
    connectors: Vec<Plug>,
}

struct Plug {
    number: u32,
    outlet: Outlet,
    busy: bool,
}

/// Charge points like those that the server lists.
pub fn listed(listed: Vec<charge_points::ChargePoint>, wishes: &Wishes) -> Vec<ChargePoint> {
    let plans = listed.into_iter().map(|point| Plan {
        id: point.charge_point_id,
        connectors: point.connectors.into_iter().map(Plug::from).collect(),
    });
    build(plans, wishes)
}

/// So many charge points as were wished for.
pub fn counted(wishes: &Wishes) -> Vec<ChargePoint> {
    let plans = (1..=wishes.count).map(|number| Plan {
        id: format!("{}{number}", wishes.prefix),
        connectors: (1..=wishes.connectors).map(Plug::any).collect(),
    });
    build(plans, wishes)
}

impl From<charge_points::Connector> for Plug {
    fn from(connector: charge_points::Connector) -> Self {
        let current = connector.current.unwrap_or(Current::Ac);
        let watts = connector.power_kw.and_then(|power| power.units_at(3));
        Self {
            number: connector.connector_id,
            outlet: Outlet {
                current,
                most_w: watts.map_or(11_000.0, |watts| watts as f64),
            },
            busy: connector.state == ConnectorState::Occupied,
        }
    }
}

impl Plug {
    /// Alternating and direct current in turn.
    fn any(number: u32) -> Self {
        let (current, most_w) = if number % 2 == 1 {
            (Current::Ac, 22_000.0)
        } else {
            (Current::Dc, 150_000.0)
        };
        Self {
            number,
            outlet: Outlet { current, most_w },
            busy: false,
        }
    }
}

fn build(plans: impl Iterator<Item = Plan>, wishes: &Wishes) -> Vec<ChargePoint> {
    let habits = Habits {
        sample_every: i64::from(wishes.samples) * 1000,
        visitors_an_hour: wishes.visitors,
        holder_comes_after: wishes.arrive.map(|seconds| i64::from(seconds) * 1000),
    };
    let plans = plans.enumerate();
    plans
        .map(|(at, plan)| {
            let mut chance = Chance::of(wishes.seed, &plan.id);
            let connectors = plan.connectors.into_iter().map(|plug| {
                let meter_wh = chance.between(10_000.0, 20_000_000.0);
                Connector::new(plug.number, plug.outlet, meter_wh, plug.busy)
            });
            let connectors = connectors.collect();
            let protocol = wishes.protocol.unwrap_or(if at % 2 == 0 {
                Protocol::V16
            } else {
                Protocol::V201
            });
            let mut point = ChargePoint::new(plan.id, protocol, connectors, habits.clone(), chance);
            if !wishes.faults.is_empty() {
                point.behave(clock::now(), wishes.faults[at % wishes.faults.len()]);
            }
            point
        })
        .collect()
}
