//! A real Dynamo: its billing sessions as a driver's sessions.
//!
//! The operator's key sees everybody's. What is asked for is one driver's, and
//! whatever comes back that isn't theirs is dropped (`decode`).

mod decode;
mod disputes;
mod filter;
mod names;
mod receipts;
mod reservations;

use std::{
    cmp::Reverse,
    collections::{HashMap, HashSet},
    sync::Arc,
    time::Duration,
};

use chrono_tz::Tz;
use portal_api::{
    decimal::Decimal,
    dynamo::{Session, SessionPage, cost::CostBreakdown},
    portal::{SessionDetail, SessionSummary, Site},
    query::{SessionFilter, SessionQuery},
};
use tokio::time::timeout;

use self::{decode::Page, filter::Filter, names::Names};
use super::client::{Client, Limits, Unusable, json};
use crate::{
    clock::Clock,
    config::DynamoUpstream,
    provider::{self, Asked, Driver, Entry, Failure, Wanted, sums::Sums},
};

/// The most rows Dynamo gives at once.
const MOST_ROWS: u32 = 200;

/// The most pages that are read for one answer of ours.
const MOST_PAGES: usize = 50;

/// The longest that reading all pages may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// A real Dynamo.
#[derive(Clone, Debug)]
pub struct Dynamo {
    client: Arc<Client>,
    names: Names,
    zone: Tz,
}

impl Dynamo {
    /// The one that the configuration names.
    pub fn new(config: &DynamoUpstream, clock: Clock, limits: Limits) -> Result<Self, Unusable> {
        let client = Client::new(config.url.as_str(), config.key.clone(), clock, limits)?;
        let client = Arc::new(client);
        Ok(Self {
            names: Names::new(client.clone()),
            client,
            zone: config.time_zone,
        })
    }

    /// One page of a driver's sessions, as it comes.
    async fn ask(
        &self,
        user_id: &str,
        filter: &Filter,
        limit: u32,
        offset: usize,
    ) -> Result<Page, Failure> {
        let mut parameters = vec![("user_id", user_id.to_owned())];
        parameters.extend(filter.parameters());
        parameters.push(("limit", limit.to_string()));
        parameters.push(("offset", offset.to_string()));
        let path = ["api", "v1", "billing", "sessions"];
        let body = match self.client.get(&path, &parameters).await {
            Err(Failure::NotFound) => Err(Failure::Nonsense("it has no list of sessions")),
            body => body,
        }?;
        let page = decode::page(&body, user_id, self.zone)?;
        if page.foreign > 0 {
            tracing::warn!(event = "upstream_foreign_rows", rows = page.foreign);
        }
        Ok(page)
    }

    /// All of a driver's sessions that a filter lets through, newest first.
    async fn all(&self, user_id: &str, filter: &Filter) -> Result<Vec<Session>, Failure> {
        let pages = self.all_pages(user_id, filter);
        let mut sessions = timeout(PATIENCE, pages)
            .await
            .map_err(|_| Failure::TimedOut)??;
        sessions.retain(|session| filter.admits(session));
        sort(&mut sessions);
        Ok(sessions)
    }

    async fn all_pages(&self, user_id: &str, filter: &Filter) -> Result<Vec<Session>, Failure> {
        let mut seen = HashSet::new();
        let mut sessions = Vec::new();
        let mut offset = 0;
        for _ in 0..MOST_PAGES {
            let page = self.ask(user_id, filter, MOST_ROWS, offset).await?;
            offset += page.rows;
            // A session that began meanwhile shifts the rest by one.
            let new = page.sessions.into_iter();
            sessions.extend(new.filter(|session| seen.insert(session.session_id.clone())));
            let all = page.total.is_some_and(|total| offset as u64 >= total);
            if all || page.rows == 0 {
                return Ok(sessions);
            }
        }
        Err(Failure::Nonsense("it has more pages than anybody reads"))
    }

