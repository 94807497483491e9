//! Tokens that a real Petit Monde makes. Our own store has them, too: people see them
//! there and say which is lost.

use axum::{http::StatusCode, response::Response};
use portal_api::petit_monde::group::{BulkTokens, MadeTokens};

use crate::{
    App,
    embedded::{
        groups::{Group, elsewhere as kept},
        idempotency::{self as answers, Attempt},
    },
    http::{Refusal, bookings::elsewhere::refusal, idempotency},
    ids,
    provider::{Failure, Unfiled, bookings::Bookings},
};

/// What is said of tokens whose answer was lost, or isn't there yet.
const UNSURE: &str =
    "nobody knows whether the tokens were made; look in Petit Monde's dashboard before asking anew";

/// Makes tokens for a group, once. Nobody can say of tokens whose answer was lost whether
/// there are any: they are shown in Petit Monde's own dashboard, and the same key makes no
/// others.
pub(super) async fn mint(
    app: &App,
    system: &dyn Bookings,
    (attempt, group): (&Attempt<'_>, &Group),
    asked: &BulkTokens,
) -> Result<Response, Refusal> {
    let now = app.clock.now();
    let mut write = app.store.write().await?;
    if let Some(answer) = idempotency::begin(&mut write, attempt, 0, now).await? {
        return Ok(answer);
    }
    // Whoever goes away from here on takes the request along, but not what was made.
    let unsure = idempotency::finish_unsure(&mut write, attempt, UNSURE).await?;
    write.commit().await?;
    let key = attempt.key.map(str::to_owned);
    let key = key.map_or_else(ids::new_uuid, Ok)?;
    let made = system.mint(&group.id, asked, &key).await;
    let mut write = app.store.write().await?;
    let made: MadeTokens = match made {
        Ok(made) => made,
        Err(Unfiled::Refused(failure) | Unfiled::Unsure(failure @ Failure::KeyRefused)) => {
            answers::take_back(&mut write, attempt).await?;
            write.commit().await?;
            return Err(refusal(failure));
        }
        Err(Unfiled::Unsure(failure)) => {
            tracing::warn!(event = "group_tokens_unconfirmed", kind = failure.kind());
            return Err(unsure);
        }
    };
    for token in &made.tokens {
        kept::put_token(&mut write, group, token.clone(), now).await?;
    }
    let response = idempotency::finish(&mut write, attempt, StatusCode::CREATED, &made).await?;
    write.commit().await?;
    tracing::info!(event = "group_tokens_made", tokens = made.created);
    Ok(response)
}
