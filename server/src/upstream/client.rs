//! One careful way to ask a system for something: never for long, never too
//! often, never more than it can answer, and never following it elsewhere.

mod message;

use std::{sync::Arc, time::Duration};

use reqwest::{
    RequestBuilder, Response, StatusCode, Url,
    header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue, RETRY_AFTER},
    redirect::Policy,
};
use serde_json::value::RawValue;
use tokio::{
    sync::Semaphore,
    time::{Instant, sleep, timeout_at},
};

use super::{
    gate::Gate,
    retry_after::{self, LONGEST},
};
use crate::{
    clock::Clock,
    config::Secret,
    provider::{Failure, Unfiled},
};

/// How much a system may take of our time and memory.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// To be reached.
    pub connect: Duration,
    /// To answer, to the last byte.
    pub answer: Duration,
    /// All tries for one of our requests together.
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
}

/// What an answer is to be.
#[derive(Clone, Copy, Debug)]
pub struct Form {
    /// Its media type.
    pub kind: &'static str,
    /// The most bytes it may have.
    pub longest: usize,
}

/// How one call went.
enum Outcome {
    Answered(Result<Vec<u8>, Failure>),
    /// Worth another try, at once if the wait is zero.
    Again(Duration, Failure),
    /// The same, and the system surely did nothing.
    Unseen(Duration, Failure),
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
        })
    }

    /// Gets the JSON at a path, given as its segments, which may hold anything.
    pub async fn get(
        &self,
        segments: &[&str],
        parameters: &[(&str, String)],
    ) -> Result<Vec<u8>, Failure> {
        self.get_as(segments, parameters, self.json()).await
    }

    /// Gets what is at a path in any form.
    pub async fn get_as(
        &self,
        segments: &[&str],
        parameters: &[(&str, String)],
        form: Form,
    ) -> Result<Vec<u8>, Failure> {
        let url = self.url(segments, parameters)?;
        let deadline = Instant::now() + self.limits.budget;
        let place = timeout_at(deadline, self.places.acquire()).await;
        let Ok(Ok(_place)) = place else {
            return Err(Failure::Unavailable { retry_after: 1 });
        };
        let mut tries = 0;
        loop {
            self.wait_for_gate(deadline).await?;
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
        let url = self.url(segments, &[]).map_err(Unfiled::Refused)?;
        let deadline = Instant::now() + self.limits.budget;
        let place = timeout_at(deadline, self.places.acquire()).await;
        let Ok(Ok(_place)) = place else {
            return Err(Unfiled::Refused(Failure::Unavailable { retry_after: 1 }));
        };
        let admitted = self.wait_for_gate(deadline).await;
        admitted.map_err(Unfiled::Refused)?;
        let request = self.http.post(url);
        let request = request
            .header(CONTENT_TYPE, "application/json")
            .header("idempotency-key", key)
            .body(json);
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

    async fn call(&self, request: RequestBuilder, form: Form, deadline: Instant) -> Outcome {
        let request = request
            .header(AUTHORIZATION, self.authorization.clone())
            .header(ACCEPT, form.kind);
        let answered = async {
            match request.send().await {
                Ok(response) => self.answer(response, form).await,
                Err(error) => self.no_answer(&error),
            }
        };
        let outcome = timeout_at(deadline, answered)
            .await
            .unwrap_or(Outcome::Answered(Err(Failure::TimedOut)));
        let well = match &outcome {
            Outcome::Answered(Ok(_)) => true,
            Outcome::Answered(Err(failure)) => failure.is_no(),
            _ => false,
        };
        self.gate.note(!well, Instant::now());
        outcome
    }

    /// The connection failed, or time ran out.
    fn no_answer(&self, error: &reqwest::Error) -> Outcome {
        if error.is_connect() {
            tracing::warn!(event = "upstream_unreachable");
            return Outcome::Unseen(self.backoff(), unavailable(Duration::from_secs(5)));
        }
        if error.is_timeout() {
            tracing::warn!(event = "upstream_timed_out");
            return Outcome::Answered(Err(Failure::TimedOut));
        }
        tracing::warn!(event = "upstream_broke_off");
        Outcome::Answered(Err(Failure::Nonsense("the connection broke off")))
    }

    async fn answer(&self, response: Response, form: Form) -> Outcome {
        let status = response.status();
        if matches!(
            status,
            StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE
        ) {
            return self.asked_to_wait(&response);
        }
        if status.is_redirection() || status.is_server_error() {
            tracing::warn!(event = "upstream_failed", status = status.as_u16());
            return Outcome::Answered(Err(Failure::Nonsense("it failed")));
        }
        let body = whole(response, form.longest).await;
        Outcome::Answered(body.and_then(|body| self.judge(status, body)))
    }

    fn asked_to_wait(&self, response: &Response) -> Outcome {
        let status = response.status().as_u16();
        let asked = response
            .headers()
            .get(RETRY_AFTER)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| retry_after::read(value, self.clock.now()));
        tracing::warn!(event = "upstream_busy", status);
        let wait = asked.unwrap_or_else(|| self.backoff());
        if let Some(asked) = asked {
            self.gate.leave_alone(Instant::now() + asked);
        }
        if response.status() == StatusCode::TOO_MANY_REQUESTS {
            Outcome::Unseen(wait, unavailable(wait))
        } else {
            Outcome::Again(wait, unavailable(wait))
        }
    }

    fn judge(&self, status: StatusCode, body: Vec<u8>) -> Result<Vec<u8>, Failure> {
        match status.as_u16() {
            200..=299 => Ok(body),
            404 => Err(Failure::NotFound),
            409 => Err(Failure::Conflict),
            400 | 422 => Err(Failure::Refused {
                status: status.as_u16(),
                message: self.message(&body),
            }),
            401 | 403 => {
                tracing::error!(event = "upstream_refuses_key", status = status.as_u16());
                Err(Failure::Nonsense("it refuses the key"))
            }
            _ => Err(Failure::Nonsense("its status is not documented")),
        }
    }

    /// What the system says is wrong, for whoever asked: never the key.
    fn message(&self, body: &[u8]) -> String {
        let said = message::read(body).filter(|said| !said.contains(self.key.expose()));
        said.unwrap_or_else(|| "the request was refused".to_owned())
    }

    /// Up to the usual wait, so that not everybody comes back at once.
    fn backoff(&self) -> Duration {
        let random = getrandom::u32().unwrap_or(u32::MAX / 2) % 1_000;
        self.limits.backoff * random / 1_000
    }
}

/// The whole body, unless it is too long or comes too slowly.
async fn whole(mut response: Response, longest: usize) -> Result<Vec<u8>, Failure> {
    let mut body = Vec::new();
    loop {
        let chunk = response.chunk().await.map_err(|error| {
            if error.is_timeout() {
                Failure::TimedOut
            } else {
                Failure::Nonsense("the connection broke off")
            }
        })?;
        let Some(chunk) = chunk else {
            return Ok(body);
        };
        if body.len() + chunk.len() > longest {
            return Err(Failure::Nonsense("it is too long"));
        }
        body.extend_from_slice(&chunk);
    }
}

fn unavailable(wait: Duration) -> Failure {
    Failure::Unavailable {
        retry_after: wait.min(LONGEST).as_millis().div_ceil(1_000).max(1) as u64,
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
