//! Everything that is in the demo, before any of it is written.

use chrono::NaiveDate;
use portal_api::{portal::Payment, time::Instant};

use super::{
    calendar::instant,
    car::{Car, Plug},
    dice::Dice,
    forecourt::{Forecourt, charge_points},
    groups::{self, PlannedGroup},
    habits::{self, TAXI_STAND},
    operators,
    people::{self, DemoPerson, EMPLOYEE, MANY, PEOPLE, one_of_many},
    places::{PLACES, PROVING_GROUND, Place, Row},
    prices,
    visits::{Charged, Visit, charge_all, readings},
};
use crate::{
    config::DemoSize,
    embedded::{
        people::{Organisation, Role},
        promotions::NewPromotion,
        sessions::{End, Record},
        sites::{ChargePoint, Connector, Current, Site},
        tariffs::Tariff,
    },
};

/// Everything that is in the demo.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Every organisation.
    pub organisations: Vec<Organisation>,
    /// Everybody.
    pub people: Vec<Person>,
    /// Every place.
    pub sites: Vec<Site>,
    /// Every charge point.
    pub charge_points: Vec<ChargePoint>,
    /// Every tariff.
    pub tariffs: Vec<Tariff>,
    /// Every promotional code.
    pub promotions: Vec<NewPromotion>,
    /// Every group.
    pub groups: Vec<PlannedGroup>,
    /// Everybody's sessions.
    pub sessions: Vec<Planned>,
}

/// Somebody in the demo.
#[derive(Clone, Debug)]
pub struct Person {
    /// Prefix `usr_`.
    pub id: String,
    /// What they sign in with.
    pub email: String,
    /// Their name.
    pub name: String,
    /// What they are to the portal.
    pub roles: &'static [Role],
    /// What they belong to, if anything.
    pub organisation_id: Option<&'static str>,
    /// Where they live, if they said so.
    pub address: Option<&'static str>,
}

/// A session, and what belongs to it.
#[derive(Clone, Debug)]
pub struct Planned {
    /// The session.
    pub record: Record,
    /// Where it was.
    pub site_id: &'static str,
    /// What it was priced by.
    pub tariff_id: &'static str,
}

/// How long the driver of the small demo has been here, in days.
const TRAVELLER_DAYS: u64 = 730;

/// How long the taxi of the large demo has been here, in days.
const TAXI_DAYS: u64 = 6 * 365;

/// How often it charged.
const TAXI_SESSIONS: u64 = 10_000;

/// How many people the company of the large demo employs.
const EMPLOYEES: usize = 500;

/// So long ago the session that is under way began.
const UNDER_WAY_SECONDS: i64 = 38 * 60 + 20;

/// The demo as it is at `now`: the same all day long but for the session that
/// is under way.
pub fn plan(size: DemoSize, now: Instant) -> Plan {
    let mut planner = Planner::new(now);
    planner.small();
    if size == DemoSize::Large {
        planner.large();
    }
    planner.groups(size);
    planner.under_way(now);
    planner.plan
}

struct Planner {
    plan: Plan,
    forecourt: Forecourt,
    today: NaiveDate,
    /// By then every session but the one under way has ended, wherever today
    /// has already begun.
    latest: Instant,
}

const FAMILY_CAR: Car = Car {
    battery_wh: 64_000,
    ac_w: 11_000,
    dc_w: 125_000,
};
const SMALL_CAR: Car = Car {
    battery_wh: 46_000,
    ac_w: 7_400,
    dc_w: 95_000,
};
const LONG_CAR: Car = Car {
    battery_wh: 84_000,
    ac_w: 11_000,
    dc_w: 205_000,
};

impl Planner {
    fn new(now: Instant) -> Self {
        let today = now.utc().map_or(NaiveDate::MIN, |now| now.date_naive());
        let midnight = instant(chrono_tz::UTC, today, 0).unwrap_or(now);
        Self {
            plan: Plan {
                organisations: vec![people::nordhang()],
                people: Vec::new(),
                sites: PLACES.iter().map(site).collect(),
                charge_points: PLACES.iter().flat_map(points).collect(),
                tariffs: prices::tariffs(),
                promotions: prices::promotions(today),
                groups: Vec::new(),
                sessions: Vec::new(),
            },
            forecourt: Forecourt::new(),
            today,
            latest: midnight.plus_seconds(-3_600),
        }
    }

