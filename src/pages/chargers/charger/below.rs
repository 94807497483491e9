//! What stands below a charge point's plugs: where it is, and how holding works.

mod place;

use leptos::prelude::*;
use portal_api::portal::{charge_points::ChargePoint, holds::HoldRules};

use self::place::PlaceCard;
use crate::{
    i18n::words,
    run::live,
    state::{holds::use_holds, identity::use_identity},
    ui::fold::Fold,
};

/// It has code of its own: what one came for stands above.
#[component]
pub fn Below() -> impl IntoView {
    let charger: ChargePoint = expect_context();
    let holds = use_identity().drives();
    let holdable = holds && charger.connectors.iter().any(|plug| plug.reservable);
    view! {
        <PlaceCard charger />
        {holdable.then(|| view! { <Help /> })}
    }
}

/// What there is to know about holding.
#[component]
fn Help() -> impl IntoView {
    let holding = use_holds();
    let rules = Memo::new(move |_| holding.all().map(|holds| holds.rules));
    let most = move || {
        let rules: HoldRules = rules.get()?;
        Some(view! { <li>{words::hold_how_many(rules.most.into())}</li> })
    };
    view! {
        <Fold icon="clock" title=Signal::stored(words::hold_how())>
            <ul class="terms">
                <li>{words::hold_how_free()}</li>
                <li>{words::hold_how_tag()}</li>
                <li>{words::hold_how_longer()}</li>
                <li>{words::hold_how_lapses()}</li>
                {live(most)}
            </ul>
        </Fold>
    }
}
