//! Many sessions at once: which, and whether with their receipts. The code is
//! fetched when somebody first wants it.

use leptos::prelude::*;
use portal_api::{
    portal::MonthTotals,
    query::{Edge, SessionFilter},
    time::Month,
};
use web_sys::Blob;

use crate::{
    client::{
        self, Problem,
        dynamo::{receipts_path, table_path},
    },
    components::{
        chunk::{Chunk, chunk},
        download::{Download, Measure},
    },
    format,
    i18n::{problem::say, words},
    run::live,
    state::{network::use_network, remote::remote},
    ui::{
        button::{Button, Weight},
        choice::Choice,
        dialog::Dialog,
        save::save,
        select::Select,
        skeleton::Shape,
    },
};

chunk!(export_form in export draws ExportForm);

/// What is exported unless somebody says otherwise.
#[derive(Clone, Copy)]
struct Exporting {
    filter: Memo<SessionFilter>,
    close: Callback<()>,
}

/// What opens the export.
#[component]
pub fn Export(
    /// What is chosen in the list.
    filter: Memo<SessionFilter>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let close = Callback::new(move |()| open.set(false));
    provide_context(Exporting { filter, close });
    view! {
        <div class="export-open">
            <Button
                weight=Weight::Quiet
                text=words::export_open()
                on_press=move |()| open.set(true)
            />
        </div>
        <Dialog open title=words::export_title() on_close=close>
            <Chunk page=export_form shape=Shape::Fields />
        </Dialog>
    }
}

/// How far it is.
#[derive(Clone, Debug, PartialEq)]
enum State {
    Idle,
    Coming,
    Saved(&'static str),
    Failed(Problem),
}

/// What is to be exported.
#[derive(Clone, Copy)]
struct Wish {
    /// Empty for the filter of the list, else a month.
    month: RwSignal<String>,
    kind: RwSignal<&'static str>,
    filter: Memo<SessionFilter>,
}

const ZIP: &str = "zip";
const CSV: &str = "csv";

impl Wish {
    fn filter(self) -> SessionFilter {
        match self.month.get_untracked().parse::<Month>() {
            Ok(month) => SessionFilter {
                from: month.first_day().map(Edge::Day),
                to: month.last_day().map(Edge::Day),
                ..SessionFilter::default()
            },
            Err(_) => self.filter.get_untracked(),
        }
    }

    /// Where it is, how one sees how far it is, and what it is called.
    fn file(self) -> (String, Measure, &'static str) {
        let filter = self.filter();
        match self.kind.get_untracked() {
            CSV => (table_path(&filter), Measure::Rows, "sessions.csv"),
            _ => (receipts_path(&filter), Measure::Files, "receipts.zip"),
        }
    }
}

/// What stands in the dialog.
#[component]
fn ExportForm() -> impl IntoView {
    let Exporting { filter, close } = expect_context();
    let wish = Wish {
        month: RwSignal::new(String::new()),
        kind: RwSignal::new(ZIP),
        filter,
    };
    let state = RwSignal::new(State::Idle);
    let network = use_network();
    let busy = Signal::derive(move || state.get() == State::Coming);
    let go = move || {
        if network.online() {
            view! {
                <Button
                    weight=Weight::Main
                    text=words::export_go()
                    busy_text=words::export_making()
                    busy
                    on_press=move |()| state.set(State::Coming)
                />
            }
            .into_any()
        } else {
            view! { <p class="session-note">{words::export_needs_network()}</p> }.into_any()
        }
    };
    view! {
        <Which wish />
        <Choice
            name="export-kind"
            label=words::export_kind()
            options=vec![(ZIP, words::export_zip()), (CSV, words::export_csv())]
            value=wish.kind
            on_change=move |kind| wish.kind.set(kind)
        />
        {live(move || outcome(state, wish))}
        <div class="export-actions">
            {go}
            <Button text=words::app_close() on_press=close />
        </div>
    }
}

/// The filter of the list, or a month.
#[component]
fn Which(wish: Wish) -> impl IntoView {
    let months = remote(move || client::dynamo::summary(SessionFilter::default()));
    let options = Signal::derive(move || {
        let chosen = if wish.filter.get().is_empty() {
            words::export_all()
        } else {
            words::export_filtered()
        };
        let mut options = vec![(String::new(), chosen)];
        let months = months.value().map(|summary| summary.months);
        options.extend(months.unwrap_or_default().iter().map(month));
        options
    });
    view! {
        <Select
            id="export-which"
            label=words::export_which()
            options
            value=wish.month
            on_change=move |month| wish.month.set(month)
        />
    }
}

fn month(totals: &MonthTotals) -> (String, String) {
    let count = words::sessions_count(totals.sessions);
    let text = [&format::month(totals.month), " · ", &count].concat();
    (totals.month.to_string(), text)
}

/// How far it is, in words.
fn outcome(state: RwSignal<State>, wish: Wish) -> AnyView {
    match state.get() {
        State::Idle => ().into_any(),
        State::Coming => {
            let (path, measure, name) = wish.file();
            let ended = move |outcome: Result<Blob, Problem>| {
                state.set(match outcome {
                    Ok(blob) => {
                        save(&blob, name);
                        State::Saved(name)
                    }
                    Err(problem) => State::Failed(problem),
                });
            };
            view! {
                <Download
                    path
                    measure
                    label=words::export_making()
                    on_end=Callback::new(ended)
                    on_cancel=Callback::new(move |()| state.set(State::Idle))
                />
            }
            .into_any()
        }
        State::Saved(name) => {
            view! { <p role="status">{words::download_saved(name)}</p> }.into_any()
        }
        State::Failed(problem) => {
            let said = say(&problem);
            let text = [&said.title, ". ", &said.text].concat();
            view! { <p class="form-trouble" role="alert">{text}</p> }.into_any()
        }
    }
}
