//! What is near: asked for only on a press.

use leptos::prelude::*;
use portal_api::portal::charge_points::Position;

use crate::{
    i18n::words,
    run::live,
    state::position::{self, Lost},
    ui::button::Button,
};

/// Something to press that has the nearest stand first.
#[component]
pub fn NearMe(
    /// Where somebody is, if they told.
    here: RwSignal<Option<Position>>,
) -> impl IntoView {
    let busy = RwSignal::new(false);
    let lost = RwSignal::new(None::<Lost>);
    let found = Callback::new(move |found: Result<Position, Lost>| {
        busy.set(false);
        match found {
            Ok(position) => here.set(Some(position)),
            Err(why) => lost.set(Some(why)),
        }
    });
    let find = move |()| {
        busy.set(true);
        lost.set(None);
        position::find(found);
    };
    let forget = move |()| {
        position::forget();
        here.set(None);
    };
    let knows = Memo::new(move |_| here.get().is_some());
    let button = move || {
        if knows.get() {
            view! { <Button text=words::chargers_not_near() on_press=forget /> }.into_any()
        } else {
            view! {
                <Button
                    text=words::chargers_near()
                    busy_text=words::chargers_near_busy()
                    busy
                    on_press=find
                />
            }
            .into_any()
        }
    };
    let why = move || {
        lost.get().map(|why| match why {
            Lost::Denied => words::chargers_near_denied(),
            Lost::Unknown => words::chargers_near_unknown(),
        })
    };
    view! {
        {live(button)}
        <p class="chargers-lost" role="status">{live(why)}</p>
    }
}
