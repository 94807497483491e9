//! One plug: what it is doing, what it costs, and the driver's hold of it.

use leptos::prelude::*;
use portal_api::{
    portal::charge_points::{Connector, ConnectorState, Plug},
    time::Instant,
};

use super::{
    Wish,
    instead::{Instead, Wanted},
    offer::Offer,
};
use crate::{
    components::{
        charging::{StateChip, plug_name, power, terms::TermsInWords},
        chunk::{Chunk, chunk},
        hold::{
            card::{HeldHere, HeldPlug},
            refusal,
        },
    },
    format,
    i18n::words,
    routes,
    run::{live, whenever},
    state::{
        clock::use_clock,
        holds::{Refusal, Stage, use_holds},
        live::{Moment, use_live},
    },
    ui::{
        field::focus,
        notice::{About, Notice},
        skeleton::Shape,
    },
};

chunk!(held_here in live draws HeldHere);
chunk!(instead in instead draws Instead);

/// What stands below a plug.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Standing {
    /// The driver holds it.
    Held,
    /// It can be held, or was asked for and nobody knows yet.
    Offered,
    /// There is nothing to hold.
    Nothing,
}

/// Which plug it is about.
#[derive(Clone, Copy)]
struct Here {
    charge_point_id: StoredValue<String>,
    number: u32,
    zone: StoredValue<Option<String>>,
}

/// What it is doing, and since when.
type State = Memo<(ConnectorState, Option<Instant>)>;

/// A plug of a charge point.
#[component]
pub fn PlugCard(
    /// Of which charge point.
    charge_point_id: String,
    /// The plug as it was asked for.
    plug: Connector,
    /// The place's time zone.
    zone: Option<String>,
    /// How it is to be held.
    wish: Wish,
    /// When it was asked for.
    moment: Moment,
) -> impl IntoView {
    let here = Here {
        charge_point_id: StoredValue::new(charge_point_id),
        number: plug.connector_id,
        zone: StoredValue::new(zone),
    };
    let reservable = plug.reservable;
    let kind = StoredValue::new(plug.plug.clone());
    let state = here.state(&plug, moment);
    let attempt = here.attempt();
    let standing = here.standing(reservable, state, attempt);
    let section = ["plug-", &here.number.to_string()].concat();
    let name = [&section, "-name"].concat();
    let named = name.clone();
    let what = format::dotted(&[
        Some(words::session_connector(&here.number.to_string())),
        plug.power_kw.map(|kw| power(kw, plug.current)),
    ]);
    keep_the_focus(section.clone(), standing);
    let below = move || match standing.get() {
        Standing::Held => here.held(),
        // It is said above, for whichever plug.
        Standing::Offered if wish.later.get() && attempt.get().is_none() => ().into_any(),
        Standing::Offered => here.offer(attempt, wish),
        Standing::Nothing if reservable => ().into_any(),
        Standing::Nothing => {
            view! { <p class="facts-note">{words::hold_none_here()}</p> }.into_any()
        }
    };
    let refused = move || match attempt.get() {
        Some(Stage::Refused(why)) => {
            let (near, plug) = (here.charge_point_id.get_value(), kind.get_value());
            Some(view! { <Refused why near plug wish /> })
        }
        _ => None,
    };
    view! {
        <section class="card plug" id=section tabindex="-1" aria-labelledby=named>
            <h2 class="card-title" id=name>
                {plug_name(plug.plug.as_ref())}
                <span class="card-title-note">{what}</span>
            </h2>
            {live(move || here.says(state, standing))}
            {live(refused)}
            {live(below)}
            <Facts plug />
        </section>
    }
}

impl Here {
    /// What it is doing: as it was asked for, or as it was told since.
    fn state(self, plug: &Connector, moment: Moment) -> State {
        let told = use_live();
        let first = (plug.state.clone(), plug.since);
        Memo::new(move |_| {
            let id = self.charge_point_id.get_value();
            let news = told.connector(&id, self.number, moment);
            news.map_or(first.clone(), |news| (news.state, news.since))
        })
    }

