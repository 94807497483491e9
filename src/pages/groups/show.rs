//! A number to show at the plug: large, bright, and as a code for a camera.

use leptos::prelude::*;

use super::tokens::{Chosen, about};
use crate::{
    i18n::words,
    ui::{code::Code, number::LargeNumber},
};

/// The token that was chosen.
#[component]
pub fn ShowToken() -> impl IntoView {
    let chosen: Chosen = expect_context();
    let token = chosen.shown.get_untracked()?;
    let number = token.uid.clone()?;
    Some(view! {
        <div class="shown">
            <p class="shown-label">{token.label.clone()}</p>
            <LargeNumber number=number.clone() />
            <Code text=number label=words::group_code() />
            <p class="shown-about">{about(&token)}</p>
        </div>
        <p>{words::group_show_text()}</p>
    })
}
