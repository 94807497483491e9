//! `/reservations`: the driver's holds and bookings, those that live and those that are
//! over.

use leptos::prelude::*;
use portal_api::{
    petit_monde::booking::Bookings,
    portal::holds::{Hold, HoldEnd},
};

use super::way_back;
use crate::{
    client::{self, Answer},
    components::{
        booking::list::{self, BookingList},
        charging::plug_and_number,
        hold::{card::HeldCards, end_in_short, place},
        loaded::Followed,
        trouble::PartTrouble,
    },
    format,
    i18n::{tab_title, words},
    routes,
    run::{live, whenever},
    state::{
        holds::use_holds,
        identity::use_identity,
        live::use_live,
        remote::{Remote, or_before, remote},
    },
    ui::{
        chip::{Chip, Tone},
        icon::Icon,
        notice::{About, Notice},
        page::Page,
        skeleton::Shape,
    },
};

/// The driver's holds and bookings.
#[component]
pub fn ReservationsPage() -> impl IntoView {
    let (holding, told) = (use_holds(), use_live());
    let last = StoredValue::new(None);
    let both = remote(move || both(last));
    told.renews(both);
    told.renews_with_bookings(both);
    let chosen = RwSignal::new(String::new());
    // One that ends while this is looked at goes from above to below.
    let held = Memo::new(move |_| holding.held().len());
    let mut before = None;
    whenever(move || {
        let now = held.get();
        if before.replace(now).is_some_and(|before| before != now) {
            both.again();
        }
    });
    let draw = move |now| view! { <Lists both now chosen held /> }.into_any();
    view! {
        <a class="back" href=way_back()>
            <Icon name="back" />
            {words::charger_back()}
        </a>
        <Page title=words::holds_title() tab_title aside=elsewhere()>
            <Followed remote=both shape=Shape::Rows(3) children=draw />
        </Page>
    }
}

/// What is held, what is booked, and what was held before.
#[component]
fn Lists(
    both: Remote<Both>,
    now: Memo<Option<Both>>,
    chosen: RwSignal<String>,
    held: Memo<usize>,
) -> impl IntoView {
    let over = Memo::new(move |_| now.get().map(|(over, _)| over));
    let first = Memo::new(move |_| now.get()?.1);
    let nothing = Memo::new(move |_| {
        let none_over = over.with(|over| matches!(over, Some(Ok(over)) if over.is_empty()));
        let none_booked = first.with(|first| {
            first
                .as_ref()
                .is_some_and(|first| first.bookings.is_empty())
        });
        none_over && none_booked && held.get() == 0
    });
    let booked = move || {
        if nothing.get() {
            view! { <Nothing /> }.into_any()
        } else {
            view! { <BookingList first chosen /> }.into_any()
        }
    };
    let past = move || match over.get()? {
        Ok(over) => (!over.is_empty()).then(|| view! { <Past over /> }.into_any()),
        Err(_) => {
            let (text, retry) = (words::holds_no_past(), move |()| both.again());
            Some(view! { <PartTrouble text busy=both.busy() retry /> }.into_any())
        }
    };
    view! {
        <HeldCards />
        {live(booked)}
        {live(past)}
    }
}

/// The way to what can be booked at places that aren't ours.
fn elsewhere() -> AnyView {
    let link = use_identity().books_elsewhere().then(|| {
        view! { <a class="card-more" href=routes::ELSEWHERE>{words::elsewhere_title()}</a> }
    });
    link.into_any()
}

/// The holds that are over, the newest first, and the newest bookings, if they are here.
type Both = (client::Result<Vec<Hold>>, Option<Bookings>);

async fn both(last: StoredValue<Option<Both>>) -> client::Result<Answer<Both>> {
    let (holds, bookings) =
        futures_util::future::join(client::charging::holds(), list::first()).await;
    let mut over = holds.map(|holds| {
        let all = holds.value.holds.into_iter();
        all.filter(|hold| hold.end.is_some()).collect()
    });
    if let Some((before, _)) = last.get_value() {
        over = or_before(over, before);
    }
    let (first, kept_at) = match (bookings, &over) {
        (Ok(first), _) => (Some(first.value), first.kept_at),
        (Err(_), Ok(_)) => (None, None),
        (Err(_), Err(problem)) => return Err(problem.clone()),
    };
    if over.is_err() && kept_at.is_some() {
        // Holds are no use later; what is booked can be read without a network too.
        over = Ok(Vec::new());
    }
    last.set_value(Some((over.clone(), first.clone())));
    Ok(Answer {
        value: (over, first),
        kept_at,
    })
}

#[component]
fn Nothing() -> impl IntoView {
    view! {
        <Notice
            about=About::Nothing
            icon="clock"
            title=words::holds_empty_title()
            text=words::holds_empty_text()
        >
            <a class="button" data-weight="main" href=way_back()>{words::holds_find()}</a>
        </Notice>
    }
}

#[component]
fn Past(over: Vec<Hold>) -> impl IntoView {
    let rows = over
        .into_iter()
        .map(|hold| view! { <li><PastRow hold /></li> })
        .collect_view();
    view! {
        <section class="card holds-past" aria-labelledby="past">
            <h2 class="card-title" id="past">{words::holds_past()}</h2>
            <ul class="rows">{rows}</ul>
        </section>
    }
}

#[component]
fn PastRow(hold: Hold) -> impl IntoView {
    let reservation = &hold.reservation;
    let place = place(&hold);
    let zone = hold.time_zone.as_deref();
    let asked = reservation.created_at.unwrap_or(reservation.expires_at);
    let when = [format::day(asked, zone), format::clock(asked, zone)].join(", ");
    let what = plug_and_number(hold.plug.as_ref(), reservation.connector_id);
    let tone = match &hold.end {
        Some(HoldEnd::Used) => Tone::Good,
        Some(HoldEnd::OutOfOrder | HoldEnd::ByOperator) => Tone::Notable,
        _ => Tone::Neutral,
    };
    let icon = if tone == Tone::Good { "check" } else { "clock" };
    let end = hold.end.as_ref().map(end_in_short).unwrap_or_default();
    let href = match &hold.session_id {
        Some(session) => routes::session(session),
        None => routes::plug(&reservation.charge_point_id, reservation.connector_id),
    };
    view! {
        <a class="hold-row" href=href>
            <span class="hold-row-place">{place}</span>
            <span class="hold-row-what">{what}</span>
            <time class="hold-row-when" datetime=asked.to_string()>{when}</time>
            <span class="hold-row-end"><Chip tone icon text=end /></span>
        </a>
    }
}
