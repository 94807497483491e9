//! `/groups`: the fleet groups somebody is in.
//!
//! - `group`: the page of one. `overview`, `charges`, `members`, `cards`, `usage`: its
//!   parts. `limits`: its name and what it may spend, also of a new one.

mod cards;
mod charges;
pub mod group;
mod limits;
mod members;
mod overview;
mod requests;
mod show;
mod tokens;
mod usage;

use leptos::prelude::*;
use portal_api::portal::groups::MyGroups;

use crate::{
    client,
    components::{
        chunk::{Chunk, chunk},
        group::budget::GroupLine,
        loaded::Loaded,
        needs_network::NeedsNetwork,
    },
    i18n::{tab_title, words},
    routes::{self, GroupPart},
    run::whenever,
    state::{address::use_address, remote::remote},
    ui::{
        button::{Button, Weight},
        dialog::Dialog,
        notice::{About, Notice},
        page::Page,
        skeleton::Shape,
    },
};

chunk!(make_form in group_limits draws limits::MakeForm);

/// All groups, or the only one at once.
#[component]
pub fn GroupsPage() -> impl IntoView {
    let mine = remote(client::groups::mine);
    view! {
        <Page title=words::groups_title() tab_title>
            <Loaded
                remote=mine
                shape=Shape::Rows(2)
                children=|mine: MyGroups| match mine.groups.as_slice() {
                    [only] if !mine.may_make => view! { <Only id=only.id.clone() /> }.into_any(),
                    _ => view! { <All mine /> }.into_any(),
                }
            />
        </Page>
    }
}

#[component]
fn Only(id: String) -> impl IntoView {
    let address = use_address();
    let page = routes::group(&id, GroupPart::Overview);
    whenever(move || address.replace(&page));
}

#[component]
fn All(mine: MyGroups) -> impl IntoView {
    let open = RwSignal::new(false);
    let may = mine.may_make;
    let make = move |weight| may.then(|| view! { <Make weight open /> });
    let groups = if mine.groups.is_empty() {
        let text = if mine.may_make {
            words::groups_none_yet()
        } else {
            words::groups_none()
        };
        view! {
            <Notice about=About::Nothing icon="group" title=words::groups_none_title() text>
                {make(Weight::Main)}
            </Notice>
        }
        .into_any()
    } else {
        let lines = mine.groups.into_iter();
        let lines = lines.map(|group| view! { <GroupLine group /> });
        view! {
            {lines.collect_view()}
            <div class="group-actions">{make(Weight::Plain)}</div>
        }
        .into_any()
    };
    let close = Callback::new(move |()| open.set(false));
    view! {
        {groups}
        <Dialog open title=words::groups_make() on_close=close>
            <Chunk page=make_form shape=Shape::Fields />
            <Button text=words::app_close() on_press=close />
        </Dialog>
    }
}

/// Opens the form for a new group.
#[component]
fn Make(weight: Weight, open: RwSignal<bool>) -> impl IntoView {
    view! {
        <NeedsNetwork>
            <Button weight text=words::groups_make() on_press=move |()| open.set(true) />
        </NeedsNetwork>
    }
}