    /// A page straight from Dynamo's, if that is all it takes: nothing in it
    /// that doesn't belong, and it is known how many there are.
    async fn straight(
        &self,
        user_id: &str,
        filter: &Filter,
        query: &SessionQuery,
    ) -> Result<Option<SessionPage>, Failure> {
        let offset = usize::try_from(query.offset).unwrap_or(usize::MAX);
        let page = self.ask(user_id, filter, query.limit, offset).await?;
        let sound = page.foreign == 0
            && page.sessions.len() == page.rows
            && page.rows <= query.limit as usize
            && page.sessions.iter().all(|session| filter.admits(session));
        let Some(total) = page.total.filter(|_| sound) else {
            return Ok(None);
        };
        let mut sessions = page.sessions;
        sort(&mut sessions);
        Ok(Some(SessionPage {
            sessions,
            total,
            limit: query.limit,
            offset: query.offset,
        }))
    }

    async fn page_of(
        &self,
        driver: Driver<'_>,
        query: &SessionQuery,
    ) -> Result<SessionPage, Failure> {
        let mut page = SessionPage {
            sessions: Vec::new(),
            total: 0,
            limit: query.limit,
            offset: query.offset,
        };
        let Some(user_id) = driver.dynamo_user_id else {
            return Ok(page);
        };
        let filter = Filter::of(&query.filter, self.zone);
        // Dynamo can't filter by place: that takes all of them.
        let straight = if query.filter.site_id.is_none() {
            self.straight(user_id, &filter, query).await?
        } else {
            None
        };
        page = match straight {
            Some(page) => page,
            None => {
                let all = self.all(user_id, &filter).await?;
                let skipped = usize::try_from(query.offset).unwrap_or(usize::MAX);
                page.total = all.len() as u64;
                let rest = all.into_iter().skip(skipped);
                page.sessions = rest.take(query.limit as usize).collect();
                page
            }
        };
        self.name_places(&mut page.sessions).await;
        Ok(page)
    }

    async fn summary_of(
        &self,
        driver: Driver<'_>,
        filter: &SessionFilter,
    ) -> Result<SessionSummary, Failure> {
        let mut sums = Sums::default();
        let Some(user_id) = driver.dynamo_user_id else {
            return Ok(sums.summary(Vec::new()));
        };
        let everything = Filter::of(&SessionFilter::default(), self.zone);
        let sessions = self.all(user_id, &everything).await?;
        let filter = Filter::of(filter, self.zone);
        for session in sessions.iter().filter(|session| filter.admits(session)) {
            add(&mut sums, session)?;
        }
        let sites: HashSet<String> = sessions
            .into_iter()
            .filter_map(|session| session.site_id)
            .collect();
        let names = self.names.of(sites.clone()).await;
        let site = |site_id: String| Site {
            name: name_of(&names, &site_id),
            site_id,
        };
        Ok(sums.summary(sites.into_iter().map(site).collect()))
    }

    async fn one_of(&self, driver: Driver<'_>, id: &str) -> Result<Session, Failure> {
        let user_id = driver.dynamo_user_id.ok_or(Failure::NotFound)?;
        if !is_plain(id) {
            return Err(Failure::NotFound);
        }
        let path = ["api", "v1", "billing", "sessions", id];
        let body = self.client.get(&path, &[]).await?;
        let mut session = [decode::one(&body, user_id, self.zone)?];
        self.name_places(&mut session).await;
        let [session] = session;
        Ok(session)
    }

    /// What Dynamo tells of a session beyond the list is not documented.
    async fn detail_of(&self, driver: Driver<'_>, id: &str) -> Result<SessionDetail, Failure> {
        Ok(SessionDetail {
            session: self.one_of(driver, id).await?,
            address: None,
            operator: None,
            evse_id: None,
            current: None,
            power_kw: None,
            id_tag: None,
            charged_until: None,
            readings: Vec::new(),
            overlaps: Vec::new(),
            receipts: Vec::new(),
            payment: None,
            dispute_id: None,
        })
    }

