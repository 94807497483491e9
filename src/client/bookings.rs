//! Booking a plug for a time that comes, by Petit Monde's paths and our own.

use gloo_net::http::Method;
use portal_api::{
    path,
    petit_monde::{
        ErrorBody, Limit as Spending, MOST_BOOKINGS,
        booking::{Booking, BookingRequest, BookingStatus, Bookings, Cancellation},
        search::SearchPage,
    },
    portal::{
        bookings::{
            BookingDetail, BookingOptions, GuestAsks, GuestBooking, GuestLink, GuestLinkRequest,
        },
        groups::GroupPage,
    },
    query::{bookings::OptionsQuery, search::SearchQuery},
};

use super::{
    Answer, Problem, Result, exchange, get, in_path, make,
    once::{is_nothing_done, once},
    with_query, written,
};
use crate::json;

/// Some of the caller's bookings, the newest first.
pub async fn bookings(
    status: Option<BookingStatus>,
    limit: u32,
    offset: u64,
) -> Result<Answer<Bookings>> {
    let mut parameters = vec![("limit", limit.to_string())];
    if let Some(status) = status {
        parameters.push(("status", status.as_str().to_owned()));
    }
    if offset > 0 {
        parameters.push(("offset", offset.to_string()));
    }
    get(&with_query(path::BOOKINGS, &parameters)).await
}

/// Where plugs can be booked, the nearest first.
pub async fn search(query: &SearchQuery) -> Result<Answer<SearchPage>> {
    get(&with_query(path::SEARCH, &query.parameters())).await
}

/// All about one booking.
pub async fn booking(id: &str) -> Result<Answer<BookingDetail>> {
    get(&path::booking_detail(in_path(id))).await
}

/// How a plug can be booked for a time.
pub async fn options(query: &OptionsQuery) -> Result<Answer<BookingOptions>> {
    let mut parameters = vec![
        ("location_id", query.location_id.clone()),
        ("evse_uid", query.evse_uid.clone()),
        ("start", query.start.to_string()),
        ("end", query.end.to_string()),
    ];
    if let Some(number) = &query.connector_id {
        parameters.push(("connector_id", number.clone()));
    }
    get(&with_query(path::BOOKING_OPTIONS, &parameters)).await
}

/// Whom to ask about a group's money, by name.
pub async fn group_admins(group_id: &str) -> Result<Answer<Vec<String>>> {
    let Answer { value, kept_at } = get::<GroupPage>(&path::group(in_path(group_id))).await?;
    Ok(Answer {
        value: value.admins,
        kept_at,
    })
}

/// What came of asking for a booking.
#[derive(Clone, Debug, PartialEq)]
pub enum Answered {
    /// It was asked for.
    Booked(Box<Booking>),
    /// It isn't booked.
    Refused(Refusal),
    /// Nobody knows yet: the same is to be asked again after so many seconds.
    Unsure(u32),
}

/// Why it isn't booked.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Refusal {
    /// Somebody else has it then.
    Taken,
    /// The group may not spend so much.
    Spending(Spending),
    /// There are as many of one's own as there may be.
    Most,
    /// It can't begin then.
    Start,
    /// It can't end then.
    End,
    /// Anything else.
    Other(Problem),
}

/// Asks for a booking.
pub async fn book(asked: &BookingRequest, key: &str) -> Result<Answered> {
    let Some(said) = once(path::BOOKINGS, key, written(asked)?).await? else {
        return Ok(Answered::Unsure(LOST_AGAIN));
    };
    if said.is_yes() {
        return Ok(match json::read(&said.body) {
            Ok(booking) => Answered::Booked(Box::new(booking)),
            Err(_) => Answered::Unsure(LOST_AGAIN),
        });
    }
    match said.problem() {
        Problem::SignedOut => Err(Problem::SignedOut),
        problem => Ok(no((said.status, said.wait()), &said.body, problem)),
    }
}

/// After how many seconds it is asked again when no answer came.
const LOST_AGAIN: u32 = 2;

/// What an answer says that has no booking in it.
fn no((status, wait): (u16, Option<u32>), body: &str, problem: Problem) -> Answered {
    match (status, wait) {
        _ if is_nothing_done(body) => Answered::Refused(Refusal::Other(Problem::Upstream { wait })),
        (409, Some(wait)) => Answered::Unsure(wait),
        (500.., _) => Answered::Unsure(wait.unwrap_or(LOST_AGAIN)),
        _ => Answered::Refused(refusal(status, body, problem)),
    }
}

