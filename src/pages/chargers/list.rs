//! The charge points that a filter lets through, part by part.

use std::collections::BTreeMap;

use leptos::prelude::*;
use portal_api::{
    portal::charge_points::Position,
    query::charge_points::{ChargePointFilter, ChargePointQuery, Near, USUAL_CHARGE_POINTS},
};

use super::row::ChargerRow;
use crate::{
    client::{self, Answer},
    components::{loaded::Loaded, more::More, unmatched::Unmatched},
    i18n::words,
    run::{after_paint, live},
    state::{
        charger_list::{self, Left, Part},
        clock::{Clock, use_clock},
        live::{Moment, use_live},
        remote::remote,
        scroll::{back_to, how_far_down},
    },
    ui::{
        notice::{About, Notice},
        skeleton::Shape,
    },
};

/// The list of one filter.
#[derive(Clone, Copy)]
struct List {
    filter: StoredValue<ChargePointFilter>,
    here: Option<Position>,
    /// The parts that are open, by how many stand before each.
    parts: StoredValue<BTreeMap<u64, Part>>,
    on_choose: Callback<ChargePointFilter>,
}

/// The list of a filter, as one left it if one comes back.
pub fn list(
    filter: ChargePointFilter,
    here: Option<Position>,
    on_choose: Callback<ChargePointFilter>,
) -> AnyView {
    let left = charger_list::left(&filter, here);
    let scroll = left.as_ref().map(|left| left.scroll);
    let list = List {
        filter: StoredValue::new(filter),
        here,
        parts: StoredValue::new(left.map(|left| left.parts).unwrap_or_default()),
        on_choose,
    };
    let down = how_far_down(scroll);
    on_cleanup(move || {
        let parts = list.parts.get_value();
        // One that was never here is none to come back to.
        if !parts.is_empty() {
            charger_list::leave(Left {
                filter: list.filter.get_value(),
                here,
                parts,
                scroll: down.get_value(),
            });
        }
    });
    if let Some(scroll) = scroll {
        after_paint(move || back_to(scroll));
    }
    list.from(0)
}

impl List {
    /// The list from `offset` on, and a way to see more of it.
    fn from(self, offset: u64) -> AnyView {
        let clock = use_clock();
        let asked = StoredValue::new(ChargePointQuery {
            filter: self.filter.get_value(),
            near: self.here.map(Near::Position),
            limit: USUAL_CHARGE_POINTS,
            offset,
        });
        let part = remote(move || ask(asked.get_value(), clock));
        if let Some(known) = self.parts.with_value(|parts| parts.get(&offset).cloned()) {
            part.set(known);
        }
        let told = use_live();
        told.renews(part);
        let moment = told.moment();
        let draw = move |now: Part| {
            self.parts
                .update_value(|parts| drop(parts.insert(offset, now.clone())));
            self.part(now, offset, moment)
        };
        view! { <Loaded remote=part shape=Shape::Rows(6) children=draw /> }.into_any()
    }

    fn part(self, (charge_points, total): Part, offset: u64, moment: Moment) -> AnyView {
        let unfiltered = self.filter.with_value(ChargePointFilter::is_empty);
        if total == 0 {
            return nothing(unfiltered, self.on_choose);
        }
        let next = offset + u64::try_from(charge_points.len()).unwrap_or_default();
        let rows = charge_points
            .into_iter()
            .map(|charge_point| view! { <li><ChargerRow charge_point moment /></li> })
            .collect_view();
        let count = (offset == 0).then(|| {
            let count = if unfiltered {
                words::chargers_count(total)
            } else {
                words::chargers_matching(total)
            };
            view! { <p class="sessions-count" role="status">{count}</p> }
        });
        let rest = (total > next && next > offset).then(|| self.rest(next));
        view! {
            {count}
            <ul class="rows charger-rows">{rows}</ul>
            {rest}
        }
        .into_any()
    }

    /// What comes after, once it is asked for.
    fn rest(self, offset: u64) -> AnyView {
        let open = self.parts.with_value(|parts| parts.contains_key(&offset));
        view! { <More open rest=live(move || self.from(offset)) /> }.into_any()
    }
}

async fn ask(query: ChargePointQuery, clock: Clock) -> client::Result<Answer<Part>> {
    let Answer { value, kept_at } = client::charging::charge_points(&query).await?;
    if kept_at.is_none() {
        clock.set(value.now);
    }
    Ok(Answer {
        value: (value.charge_points, value.total),
        kept_at,
    })
}

/// None at all, or none that matches: two different things.
fn nothing(unfiltered: bool, on_choose: Callback<ChargePointFilter>) -> AnyView {
    if unfiltered {
        return view! {
            <Notice
                about=About::Nothing
                icon="plug"
                title=words::chargers_empty_title()
                text=words::chargers_empty_text()
            />
        }
        .into_any();
    }
    let on_clear = Callback::new(move |()| on_choose.run(ChargePointFilter::default()));
    view! { <Unmatched text=words::chargers_unmatched_text() on_clear /> }.into_any()
}
