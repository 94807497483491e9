//! The bookings of whoever is signed in, by status and page by page.

use leptos::prelude::*;
use portal_api::petit_monde::booking::{BookingStatus, Bookings};

use super::{BookingRow, status_text};
use crate::{
    client::{self, Answer, Result},
    components::loaded::Loaded,
    i18n::words,
    run::live,
    state::{identity::use_identity, live::use_live, remote::remote},
    ui::{button::Button, select::Select, skeleton::Shape},
};

/// How many come at a time.
const PAGE: u32 = 20;

/// The first of all bookings.
pub async fn first() -> Result<Answer<Bookings>> {
    client::bookings::bookings(None, PAGE, 0).await
}

/// All of them, or those with one status.
#[component]
pub fn BookingList(
    /// The first of all, if they are here.
    first: Option<Bookings>,
    /// The word of the status that is chosen, empty for all.
    chosen: RwSignal<String>,
) -> impl IntoView {
    let known = BookingStatus::KNOWN.iter();
    let known = known.map(|status| (status.as_str().to_owned(), status_text(status)));
    let all = std::iter::once((String::new(), words::bookings_all()));
    let options: Vec<(String, String)> = all.chain(known).collect();
    let draw = move || {
        let word = chosen.get();
        match (&first, word.is_empty()) {
            (Some(first), true) => part(None, 0, first.clone()),
            (None, true) => bookings_from(None, 0),
            (_, false) => bookings_from(Some(BookingStatus::of_word(&word)), 0),
        }
    };
    view! {
        <section class="card bookings" aria-labelledby="bookings">
            <h2 class="card-title" id="bookings">{words::bookings_title()}</h2>
            <div class="bookings-status">
                <Select
                    id="booking-status"
                    label=words::bookings_status()
                    options=Signal::stored(options)
                    value=chosen
                    on_change=move |word: String| chosen.set(word)
                />
            </div>
            {live(draw)}
        </section>
    }
}

/// Those from `offset` on, and a way to see more of them.
fn bookings_from(status: Option<BookingStatus>, offset: u64) -> AnyView {
    let told = use_live();
    let asked = status.clone();
    let page = remote(move || client::bookings::bookings(asked.clone(), PAGE, offset));
    told.renews(page);
    told.renews_with_bookings(page);
    let draw = move |page: Bookings| part(status.clone(), offset, page);
    view! { <Loaded remote=page shape=Shape::Rows(3) children=draw /> }.into_any()
}

fn part(status: Option<BookingStatus>, offset: u64, page: Bookings) -> AnyView {
    let count = u64::try_from(page.bookings.len()).unwrap_or_default();
    if count == 0 && offset == 0 {
        return view! { <p class="bookings-none">{none(status.as_ref())}</p> }.into_any();
    }
    let next = offset + count;
    // Who doesn't say how many there are has more as long as a page is full.
    let some = match page.total {
        Some(total) => total > next && count > 0,
        None => count >= PAGE.into(),
    };
    let more = RwSignal::new(false);
    let rows = page
        .bookings
        .into_iter()
        .map(|booking| view! { <li><BookingRow booking /></li> })
        .collect_view();
    let rest = move || {
        if more.get() {
            bookings_from(status.clone(), next)
        } else {
            view! { <Button text=words::disputes_more() on_press=move |()| more.set(true) /> }
                .into_any()
        }
    };
    view! {
        <ul class="rows">{rows}</ul>
        {some.then(|| view! { <div class="bookings-more">{live(rest)}</div> })}
    }
    .into_any()
}

fn none(status: Option<&BookingStatus>) -> String {
    match status {
        Some(_) => words::bookings_none_such(),
        None if use_identity().books_elsewhere() => words::bookings_none_elsewhere(),
        None => words::bookings_none(),
    }
}
