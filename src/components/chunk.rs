//! A part of the portal whose code is fetched when it is first opened.

use std::{future::Future, pin::Pin};

use leptos::prelude::*;

use crate::{
    i18n::words,
    run::{live, while_here},
    ui::{
        button::{Button, Weight},
        notice::{About, Notice},
        skeleton::{Shape, Skeleton},
    },
};

/// The code could not be fetched.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Missing;

impl From<leptos::wasm_split::SplitLoaderError> for Missing {
    fn from(_: leptos::wasm_split::SplitLoaderError) -> Self {
        Self
    }
}

/// The page that is on its way.
pub type Coming = Pin<Box<dyn Future<Output = Result<AnyView, Missing>>>>;

/// Makes a function that fetches the code of a page and draws it. All pages with
/// the same chunk name come in one file.
// The formatter would move the attribute further to the right each time.
#[rustfmt::skip]
macro_rules! chunk {
    ($name:ident in $chunk:ident draws $page:path) => {
        fn $name() -> $crate::components::chunk::Coming {
            #[cfg_attr(
                feature = "split",
                leptos::wasm_split::wasm_split(
                    $chunk,
                    wasm_split_path = ::leptos::wasm_split,
                    fallible
                )
            )]
            fn draw() -> Result<leptos::prelude::AnyView, $crate::components::chunk::Missing> {
                Ok(leptos::prelude::IntoAny::into_any($page()))
            }
            #[cfg(feature = "split")]
            return Box::pin(draw());
            #[cfg(not(feature = "split"))]
            Box::pin(std::future::ready(draw()))
        }
    };
}

pub(crate) use chunk;

/// Draws a page as soon as its code is here.
#[component]
pub fn Chunk(
    /// Fetches and draws it.
    page: fn() -> Coming,
    /// Stands in until then.
    shape: Shape,
) -> impl IntoView {
    let outcome = RwSignal::new_local(None::<Result<(), Missing>>);
    let drawn = StoredValue::new_local(None::<AnyView>);
    let owner = Owner::current().unwrap_or_default();
    let fetch = move || {
        outcome.set(None);
        let task = async move {
            let result = page().await;
            let result = result.map(|view| drawn.set_value(Some(view)));
            outcome.set(Some(result));
        };
        owner.with(|| while_here(task));
    };
    fetch();
    live(move || match outcome.get() {
        None => view! { <Skeleton shape label=words::app_loading() /> }.into_any(),
        Some(Ok(())) => drawn.try_update_value(Option::take).flatten().into_any(),
        Some(Err(Missing)) => {
            let fetch = fetch.clone();
            view! {
                <Notice
                    about=About::Wrong
                    icon="offline"
                    title=words::problem_chunk_title()
                    text=words::problem_chunk_text()
                >
                    <Button
                        weight=Weight::Main
                        text=words::app_retry()
                        on_press=move |()| fetch()
                    />
                </Notice>
            }
            .into_any()
        }
    })
}
