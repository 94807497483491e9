//! One card or number: what is written on it, where it lies, and another in its place.

use leptos::{ev, prelude::*};
use portal_api::{
    petit_monde::group::TokenStatus,
    portal::groups::{GroupToken, LABEL_LONGEST, TokenChange},
};

use super::{
    super::tokens::{after_lost, before_lost},
    Desk,
};
use crate::{
    client,
    components::{
        needs_network::NeedsNetwork,
        sending::{Entry, Sending, let_go_when_closed},
        trouble::FormTrouble,
    },
    i18n::{problem::say_in_a_line, words},
    run::live,
    state::toasts::use_toasts,
    ui::{
        button::{Button, Weight},
        field::{self, Field},
    },
};

const LABEL: &str = "token-label";
const VEHICLE: &str = "token-vehicle";

/// Whatever was chosen in the list.
#[component]
pub fn ChangeToken(desk: Desk) -> impl IntoView {
    let token = desk.open.get_untracked()?;
    let works = token.status == TokenStatus::Active;
    // Elsewhere nobody can be asked for another one in its place.
    let replaceable = token.replaced_by.is_none() && !desk.here.keeps_tokens_elsewhere();
    Some(view! {
        <p class="token-uid">{token.uid.clone()}</p>
        <Names token=token.clone() desk />
        <NeedsNetwork>
            {works.then(|| view! { <Block token=token.clone() desk /> })}
            {replaceable.then(|| view! { <Replace token=token.clone() works desk /> })}
        </NeedsNetwork>
    })
}

/// What is typed about it, as it was left, else as it is.
fn typed(token: &GroupToken, desk: Desk) -> [Entry; 2] {
    let draft = |field: &str| ["token ", &token.id, " ", field].concat();
    let vehicle = token.vehicle.as_deref().unwrap_or_default();
    let entries = [
        Entry::of(&draft("label"), &token.label),
        Entry::of(&draft("vehicle"), vehicle),
    ];
    let_go_when_closed(entries, move || {
        desk.open.try_with_untracked(Option::is_none) == Some(true)
    });
    entries
}

/// What is written on it, and where it lies.
#[component]
fn Names(token: GroupToken, desk: Desk) -> impl IntoView {
    let (toasts, sending) = (use_toasts(), Sending::idle());
    let [label, vehicle] = typed(&token, desk);
    let before = untrack(|| label.is_changed() || vehicle.is_changed());
    let label_wrong = move || match label.trimmed().chars().count() {
        0 => Some(words::group_label_missing()),
        count if count > LABEL_LONGEST => Some(words::account_name_long()),
        _ => None,
    };
    let vehicle_wrong = move || {
        let long = vehicle.trimmed().chars().count() > LABEL_LONGEST;
        long.then(words::account_name_long)
    };
    let token = StoredValue::new(token.id);
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if untrack(label_wrong).is_some() {
            return field::focus(LABEL);
        }
        if untrack(vehicle_wrong).is_some() {
            return field::focus(VEHICLE);
        }
        let lies = untrack(|| vehicle.trimmed());
        let change = TokenChange {
            label: untrack(|| label.trimmed()),
            vehicle: (!lies.is_empty()).then_some(lies),
        };
        let (id, token) = (desk.here.id(), token.get_value());
        let request = async move { client::groups::change_token(&id, &token, &change).await };
        let drafts = vec![label.draft(), vehicle.draft()];
        sending.send(request, drafts, say_in_a_line, move |_| {
            toasts.say(words::app_saved());
            desk.changed();
        });
    };
    view! {
        <form class="form" novalidate on:submit=submit>
            {before.then(|| view! { <p class="facts-note">{words::group_typed_before()}</p> })}
            <Field
                id=LABEL
                label=words::group_column_label()
                error=Signal::derive(label_wrong)
                value=label.text
                on_input=move |_: String| label.keep()
            />
            <Field
                id=VEHICLE
                label=words::group_column_vehicle()
                hint=words::group_vehicle_hint()
                error=Signal::derive(vehicle_wrong)
                value=vehicle.text
                on_input=move |_: String| vehicle.keep()
            />
            <FormTrouble problem=sending.refusal.into() />
            <NeedsNetwork>
                <Button
                    weight=Weight::Main
                    text=words::app_save()
                    busy_text=words::app_saving()
                    busy=sending.busy
                />
            </NeedsNetwork>
        </form>
    }
}

/// Blocks it for good, once somebody has said yes twice.
#[component]
fn Block(token: GroupToken, desk: Desk) -> impl IntoView {
    let asking = RwSignal::new(false);
    let draw = move || {
        if asking.get() {
            view! { <ReallyBlock token=token.clone() desk /> }.into_any()
        } else {
            let press = move |()| asking.set(true);
            view! { <Button weight=Weight::Danger text=words::group_block() on_press=press /> }
                .into_any()
        }
    };
    live(draw)
}

#[component]
fn ReallyBlock(token: GroupToken, desk: Desk) -> impl IntoView {
    let (toasts, sending) = (use_toasts(), Sending::idle());
    let text = before_lost(desk.here, &token.label);
    let press = move |()| {
        let (id, token) = (desk.here.id(), token.id.clone());
        let elsewhere = desk.here.keeps_tokens_elsewhere();
        let request = async move { client::groups::lose_token(&id, &token).await };
        sending.send(request, Vec::new(), say_in_a_line, move |token| {
            toasts.say(after_lost(elsewhere, &token.label));
            desk.changed();
        });
    };
    view! {
        <p role="status">{text}</p>
        <FormTrouble problem=sending.refusal.into() />
        <Button
            weight=Weight::Danger
            text=words::group_lost_confirm()
            busy_text=words::group_blocking()
            busy=sending.busy
            on_press=press
        />
    }
}

/// Makes another in its place.
#[component]
fn Replace(token: GroupToken, works: bool, desk: Desk) -> impl IntoView {
    let (toasts, sending) = (use_toasts(), Sending::idle());
    let hint = if works {
        words::group_replace_hint()
    } else {
        words::group_replace_blocked_hint()
    };
    let press = move |()| {
        let (id, token, key) = (desk.here.id(), token.id.clone(), sending.key());
        let request = async move { client::groups::replace_token(&id, &token, &key).await };
        sending.send(request, Vec::new(), say_in_a_line, move |token| {
            toasts.say(words::group_replaced(&token.label));
            desk.made.try_set(vec![token.id]);
            desk.changed();
        });
    };
    view! {
        <p class="facts-note">{hint}</p>
        <FormTrouble problem=sending.refusal.into() />
        <Button
            text=words::group_replace()
            busy_text=words::app_saving()
            busy=sending.busy
            on_press=press
        />
    }
}
