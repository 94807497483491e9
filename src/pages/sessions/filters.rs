//! What narrows the list: dates, place and status. It all stands in the address.

use leptos::prelude::*;
use portal_api::{
    dynamo::SessionStatus,
    portal::Site,
    query::{Edge, SessionFilter},
    time::Day,
};

use crate::{
    components::chunk::{Chunk, chunk},
    i18n::words,
    run::{live, whenever},
    ui::{
        button::{Button, Weight},
        field::{Field, Kind},
        fold::Fold,
        select::Select,
        skeleton::Shape,
    },
};

/// Dates before this day are not whole yet: somebody is typing the year.
const FIRST_DAY: i32 = 20_000_101;

chunk!(filter_form in filters draws FilterForm);

/// What is chosen, and how to choose something else.
#[derive(Clone, Copy)]
pub struct Choosing {
    /// What is chosen.
    pub filter: Memo<SessionFilter>,
    /// The places there are to choose from.
    pub sites: RwSignal<Vec<Site>>,
    /// Told what somebody chose.
    pub on_choose: Callback<SessionFilter>,
}

/// The filters, folded away. Their code is fetched when they are first opened.
#[component]
pub fn Filters(
    /// What is chosen.
    choosing: Choosing,
) -> impl IntoView {
    provide_context(choosing);
    let filter = choosing.filter;
    let open = !filter.get_untracked().is_empty();
    let opened = RwSignal::new(open);
    let says = move || match filter.get().parameters().len() {
        0 => words::sessions_filters(),
        count => words::sessions_filters_on(count.try_into().unwrap_or_default()),
    };
    view! {
        <Fold
            open
            icon="filter"
            title=Signal::derive(says)
            on_toggle=move |()| opened.set(true)
        >
            {live(move || opened.get().then(|| view! { <Chunk page=filter_form shape=Shape::Fields /> }))}
        </Fold>
    }
}

/// What stands in the filters when they are open.
#[component]
fn FilterForm() -> impl IntoView {
    let Choosing {
        filter,
        sites,
        on_choose,
    } = expect_context();
    view! {
        <form class="fold-form" on:submit=|event| event.prevent_default()>
            <Dates filter on_choose />
            <Place filter sites on_choose />
            <StatusChoice filter on_choose />
            {live(move || (!filter.get().is_empty()).then(|| view! {
                <Button
                    weight=Weight::Quiet
                    text=words::sessions_clear()
                    on_press=move |()| on_choose.run(SessionFilter::default())
                />
            }))}
        </form>
    }
}

#[component]
fn Dates(filter: Memo<SessionFilter>, on_choose: Callback<SessionFilter>) -> impl IntoView {
    let (from, to) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    whenever(move || {
        let filter = filter.get();
        from.set(day_text(filter.from.as_ref()));
        to.set(day_text(filter.to.as_ref()));
    });
    let turned = move || {
        let filter = filter.get();
        matches!((filter.from, filter.to), (Some(Edge::Day(from)), Some(Edge::Day(to))) if from > to)
            .then(words::sessions_dates_turned)
    };
    let typed = move |text: String, put: fn(&mut SessionFilter, Option<Edge>)| {
        let day = text
            .parse::<Day>()
            .ok()
            .filter(|day| day.number() >= FIRST_DAY);
        if day.is_some() || text.is_empty() {
            let mut filter = filter.get_untracked();
            put(&mut filter, day.map(Edge::Day));
            on_choose.run(filter);
        }
    };
    view! {
        <Field
            id="from"
            kind=Kind::Date
            label=words::sessions_from()
            value=from
            on_input=move |text| typed(text, |filter, edge| filter.from = edge)
        />
        <Field
            id="to"
            kind=Kind::Date
            label=words::sessions_to()
            error=Signal::derive(turned)
            value=to
            on_input=move |text| typed(text, |filter, edge| filter.to = edge)
        />
    }
}

fn day_text(edge: Option<&Edge>) -> String {
    match edge {
        Some(Edge::Day(day)) => day.to_string(),
        Some(Edge::Instant(at)) => at.to_string().chars().take(10).collect(),
        None => String::new(),
    }
}

#[component]
fn Place(
    filter: Memo<SessionFilter>,
    sites: RwSignal<Vec<Site>>,
    on_choose: Callback<SessionFilter>,
) -> impl IntoView {
    let options = Signal::derive(move || {
        let mut options = vec![(String::new(), words::sessions_any_place())];
        options.extend(
            sites
                .get()
                .into_iter()
                .map(|site| (site.site_id, site.name)),
        );
        options
    });
    let choose = move |site: String| {
        let site_id = (!site.is_empty()).then_some(site);
        on_choose.run(SessionFilter {
            site_id,
            ..filter.get_untracked()
        });
    };
    view! {
        <Select
            id="place"
            label=words::sessions_place()
            options
            value=Signal::derive(move || filter.get().site_id.unwrap_or_default())
            on_change=choose
        />
    }
}

#[component]
fn StatusChoice(filter: Memo<SessionFilter>, on_choose: Callback<SessionFilter>) -> impl IntoView {
    let options = vec![
        (String::new(), words::sessions_any_status()),
        ("active".into(), words::status_active()),
        ("completed".into(), words::status_completed()),
        ("stopped".into(), words::status_stopped()),
    ];
    let value = move || {
        filter
            .get()
            .status
            .map(|status| status.as_str().to_owned())
            .unwrap_or_default()
    };
    let choose = move |word: String| {
        let status = (!word.is_empty()).then(|| SessionStatus::of_word(&word));
        on_choose.run(SessionFilter {
            status,
            ..filter.get_untracked()
        });
    };
    view! {
        <Select
            id="status"
            label=words::sessions_status()
            options=Signal::stored(options)
            value=Signal::derive(value)
            on_change=choose
        />
    }
}
