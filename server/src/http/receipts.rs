//! Receipts, at Dynamo's address.

use axum::{
    extract::{Path, RawQuery, Request, State},
    http::{HeaderMap, HeaderValue},
    response::Response,
};
use portal_api::path;

use super::{
    Caller, Refusal, Who,
    attachment::{attachment, shown},
    dynamo::{Parameters, driver},
    language::language,
    routes::Routes,
};
use crate::{App, provider::Wanted};

/// What receipts are.
pub const PDF: &str = "application/pdf";

/// The address of receipts.
pub fn add(routes: Routes) -> Routes {
    routes.get(&path::receipt("{id}"), Who::Drivers, receipt)
}

/// The newest receipt of a session, or the one that is named; to be kept unless
/// it is to be shown.
async fn receipt(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let parameters = Parameters::of(query.as_deref());
    let named = |wanted| {
        let mut pairs = parameters.pairs();
        pairs.find_map(|(name, value)| (name == wanted).then_some(value))
    };
    let wanted = Wanted {
        session_id: &id,
        number: named("number"),
        language: language(&caller, &headers),
        link: &app.link_of_session(&id),
    };
    let content = app.sessions.receipt(driver(&caller), wanted).await?;
    let name = format!("receipt-{id}.pdf");
    Ok(if named("inline") == Some("true") {
        shown(PDF, &name, content)
    } else {
        attachment(PDF, &name, content)
    })
}

/// Our page that says why there is no receipt, for a browser that opens one as a page:
/// whoever wanted to see a receipt has no use for a refusal's JSON.
pub(super) fn page_instead(request: &Request) -> Option<HeaderValue> {
    if request.headers().get("sec-fetch-mode")? != "navigate" {
        return None;
    }
    let below = request.uri().path().strip_prefix(path::SESSIONS)?;
    let id = below.strip_prefix('/')?.strip_suffix("/receipt")?;
    let page = (!id.contains('/')).then(|| ["/sessions/", id].concat())?;
    page.try_into().ok()
}
