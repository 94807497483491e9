//! One call, and what is made of its answer.

use std::time::Duration;

use reqwest::{
    RequestBuilder, Response, StatusCode,
    header::{ACCEPT, AUTHORIZATION},
};
use tokio::time::{Instant, timeout_at};

use super::{Client, Form, message, told};
use crate::{
    provider::{Failure, meter::Said},
    upstream::retry_after::LONGEST,
};

/// The most bytes of why somebody is to wait.
const LONGEST_EXCUSE: usize = 4 * 1024;

/// How one call went.
pub(super) enum Outcome {
    Answered(Result<Vec<u8>, Failure>),
    /// Worth another try, at once if the wait is zero.
    Again(Duration, Failure),
    /// The same, and the system surely did nothing.
    Unseen(Duration, Failure),
}

impl Client {
    pub(super) async fn call(
        &self,
        request: RequestBuilder,
        form: Form,
        deadline: Instant,
    ) -> Outcome {
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
            return self.asked_to_wait(response).await;
        }
        self.heed(told::of(response.headers(), self.clock.now()))
            .await;
        if status.is_redirection() || status.is_server_error() {
            tracing::warn!(event = "upstream_failed", status = status.as_u16());
            return Outcome::Answered(Err(Failure::Nonsense("it failed")));
        }
        let body = whole(response, form.longest).await;
        Outcome::Answered(body.and_then(|body| self.judge(status, body)))
    }

    async fn asked_to_wait(&self, response: Response) -> Outcome {
        let status = response.status();
        let now = self.clock.now();
        let (mut said, asked) = (
            told::of(response.headers(), now),
            told::wait(response.headers(), now),
        );
        tracing::warn!(event = "upstream_busy", status = status.as_u16());
        let wait = asked.unwrap_or_else(|| self.backoff());
        let mut failure = unavailable(wait);
        let limited = status == StatusCode::TOO_MANY_REQUESTS;
        if self.meter.is_some() {
            let body = whole(response, LONGEST_EXCUSE).await.unwrap_or_default();
            let until = told::shut_until(&self.message(&body), wait, now);
            said.shut_until = Some(until);
            self.heed(said).await;
            if limited {
                failure = told::limited(now, until);
            }
        } else if let Some(asked) = asked {
            self.gate.leave_alone(Instant::now() + asked);
        }
        if limited {
            Outcome::Unseen(wait, failure)
        } else {
            Outcome::Again(wait, failure)
        }
    }

    /// Hands on what the system says about its limits.
    async fn heed(&self, said: Said) {
        let Some(meter) = self.meter.as_ref().filter(|_| said != Said::default()) else {
            return;
        };
        if let Err(error) = meter.heed(said).await {
            tracing::warn!(event = "quota_unheeded", %error);
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
                Err(Failure::KeyRefused)
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

pub(super) fn unavailable(wait: Duration) -> Failure {
    Failure::Unavailable {
        retry_after: wait.min(LONGEST).as_millis().div_ceil(1_000).max(1) as u64,
    }
}
