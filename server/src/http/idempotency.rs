//! `Idempotency-Key`: who repeats a request gets the first answer again.

use axum::{
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use portal_api::{petit_monde::ErrorBody, problem::Code, time::Instant};
use serde::Serialize;

use super::{Caller, Refusal};
use crate::{
    embedded::{
        Write,
        idempotency::{self, Answer, Attempt, Begun},
    },
    ids,
};

const NAME: &str = "idempotency-key";

/// No other answer with this status is kept.
const UNSURE: StatusCode = StatusCode::SERVICE_UNAVAILABLE;

/// One try of what somebody asks for.
pub fn attempt<'a>(
    caller: &'a Caller,
    route: &'static str,
    headers: &'a HeaderMap,
    asked: &impl Serialize,
) -> Result<Attempt<'a>, Refusal> {
    Ok(Attempt {
        person_id: &caller.person.id,
        route,
        key: key(headers)?,
        fingerprint: fingerprint(asked)?,
    })
}

/// What a request is known by; without the header it is known by nothing.
pub fn key(headers: &HeaderMap) -> Result<Option<&str>, Refusal> {
    let Some(value) = headers.get(NAME) else {
        return Ok(None);
    };
    let visible = |key: &&str| key.bytes().all(|byte| byte.is_ascii_graphic());
    let key = value.to_str().ok().filter(visible);
    let key = key.filter(|key| (8..=128).contains(&key.len()));
    let allowed = "8 to 128 visible ASCII characters";
    key.map(Some)
        .ok_or_else(|| Refusal::invalid_field("Idempotency-Key", allowed))
}

/// SHA-256 of all that was asked, in hex.
fn fingerprint(asked: &impl Serialize) -> Result<String, Refusal> {
    let bytes = serde_json::to_vec(asked).map_err(|_| Refusal::internal())?;
    Ok(ids::hash_bytes(&bytes))
}

/// Begins a request; gives the answer if there is one already.
pub async fn begin(
    write: &mut Write,
    attempt: &Attempt<'_>,
    seconds: i64,
    now: Instant,
) -> Result<Option<Response>, Refusal> {
    match idempotency::begin(write, attempt, seconds, now).await? {
        Begun::Now => Ok(None),
        Begun::Before(Answer { status, body }) if status == UNSURE.as_u16() => {
            let said: ErrorBody = serde_json::from_str(&body).map_err(|_| Refusal::internal())?;
            Err(unsure(said.error))
        }
        Begun::Before(answer) => {
            let mut response = written(answer)?;
            let name = HeaderName::from_static("idempotency-replayed");
            response
                .headers_mut()
                .insert(name, HeaderValue::from_static("true"));
            Ok(Some(response))
        }
        Begun::Otherwise => Err(Refusal::unprocessable(
            "Idempotency-Key",
            "a new one for a new request",
        )),
        Begun::UnderWay(seconds) => Err(under_way(seconds)),
    }
}

/// Answers a request, and every repetition of it.
pub async fn finish(
    write: &mut Write,
    attempt: &Attempt<'_>,
    status: StatusCode,
    body: &impl Serialize,
) -> Result<Response, Refusal> {
    let answer = Answer {
        status: status.as_u16(),
        body: serde_json::to_string(body).map_err(|_| Refusal::internal())?,
    };
    idempotency::finish(write, attempt, &answer).await?;
    written(answer)
}

/// Says that nobody knows whether it was done, now and to every repetition unless a better
/// answer takes its place: what may have been done is not done again.
pub async fn finish_unsure(
    write: &mut Write,
    attempt: &Attempt<'_>,
    message: &'static str,
) -> Result<Refusal, Refusal> {
    let said = ErrorBody {
        error: message.to_owned(),
    };
    let answer = Answer {
        status: UNSURE.as_u16(),
        body: serde_json::to_string(&said).map_err(|_| Refusal::internal())?,
    };
    idempotency::finish(write, attempt, &answer).await?;
    Ok(unsure(said.error))
}

fn unsure(message: String) -> Refusal {
    Refusal::new(UNSURE, Code::Unsure, message)
}

/// The same is being done for somebody who asked before.
pub fn under_way(seconds: u64) -> Refusal {
    Refusal::new(
        StatusCode::CONFLICT,
        Code::Busy,
        "the same request is under way",
    )
    .retry_after(seconds)
}

fn written(answer: Answer) -> Result<Response, Refusal> {
    let status = StatusCode::from_u16(answer.status).map_err(|_| Refusal::internal())?;
    let kind = [(header::CONTENT_TYPE, "application/json")];
    Ok((status, kind, answer.body).into_response())
}
