//! Waiting, failed or here: decided in one place.

use leptos::prelude::*;

use super::{kept::Kept, trouble::Trouble};
use crate::{
    i18n::words,
    state::remote::{Load, Remote},
    ui::skeleton::{Shape, Skeleton},
};

/// Shows what the server was asked for once it is here: a skeleton until then,
/// what went wrong instead when it cannot be had, its age when it was kept.
#[component]
pub fn Loaded<T>(
    /// What was asked for.
    remote: Remote<T>,
    /// Stands in until it is here.
    shape: Shape,
    /// Draws it.
    children: impl Fn(T) -> AnyView + Send + Sync + 'static,
) -> impl IntoView
where
    T: Clone + 'static,
{
    move || match remote.load() {
        Load::Waiting => view! { <Skeleton shape label=words::app_loading() /> }.into_any(),
        Load::Failed(problem) => {
            view! { <Trouble problem busy=remote.busy() retry=move |()| remote.again() /> }
                .into_any()
        }
        Load::Here(answer) => view! {
            <Kept since=answer.kept_at />
            {children(answer.value)}
        }
        .into_any(),
    }
}
