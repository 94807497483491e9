//! One careful way to ask a system for something: never for long, never too
//! often, never more than it can answer, and never following it elsewhere.

mod call;
mod message;
mod told;

use std::{sync::Arc, time::Duration};

use reqwest::{
    RequestBuilder, Url,
    header::{CONTENT_TYPE, HeaderValue},
    redirect::Policy,
};
use serde_json::value::RawValue;
use tokio::{
    sync::{Semaphore, SemaphorePermit},
    time::{Instant, sleep, timeout_at},
};

use self::call::{Outcome, unavailable};
use super::gate::Gate;
use crate::{
    clock::Clock,
    config::Secret,
    provider::{
        Failure, Unfiled,
        meter::{Meter, Purpose},
    },
};

/// How much a system may take of our time and memory.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// To be reached.
    pub connect: Duration,
    /// To answer, to the last byte.
    pub answer: Duration,
    /// All tries for one of our requests together. Waiting for one's turn to make something
    /// is not counted, and takes no longer.
    pub budget: Duration,
    /// The first wait between two tries, if the system names none.
    pub backoff: Duration,
    /// The longest answer in JSON, in bytes.
    pub longest_answer: usize,
    /// Calls at the same time.
    pub at_once: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(2),
            answer: Duration::from_secs(5),
            budget: Duration::from_secs(8),
            backoff: Duration::from_secs(1),
            longest_answer: 2 * 1024 * 1024,
            at_once: 16,
        }
    }
}

/// How often a call is made again after the first.
const RETRIES: u32 = 2;

