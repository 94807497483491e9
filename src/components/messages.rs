//! The messages at the edge of the screen.

use leptos::prelude::*;

use crate::{
    i18n::words,
    state::{
        toasts::{Action, Toasts, name, use_toasts},
        version::use_new_version,
    },
    ui::toast::ToastView,
};

/// What was offered is offered once.
fn acting(toasts: Toasts, id: u32, action: Option<Action>) -> Option<(String, Callback<()>)> {
    let (label, run) = action?;
    let once = Callback::new(move |()| {
        if toasts.close(id) {
            run();
        }
    });
    Some((label, once))
}

/// All messages, spoken as they come.
#[component]
pub fn Messages() -> impl IntoView {
    let toasts = use_toasts();
    let version = use_new_version();
    let newer = move || {
        version.ready().then(|| {
            let reload = Callback::new(move |()| version.take_up());
            view! {
                <ToastView
                    text=words::app_new_version()
                    action=Some((words::app_reload(), reload))
                />
            }
        })
    };
    view! {
        <div class="toasts" role="status">
            {newer}
            <For each=move || toasts.shown() key=|toast| toast.id let:toast>
                <ToastView
                    id=name(toast.id)
                    text=toast.text
                    action=acting(toasts, toast.id, toast.action)
                />
            </For>
        </div>
    }
}
