//! The way out; what waits to be sent is lost with it, which is said before.

use leptos::prelude::*;

use super::chunk::{Chunk, chunk};
use crate::{
    i18n::words,
    run::{live, to_the_end},
    state::{identity::use_identity, outbox::use_outbox},
    ui::{
        button::{Button, Weight},
        dialog::Dialog,
        skeleton::Shape,
    },
};

chunk!(lost in outbox draws super::outbox::Lost);

/// Something to press that signs out, and asks once more where something would be lost.
#[component]
pub fn SignOut(
    /// How much it asks for attention.
    weight: Weight,
    /// What pressing it does.
    text: String,
) -> impl IntoView {
    let (identity, outbox) = (use_identity(), use_outbox());
    let (busy, asking) = (RwSignal::new(false), RwSignal::new(false));
    let used = Memo::new(move |_| outbox.is_used());
    let leave = move |()| {
        asking.set(false);
        busy.set(true);
        to_the_end(identity.sign_out());
    };
    let press = move |()| {
        if used.get_untracked() {
            asking.set(true);
        } else {
            leave(());
        }
    };
    let keep = move |()| asking.set(false);
    let said = move || {
        used.get()
            .then(|| view! { <Chunk page=lost shape=Shape::Rows(0) /> })
    };
    let sure = text.clone();
    view! {
        {live(said)}
        <Button
            weight
            text=text.clone()
            busy_text=words::account_signing_out()
            busy
            on_press=press
        />
        <Dialog open=asking title=text on_close=Callback::new(keep)>
            {live(said)}
            <Button weight=Weight::Danger text=sure.clone() on_press=leave />
            <Button text=words::app_cancel() on_press=keep />
        </Dialog>
    }
}
