//! Photos and papers: sent as soon as they are chosen.

use leptos::{ev, html, prelude::*};
use portal_api::portal::disputes::{DisputeFile, FILE_KINDS, FILE_LARGEST, MOST_FILES};
use web_sys::File;

use super::typed::Filing;
use crate::{
    client,
    components::dispute::{say_in_a_line, story::size},
    i18n::words,
    run::{live, to_the_end, whenever},
    state::{
        identity::{Identity, use_identity},
        network::use_network,
    },
    ui::{button::Button, field::Labelled},
};

/// Choosing files, and those that are chosen, for the dispute in the making.
#[component]
pub fn ChosenFiles() -> impl IntoView {
    let filing: Filing = expect_context();
    let (identity, network) = (use_identity(), use_network());
    let wrong = RwSignal::new(None::<String>);
    let input = NodeRef::<html::Input>::new();
    let asked_for = filing.files.read_untracked().is_empty();
    whenever(move || {
        if let Some(input) = input.get().filter(|_| asked_for) {
            // Without focus it can still be used.
            let _ = input.focus();
        }
    });
    let chosen = move |_: ev::Event| {
        let Some(input) = input.get() else { return };
        wrong.set(None);
        let list = input.files();
        let files = (0..list.as_ref().map_or(0, web_sys::FileList::length))
            .filter_map(|index| list.as_ref()?.get(index));
        for file in files {
            match refusal(&file, filing) {
                Some(text) => wrong.set(Some([&file.name(), ": ", &text].concat())),
                None => send(file, filing, wrong, identity),
            }
        }
        // The same file can be chosen again.
        input.set_value("");
    };
    let rows = move || {
        let files = filing.files.get();
        files
            .into_iter()
            .map(|file| view! { <Row file filing /> })
            .collect_view()
    };
    let pending = move || {
        (filing.uploading.get() > 0)
            .then(|| view! { <progress aria-label=words::dispute_uploading()></progress> })
    };
    let hint = move || {
        if network.online() {
            words::dispute_files_hint()
        } else {
            words::dispute_files_offline()
        }
    };
    view! {
        <Labelled id="files" label=words::dispute_add_files() hint=None error=wrong.into()>
            <input
                id="files"
                class="field-input"
                type="file"
                multiple
                accept=FILE_KINDS.join(",")
                disabled=live(move || !network.online())
                aria-describedby="files-note files-error"
                node_ref=input
                on:change=chosen
            />
            <p class="field-hint" id="files-note">{live(hint)}</p>
            <div role="status">{live(pending)}</div>
            <ul class="dispute-files">{live(rows)}</ul>
        </Labelled>
    }
}

/// Why a file cannot go with it; checked before it is sent.
fn refusal(file: &File, filing: Filing) -> Option<String> {
    let many = filing.files.read_untracked().len() + filing.uploading.get_untracked();
    #[expect(clippy::cast_precision_loss, reason = "five million")]
    let largest = FILE_LARGEST as f64;
    if many >= MOST_FILES {
        Some(words::dispute_files_many())
    } else if !FILE_KINDS.contains(&file.type_().as_str()) {
        Some(words::dispute_file_kind())
    } else {
        (file.size() > largest).then(words::dispute_file_large)
    }
}

fn send(file: File, filing: Filing, wrong: RwSignal<Option<String>>, identity: Identity) {
    filing.uploading.update(|count| *count += 1);
    to_the_end(async move {
        let sent = client::disputes::send_file(&file).await;
        filing
            .uploading
            .try_update(|count| *count = count.saturating_sub(1));
        match sent {
            Ok(sent) => {
                if filing.files.try_update(|files| files.push(sent)).is_some() {
                    filing.changed();
                }
            }
            Err(problem) => {
                identity.heed(&problem);
                wrong.try_set(Some(
                    [&file.name(), ": ", &say_in_a_line(&problem)].concat(),
                ));
            }
        }
    });
}

#[component]
fn Row(file: DisputeFile, filing: Filing) -> impl IntoView {
    let id = file.id;
    let label = words::dispute_file_remove_named(&file.name);
    let remove = move |()| {
        filing
            .files
            .update(|files| files.retain(|other| other.id != id));
        filing.changed();
    };
    view! {
        <li>
            <span dir="auto">{file.name}</span>
            " "
            <span class="facts-note">{size(file.size)}</span>
            <Button text=words::dispute_file_remove() label on_press=remove />
        </li>
    }
}
