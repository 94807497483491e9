//! A dialog: a sheet from below on a phone, a box on a desk.

use leptos::{ev, html, prelude::*};

use crate::run::{live, whenever};

/// A dialog that stands above the page as long as `open`.
#[component]
pub fn Dialog(
    /// Whether it stands there.
    #[prop(into)]
    open: Signal<bool>,
    /// Its name.
    #[prop(into)]
    title: String,
    /// What closes it without an answer; `None` if it must be answered.
    #[prop(into, optional)]
    on_close: Option<Callback<()>>,
    /// What is in it.
    children: ChildrenFn,
) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    whenever(move || {
        let Some(dialog) = node.get() else { return };
        if open.get() && !dialog.open() {
            // A dialog that cannot be modal still stands in the page.
            let _ = dialog.show_modal();
            spare_what_takes_away(&dialog);
        } else if !open.get() && dialog.open() {
            dialog.close();
        }
    });
    let cancelled = move |event: ev::Event| {
        event.prevent_default();
        if let Some(on_close) = on_close {
            on_close.run(());
        }
    };
    let name = title.clone();
    view! {
        <dialog class="dialog" node_ref=node aria-label=name on:cancel=cancelled>
            <h2 class="dialog-title" tabindex="-1">{title}</h2>
            {live(move || open.get().then(|| children()))}
        </dialog>
    }
}

/// The first thing in it has the focus; one that takes something away must be gone to.
fn spare_what_takes_away(dialog: &web_sys::HtmlDialogElement) {
    use wasm_bindgen::JsCast;
    if let Ok(Some(_)) = dialog.query_selector("[data-weight=danger]:focus")
        && let Ok(Some(title)) = dialog.query_selector(".dialog-title")
        && let Ok(title) = title.dyn_into::<web_sys::HtmlElement>()
    {
        // Without focus the dialog is still read from its start.
        let _ = title.focus();
    }
}
