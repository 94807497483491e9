//! What stands around every page: the tabs (a bar below on a phone, a rail on a
//! desk) and the word that there is no network.

use leptos::{ev, prelude::*};
use portal_api::portal::Tab;

use crate::{
    i18n::{tab_label, words},
    routes,
    run::live,
    state::{address::use_address, network::use_network},
    ui::{field::focus, icon::Icon},
};

/// The frame around a page.
#[component]
pub fn Frame(
    /// The tabs the person has a use for.
    tabs: Vec<Tab>,
    /// The page.
    children: Children,
) -> impl IntoView {
    let network = use_network();
    let offline = move || {
        (!network.online()).then(|| {
            view! {
                <p class="frame-offline" role="status">
                    <Icon name="offline" />
                    <span>{words::app_offline()}". "{words::app_offline_hint()}</span>
                </p>
            }
            .into_any()
        })
    };
    // A jump in the page would stay in the address: the focus is moved by hand.
    let skip = |event: ev::MouseEvent| {
        event.prevent_default();
        focus("content");
    };
    view! {
        <a class="skip" href="#content" on:click=skip>
            {words::app_skip()}
        </a>
        <div class="frame">
            <nav class="tabs" aria-label=words::tab_nav()>
                <a class="brand" href=routes::HOME>
                    <Icon name="bolt" />
                    {words::app_name()}
                </a>
                {tabs
                    .into_iter()
                    .filter(|tab| *tab != Tab::Unknown)
                    .map(|tab| view! { <TabLink tab /> })
                    .collect_view()}
            </nav>
            <main class="frame-main" id="content" tabindex="-1">
                {live(offline)}
                {children()}
            </main>
        </div>
    }
}

#[component]
fn TabLink(tab: Tab) -> impl IntoView {
    let address = use_address();
    let href = routes::tab(tab);
    let here = move || {
        let path = address.path();
        let below = |href: &str| href != routes::HOME && path.starts_with(href);
        let beside: &[&str] = match tab {
            Tab::Sessions => &[routes::DISPUTES],
            Tab::Charge => &[routes::RESERVATIONS, routes::BOOKINGS, "/r/"],
            _ => &[],
        };
        path == href || below(href) || beside.iter().any(|beside| below(beside))
    };
    let icon = match tab {
        Tab::Sessions => "sessions",
        Tab::Charge => "plug",
        Tab::Group => "group",
        Tab::Desk => "desk",
        Tab::Account => "account",
        Tab::Home | Tab::Unknown => "home",
    };
    view! {
        <a class="tab" href=href aria-current=live(move || here().then_some("page"))>
            <Icon name=icon />
            <span>{tab_label(tab)}</span>
        </a>
    }
}

/// What stands around a page for nobody: sign in and all that leads there.
#[component]
pub fn Door(
    /// The page.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="door">
            <main class="door-main" id="content">
                <p class="door-brand">
                    <Icon name="bolt" />
                    {words::app_name()}
                </p>
                {children()}
            </main>
        </div>
    }
}