/// The client cannot be set up: a wrong address, a key that no header can
/// carry, or a machine without certificates.
#[derive(Debug, thiserror::Error)]
#[error("the upstream system cannot be asked: {0}")]
pub struct Unusable(&'static str);

/// Asks one system.
#[derive(Debug)]
pub struct Client {
    http: reqwest::Client,
    base: Url,
    /// Marked as sensitive: its Debug doesn't show it.
    authorization: HeaderValue,
    key: Secret,
    clock: Clock,
    limits: Limits,
    gate: Gate,
    places: Arc<Semaphore>,
    meter: Option<Arc<dyn Meter>>,
}

/// What an answer is to be.
#[derive(Clone, Copy, Debug)]
pub struct Form {
    /// Its media type.
    pub kind: &'static str,
    /// The most bytes it may have.
    pub longest: usize,
}

impl Client {
    /// A client for the system at `base`, with the operator's key.
    pub fn new(base: &str, key: Secret, clock: Clock, limits: Limits) -> Result<Self, Unusable> {
        let base = Url::parse(base).map_err(|_| Unusable("its address is wrong"))?;
        let loopback = is_loopback(&base);
        let mut http = reqwest::Client::builder()
            .connect_timeout(limits.connect)
            .timeout(limits.answer)
            .redirect(Policy::none())
            .https_only(!loopback)
            .user_agent(concat!("driver-portal/", env!("CARGO_PKG_VERSION")));
        if loopback {
            http = http.no_proxy();
        }
        let mut authorization = HeaderValue::from_str(&["Bearer ", key.expose()].concat())
            .map_err(|_| Unusable("its key has characters that no header can carry"))?;
        authorization.set_sensitive(true);
        Ok(Self {
            http: http
                .build()
                .map_err(|_| Unusable("no encrypted connections are possible"))?,
            base,
            authorization,
            key,
            clock,
            limits,
            gate: Gate::default(),
            places: Arc::new(Semaphore::new(limits.at_once)),
            meter: None,
        })
    }

    /// The same, with every call counted before it is made.
    pub fn metered(mut self, meter: Arc<dyn Meter>) -> Self {
        self.meter = Some(meter);
        self
    }

    /// Gets the JSON at a path, given as its segments, which may hold anything.
    pub async fn get(
        &self,
        segments: &[&str],
        parameters: &[(&str, String)],
    ) -> Result<Vec<u8>, Failure> {
        self.get_as(segments, parameters, self.json()).await
    }

    /// The same, for some purpose.
    pub async fn get_for(
        &self,
        segments: &[&str],
        parameters: &[(&str, String)],
        purpose: Purpose,
    ) -> Result<Vec<u8>, Failure> {
        let url = self.url(segments, parameters)?;
        self.fetch(url, self.json(), purpose).await
    }

    /// Gets what is at a path in any form.
    pub async fn get_as(
        &self,
        segments: &[&str],
        parameters: &[(&str, String)],
        form: Form,
    ) -> Result<Vec<u8>, Failure> {
        let url = self.url(segments, parameters)?;
        self.fetch(url, form, Purpose::Person).await
    }

    async fn fetch(&self, url: Url, form: Form, purpose: Purpose) -> Result<Vec<u8>, Failure> {
        let deadline = Instant::now() + self.limits.budget;
        let _place = self.place(deadline).await?;
        let mut tries = 0;
        loop {
            self.wait_for_leave(purpose, deadline).await?;
            let outcome = self.call(self.http.get(url.clone()), form, deadline).await;
            let (wait, failure) = match outcome {
                Outcome::Answered(answer) => return answer,
                Outcome::Again(wait, failure) | Outcome::Unseen(wait, failure) => (wait, failure),
            };
            tries += 1;
            if tries > RETRIES || Instant::now() + wait > deadline {
                return Err(failure);
            }
            sleep(wait).await;
        }
    }

    /// Sends JSON to a path, once: whatever may have been done there is never
    /// done again from here.
    pub async fn post(
        &self,
        segments: &[&str],
        key: &str,
        json: Vec<u8>,
    ) -> Result<Vec<u8>, Unfiled> {
        self.send(segments, key, json, Purpose::Person).await
    }

    /// The same, to make one of many: not in quick succession.
    pub async fn make(
        &self,
        segments: &[&str],
        key: &str,
        json: Vec<u8>,
    ) -> Result<Vec<u8>, Unfiled> {
        self.send(segments, key, json, Purpose::Making).await
    }

    async fn send(
        &self,
        segments: &[&str],
        key: &str,
        json: Vec<u8>,
        purpose: Purpose,
    ) -> Result<Vec<u8>, Unfiled> {
        let url = self.url(segments, &[]).map_err(Unfiled::Refused)?;
        let request = self.http.post(url);
        let request = request
            .header(CONTENT_TYPE, "application/json")
            .header("idempotency-key", key)
            .body(json);
        self.once(request, purpose).await
    }

    /// Deletes what is at a path, once.
    pub async fn delete(&self, segments: &[&str]) -> Result<Vec<u8>, Unfiled> {
        let url = self.url(segments, &[]).map_err(Unfiled::Refused)?;
        self.once(self.http.delete(url), Purpose::Person).await
    }

    async fn once(&self, request: RequestBuilder, purpose: Purpose) -> Result<Vec<u8>, Unfiled> {
        let deadline = Instant::now() + self.limits.budget;
        let waited = self.wait_for_leave(purpose, deadline).await;
        // There is as long for the answer as ever: what is cut off may have been done.
        let deadline = deadline + waited.map_err(Unfiled::Refused)?;
        // Only now: whoever waits for their turn keeps nobody else from asking.
        let place = self.place(deadline).await;
        let _place = place.map_err(Unfiled::Refused)?;
        match self.call(request, self.json(), deadline).await {
            Outcome::Answered(Ok(body)) => Ok(body),
            Outcome::Answered(Err(failure)) if failure.is_no() => Err(Unfiled::Refused(failure)),
            Outcome::Unseen(_, failure) => Err(Unfiled::Refused(failure)),
            Outcome::Answered(Err(failure)) | Outcome::Again(_, failure) => {
                Err(Unfiled::Unsure(failure))
            }
        }
    }

    fn url(&self, segments: &[&str], parameters: &[(&str, String)]) -> Result<Url, Failure> {
        let mut url = self.base.clone();
        url.path_segments_mut()
            .map_err(|()| Failure::Nonsense("its address takes no path"))?
            .pop_if_empty()
            .extend(segments);
        if !parameters.is_empty() {
            url.query_pairs_mut().extend_pairs(parameters);
        }
        Ok(url)
    }

    /// Waits until few enough calls are under way, unless that is too long.
    async fn place(&self, deadline: Instant) -> Result<SemaphorePermit<'_>, Failure> {
        let place = timeout_at(deadline, self.places.acquire()).await;
        let place = place.ok().and_then(Result::ok);
        place.ok_or(Failure::Unavailable { retry_after: 1 })
    }

    /// Waits until a call may be made, unless that is too long, and counts it; how long its
    /// turn took to come.
    async fn wait_for_leave(
        &self,
        purpose: Purpose,
        deadline: Instant,
    ) -> Result<Duration, Failure> {
        self.wait_for_gate(deadline).await?;
        let Some(meter) = &self.meter else {
            return Ok(Duration::ZERO);
        };
        let patience = deadline.saturating_duration_since(Instant::now());
        let wait = meter.take(purpose, patience).await?;
        sleep(wait).await;
        Ok(wait)
    }

    /// Waits until the system may be asked, unless that is too long.
    async fn wait_for_gate(&self, deadline: Instant) -> Result<(), Failure> {
        loop {
            let now = Instant::now();
            let Err(wait) = self.gate.admit(now) else {
                return Ok(());
            };
            if now + wait > deadline {
                return Err(unavailable(wait));
            }
            sleep(wait).await;
        }
    }

    const fn json(&self) -> Form {
        Form {
            kind: "application/json",
            longest: self.limits.longest_answer,
        }
    }
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_matches(['[', ']']).parse::<std::net::IpAddr>();
    address.map_or(host == "localhost", |address| address.is_loopback())
}

/// Reads an answer as JSON, keeping every part as it was written.
pub fn json(body: &[u8]) -> Result<&RawValue, Failure> {
    serde_json::from_slice(body).map_err(|_| Failure::Nonsense("it is not JSON"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_loopback_addresses_are_loopback() {
        for (url, loopback) in [
            ("http://127.0.0.1:99", true),
            ("http://[::1]:99", true),
            ("http://localhost", true),
            ("http://localhost.example", false),
            ("http://10.0.0.1", false),
        ] {
            assert_eq!(is_loopback(&Url::parse(url).unwrap()), loopback, "{url}");
        }
    }
}
