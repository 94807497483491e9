//! What the groups somebody is in may spend.

use leptos::prelude::*;
use portal_api::portal::groups::MyGroups;

use crate::{
    client,
    components::{group::budget::GroupLine, loaded::Loaded},
    state::remote::remote,
    ui::skeleton::Shape,
};

/// What the groups somebody is in may spend, if they are in any.
pub async fn groups(grouped: bool) -> client::Result<Option<MyGroups>> {
    if !grouped {
        return Ok(None);
    }
    let answer = client::groups::mine().await?;
    Ok(Some(answer.value))
}

/// What the groups may spend.
#[component]
pub fn Groups(
    /// All of them, if there are any.
    groups: Option<MyGroups>,
) -> impl IntoView {
    let groups = groups.map(|mine| mine.groups).unwrap_or_default();
    let lines = groups.into_iter();
    lines
        .map(|group| view! { <GroupLine group /> })
        .collect_view()
}

/// The groups of somebody who doesn't charge.
#[component]
pub fn OnlyGroups() -> impl IntoView {
    let mine = remote(client::groups::mine);
    view! {
        <Loaded
            remote=mine
            shape=Shape::Overview
            children=|mine: MyGroups| view! { <Groups groups=Some(mine) /> }.into_any()
        />
    }
}
