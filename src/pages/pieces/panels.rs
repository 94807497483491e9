//! What is only read, and what stands above the page.

use leptos::prelude::*;
use portal_api::{problem::Code, time::Instant};

use super::Pieces;
use crate::{
    client::Problem,
    components::{kept::Kept, trouble::Trouble},
    state::{clock::use_clock, toasts::use_toasts},
    ui::{
        button::{Button, Weight},
        chip::{Chip, Tone},
        code::Code,
        dialog::Dialog,
        figure::Figure,
        meter::Meter,
        notice::{About, Notice},
        skeleton::{Shape, Skeleton},
        toast::ToastView,
    },
};

/// A status of every tone.
#[component]
pub fn Chips() -> impl IntoView {
    view! {
        <Pieces title="Chips">
            <div class="choice-options">
                <Chip tone=Tone::Live icon="bolt" text="Live" />
                <Chip tone=Tone::Good icon="check" text="Good" />
                <Chip tone=Tone::Notable icon="stop" text="Notable" />
                <Chip tone=Tone::Neutral icon="alert" text="Neutral" />
            </div>
        </Pieces>
    }
}

/// Figures with one and with several values, with and without a note.
#[component]
pub fn Figures() -> impl IntoView {
    let texts = |texts: &[&str]| texts.iter().copied().map(str::to_owned).collect::<Vec<_>>();
    view! {
        <Pieces title="Figures">
            <dl class="figures">
                <Figure caption="Cost" values=texts(&["NOK 1,204.50"]) note="February: NOK 980.00" />
                <Figure caption="Energy" values=texts(&["321.4 kWh"]) />
                <Figure caption="In two currencies" values=texts(&["NOK 97.20", "€12.50"]) note="No sum" />
                <Figure caption="Very large" values=texts(&["NOK 1,234,567,890.12"]) />
            </dl>
        </Pieces>
    }
}

/// Little gone, nearly all, and all of it; and a code.
#[component]
pub fn Meters() -> impl IntoView {
    view! {
        <Pieces title="Meters">
            <Meter label="Little" says="21 %" gone=120 aside=90 mark=800 />
            <Meter label="Nearly all" says="86 %" gone=820 aside=40 mark=800 />
            <Meter label="All" says="100 %" gone=1000 aside=0 mark=800 />
            <Code text="4915550100200300".to_owned() label="A number" />
        </Pieces>
    }
}

/// Nothing here, and something that was kept.
#[component]
pub fn Notices() -> impl IntoView {
    let clock = use_clock();
    let since = untrack(|| clock.now()).millis() - 12 * 60 * 1000;
    view! {
        <Pieces title="Notices">
            <Kept since=Some(Instant::from_millis(since)) />
            <Notice
                about=About::Nothing
                icon="bolt"
                title="No sessions yet"
                text="Once you have charged, each session shows up here with what it cost and why."
            />
            <Notice
                about=About::Nothing
                icon="search"
                title="Nothing matches"
                text="No session fits these filters."
                note="Something small below"
            >
                <Button weight=Weight::Main text="Clear the filters" on_press=|()| () />
            </Notice>
        </Pieces>
    }
}

/// Every problem there is, and one that is being tried again.
#[component]
pub fn Troubles() -> impl IntoView {
    let problems = [
        Problem::Offline,
        Problem::Slow,
        Problem::Unanswered,
        Problem::TooOften { wait: Some(2_200) },
        Problem::SignedOut,
        Problem::Missing,
        Problem::Refused {
            code: Code::default(),
            field: Some("name".to_owned()),
        },
        Problem::Busy { wait: Some(40) },
        Problem::Upstream { wait: Some(300) },
        Problem::Server {
            request: Some("0193f2c4b7a8".to_owned()),
        },
        Problem::Unreadable,
    ];
    let troubles = problems.map(|problem| {
        view! { <Trouble problem busy=Signal::stored(false) retry=|()| () /> }
    });
    view! {
        <Pieces title="Troubles">
            {troubles.into_iter().collect_view()}
            <Trouble problem=Problem::Slow busy=Signal::stored(true) retry=|()| () />
        </Pieces>
    }
}

/// What stands in, in every shape.
#[component]
pub fn Skeletons() -> impl IntoView {
    view! {
        <Pieces title="Skeletons">
            <Skeleton shape=Shape::Overview label="An overview is coming" />
            <Skeleton shape=Shape::Rows(2) label="Rows are coming" />
            <Skeleton shape=Shape::Fields label="Fields are coming" />
        </Pieces>
    }
}

/// Messages in the page, and one at its edge.
#[component]
pub fn Toasts() -> impl IntoView {
    let toasts = use_toasts();
    view! {
        <Pieces title="Toasts">
            <ToastView text="Saved." action=None />
            <ToastView
                text="A new version of the portal is ready."
                action=Some(("Reload".to_owned(), Callback::new(|()| ())))
            />
            <Button
                text="Show one"
                on_press=move |()| toasts.say("A message at the edge.".to_owned())
            />
        </Pieces>
    }
}

/// A button opens a dialog; so does nothing else.
#[component]
pub fn Dialogs() -> impl IntoView {
    let open = RwSignal::new(false);
    let close = Callback::new(move |()| open.set(false));
    view! {
        <Pieces title="Dialogs">
            <Button text="Open a dialog" on_press=move |()| open.set(true) />
            <Dialog
                open
                title="A dialog"
                on_close=close
                children=ToChildren::to_children(move || view! {
                    <p>"It takes all attention until it is closed, also by Escape."</p>
                    <Button weight=Weight::Main text="Close" on_press=close />
                })
            />
        </Pieces>
    }
}
