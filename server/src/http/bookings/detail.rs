//! What Petit Monde doesn't tell of bookings, and what guests see.

use axum::{
    Json,
    extract::{Path, RawQuery, State},
    http::HeaderMap,
};
use portal_api::{
    path,
    portal::bookings::{
        BookingDetail, BookingOptions, GuestAsks, GuestBooking, GuestLink, GuestLinkRequest,
    },
    query::bookings::OptionsQuery,
};

use crate::{
    App,
    embedded::{
        bookings::{asking::Undone, guests},
        people::normalised_email,
        throttle::{self, GUEST_ADDRESS, Subject},
    },
    http::{
        Caller, Refusal, Who, address::ClientAddress, body::Sent, dynamo::Parameters, groups,
        idempotency, routes::Routes,
    },
};

/// The most characters of an e-mail address.
const EMAIL_LONGEST: usize = 254;

/// Adds the addresses.
pub(super) fn add(routes: Routes) -> Routes {
    routes
        .get(path::BOOKING_OPTIONS, Who::Bookers, options)
        .get(&path::booking_detail("{id}"), Who::Bookers, detail)
        .post(&path::guest_link("{id}"), Who::Bookers, make_link)
        .post(path::GUEST, Who::Anybody, guest)
}

async fn options(
    State(app): State<App>,
    caller: Caller,
    RawQuery(query): RawQuery,
) -> Result<Json<BookingOptions>, Refusal> {
    let query = OptionsQuery::read(Parameters::of(query.as_deref()).pairs())?;
    if let Some(elsewhere) = &app.elsewhere {
        let place = elsewhere.system.place(&query.location_id);
        // What their groups may spend is said here, too: as it is now.
        groups::mine(&app, &caller).await?;
        let person = &caller.person;
        let options = app
            .charging
            .options_elsewhere(person, &query, place.as_ref());
        return Ok(Json(options.await?));
    }
    let options = app.charging.booking_options(&caller.person, &query).await?;
    options.map(Json).ok_or_else(Refusal::not_found)
}

async fn detail(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<BookingDetail>, Refusal> {
    let person_id = &caller.person.id;
    let detail = match &app.elsewhere {
        Some(_) => app.charging.booking_elsewhere(person_id, &id).await?,
        None => app.charging.booking(person_id, &id).await?,
    };
    detail.map(Json).ok_or_else(Refusal::not_found)
}

async fn make_link(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    headers: HeaderMap,
    Sent(request): Sent<GuestLinkRequest>,
) -> Result<Json<GuestLink>, Refusal> {
    let email = request.email.as_deref().map(normalised_email);
    if email.as_deref().is_some_and(|email| !is_address(email)) {
        return Err(Refusal::unprocessable("email", "an e-mail address"));
    }
    let key = idempotency::key(&headers)?;
    let secret = guests::secret(&id, key, email.as_deref()).map_err(Undone::from)?;
    let mut work = app.charging.begin().await?;
    let host_id = &caller.person.id;
    let made = match &app.elsewhere {
        Some(_) => {
            work.make_guest_link_elsewhere(host_id, &id, &secret)
                .await?
        }
        None => work.make_guest_link(host_id, &id, &secret).await?,
    };
    if let Some(email) = email.as_deref().filter(|_| !made.again) {
        work.send_guest_link(&made, (email, request.language))
            .await?;
    }
    work.commit().await?;
    app.letters_waiting.notify_one();
    tracing::info!(event = "guest_link_made");
    Ok(Json(GuestLink {
        link: made.link,
        valid_until: made.valid_until,
        sent: email.is_some(),
    }))
}

fn is_address(email: &str) -> bool {
    let plain = |text: &str| !text.is_empty() && !text.contains(char::is_whitespace);
    let parts = email.split_once('@');
    let fits = |(name, host): (&str, &str)| plain(name) && plain(host) && !host.contains('@');
    email.len() <= EMAIL_LONGEST && !email.contains(char::is_control) && parts.is_some_and(fits)
}

/// Whoever has the link; nobody learns why another one shows nothing.
async fn guest(
    State(app): State<App>,
    address: ClientAddress,
    Sent(asked): Sent<GuestAsks>,
) -> Result<Json<GuestBooking>, Refusal> {
    let now = app.clock.now();
    let block = address.block();
    let subjects = [Subject(GUEST_ADDRESS, &block)];
    let mut wait = throttle::reached(&app.store, &subjects, now).await?;
    if wait.is_none() {
        let mut write = app.store.write().await?;
        wait = throttle::count(&mut write, &subjects, now).await?;
        write.commit().await?;
    }
    if let Some(seconds) = wait {
        return Err(Refusal::too_many_tries(seconds));
    }
    let found = match &app.elsewhere {
        Some(_) => app.charging.of_guest_elsewhere(&asked.secret).await?,
        None => app.charging.of_guest(&asked.secret).await?,
    };
    found.map(Json).ok_or_else(Refusal::not_found)
}