    fn small(&mut self) {
        for person in PEOPLE {
            let id = self.add(person, person.email, person.name);
            let mut dice = Dice::of(person.email);
            let (mut visits, car, discount_rate) = self.usual(person, &mut dice);
            let payer = (&id[..], person.payment);
            self.charge(payer, &mut visits, car, discount_rate, &mut dice);
        }
    }

    /// When somebody charges, what, and how much they get off.
    fn usual(&self, person: &DemoPerson, dice: &mut Dice) -> (Vec<Visit>, Car, i64) {
        let today = self.today;
        let depot: &[_] = &[("depot", false), ("depot", false), ("depot", true)];
        let town: &[_] = &[("cologne", false), ("depot", false), ("cologne", false)];
        match person.email {
            "driver@example.com" => {
                let visits = habits::of_a_traveller(today, TRAVELLER_DAYS, dice);
                (visits, FAMILY_CAR, 0)
            }
            "group@example.com" => {
                let visits = habits::of_a_commuter(today, 500, 40, depot, dice);
                (visits, LONG_CAR, 1_000)
            }
            "employee@example.com" => {
                let visits = habits::of_a_commuter(today, 420, 60, town, dice);
                (visits, SMALL_CAR, 0)
            }
            "manager@example.com" => {
                let visits = habits::of_a_commuter(today, 390, 26, town, dice);
                (visits, LONG_CAR, 0)
            }
            _ => (Vec::new(), FAMILY_CAR, 0),
        }
    }

    fn large(&mut self) {
        let id = self.add(&MANY, MANY.email, MANY.name);
        let mut dice = Dice::of(MANY.email);
        let mut visits = habits::of_a_taxi(self.today, TAXI_DAYS, TAXI_SESSIONS, &mut dice);
        for visit in &mut visits {
            let charged = visit
                .charge(LONG_CAR, &mut self.forecourt, &mut dice, self.latest)
                .or_else(|| {
                    visit.place = TAXI_STAND;
                    visit.charge(LONG_CAR, &mut self.forecourt, &mut dice, self.latest)
                });
            self.plan
                .sessions
                .extend(charged.map(|charged| planned(&id, MANY.payment, charged, 0, &mut dice)));
        }
        self.plan.organisations.push(people::isarhof());
        self.plan.sites.push(site(&PROVING_GROUND));
        self.plan.charge_points.extend(points(&PROVING_GROUND));
        for number in 0..EMPLOYEES {
            self.employee(number);
        }
        for number in 0..groups::DRIVERS {
            let name = one_of_many(number);
            self.add(&groups::DRIVER, &groups::address(number), &name);
        }
    }

    fn employee(&mut self, number: usize) {
        let email = format!("employee{:03}@isarhof.example", number + 1);
        let mut dice = Dice::of(&email);
        let id = self.add(&EMPLOYEE, &email, &one_of_many(number));
        let count = u64::try_from(dice.within(8, 20)).unwrap_or(8);
        let plant = &[("plant", false)];
        let mut visits = habits::of_a_commuter(self.today, 365, count, plant, &mut dice);
        let car = *dice
            .pick(&[SMALL_CAR, FAMILY_CAR, LONG_CAR])
            .unwrap_or(&FAMILY_CAR);
        let payer = (&id[..], EMPLOYEE.payment);
        self.charge(payer, &mut visits, car, 0, &mut dice);
    }

    fn groups(&mut self, size: DemoSize) {
        self.plan.groups = groups::plan(&self.plan.people, size);
        for group in &self.plan.groups {
            for token in &group.tokens {
                let uid = &token.token.uid;
                let mut dice = Dice::of(uid);
                let mut visits = groups::visits(self.today, &mut dice);
                let (forecourt, latest) = (&mut self.forecourt, self.latest);
                for charged in charge_all(&mut visits, LONG_CAR, forecourt, &mut dice, latest) {
                    let payer = &group.group.person_id;
                    let mut session = planned(payer, Payment::Organisation, charged, 0, &mut dice);
                    session.record.id_tag = Some(uid.clone());
                    self.plan.sessions.push(session);
                }
            }
        }
    }

