//! All that was booked in some days, as a table to take away.

use leptos::{ev, prelude::*};
use portal_api::time::{Day, Month};
use web_sys::Blob;

use crate::{
    client::{Problem, groups::report_path},
    components::{
        download::{Download, Measure},
        needs_network::NeedsNetwork,
    },
    i18n::{problem::say_in_a_line, words},
    run::{live, whenever},
    ui::{
        button::Button,
        field::{self, Field, Kind},
        save::save,
    },
};

/// What the table is called.
const FILE: &str = "bookings.csv";

const FROM: &str = "report-from";
const TO: &str = "report-to";

/// How far it is.
#[derive(Clone, PartialEq)]
enum State {
    Idle,
    Coming(Day, Day),
    Saved,
    Failed(Problem),
}

/// The days, those of the month unless somebody says otherwise.
#[component]
pub fn Report(
    /// The month that is shown.
    month: Memo<Month>,
) -> impl IntoView {
    let (from, to) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    whenever(move || {
        let month = month.get();
        let text = |day: Option<Day>| day.map(|day| day.to_string()).unwrap_or_default();
        from.set(text(month.first_day()));
        to.set(text(month.last_day()));
    });
    let state = RwSignal::new(State::Idle);
    let tried = RwSignal::new(false);
    let day = move |text: RwSignal<String>| text.with(|text| text.parse::<Day>().ok());
    let missing = move |text: RwSignal<String>| {
        Signal::derive(move || (tried.get() && day(text).is_none()).then(words::group_day_missing))
    };
    let order = Signal::derive(move || {
        let wrong = day(from)
            .zip(day(to))
            .is_some_and(|(from, to)| to.0 < from.0);
        missing(to)
            .get()
            .or_else(|| wrong.then(words::group_days_order))
    });
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        tried.set(true);
        match untrack(|| (day(from), day(to))) {
            (None, _) => field::focus(FROM),
            (Some(from), Some(to)) if from.0 <= to.0 => state.set(State::Coming(from, to)),
            _ => field::focus(TO),
        }
    };
    view! {
        <section class="card" aria-labelledby="report">
            <h2 class="card-title" id="report">{words::group_report()}</h2>
            <p>{words::group_report_text()}</p>
            <form class="fold-form" novalidate on:submit=submit>
                <Field
                    id=FROM
                    kind=Kind::Date
                    label=words::sessions_from()
                    error=missing(from)
                    value=from
                />
                <Field id=TO kind=Kind::Date label=words::sessions_to() error=order value=to />
                <NeedsNetwork>
                    <Button text=words::group_report_go() />
                </NeedsNetwork>
            </form>
            {live(move || outcome(state))}
        </section>
    }
}

/// How far it is, in words.
fn outcome(state: RwSignal<State>) -> AnyView {
    match state.get() {
        State::Idle => ().into_any(),
        State::Coming(from, to) => {
            let ended = move |outcome: Result<Blob, Problem>| {
                state.set(match outcome {
                    Ok(blob) => {
                        save(&blob, FILE);
                        State::Saved
                    }
                    Err(problem) => State::Failed(problem),
                });
            };
            view! {
                <Download
                    path=report_path(from, to)
                    measure=Measure::Rows
                    label=words::export_making()
                    on_end=Callback::new(ended)
                    on_cancel=Callback::new(move |()| state.set(State::Idle))
                />
            }
            .into_any()
        }
        State::Saved => view! { <p role="status">{words::download_saved(FILE)}</p> }.into_any(),
        State::Failed(problem) => {
            let text = say_in_a_line(&problem);
            view! { <p class="form-trouble" role="alert">{text}</p> }.into_any()
        }
    }
}
