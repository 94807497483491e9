//! A guest's link: made, copied, shared, sent.

use leptos::{ev, prelude::*};
use portal_api::portal::bookings::{BookingDetail, GuestLink, GuestLinkRequest};

use crate::{
    client::{self, Problem},
    components::{
        booking::place,
        chunk::{Chunk, chunk},
        needs_network::NeedsNetwork,
        sending::Entry,
        trouble::FormTrouble,
    },
    i18n::{self, problem::say_in_a_line, words},
    run::{live, to_the_end},
    state::{
        identity::{Identity, use_identity},
        network::use_network,
        toasts::{Toasts, use_toasts},
    },
    ui::{
        button::{Button, Weight},
        code::Code,
        field::{self, Field, Kind},
        hand_over,
        skeleton::Shape,
    },
};

chunk!(link_code in guest_code draws LinkCode);

/// What is being handed over.
#[derive(Clone, Copy)]
pub struct Handing {
    link: RwSignal<Option<GuestLink>>,
    email: Entry,
    wrong: RwSignal<Option<String>>,
    refusal: RwSignal<Option<String>>,
    busy: RwSignal<bool>,
    /// Sent again it is the same link, and no second letter.
    key: StoredValue<String>,
}

impl Handing {
    /// Nothing of that booking yet; to whom, as far as it was typed.
    pub fn of(id: &str) -> Self {
        Self {
            link: RwSignal::new(None),
            email: Entry::of(&["guest ", id].concat(), ""),
            wrong: RwSignal::new(None),
            refusal: RwSignal::new(None),
            busy: RwSignal::new(false),
            key: StoredValue::new(client::new_key()),
        }
    }

    /// Makes a link, and has it sent if an address is given.
    fn make(self, id: String, email: Option<String>, identity: Identity, toasts: Toasts) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.refusal.set(None);
        let wanted = GuestLinkRequest {
            email,
            language: i18n::language(),
        };
        let (draft, key) = (self.email.draft(), self.key.get_value());
        to_the_end(async move {
            let outcome = client::bookings::guest_link(&id, &wanted, &key).await;
            self.busy.try_set(false);
            match outcome {
                Ok(made) => {
                    self.key.try_set_value(client::new_key());
                    if made.sent {
                        toasts.say(words::guest_sent(
                            wanted.email.as_deref().unwrap_or_default(),
                        ));
                        draft.confirmed();
                        self.email.text.try_set(String::new());
                    }
                    self.link.try_set(Some(made));
                }
                Err(problem) => {
                    identity.heed(&problem);
                    self.refused(&problem);
                }
            }
        });
    }

    fn refused(self, problem: &Problem) {
        match problem {
            Problem::Refused { field: Some(_), .. } => {
                self.wrong.try_set(Some(words::sign_in_email_wrong()));
            }
            problem => {
                self.refusal.try_set(Some(say_in_a_line(problem)));
            }
        }
    }
}

/// A link for the guest, and the ways to hand it over.
#[component]
pub fn HandOver(
    /// The booking.
    of: BookingDetail,
) -> impl IntoView {
    let handing: Handing = expect_context();
    let (identity, toasts, network) = (use_identity(), use_toasts(), use_network());
    let id = StoredValue::new(of.booking.id.clone());
    let place = StoredValue::new(place(&of.booking));
    let before = of.guest_link == Some(true);
    let make = move |()| handing.make(id.get_value(), None, identity, toasts);
    let link = move || match handing.link.get() {
        Some(made) => view! { <Link made place=place.get_value() /> }.into_any(),
        // That it needs one is said below.
        None if !network.online() => ().into_any(),
        None => view! {
            {before.then(|| view! { <p class="facts-note">{words::guest_link_before()}</p> })}
            <Button
                weight=Weight::Main
                text=words::guest_make()
                busy_text=words::guest_making()
                busy=handing.busy
                on_press=make
            />
        }
        .into_any(),
    };
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let typed = untrack(|| handing.email.trimmed());
        let fits = typed
            .split_once('@')
            .is_some_and(|(name, host)| !name.is_empty() && !host.is_empty());
        if !fits || typed.contains(char::is_whitespace) {
            handing.wrong.set(Some(words::sign_in_email_wrong()));
            return field::focus("guest-email");
        }
        handing.wrong.set(None);
        handing.make(id.get_value(), Some(typed), identity, toasts);
    };
    view! {
        <section class="card" aria-labelledby="guest">
            <h2 class="card-title" id="guest">{words::guest_title()}</h2>
            <p>{words::guest_text()}</p>
            {live(link)}
            <form class="form" novalidate on:submit=submit>
                <Field
                    id="guest-email"
                    kind=Kind::Email
                    label=words::guest_email()
                    hint=words::guest_email_hint()
                    error=handing.wrong
                    value=handing.email.text
                    autocomplete="off"
                    on_input=move |_: String| handing.email.keep()
                />
                <FormTrouble problem=handing.refusal.into() />
                <NeedsNetwork>
                    <Button
                        text=words::guest_send()
                        busy_text=words::guest_making()
                        busy=handing.busy
                    />
                </NeedsNetwork>
            </form>
        </section>
    }
}

/// The link itself.
#[component]
fn Link(made: GuestLink, place: String) -> impl IntoView {
    let toasts = use_toasts();
    let link = StoredValue::new(made.link.clone());
    let copy = move |()| {
        to_the_end(async move {
            let copied = hand_over::copy(&link.get_value()).await;
            toasts.say(if copied {
                words::guest_copied()
            } else {
                words::guest_not_copied()
            });
        });
    };
    let share = hand_over::can_share().then(|| {
        let press = move |()| {
            let place = place.clone();
            to_the_end(async move { hand_over::share(&place, &link.get_value()).await });
        };
        view! { <Button weight=Weight::Main text=words::guest_share() on_press=press /> }
    });
    view! {
        <p class="booking-link" translate="no">{made.link}</p>
        <div class="booking-actions">
            {share}
            <Button text=words::guest_copy() on_press=copy />
        </div>
        <Chunk page=link_code shape=Shape::Rows(3) />
        <p class="facts-note">{words::guest_code_text()}</p>
    }
}

/// The link for the guest's camera; it has code of its own.
#[component]
fn LinkCode() -> impl IntoView {
    let handing: Handing = expect_context();
    let made = handing.link.get()?;
    Some(view! { <Code text=made.link label=words::guest_code() /> })
}
