//! A part of the portal whose code is fetched when it is first opened.

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll, Waker},
};

use leptos::prelude::*;

use crate::{
    i18n::words,
    run::{live, whenever, while_here},
    state::network::use_network,
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

/// What is being done.
pub type Work<T> = Pin<Box<dyn Future<Output = T>>>;

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

/// Makes a function that fetches code of a chunk and does something with it.
#[rustfmt::skip]
macro_rules! chunk_work {
    ($name:ident in $chunk:ident does $work:path: ($($given:ident: $kind:ty),*) -> $done:ty) => {
        async fn $name($($given: $kind),*) -> Result<$done, $crate::components::chunk::Missing> {
            #[cfg_attr(
                feature = "split",
                leptos::wasm_split::wasm_split(
                    $chunk,
                    wasm_split_path = ::leptos::wasm_split,
                    fallible
                )
            )]
            fn begin($($given: $kind),*) -> Result<$crate::components::chunk::Work<$done>, $crate::components::chunk::Missing> {
                Ok(Box::pin($work($($given),*)))
            }
            #[cfg(feature = "split")]
            let work = begin($($given),*).await?;
            #[cfg(not(feature = "split"))]
            let work = begin($($given),*)?;
            Ok(work.await)
        }
    };
}

pub(crate) use {chunk, chunk_work};

/// The page, if its code is here already: nothing has to stand in for it then.
fn at_once(page: fn() -> Coming) -> Result<Result<AnyView, Missing>, Coming> {
    let mut coming = page();
    let mut context = Context::from_waker(Waker::noop());
    match coming.as_mut().poll(&mut context) {
        Poll::Ready(result) => Ok(result),
        Poll::Pending => Err(coming),
    }
}

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
    let came = move |result: Result<AnyView, Missing>| {
        outcome.set(Some(result.map(|view| drawn.set_value(Some(view)))));
    };
    let fetch = move || {
        outcome.set(None);
        owner.with(|| match untrack(|| at_once(page)) {
            Ok(result) => came(result),
            Err(coming) => while_here(async move { came(coming.await) }),
        });
    };
    fetch();
    let network = use_network();
    let again = fetch.clone();
    let mut before = None;
    // What a lost network took comes by itself once it is back.
    whenever(move || {
        let online = network.online();
        let is_back = before.replace(online) == Some(false) && online;
        if is_back && outcome.with_untracked(|outcome| matches!(outcome, Some(Err(_)))) {
            again();
        }
    });
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
