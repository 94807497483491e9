//! The bookings of whoever is signed in, by status and page by page.

use leptos::prelude::*;
use portal_api::petit_monde::booking::{BookingStatus, Bookings};

use super::{BookingRow, status_text};
use crate::{
    client::{self, Answer, Result},
    components::{loaded::Followed, more::More},
    i18n::words,
    run::live,
    state::{identity::use_identity, live::use_live, remote::remote},
    ui::{select::Select, skeleton::Shape},
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
    /// The first of all, as long as they are here.
    first: Memo<Option<Bookings>>,
    /// The word of the status that is chosen, empty for all.
    chosen: RwSignal<String>,
) -> impl IntoView {
    let known = BookingStatus::KNOWN.iter();
    let known = known.map(|status| (status.as_str().to_owned(), status_text(status)));
    let all = std::iter::once((String::new(), words::bookings_all()));
    let options: Vec<(String, String)> = all.chain(known).collect();
    let here = Memo::new(move |_| first.with(Option::is_some));
    let draw = move || {
        let word = chosen.get();
        match (word.is_empty(), here.get()) {
            (true, true) => part(None, 0, first),
            (true, false) => bookings_from(None, 0),
            (false, _) => bookings_from(Some(BookingStatus::of_word(&word)), 0),
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
    let draw = move |page| part(status.clone(), offset, page);
    view! { <Followed remote=page shape=Shape::Rows(3) children=draw /> }.into_any()
}

/// A part of the list: when its rows change, those that come after stay open.
fn part(status: Option<BookingStatus>, offset: u64, page: Memo<Option<Bookings>>) -> AnyView {
    let next = Memo::new(move |_| page.with(|page| after(page.as_ref()?, offset)));
    let asked = status.clone();
    let rows = move || {
        let bookings = page.get().map(|page| page.bookings).unwrap_or_default();
        if bookings.is_empty() && offset == 0 {
            return view! { <p class="bookings-none">{none(asked.as_ref())}</p> }.into_any();
        }
        let rows = bookings.into_iter();
        let rows = rows.map(|booking| view! { <li><BookingRow booking /></li> });
        view! { <ul class="rows">{rows.collect_view()}</ul> }.into_any()
    };
    let rest = move || {
        let (next, status) = (next.get()?, status.clone());
        let rest = live(move || bookings_from(status.clone(), next));
        Some(view! { <div class="bookings-more"><More rest /></div> })
    };
    view! {
        {live(rows)}
        {live(rest)}
    }
    .into_any()
}

/// Where those begin that come after a part, if there are any.
fn after(page: &Bookings, offset: u64) -> Option<u64> {
    let count = u64::try_from(page.bookings.len()).unwrap_or_default();
    let next = offset + count;
    // Who doesn't say how many there are has more as long as a page is full.
    let some = match page.total {
        Some(total) => total > next && count > 0,
        None => count >= PAGE.into(),
    };
    some.then_some(next)
}

fn none(status: Option<&BookingStatus>) -> String {
    match status {
        Some(_) => words::bookings_none_such(),
        None if use_identity().books_elsewhere() => words::bookings_none_elsewhere(),
        None => words::bookings_none(),
    }
}
