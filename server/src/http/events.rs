//! What changes while somebody looks, as server-sent events.

use std::{collections::VecDeque, convert::Infallible, sync::Arc, time::Duration};

use axum::{
    extract::State,
    http::HeaderMap,
    response::sse::{Event as Sse, KeepAlive, Sse as Stream},
};
use futures_util::stream::{self, Stream as Streamed};
use portal_api::{
    path,
    portal::events::{HELLO, Hello, RESET},
};
use tokio::{
    sync::{broadcast, watch},
    time::{Instant, sleep_until},
};

use super::{Caller, Refusal, Who, routes::Routes, turns::Turn};
use crate::{
    App,
    embedded::charging::feed::{self, Event},
};

/// After so long a stream ends, so that whoever was signed out learns of it; the
/// browser comes back by itself and misses nothing.
const LONGEST: Duration = Duration::from_secs(10 * 60);

/// Whoever has too many streams waits so many seconds.
const WAIT: u64 = 30;

/// So often something is sent though nothing happens.
const SIGN_OF_LIFE: Duration = Duration::from_secs(15);

/// Adds the address.
pub(super) fn add(routes: Routes) -> Routes {
    routes.get(path::EVENTS, Who::Bookers, events)
}

/// One browser's stream.
struct Looking {
    person_id: String,
    told: broadcast::Receiver<Arc<Event>>,
    stopping: watch::Receiver<bool>,
    waiting: VecDeque<Sse>,
    /// The number of the last event that was sent or isn't for this person.
    last: i64,
    until: Instant,
    _turn: Turn,
}

async fn events(
    State(app): State<App>,
    caller: Caller,
    headers: HeaderMap,
) -> Result<Stream<impl Streamed<Item = Result<Sse, Infallible>>>, Refusal> {
    let turn = app.streams.take(&caller.person.id);
    let mut looking = Looking {
        person_id: caller.person.id,
        // Before the store is asked, so that nothing falls between.
        told: app.charging.feed().listen(),
        stopping: app.stopping.subscribe(),
        waiting: VecDeque::new(),
        last: feed::newest(&app.store).await?,
        until: Instant::now() + LONGEST,
        _turn: turn.ok_or_else(|| Refusal::too_many_tries(WAIT))?,
    };
    let hello = Hello {
        now: app.clock.now(),
    };
    let hello = serde_json::to_string(&hello).map_err(|_| Refusal::internal())?;
    looking
        .waiting
        .push_back(Sse::default().event(HELLO).data(hello));
    if let Some(seen) = last_seen(&headers) {
        looking.catch_up(feed::since(&app.store, seen).await?);
    }
    // So that a browser whose connection breaks now can say where it was.
    let last = looking.last.to_string();
    looking
        .waiting
        .push_back(Sse::default().id(last).comment(""));
    let events = stream::unfold(looking, async |mut looking| {
        looking.next().await.map(|event| (Ok(event), looking))
    });
    Ok(Stream::new(events).keep_alive(KeepAlive::new().interval(SIGN_OF_LIFE)))
}

fn last_seen(headers: &HeaderMap) -> Option<i64> {
    headers.get("last-event-id")?.to_str().ok()?.parse().ok()
}

impl Looking {
    /// What happened while the connection was broken.
    fn catch_up(&mut self, missed: Option<Vec<Event>>) {
        match missed {
            Some(missed) => missed.iter().for_each(|event| self.tell(event)),
            None => self
                .waiting
                .push_back(Sse::default().event(RESET).data("{}")),
        }
    }

    fn tell(&mut self, event: &Event) {
        let own = event.person_id.as_ref();
        if own.is_none_or(|person_id| *person_id == self.person_id) {
            let sse = Sse::default().event(&event.name).data(&event.body);
            self.waiting.push_back(sse.id(event.number.to_string()));
        }
        self.last = self.last.max(event.number);
    }

    async fn next(&mut self) -> Option<Sse> {
        loop {
            if let Some(event) = self.waiting.pop_front() {
                return Some(event);
            }
            let told = tokio::select! {
                told = self.told.recv() => told,
                _ = self.stopping.wait_for(|stopping| *stopping) => return None,
                () = sleep_until(self.until) => return None,
            };
            match told {
                Ok(event) if event.number > self.last => self.tell(&event),
                Ok(_) => {}
                Err(broadcast::error::RecvError::Lagged(_)) => self.catch_up(None),
                Err(broadcast::error::RecvError::Closed) => return None,
            }
        }
    }
}
