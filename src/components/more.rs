//! The rest of a list, once somebody wants to see it.

use leptos::{html, prelude::*};

use crate::{
    i18n::words,
    run::{Live, live},
    ui::button::Button,
};

/// The rest of a list: a button in its place until somebody wants to see it.
#[component]
pub fn More(
    /// Whether somebody wanted to before.
    #[prop(optional)]
    open: bool,
    /// Draws it.
    rest: Live<AnyView>,
) -> impl IntoView {
    let open = RwSignal::new(open);
    let place = NodeRef::<html::Div>::new();
    let press = move |()| {
        open.set(true);
        if let Some(place) = place.get_untracked() {
            // The button goes: whoever goes by keyboard goes on at the first new row.
            let _ = place.focus();
        }
    };
    let draw = move || {
        if open.get() {
            rest()
        } else {
            view! { <Button text=words::disputes_more() on_press=press /> }.into_any()
        }
    };
    view! { <div class="more" tabindex="-1" node_ref=place>{live(draw)}</div> }
}
