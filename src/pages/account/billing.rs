//! What stands on the driver's receipts beside their name.

use leptos::{ev, prelude::*};
use portal_api::portal::{ADDRESS_LONGEST, Billing, VAT_ID_LONGEST};

use crate::{
    client,
    components::{
        chunk::{Chunk, chunk},
        loaded::Loaded,
        trouble::FormTrouble,
    },
    i18n::{problem::say, words},
    run::{live, to_the_end},
    state::{
        draft::{Draft, use_draft},
        identity::use_identity,
        remote::remote,
        toasts::use_toasts,
    },
    ui::{
        button::{Button, Weight},
        field::{self, Field, TextArea},
        fold::Fold,
        skeleton::Shape,
    },
};

chunk!(billing in billing draws Saved);

/// The card, folded. Its code is fetched when it is first opened.
#[component]
pub fn OnReceipts() -> impl IntoView {
    let opened = RwSignal::new(false);
    let title = Signal::stored(words::billing_title());
    view! {
        <Fold icon="card" title on_toggle=move |()| opened.set(true)>
            {live(move || opened.get().then(|| view! { <Chunk page=billing shape=Shape::Fields /> }))}
        </Fold>
    }
}

/// What stands there now, to be changed.
#[component]
fn Saved() -> impl IntoView {
    let billing = remote(client::portal::billing);
    view! {
        <p>{words::billing_text()}</p>
        <Loaded
            remote=billing
            shape=Shape::Fields
            children=|billing| view! { <BillingForm billing /> }.into_any()
        />
    }
}

/// A text being typed, and its draft on the device.
#[derive(Clone, Copy)]
struct Typed {
    value: RwSignal<String>,
    draft: StoredValue<Draft>,
    longest: usize,
}

impl Typed {
    fn new(name: &str, saved: Option<&String>, longest: usize) -> Self {
        let draft = use_draft(name);
        let value = draft.read().or(saved.cloned()).unwrap_or_default();
        Self {
            value: RwSignal::new(value),
            draft: StoredValue::new(draft),
            longest,
        }
    }

    /// As it is saved: without spaces around it, and nothing if empty.
    fn text(self) -> Option<String> {
        let text = self.value.read().trim().to_owned();
        Some(text).filter(|text| !text.is_empty())
    }

    fn is_too_long(self) -> bool {
        self.value.read().trim().chars().count() > self.longest
    }

    fn keep(self) -> impl Fn(String) + Send + Sync + 'static {
        move |text| self.draft.with_value(|draft| draft.keep(&text))
    }
}

#[component]
fn BillingForm(billing: Billing) -> impl IntoView {
    let (identity, toasts) = (use_identity(), use_toasts());
    let address = Typed::new("billing-address", billing.address.as_ref(), ADDRESS_LONGEST);
    let vat_id = Typed::new("vat-id", billing.vat_id.as_ref(), VAT_ID_LONGEST);
    let saved = RwSignal::new(billing);
    let busy = RwSignal::new(false);
    let refusal = RwSignal::new(None::<String>);
    let now = move || Billing {
        address: address.text(),
        vat_id: vat_id.text(),
    };
    let changed = move || now() != *saved.read();
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        refusal.set(None);
        if busy.get_untracked() || !untrack(changed) {
            return;
        }
        for (id, typed) in [("billing-address", address), ("vat-id", vat_id)] {
            if untrack(|| typed.is_too_long()) {
                return field::focus(id);
            }
        }
        busy.set(true);
        let billing = untrack(now);
        let drafts = [address, vat_id].map(|typed| typed.draft.get_value());
        to_the_end(async move {
            match client::portal::set_billing(&billing).await {
                Ok(billing) => {
                    drafts.iter().for_each(Draft::confirmed);
                    saved.set(billing);
                    toasts.say(words::app_saved());
                }
                Err(problem) => {
                    identity.heed(&problem);
                    refusal.set(Some(say(&problem).text));
                }
            }
            busy.set(false);
        });
    };
    let long =
        |typed: Typed, text: fn() -> String| Signal::derive(move || typed.is_too_long().then(text));
    view! {
        <form class="form" novalidate on:submit=submit>
            <TextArea
                id="billing-address"
                label=words::billing_address()
                error=long(address, words::billing_address_long)
                value=address.value
                note=Signal::stored(words::billing_address_hint())
                autocomplete="street-address"
                on_input=address.keep()
            />
            <Field
                id="vat-id"
                label=words::billing_vat_id()
                hint=words::billing_vat_id_hint()
                error=long(vat_id, words::billing_vat_id_long)
                value=vat_id.value
                on_input=vat_id.keep()
            />
            {live(move || changed().then(|| view! {
                <Button weight=Weight::Main text=words::app_save() busy_text=words::app_saving() busy />
            }))}
            <FormTrouble problem=refusal.into() />
        </form>
    }
}
