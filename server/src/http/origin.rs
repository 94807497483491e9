//! Requests that change something must come from our own pages. Three things
//! say so: where the browser says it comes from, a header that other pages
//! can't send, and (in `body`) a content type that forms can't send.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use portal_api::problem::Code;

use super::Refusal;
use crate::{App, config::Config};

/// Refuses what would change something for somebody else's page.
pub(super) async fn check(State(app): State<App>, request: Request, next: Next) -> Response {
    if request.method().is_safe() || is_ours(&app.config, request.headers()) {
        return next.run(request).await;
    }
    tracing::warn!(event = "foreign_origin");
    Refusal::new(
        StatusCode::FORBIDDEN,
        Code::ForeignOrigin,
        "the request does not come from the portal's own pages",
    )
    .into_response()
}

/// At least one of the two headers must be there, and every one that is there
/// must name us.
fn is_ours(config: &Config, headers: &HeaderMap) -> bool {
    let site = headers.get("sec-fetch-site");
    let origin = headers.get(header::ORIGIN);
    let marked = headers.get("x-portal").is_some_and(|value| value == "1");
    marked
        && (site.is_some() || origin.is_some())
        && site.is_none_or(|site| site == "same-origin")
        && origin.is_none_or(|origin| is_our_origin(config, origin, headers))
}

/// What people type, or what this very request was sent to.
fn is_our_origin(config: &Config, origin: &HeaderValue, headers: &HeaderMap) -> bool {
    let Ok(origin) = origin.to_str() else {
        return false;
    };
    let public = config.public_url.as_ref().map(|url| url.origin());
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok());
    let authority = origin.split_once("://").map(|(_, authority)| authority);
    public == Some(origin) || (authority.is_some() && authority == host)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(pairs: &[(&'static str, &'static str)]) -> bool {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.insert(*name, HeaderValue::from_static(value));
        }
        let config = Config {
            public_url: Some("https://portal.example".parse().unwrap()),
            ..Config::default()
        };
        is_ours(&config, &headers)
    }

    #[test]
    fn our_own_pages_are_let_through() {
        let marked = ("x-portal", "1");
        assert!(verdict(&[marked, ("sec-fetch-site", "same-origin")]));
        assert!(verdict(&[marked, ("origin", "https://portal.example")]));
        assert!(verdict(&[
            marked,
            ("origin", "http://127.0.0.1:1"),
            ("host", "127.0.0.1:1")
        ]));
    }

    #[test]
    fn whatever_else_is_not() {
        let (marked, own) = (("x-portal", "1"), ("sec-fetch-site", "same-origin"));
        for pairs in [
            vec![marked],
            vec![own],
            vec![own, ("x-portal", "0")],
            vec![marked, ("sec-fetch-site", "same-site")],
            vec![marked, ("sec-fetch-site", "cross-site")],
            vec![marked, ("sec-fetch-site", "none")],
            vec![marked, ("origin", "null"), ("host", "null")],
            vec![
                marked,
                ("origin", "https://evil.example"),
                ("host", "portal.example"),
            ],
            vec![
                marked,
                own,
                ("origin", "https://evil.example"),
                ("host", "portal.example"),
            ],
            vec![
                marked,
                ("sec-fetch-site", "cross-site"),
                ("origin", "https://portal.example"),
            ],
        ] {
            assert!(!verdict(&pairs), "{pairs:?}");
        }
    }
}
