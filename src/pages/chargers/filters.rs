//! What narrows the list: a text, the plug, its power, whether it is free and takes
//! holds. It all stands in the address.

use std::time::Duration;

use leptos::prelude::*;
use portal_api::{
    portal::charge_points::Plug,
    query::charge_points::{ChargePointFilter, TEXT_LONGEST},
};

use crate::{
    components::charging::plug_name,
    format,
    i18n::words,
    run::{live, whenever},
    ui::{
        button::{Button, Weight},
        field::{Field, Kind},
        fold::Fold,
        select::Select,
        toggle::Toggle,
    },
};

/// How long nobody types before it is searched for.
const REST: Duration = Duration::from_millis(300);

/// From how many kilowatts on one can choose.
const POWERS: [u32; 4] = [11, 22, 50, 150];

/// What narrows the list; what one may press beside the search comes as a child.
#[component]
pub fn Filters(
    /// What is chosen.
    filter: Memo<ChargePointFilter>,
    /// Told what somebody chose.
    on_choose: Callback<ChargePointFilter>,
    /// What stands beside the search.
    children: Children,
) -> impl IntoView {
    let open = untrack(|| {
        let filter = filter.get();
        filter.plug.is_some() || filter.min_kw.is_some() || filter.free || filter.reservable
    });
    let folded = move || {
        let mut filter = filter.get();
        filter.text = None;
        match filter.parameters().len() {
            0 => words::sessions_filters(),
            count => words::sessions_filters_on(count.try_into().unwrap_or_default()),
        }
    };
    view! {
        <search class="chargers-search">
            <form class="chargers-find" on:submit=|event| event.prevent_default()>
                <Search filter on_choose />
                {children()}
            </form>
            <Fold open icon="filter" title=Signal::derive(folded)>
                <form class="fold-form" on:submit=|event| event.prevent_default()>
                    <PlugChoice filter on_choose />
                    <PowerChoice filter on_choose />
                    <Toggles filter on_choose />
                    <Clear filter on_choose />
                </form>
            </Fold>
        </search>
    }
}

/// Searched for once nobody types for a moment.
#[component]
fn Search(
    filter: Memo<ChargePointFilter>,
    on_choose: Callback<ChargePointFilter>,
) -> impl IntoView {
    let text = RwSignal::new(String::new());
    whenever(move || {
        let chosen = filter.get().text.unwrap_or_default();
        // What is being typed has a blank at its end now and then.
        if untrack(|| text.get().trim() != chosen) {
            text.set(chosen);
        }
    });
    let timer = StoredValue::new(None::<TimeoutHandle>);
    let stop = move || {
        if let Some(timer) = timer.try_update_value(Option::take).flatten() {
            timer.clear();
        }
    };
    on_cleanup(stop);
    let search = move |typed: String| {
        let typed: String = typed.trim().chars().take(TEXT_LONGEST).collect();
        let text = (!typed.is_empty()).then_some(typed);
        on_choose.run(ChargePointFilter {
            text,
            ..filter.get_untracked()
        });
    };
    let typed = move |typed: String| {
        stop();
        timer.set_value(set_timeout_with_handle(move || search(typed), REST).ok());
    };
    view! {
        <Field
            id="search"
            kind=Kind::Search
            label=words::chargers_search()
            hint=words::chargers_search_hint()
            value=text
            on_input=typed
        />
    }
}

/// What has to fit.
#[component]
pub fn PlugChoice(
    /// What is chosen.
    filter: Memo<ChargePointFilter>,
    /// Told what somebody chose.
    on_choose: Callback<ChargePointFilter>,
) -> impl IntoView {
    let mut options = vec![(String::new(), words::chargers_any_plug())];
    let known = Plug::KNOWN.iter();
    options.extend(known.map(|plug| (plug.as_str().to_owned(), plug_name(Some(plug)))));
    let value = move || filter.get().plug.map(|plug| plug.as_str().to_owned());
    let choose = move |word: String| {
        let plug = (!word.is_empty()).then(|| Plug::of_word(&word));
        on_choose.run(ChargePointFilter {
            plug,
            ..filter.get_untracked()
        });
    };
    view! {
        <Select
            id="plug"
            label=words::chargers_plug()
            options=Signal::stored(options)
            value=Signal::derive(move || value().unwrap_or_default())
            on_change=choose
        />
    }
}

/// How much power it has at least.
#[component]
pub fn PowerChoice(
    /// What is chosen.
    filter: Memo<ChargePointFilter>,
    /// Told what somebody chose.
    on_choose: Callback<ChargePointFilter>,
) -> impl IntoView {
    let options = move || {
        // One that came with the address stands there too.
        let other = filter.get().min_kw.filter(|power| !POWERS.contains(power));
        let mut options = vec![(String::new(), words::chargers_any_power())];
        let powers = POWERS.into_iter().chain(other);
        options.extend(powers.map(|power| {
            let says = words::unit_kw(&format::integer(power.into()));
            (power.to_string(), words::chargers_power_from(&says))
        }));
        options
    };
    let value = move || filter.get().min_kw.map(|power| power.to_string());
    let choose = move |power: String| {
        on_choose.run(ChargePointFilter {
            min_kw: power.parse().ok(),
            ..filter.get_untracked()
        });
    };
    view! {
        <Select
            id="power"
            label=words::chargers_power()
            options=Signal::derive(options)
            value=Signal::derive(move || value().unwrap_or_default())
            on_change=choose
        />
    }
}

#[component]
fn Toggles(
    filter: Memo<ChargePointFilter>,
    on_choose: Callback<ChargePointFilter>,
) -> impl IntoView {
    let free = move |free| {
        on_choose.run(ChargePointFilter {
            free,
            ..filter.get_untracked()
        });
    };
    let reservable = move |reservable| {
        on_choose.run(ChargePointFilter {
            reservable,
            ..filter.get_untracked()
        });
    };
    view! {
        <div class="toggles">
            <Toggle
                text=words::chargers_free()
                on=Signal::derive(move || filter.get().free)
                on_change=free
            />
            <Toggle
                text=words::chargers_reservable()
                on=Signal::derive(move || filter.get().reservable)
                on_change=reservable
            />
        </div>
    }
}

#[component]
fn Clear(filter: Memo<ChargePointFilter>, on_choose: Callback<ChargePointFilter>) -> impl IntoView {
    let some = Memo::new(move |_| !filter.get().is_empty());
    live(move || {
        some.get().then(|| {
            view! {
                <Button
                    weight=Weight::Quiet
                    text=words::sessions_clear()
                    on_press=move |()| on_choose.run(ChargePointFilter::default())
                />
            }
        })
    })
}
