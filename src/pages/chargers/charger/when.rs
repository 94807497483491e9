//! Now or later: a hold or a booking.

use leptos::prelude::*;

use super::Wish;
use crate::{i18n::words, routes, state::address::use_address, ui::choice::Choice};

const NOW: &str = "now";

/// When somebody wants to charge.
#[component]
pub fn When(
    /// How it is to be held or booked.
    wish: Wish,
) -> impl IntoView {
    let address = use_address();
    let choose = move |word: &'static str| {
        let later = word == routes::LATER;
        wish.later.set(later);
        let path = untrack(|| address.path());
        address.replace(&if later { routes::later(&path) } else { path });
    };
    let word = move || if wish.later.get() { routes::LATER } else { NOW };
    view! {
        <section class="card">
            <Choice
                name="when"
                label=words::book_when()
                options=vec![(NOW, words::book_now()), (routes::LATER, words::book_later())]
                value=Signal::derive(word)
                on_change=choose
            />
        </section>
    }
}
