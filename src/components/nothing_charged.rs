//! Somebody who hasn't charged yet.

use leptos::prelude::*;
use portal_api::portal::Tab;

use crate::{
    i18n::words,
    routes,
    state::identity::use_identity,
    ui::notice::{About, Notice},
};

/// Says that nothing was charged yet, and where one can.
#[component]
pub fn NothingCharged() -> impl IntoView {
    let me = use_identity().person();
    let charges = me.is_some_and(|me| me.tabs.contains(&Tab::Charge));
    let find = charges.then(|| {
        view! { <a class="button" data-weight="main" href=routes::CHARGERS>{words::holds_find()}</a> }
    });
    view! {
        <Notice
            about=About::Nothing
            icon="bolt"
            title=words::sessions_empty_title()
            text=words::sessions_empty_text()
        >
            {find}
        </Notice>
    }
}
