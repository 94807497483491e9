//! A status in a word.

use leptos::prelude::*;

use super::icon::Icon;

/// What a status means for the person.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Tone {
    /// Under way.
    Live,
    /// As it should be.
    Good,
    /// Worth a look.
    Notable,
    /// Neither good nor bad.
    Neutral,
}

impl Tone {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Good => "good",
            Self::Notable => "notable",
            Self::Neutral => "neutral",
        }
    }
}

/// A status. Its icon and its word say what its colour says.
#[component]
pub fn Chip(
    /// What it means for the person.
    tone: Tone,
    /// Its icon.
    icon: &'static str,
    /// Its word.
    #[prop(into)]
    text: String,
) -> impl IntoView {
    view! {
        <span class="chip" data-tone=tone.as_str()>
            <Icon name=icon />
            <span class="chip-text">{text}</span>
        </span>
    }
}
