//! What the start page of a driver asks for.

use std::{pin::pin, time::Duration};

use futures_util::{
    FutureExt,
    future::{Either, join, maybe_done, select},
};
use leptos::prelude::*;
use portal_api::{
    dynamo::SessionPage,
    petit_monde::booking::Booking,
    portal::{SessionSummary, groups::MyGroups},
    query::{SessionFilter, SessionQuery},
    time::Instant,
};

use super::groups::groups;
use crate::{
    client::{self, Answer, Problem},
    components::booking::next::next,
    run::pause,
    state::remote::or_before,
};

/// How many of the latest sessions are shown.
const LATEST: u32 = 5;

/// So long the rest of the page is waited for once the sessions are here.
const PATIENCE: Duration = Duration::from_secs(2);

/// What stands on the page, asked for side by side: a system that is down takes nothing
/// from what another one told.
#[derive(Clone, PartialEq)]
pub struct Overview {
    /// The totals and the latest.
    pub sessions: client::Result<Answer<(SessionSummary, SessionPage)>>,
    /// The next one.
    pub booking: client::Result<Option<Booking>>,
    /// Whatever may be spent.
    pub groups: client::Result<Option<MyGroups>>,
    /// Not everything was waited for: it is asked for again.
    pub hurried: bool,
}

/// Asks for it; `last` is what was told before.
pub async fn overview(
    grouped: bool,
    now: Instant,
    last: StoredValue<Option<Overview>>,
) -> client::Result<Answer<Overview>> {
    let mut booking = pin!(maybe_done(next(now)));
    let mut groups = pin!(maybe_done(groups(grouped)));
    let rest = join(booking.as_mut(), groups.as_mut());
    let before = last.get_value();
    let (sessions, hurried) = match select(pin!(sessions()), rest).await {
        Either::Left((sessions, rest)) if before.is_none() => {
            let patience = pin!(pause(PATIENCE));
            let rest = select(rest, patience).await;
            (sessions, matches!(rest, Either::Right(_)))
        }
        // What is on the screen stands there meanwhile.
        Either::Left((sessions, rest)) => (sessions, rest.map(|_| false).await),
        Either::Right((_, sessions)) => (sessions.await, false),
    };
    let booking = booking.take_output().unwrap_or(Err(Problem::Slow));
    let groups = groups.take_output().unwrap_or(Err(Problem::Slow));
    let told = match before {
        Some(before) => Overview {
            sessions: or_before(sessions, before.sessions),
            booking: or_before(booking, before.booking),
            groups: or_before(groups, before.groups),
            hurried,
        },
        None => Overview {
            sessions,
            booking,
            groups,
            hurried,
        },
    };
    let more = matches!(told.booking, Ok(Some(_))) || matches!(told.groups, Ok(Some(_)));
    let kept_at = match &told.sessions {
        Ok(answer) => answer.kept_at,
        Err(problem) if !more || *problem == Problem::SignedOut => return Err(problem.clone()),
        Err(_) => None,
    };
    last.set_value(Some(told.clone()));
    Ok(Answer {
        value: told,
        kept_at,
    })
}

async fn sessions() -> client::Result<Answer<(SessionSummary, SessionPage)>> {
    let query = SessionQuery {
        limit: LATEST,
        ..SessionQuery::default()
    };
    let (summary, latest) = join(
        client::dynamo::summary(SessionFilter::default()),
        client::dynamo::sessions(query),
    )
    .await;
    let (summary, latest) = (summary?, latest?);
    Ok(Answer {
        value: (summary.value, latest.value),
        kept_at: summary.kept_at.or(latest.kept_at),
    })
}