    fn add(&mut self, person: &DemoPerson, email: &str, name: &str) -> String {
        let id = Dice::of(&["id of ", email].concat()).id("usr_", 12);
        self.plan.people.push(Person {
            id: id.clone(),
            email: email.to_owned(),
            name: name.to_owned(),
            roles: person.roles,
            organisation_id: person.organisation_id,
            address: person.address,
        });
        id
    }

    fn charge(
        &mut self,
        (driver_id, payment): (&str, Payment),
        visits: &mut [Visit],
        car: Car,
        discount_rate: i64,
        dice: &mut Dice,
    ) {
        let all = charge_all(visits, car, &mut self.forecourt, dice, self.latest);
        for charged in all {
            let session = planned(driver_id, payment, charged, discount_rate, dice);
            self.plan.sessions.push(session);
        }
    }

    /// The first driver is charging at home right now.
    fn under_way(&mut self, now: Instant) {
        let started = now.plus_seconds(-UNDER_WAY_SECONDS);
        let far = now.plus_seconds(24 * 3_600);
        let Some(driver_id) = self.plan.people.first().map(|person| person.id.clone()) else {
            return;
        };
        let Some(place) = super::places::place("home") else {
            return;
        };
        let Some(spot) = self.forecourt.free(place.key, false, started, far, 0) else {
            return;
        };
        let plug = Plug {
            direct: false,
            power_w: spot.plugs.power_w,
        };
        // The meter was read a little while ago.
        let charge = FAMILY_CAR.charge(plug, 310, 900, 965, UNDER_WAY_SECONDS - 20);
        let record = Record {
            id: Dice::of("under way").id("sess_", 10),
            id_tag: Some(tag(&driver_id)),
            driver_id,
            payment: Payment::Card,
            charge_point_id: spot.charge_point_id.clone(),
            connector: spot.connector,
            discount_rate: 0,
            promotional_code: None,
            started,
            energy_wh: charge.energy_wh,
            readings: readings(&charge.curve, started),
            charged_until: None,
            end: None,
        };
        spot.take(started, far);
        self.plan.sessions.push(Planned {
            record,
            site_id: place.id,
            tariff_id: spot.tariff,
        });
    }
}

fn planned(
    driver_id: &str,
    payment: Payment,
    charged: Charged,
    discount_rate: i64,
    dice: &mut Dice,
) -> Planned {
    Planned {
        record: Record {
            id: dice.id("sess_", 10),
            driver_id: driver_id.to_owned(),
            charge_point_id: charged.charge_point_id,
            connector: charged.connector,
            id_tag: Some(tag(driver_id)),
            payment,
            discount_rate,
            promotional_code: prices::promotion_at(charged.place),
            started: charged.started,
            energy_wh: charged.energy_wh,
            readings: charged.readings,
            charged_until: charged.charged_until,
            end: Some(End {
                at: charged.ended,
                early: charged.stopped,
            }),
        },
        site_id: charged.place.id,
        tariff_id: charged.tariff,
    }
}

/// The card somebody holds to the reader: 14 hexadecimal digits, as of a real one.
pub fn tag(driver_id: &str) -> String {
    let mut dice = Dice::of(&["tag of ", driver_id].concat());
    let digits = (0..6).map(|_| format!("{:02X}", dice.within(0, 255)));
    ["04".to_owned()].into_iter().chain(digits).collect()
}

fn site(place: &Place) -> Site {
    Site {
        id: place.id.to_owned(),
        name: place.name.to_owned(),
        address: place.address.to_owned(),
        city: place.city.to_owned(),
        country: place.country.to_owned(),
        time_zone: place.zone,
        operator_id: operators::id_of(place.operator).to_owned(),
    }
}

fn points(place: &'static Place) -> impl Iterator<Item = ChargePoint> {
    place.rows.iter().flat_map(|row| {
        charge_points(row).map(|id| ChargePoint {
            id,
            site_id: place.id.to_owned(),
            connectors: connectors(row),
        })
    })
}

fn connectors(row: &Row) -> Vec<Connector> {
    row.connectors
        .iter()
        .map(|plugs| Connector {
            current: if plugs.direct {
                Current::Direct
            } else {
                Current::Alternating
            },
            power_w: plugs.power_w,
        })
        .collect()
}
