//! The names of places, kept for an hour: a page of sessions would otherwise
//! ask for each of them anew.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{
    task::JoinSet,
    time::{Instant, timeout},
};

use super::{decode, is_plain};
use crate::upstream::client::Client;

/// A name is kept for so long.
const KEPT: Duration = Duration::from_secs(3_600);

/// That there was none to be had, for so long.
const MISSED: Duration = Duration::from_secs(60);

/// So many are kept at most.
const MOST: usize = 1_000;

/// A page waits so long for names; after that it shows ids.
const PATIENCE: Duration = Duration::from_secs(2);

/// The names of places.
#[derive(Clone, Debug)]
pub struct Names {
    client: Arc<Client>,
    kept: Arc<Mutex<HashMap<String, Kept>>>,
}

#[derive(Clone, Debug)]
struct Kept {
    name: Option<String>,
    until: Instant,
}

impl Names {
    /// None known yet.
    pub fn new(client: Arc<Client>) -> Self {
        Self {
            client,
            kept: Arc::default(),
        }
    }

    /// The names of these places, as far as they can be had.
    pub async fn of(&self, ids: HashSet<String>) -> HashMap<String, String> {
        let mut asked = JoinSet::new();
        for id in &ids {
            if is_plain(id) && !self.is_kept(id, Instant::now()) {
                let (names, id) = (self.clone(), id.clone());
                asked.spawn(async move { names.ask(id).await });
            }
        }
        let all = async { while asked.join_next().await.is_some() {} };
        // What comes too late is there for the next page.
        if timeout(PATIENCE, all).await.is_err() {
            asked.detach_all();
        }
        let kept = self.kept();
        let known = |id: String| Some((kept.get(&id)?.name.clone()?, id));
        let named = ids.into_iter().filter_map(known);
        named.map(|(name, id)| (id, name)).collect()
    }

    async fn ask(&self, id: String) {
        let answer = self.client.get(&["api", "v1", "sites", &id], &[]).await;
        let name = answer.ok().and_then(|body| decode::site_name(&body));
        let now = Instant::now();
        let until = now + if name.is_some() { KEPT } else { MISSED };
        let mut kept = self.kept();
        if kept.len() >= MOST {
            kept.retain(|_, kept| kept.until > now);
        }
        if kept.len() >= MOST {
            kept.clear();
        }
        kept.insert(id, Kept { name, until });
    }

    fn is_kept(&self, id: &str, now: Instant) -> bool {
        self.kept().get(id).is_some_and(|kept| kept.until > now)
    }

    fn kept(&self) -> MutexGuard<'_, HashMap<String, Kept>> {
        // Each change is one statement: it is never half done.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