    /// How far it is if the driver asked for it.
    fn attempt(self) -> Memo<Option<Stage>> {
        let holding = use_holds();
        Memo::new(move |_| {
            let (attempt, stage) = holding.attempt()?;
            let same = attempt.charge_point_id == self.charge_point_id.get_value()
                && attempt.connector_id == self.number;
            same.then_some(stage)
        })
    }

    fn standing(
        self,
        reservable: bool,
        state: State,
        attempt: Memo<Option<Stage>>,
    ) -> Memo<Standing> {
        let holding = use_holds();
        Memo::new(move |_| {
            let id = self.charge_point_id.get_value();
            if holding.of_plug(&id, self.number).is_some() {
                return Standing::Held;
            }
            let asking = matches!(attempt.get(), Some(Stage::Asking | Stage::Checking));
            let free = state.get().0.may_be_free();
            if reservable && (asking || free) {
                Standing::Offered
            } else {
                Standing::Nothing
            }
        })
    }

    fn held(self) -> AnyView {
        provide_context(HeldPlug {
            charge_point_id: self.charge_point_id.get_value(),
            connector_id: self.number,
        });
        view! { <Chunk page=held_here shape=Shape::Rows(2) /> }.into_any()
    }

    fn offer(self, attempt: Memo<Option<Stage>>, wish: Wish) -> AnyView {
        let charge_point_id = self.charge_point_id.get_value();
        let (number, zone) = (self.number, self.zone.get_value());
        view! { <Offer charge_point_id number zone attempt wish /> }.into_any()
    }

    /// What it is doing in words; of what is held for the driver more is said below.
    fn says(self, state: State, standing: Memo<Standing>) -> Option<AnyView> {
        if standing.get() == Standing::Held {
            return None;
        }
        let (state, since) = state.get();
        let (clock, zone) = (use_clock(), self.zone);
        let since = since.map(|since| {
            // By itself: the clock does not draw the state anew.
            live(move || {
                let zone = zone.get_value();
                words::charger_since(&format::lately(since, clock.now(), zone.as_deref()))
            })
        });
        let says = view! {
            <p class="plug-state" role="status">
                <StateChip state />
                <span class="plug-since">{since}</span>
            </p>
        };
        Some(says.into_any())
    }
}

/// What it costs, and its number in the world.
#[component]
fn Facts(plug: Connector) -> impl IntoView {
    let evse = plug
        .evse_id
        .map(|evse| [words::session_evse(), evse].join(": "));
    view! {
        <div class="plug-price">
            <h3 class="plug-price-title">{words::charger_price()}</h3>
            <TermsInWords terms=plug.terms />
        </div>
        {evse.map(|evse| view! { <p class="facts-note">{evse}</p> })}
    }
}

/// What was pressed goes away with what came of it: the focus stays at the plug.
fn keep_the_focus(section: String, standing: Memo<Standing>) {
    let mut before = None;
    whenever(move || {
        let now = standing.get();
        let offered = before.replace(now) == Some(Standing::Offered);
        let nowhere = document()
            .active_element()
            .is_none_or(|at| at.tag_name() == "BODY");
        if offered && now != Standing::Offered && nowhere {
            focus(&section);
        }
    });
}

/// Why nothing is held, and what is free instead.
#[component]
fn Refused(why: Refusal, near: String, plug: Option<Plug>, wish: Wish) -> impl IntoView {
    let (title, text) = refusal(&why);
    let note = words::hold_nothing();
    let elsewhere = match &why {
        Refusal::Blocked(reason) => reason.is_about_the_plug(),
        Refusal::TooLate => true,
        Refusal::Problem(_) => false,
    };
    provide_context(Wanted { near, plug, wish });
    view! {
        <Notice about=About::Wrong icon="alert" title text note>
            {(!elsewhere).then(|| view! {
                <a class="button" href=routes::RESERVATIONS>{words::holds_title()}</a>
            })}
        </Notice>
        {elsewhere.then(|| view! { <Chunk page=instead shape=Shape::Rows(2) /> })}
    }
}
