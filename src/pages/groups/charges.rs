//! What was charged on the group's account, the newest first.

use leptos::prelude::*;
use portal_api::{
    portal::groups::{ChargePage, GroupCharge},
    query::groups::{GroupQuery, Part},
};

use super::group::{Here, use_group};
use crate::{
    client,
    components::{group::budget::money, loaded::Loaded, more::More},
    format,
    i18n::words,
    run::live,
    state::remote::remote,
    ui::{
        chip::{Chip, Tone},
        notice::{About, Notice},
        skeleton::Shape,
    },
};

/// How many are asked for at once.
const PART: u32 = 50;

/// All charges, part by part.
#[component]
pub fn ChargesPart() -> impl IntoView {
    let here = use_group();
    view! {
        <section class="group-section" aria-labelledby="charges">
            <h2 class="card-title" id="charges">{words::group_charges()}</h2>
            {from(here, 0)}
        </section>
    }
}

/// The charges from `offset` on, and a way to see more of them.
fn from(here: Here, offset: u64) -> AnyView {
    let page = remote(move || {
        let query = GroupQuery {
            part: Part {
                limit: PART,
                offset,
            },
            ..GroupQuery::default()
        };
        let id = here.id();
        async move { client::groups::charges(&id, &query).await }
    });
    let draw = move |page: ChargePage| part(here, offset, page);
    view! { <Loaded remote=page shape=Shape::Rows(6) children=draw /> }.into_any()
}

fn part(here: Here, offset: u64, page: ChargePage) -> AnyView {
    if page.total == 0 {
        return view! {
            <Notice
                about=About::Nothing
                icon="plug"
                title=words::group_no_charges_title()
                text=words::group_no_charges()
            />
        }
        .into_any();
    }
    let next = offset + u64::try_from(page.charges.len()).unwrap_or_default();
    let some = page.total > next && next > offset;
    let count = (offset == 0).then(|| {
        view! { <p class="sessions-count" role="status">{words::group_charges_count(page.total)}</p> }
    });
    let rows = page.charges.into_iter();
    let rows = rows.map(|charge| view! { <ChargeRow charge /> });
    let rest = move || from(here, next);
    view! {
        {count}
        <ul class="rows">{rows.collect_view()}</ul>
        {some.then(|| view! { <More rest=live(rest) /> })}
    }
    .into_any()
}

#[component]
fn ChargeRow(charge: GroupCharge) -> impl IntoView {
    let zone = charge.time_zone.as_deref();
    let when = [
        format::full_day(charge.at, zone),
        format::clock(charge.at, zone),
    ];
    let who = if charge.mine {
        Some(words::group_charge_mine())
    } else {
        charge.who
    };
    let about = format::dotted(&[who, charge.token_label, charge.vehicle]);
    let place = charge.place.unwrap_or_else(words::group_charge_nowhere);
    let open = charge.open.then(|| {
        view! { <Chip tone=Tone::Live icon="clock" text=words::group_charge_open() /> }
    });
    let ended = charge.ended_at_limit.then(|| {
        view! { <Chip tone=Tone::Notable icon="stop" text=words::group_charge_ended() /> }
    });
    view! {
        <li class="charge-row">
            <p class="charge-place">{place}</p>
            <p class="charge-amount">{money(charge.amount, charge.currency)}</p>
            <p class="charge-when">
                <time datetime=charge.at.to_string()>{when.join(", ")}</time>
            </p>
            <p class="charge-energy">{charge.energy_kwh.map(format::energy)}</p>
            <p class="charge-about">{about}</p>
            {open.or(ended)}
        </li>
    }
}
