//! One receipt: opened in a tab of its own, saved, or handed to another app.

use std::time::Duration;

use leptos::{ev, prelude::*};
use web_sys::Blob;

use crate::{
    client::{Problem, dynamo::receipt_path, file::is_kept},
    components::download::{Download, Measure},
    i18n::{problem::say, words},
    run::{live, whenever, while_here},
    state::network::use_network,
    ui::{
        button::{Button, Weight},
        save::{can_share, save, share},
    },
};

/// How long one waits for a receipt that isn't there yet.
const WAIT: Duration = Duration::from_secs(15);

/// What becomes of it once it is here.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Purpose {
    Save,
    Share,
}

/// How far it is.
#[derive(Clone, Debug, PartialEq)]
enum State {
    Idle,
    Coming(Purpose),
    /// It isn't there yet.
    Waiting(Purpose),
    Saved,
    /// Here, but the browser wants a press before it hands it on.
    PressAgain,
    Failed(Problem, Purpose),
}

/// A receipt that somebody may want.
#[derive(Clone, Copy)]
struct Paper {
    path: StoredValue<String>,
    name: StoredValue<String>,
    state: RwSignal<State>,
    blob: StoredValue<Option<Blob>, LocalStorage>,
    kept: RwSignal<bool>,
    /// Downloads come and go meanwhile.
    owner: StoredValue<Owner>,
}

impl Paper {
    fn press(self, purpose: Purpose) {
        match self.blob.get_value() {
            Some(blob) => self.hand_over(blob, purpose),
            None => self.state.set(State::Coming(purpose)),
        }
    }

    fn ended(self, outcome: Result<Blob, Problem>, purpose: Purpose) {
        match outcome {
            Ok(blob) => {
                self.blob.set_value(Some(blob.clone()));
                self.look();
                self.hand_over(blob, purpose);
            }
            Err(Problem::Refused { .. }) => self.wait(purpose),
            Err(problem) => self.state.set(State::Failed(problem, purpose)),
        }
    }

    /// Fetches it by itself as soon as it may be there.
    fn wait(self, purpose: Purpose) {
        let waiting = State::Waiting(purpose);
        self.state.set(waiting.clone());
        let again = move || {
            if self.state.try_get_untracked() == Some(waiting.clone()) {
                self.state.set(State::Coming(purpose));
            }
        };
        set_timeout(again, WAIT);
    }

    fn hand_over(self, blob: Blob, purpose: Purpose) {
        let name = self.name.get_value();
        match purpose {
            Purpose::Save => {
                save(&blob, &name);
                self.state.set(State::Saved);
            }
            Purpose::Share => self.run(async move {
                let shared = share(&blob, &name).await;
                let state = if shared {
                    State::Idle
                } else {
                    State::PressAgain
                };
                self.state.set(state);
            }),
        }
    }

    /// Looks whether it is kept for reading offline.
    fn look(self) {
        let path = self.path.get_value();
        self.run(async move { self.kept.set(is_kept(&path).await) });
    }

    fn run(self, task: impl Future<Output = ()> + 'static) {
        if let Some(owner) = self.owner.try_get_value() {
            owner.with(|| while_here(task));
        }
    }
}

/// A receipt and what one can do with it.
#[component]
pub fn ReceiptFile(
    /// The session's id.
    id: String,
    /// Its number; without it the newest is meant.
    #[prop(optional)]
    number: Option<String>,
) -> impl IntoView {
    let paper = Paper {
        path: StoredValue::new(receipt_path(&id, number.as_deref())),
        name: StoredValue::new(["receipt-", number.as_deref().unwrap_or(&id), ".pdf"].concat()),
        state: RwSignal::new(State::Idle),
        blob: StoredValue::new_local(None),
        kept: RwSignal::new(false),
        owner: StoredValue::new(Owner::current().unwrap_or_default()),
    };
    let network = use_network();
    keep_looking(paper);
    let reachable = move || network.online() || paper.kept.get();
    view! {
        <Show
            when=reachable
            fallback=|| view! { <p class="session-note">{words::receipt_needs_network()}</p> }
        >
            <Actions paper />
        </Show>
        {live(move || paper.kept.get().then(|| view! {
            <p class="session-note">{words::receipt_kept()}</p>
        }))}
        {live(move || outcome(paper))}
    }
}

/// It may have been opened in another tab meanwhile.
fn keep_looking(paper: Paper) {
    let network = use_network();
    whenever(move || {
        network.online();
        paper.look();
    });
    let back = window_event_listener(ev::focus, move |_| paper.look());
    on_cleanup(move || back.remove());
}

#[component]
fn Actions(paper: Paper) -> impl IntoView {
    let path = paper.path.get_value();
    let joint = if path.contains('?') { "&" } else { "?" };
    let href = [&path, joint, "inline=true"].concat();
    let busy =
        Signal::derive(move || matches!(paper.state.get(), State::Coming(_) | State::Waiting(_)));
    let shares = can_share("application/pdf");
    let button = move |text: String, purpose: Purpose| {
        view! { <Button text busy on_press=move |()| paper.press(purpose) /> }
    };
    view! {
        <div class="receipt-actions">
            <a class="button" data-weight="main" href=href target="_blank" rel="noopener">
                {words::receipt_open()}
            </a>
            {button(words::receipt_download(), Purpose::Save)}
            {shares.then(|| button(words::receipt_share(), Purpose::Share))}
        </div>
    }
}

/// How far it is, in words.
fn outcome(paper: Paper) -> AnyView {
    let note = |text: String| view! { <p class="session-note" role="status">{text}</p> }.into_any();
    match paper.state.get() {
        State::Idle => ().into_any(),
        State::Coming(purpose) => view! {
            <Download
                path=paper.path.get_value()
                measure=Measure::Bytes
                label=words::receipt_loading()
                on_end=Callback::new(move |outcome| paper.ended(outcome, purpose))
                on_cancel=Callback::new(move |()| paper.state.set(State::Idle))
            />
        }
        .into_any(),
        State::Waiting(_) => note(words::receipt_settling()),
        State::Saved => note(words::download_saved(&paper.name.get_value())),
        State::PressAgain => note(words::receipt_share_again()),
        State::Failed(problem, purpose) => {
            let said = say(&problem);
            view! {
                <p class="form-trouble" role="alert">{[&said.title, ". ", &said.text].concat()}</p>
                <Button
                    weight=Weight::Quiet
                    text=words::app_retry()
                    on_press=move |()| paper.press(purpose)
                />
            }
            .into_any()
        }
    }
}
