//! Photos and papers: sent as soon as they are chosen, or as there is a network.

mod taking;

use leptos::{ev, html, prelude::*};
use portal_api::portal::disputes::{DisputeFile, FILE_KINDS};

use self::taking::Taking;
use super::typed::Filing;
use crate::{
    components::dispute::story::size,
    i18n::words,
    run::{live, to_the_end, whenever},
    state::{network::use_network, papers},
    ui::{button::Button, field::Labelled},
};

/// Choosing files, and those that are chosen, for the dispute in the making.
#[component]
pub fn ChosenFiles() -> impl IntoView {
    let filing: Filing = expect_context();
    let network = use_network();
    let taking = Taking::of(filing);
    let wrong = taking.wrong;
    let input = NodeRef::<html::Input>::new();
    let asked_for = filing.file_count() == 0;
    whenever(move || {
        if let Some(input) = input.get().filter(|_| asked_for) {
            // Without focus it can still be used.
            let _ = input.focus();
        }
    });
    taking.send_kept_in_time();
    let chosen = move |_: ev::Event| {
        let Some(input) = input.get() else { return };
        wrong.set(None);
        let list = input.files();
        let files = (0..list.as_ref().map_or(0, web_sys::FileList::length))
            .filter_map(|index| list.as_ref()?.get(index));
        for file in files {
            taking.take(file);
        }
        // The same file can be chosen again.
        input.set_value("");
    };
    let pending = move || {
        (filing.uploading.get() > 0)
            .then(|| view! { <progress aria-label=words::dispute_uploading()></progress> })
    };
    let offline = move || {
        (!network.online()).then(|| {
            if filing.keeps() {
                words::dispute_files_kept()
            } else {
                words::dispute_files_offline()
            }
        })
    };
    view! {
        <Labelled id="files" label=words::dispute_add_files() hint=None error=wrong.into()>
            <input
                id="files"
                class="field-input"
                type="file"
                multiple
                accept=FILE_KINDS.join(",")
                disabled=live(move || !network.online() && !filing.keeps())
                aria-describedby="files-note files-offline files-error"
                node_ref=input
                on:change=chosen
            />
            <p class="field-hint" id="files-note">{words::dispute_files_hint()}</p>
            <p class="field-hint" id="files-offline" role="status">{live(offline)}</p>
            <div role="status">{live(pending)}</div>
            <ul class="dispute-files">{live(move || rows(filing))}</ul>
        </Labelled>
    }
}

/// What the server has, then what waits.
fn rows(filing: Filing) -> AnyView {
    let there = filing.files.get().into_iter().map(|file| (file, false));
    let kept = filing.kept.get().into_iter().map(|file| (file, true));
    there
        .chain(kept)
        .map(|(file, waits)| view! { <Row file waits filing /> })
        .collect_view()
        .into_any()
}

#[component]
fn Row(file: DisputeFile, waits: bool, filing: Filing) -> impl IntoView {
    let label = words::dispute_file_remove_named(&file.name);
    let (name, size) = (file.name.clone(), size(file.size));
    let remove = move |()| {
        let file = file.clone();
        to_the_end(async move {
            // First from the device: what nobody sees any more must not stay there.
            if waits {
                papers::forget(vec![file.clone()]).await;
            }
            let list = if waits { filing.kept } else { filing.files };
            let removed = list.try_update(|files| files.retain(|other| other.id != file.id));
            if removed.is_some() {
                filing.changed();
            }
        });
    };
    let size = if waits {
        [&size, " · ", &words::dispute_file_waits()].concat()
    } else {
        size
    };
    view! {
        <li>
            <span class="dispute-file">
                <span dir="auto">{name}</span>
                " "
                <span class="facts-note">{size}</span>
            </span>
            <Button text=words::dispute_file_remove() label on_press=remove />
        </li>
    }
}
