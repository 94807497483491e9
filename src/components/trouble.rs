//! A problem in words, with what to do about it.

use leptos::prelude::*;

use crate::{
    client::Problem,
    i18n::{problem::say, words},
    run::live,
    ui::{
        button::{Button, Weight},
        notice::{About, Notice},
    },
};

/// What went wrong, and a way to try again where that may help.
#[component]
pub fn Trouble(
    /// What went wrong.
    problem: Problem,
    /// Whether it is being tried again at this moment.
    busy: Signal<bool>,
    /// Tries again.
    #[prop(into)]
    retry: Callback<()>,
) -> impl IntoView {
    let said = say(&problem);
    let icon = if problem == Problem::Offline {
        "offline"
    } else {
        "alert"
    };
    let text = if problem == Problem::Offline {
        words::problem_offline_unkept()
    } else {
        said.text
    };
    let again = said.retry.then(|| {
        view! {
            <Button
                weight=Weight::Main
                text=words::app_retry()
                busy_text=words::app_retrying()
                busy
                on_press=retry
            />
        }
    });
    view! {
        <Notice about=About::Wrong icon title=said.title text note=said.note.unwrap_or_default()>
            {again}
        </Notice>
    }
}

/// Says of a part of a page that it can't be shown, where the rest of it can.
#[component]
pub fn PartTrouble(
    /// What can't be shown.
    text: String,
    /// Whether it is being tried again at this moment.
    busy: Signal<bool>,
    /// Tries again.
    #[prop(into)]
    retry: Callback<()>,
) -> impl IntoView {
    view! {
        <div class="card part-trouble">
            <p>{text}</p>
            <Button
                weight=Weight::Quiet
                text=words::app_retry()
                busy_text=words::app_retrying()
                busy
                on_press=retry
            />
        </div>
    }
}

/// A problem in one line, for a form.
#[component]
pub fn FormTrouble(
    /// What went wrong, if something did.
    problem: Signal<Option<String>>,
) -> impl IntoView {
    view! {
        <p class="form-trouble" role="alert">
            {live(move || problem.get())}
        </p>
    }
}
