//! Waiting, failed or here: decided in one place.

use leptos::prelude::*;
use portal_api::time::Instant;

use super::{kept::Kept, trouble::Trouble};
use crate::{
    i18n::words,
    run::live,
    state::remote::{Load, Remote},
    ui::skeleton::{Shape, Skeleton},
};

/// Which age is said of what was kept.
#[derive(Clone, Copy, Default)]
pub enum Age {
    /// Its own.
    #[default]
    Own,
    /// That of what it is drawn with, if that is older.
    OrOlder(Signal<Option<Instant>>),
    /// None: whatever it is drawn in says it.
    Elsewhere,
}

/// Shows what the server was asked for once it is here: a skeleton until then,
/// what went wrong instead when it cannot be had, its age when it was kept.
#[component]
pub fn Loaded<T>(
    /// What was asked for.
    remote: Remote<T>,
    /// Stands in until it is here.
    shape: Shape,
    /// Which age is said.
    #[prop(optional)]
    age: Age,
    /// Draws it.
    children: impl Fn(T) -> AnyView + Send + Sync + 'static,
) -> impl IntoView
where
    T: Clone + PartialEq + 'static,
{
    live(move || match remote.load() {
        Load::Waiting => view! { <Skeleton shape label=words::app_loading() /> }.into_any(),
        Load::Failed(problem) => {
            view! { <Trouble problem busy=remote.busy() retry=move |()| remote.again() /> }
                .into_any()
        }
        Load::Here(answer) => view! {
            {said(age, answer.kept_at)}
            {children(answer.value)}
        }
        .into_any(),
    })
}

/// Shows what the server was asked for once it is here, like [`Loaded`], but draws it once:
/// what changes in it, whatever is drawn follows, and stays as somebody left it.
#[component]
pub fn Followed<T>(
    /// What was asked for.
    remote: Remote<T>,
    /// Stands in until it is here.
    shape: Shape,
    /// Draws it.
    children: impl Fn(Memo<Option<T>>) -> AnyView + Send + Sync + 'static,
) -> impl IntoView
where
    T: Clone + PartialEq + Send + Sync + 'static,
{
    let now = Memo::new(move |_| remote.value());
    let here = Memo::new(move |_| now.with(Option::is_some));
    live(move || {
        if !here.get() {
            return view! { <Loaded remote shape children=|_| ().into_any() /> }.into_any();
        }
        view! {
            {live(move || view! { <Kept since=remote.kept_at() /> }.into_any())}
            {children(now)}
        }
        .into_any()
    })
}

fn said(age: Age, own: Option<Instant>) -> AnyView {
    match age {
        Age::Own => view! { <Kept since=own /> }.into_any(),
        Age::OrOlder(other) => {
            let since = move || own.into_iter().chain(other.get()).min();
            live(move || view! { <Kept since=since() /> }.into_any()).into_any()
        }
        Age::Elsewhere => ().into_any(),
    }
}