    /// The breakdown itself names no driver: whose it is, the session says.
    async fn cost_of(&self, driver: Driver<'_>, id: &str) -> Result<CostBreakdown, Failure> {
        self.one_of(driver, id).await?;
        let path = ["api", "v1", "billing", "sessions", id, "cost-breakdown"];
        let body = self.client.get(&path, &[]).await?;
        let cost: CostBreakdown = serde_json::from_str(json(&body)?.get())
            .map_err(|_| Failure::Nonsense("it is no breakdown of a cost"))?;
        if cost.session_id != id {
            return Err(Failure::Nonsense("a breakdown of another session"));
        }
        Ok(cost)
    }

    async fn name_places(&self, sessions: &mut [Session]) {
        let sites = sessions
            .iter()
            .filter_map(|session| session.site_id.clone());
        let names = self.names.of(sites.collect()).await;
        for session in sessions {
            let name = session.site_id.as_ref().map(|id| name_of(&names, id));
            session.site_name = name;
        }
    }
}

/// The name of a place; its id if it has none.
fn name_of(names: &HashMap<String, String>, site_id: &str) -> String {
    names
        .get(site_id)
        .map_or(site_id, String::as_str)
        .to_owned()
}

/// Newest first, by the calendar.
fn sort(sessions: &mut [Session]) {
    sessions.sort_by_cached_key(|session| {
        Reverse((
            session.local_day,
            session.started_at,
            session.session_id.clone(),
        ))
    });
}

/// Adds a session to the sums, unless that would make them wrong.
fn add(sums: &mut Sums, session: &Session) -> Result<(), Failure> {
    let day = session
        .local_day
        .ok_or(Failure::Nonsense("a session has no day"))?;
    let cost = session.cost();
    if cost.is_none() && session.total_cost.is_some() && session.currency.is_some() {
        return Err(Failure::Nonsense(
            "a cost has more digits than its currency",
        ));
    }
    let energy_wh = session.energy_kwh.and_then(watt_hours).unwrap_or(0);
    let currency = cost.map(|cost| cost.currency);
    sums.add(
        day.month(),
        currency,
        1,
        energy_wh,
        cost.map_or(0, |cost| cost.minor),
    );
    Ok(())
}

/// Whole watt-hours of kilowatt-hours.
fn watt_hours(energy_kwh: Decimal) -> Option<i64> {
    const BILLIONTHS: i64 = 1_000_000_000;
    let units = energy_kwh.units_at(12)?.checked_add(BILLIONTHS / 2)?;
    Some(units.div_euclid(BILLIONTHS))
}

/// Whether an id can stand in a path as it is.
fn is_plain(id: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    (1..=64).contains(&id.len()) && id.bytes().all(plain)
}

impl provider::Sessions for Dynamo {
    fn page<'a>(&'a self, driver: Driver<'a>, query: &'a SessionQuery) -> Asked<'a, SessionPage> {
        Box::pin(self.page_of(driver, query))
    }

    fn summary<'a>(
        &'a self,
        driver: Driver<'a>,
        filter: &'a SessionFilter,
    ) -> Asked<'a, SessionSummary> {
        Box::pin(self.summary_of(driver, filter))
    }

    fn detail<'a>(&'a self, driver: Driver<'a>, id: &'a str) -> Asked<'a, SessionDetail> {
        Box::pin(self.detail_of(driver, id))
    }

    fn cost<'a>(&'a self, driver: Driver<'a>, id: &'a str) -> Asked<'a, CostBreakdown> {
        Box::pin(self.cost_of(driver, id))
    }

    fn entries<'a>(&'a self, driver: Driver<'a>, query: &'a SessionQuery) -> Asked<'a, Vec<Entry>> {
        Box::pin(self.entries_of(driver, query))
    }

    fn receipt<'a>(&'a self, driver: Driver<'a>, wanted: Wanted<'a>) -> Asked<'a, Vec<u8>> {
        Box::pin(self.receipt_of(driver, wanted))
    }
}
