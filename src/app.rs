//! The whole of it: contexts, frame, and what is drawn for whom.

mod places;

use std::time::Duration;

use leptos::{mount::mount_to, prelude::*};
use portal_api::portal::{Me, Tab};
use wasm_bindgen::JsCast;

use self::places::Pages;
use crate::{
    boot, client,
    components::{
        self,
        chunk::{Chunk, chunk},
        frame::{Door, Frame},
        messages::Messages,
        trouble::Trouble,
    },
    i18n::{self, words},
    pages, routes,
    run::{live, whenever},
    state::{
        self,
        address::use_address,
        identity::{Who, use_identity},
        outbox::use_outbox,
        version::use_new_version,
    },
    ui::{dialog::Dialog, page::Arrived, skeleton::Shape},
};

chunk!(live_news in live draws components::hold::live::LiveNews);
chunk!(outbox_note in outbox draws components::outbox::OutboxNote);
chunk!(guest in guest draws pages::guest::GuestPage);
chunk!(sign_in in door draws pages::door::SignInPage);
chunk!(sign_in_again in door draws pages::door::again::SignInAgain);
chunk!(forgotten_password in door draws pages::door::forgotten::ForgottenPasswordPage);
chunk!(reset_password in door draws pages::door::reset::ResetPasswordPage);

/// How long the first page has the network for itself.
const FIRST_PAGE: Duration = Duration::from_millis(1500);

/// Draws the portal in place of the frame that stands in the page, once the
/// words are here and it is known who is signed in.
pub fn start() {
    #[cfg(debug_assertions)]
    std::panic::set_hook(Box::new(|info| leptos::logging::error!("{info}")));
    // Leptos has no executor of its own before something is mounted.
    wasm_bindgen_futures::spawn_local(async {
        if i18n::start().await.is_err() {
            return boot::failed();
        }
        let me = client::portal::first_me().await;
        let Some(place) = document()
            .get_element_by_id("app")
            .and_then(|place| place.dyn_into::<web_sys::HtmlElement>().ok())
        else {
            return boot::failed();
        };
        place.set_inner_text("");
        mount_to(place, move || {
            state::provide(me);
            view! { <App /> }
        })
        .forget();
    });
}

#[component]
fn App() -> impl IntoView {
    provide_context(Arrived::default());
    let identity = use_identity();
    view! {
        <Arrivals />
        // Another language: everything is drawn anew.
        {live(move || {
            identity.spoken();
            view! { <Shell /> }.into_any()
        })}
        <Messages />
    }
}

/// Notes that somebody goes from page to page, and takes up a newer portal then.
#[component]
fn Arrivals() -> impl IntoView {
    let address = use_address();
    let arrived: Arrived = expect_context();
    let version = use_new_version();
    let mut before = None;
    whenever(move || {
        let path = address.path();
        if before
            .replace(path.clone())
            .is_some_and(|before| before != path)
        {
            arrived.from_here();
            version.take_up();
        }
    });
}

/// What is drawn for whom.
#[component]
fn Shell() -> impl IntoView {
    let identity = use_identity();
    let address = use_address();
    // Another name or look must not draw the page anew: only another person does, or a tab
    // that comes or goes with a group.
    let who = Memo::new_with_compare(
        move |_| identity.who(),
        |before, now| match (before, now) {
            (Some(Who::Person(before)), Some(Who::Person(now))) => {
                before.id != now.id || before.tabs != now.tabs
            }
            (before, now) => before != now,
        },
    );
    let resetting = Memo::new(move |_| address.path() == routes::RESET_PASSWORD);
    let inviting = Memo::new(move |_| address.path() == routes::GUEST);
    #[cfg(debug_assertions)]
    let at_pieces = Memo::new(move |_| address.path() == routes::PIECES);
    live(move || {
        #[cfg(debug_assertions)]
        if at_pieces.get() {
            let tabs = vec![Tab::Home, Tab::Sessions, Tab::Account];
            return view! { <Frame tabs><pages::pieces::PiecesPage /></Frame> }.into_any();
        }
        if resetting.get() {
            return view! { <Door><Chunk page=reset_password shape=Shape::Fields /></Door> }
                .into_any();
        }
        // Whoever has the link, signed in or not.
        if inviting.get() {
            return view! { <Door><Chunk page=guest shape=Shape::Overview /></Door> }.into_any();
        }
        match who.get() {
            Who::Asking => view! { <Door>{words::app_loading()}</Door> }.into_any(),
            Who::Unclear(problem) => view! {
                <Door>
                    <Trouble
                        problem
                        busy=Signal::stored(false)
                        retry=move |()| identity.ask()
                    />
                </Door>
            }
            .into_any(),
            Who::Nobody => view! { <Outside /> }.into_any(),
            Who::Person(me) => view! { <Inside me /> }.into_any(),
        }
    })
}

/// The pages for nobody.
#[component]
fn Outside() -> impl IntoView {
    let address = use_address();
    let forgotten = Memo::new(move |_| address.path() == routes::FORGOTTEN_PASSWORD);
    view! {
        <Door>
            {live(move || {
                let page = if forgotten.get() { forgotten_password } else { sign_in };
                view! { <Chunk page shape=Shape::Fields /> }.into_any()
            })}
        </Door>
    }
}

/// The pages for whoever is signed in.
#[component]
fn Inside(me: Me) -> impl IntoView {
    let identity = use_identity();
    view! {
        <Frame tabs=me.tabs>
            <Changes />
            <Unsent />
            <Pages />
        </Frame>
        <Dialog
            open=Signal::derive(move || identity.has_ended())
            title=words::sign_in_again()
            children=ToChildren::to_children(|| view! {
                <Chunk page=sign_in_again shape=Shape::Fields />
            })
        />
    }
}

/// The hold in the frame and what changes meanwhile, for whoever charges. Its code is
/// fetched once the page that was asked for is there.
#[component]
fn Changes() -> impl IntoView {
    let charges = use_identity()
        .person()
        .is_some_and(|me| me.tabs.contains(&Tab::Charge));
    let due = RwSignal::new(false);
    if charges {
        set_timeout(
            move || {
                due.try_set(true);
            },
            FIRST_PAGE,
        );
    }
    live(move || {
        due.get()
            .then(|| view! { <Chunk page=live_news shape=Shape::Rows(0) /> })
            .into_any()
    })
}

/// Whatever waits to be sent, on every page: its code is fetched when something does.
#[component]
fn Unsent() -> impl IntoView {
    let outbox = use_outbox();
    let some = Memo::new(move |_| outbox.is_used());
    live(move || {
        some.get()
            .then(|| view! { <Chunk page=outbox_note shape=Shape::Rows(0) /> })
            .into_any()
    })
}