/// Why it isn't booked: only the sentence tells one 400 from another.
fn refusal(status: u16, body: &str, problem: Problem) -> Refusal {
    let told = json::read::<ErrorBody>(body).ok();
    let limit = told.as_ref().and_then(ErrorBody::limit);
    let names = |word: &str| told.as_ref().is_some_and(|told| told.error.contains(word));
    match (status, limit) {
        (409, _) if names(MOST_BOOKINGS) => Refusal::Most,
        (409, _) => Refusal::Taken,
        (400, Some(limit)) => Refusal::Spending(limit),
        (400, None) if names("reservation_end") || names("at most") => Refusal::End,
        (400, None) if names("reservation_start") => Refusal::Start,
        _ => Refusal::Other(problem),
    }
}

/// Gives a booking up.
pub async fn cancel(id: &str, key: &str) -> Result<Booking> {
    let path = path::cancel_booking(in_path(id));
    let said = once(&path, key, written(&Cancellation::default())?).await?;
    let said = said.ok_or(Problem::Unanswered)?;
    if said.is_yes() {
        return json::read(&said.body).map_err(|_| Problem::Unanswered);
    }
    Err(not_given_up(said.status, &said.body, said.problem()))
}

/// Why it isn't given up, or that nobody knows.
fn not_given_up(status: u16, body: &str, problem: Problem) -> Problem {
    match status {
        _ if is_nothing_done(body) => Problem::Upstream { wait: None },
        // It is being given up at this moment.
        409 if matches!(problem, Problem::Busy { .. }) => problem,
        409 | 500.. => Problem::Unanswered,
        _ => problem,
    }
}

/// Makes a link for a guest, and sends it if an address is given.
pub async fn guest_link(id: &str, wanted: &GuestLinkRequest, key: &str) -> Result<GuestLink> {
    make(&path::guest_link(in_path(id)), key, wanted).await
}

/// What a guest's link shows.
pub async fn guest(secret: String) -> Result<Answer<GuestBooking>> {
    let body = Some(written(&GuestAsks { secret })?);
    exchange(Method::POST, path::GUEST, body).await?.read()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_told_from_others_by_its_sentence() {
        let other = || Problem::Missing;
        for (status, error, why) in [
            (
                409,
                "the EVSE is not available for that time",
                Refusal::Taken,
            ),
            (
                400,
                "Fleet group spending limit exceeded",
                Refusal::Spending(Spending::Monthly),
            ),
            (
                400,
                "Estimated price exceeds per-session limit",
                Refusal::Spending(Spending::PerSession),
            ),
            (
                400,
                "reservation_start must be at least 15 minutes ahead",
                Refusal::Start,
            ),
            (
                400,
                "reservation_end must be after reservation_start",
                Refusal::End,
            ),
            (
                400,
                "this operator takes bookings of at most 240 minutes",
                Refusal::End,
            ),
            (400, "something new", Refusal::Other(Problem::Missing)),
        ] {
            let body = format!(r#"{{"error":"{error}"}}"#);
            assert_eq!(refusal(status, &body, other()), why, "{error}");
        }
        let unreadable = refusal(400, "<html>", other());
        assert_eq!(unreadable, Refusal::Other(Problem::Missing));
    }

    #[test]
    fn what_was_surely_not_done_is_refused_and_the_rest_asked_again() {
        let refused = |problem| Answered::Refused(Refusal::Other(problem));
        let nothing = r#"{"error":"nothing was done: the system is not available"}"#;
        let busy = r#"{"error":"the server is busy"}"#;
        for (status, wait, body, says) in [
            (
                403,
                None,
                nothing,
                refused(Problem::Upstream { wait: None }),
            ),
            (
                503,
                Some(5),
                nothing,
                refused(Problem::Upstream { wait: Some(5) }),
            ),
            (429, Some(45), busy, refused(Problem::Missing)),
            (409, Some(3), busy, Answered::Unsure(3)),
            (503, Some(5), busy, Answered::Unsure(5)),
            (502, None, "<html>", Answered::Unsure(LOST_AGAIN)),
        ] {
            let said = no((status, wait), body, Problem::Missing);
            assert_eq!(said, says, "{status}");
        }
        for (status, body, problem) in [
            (403, nothing, Problem::Upstream { wait: None }),
            (503, busy, Problem::Unanswered),
            (504, "<html>", Problem::Unanswered),
            (409, busy, Problem::Unanswered),
            (400, busy, Problem::Missing),
        ] {
            assert_eq!(
                not_given_up(status, body, Problem::Missing),
                problem,
                "{status}"
            );
        }
    }
}
