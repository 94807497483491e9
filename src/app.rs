//! The whole of it: contexts, router, frame, and what is drawn for whom.

use leptos::{mount::mount_to, prelude::*};
use leptos_router::{
    components::{FlatRoutes, Route, Router},
    hooks::{use_location, use_navigate},
    path,
};
use portal_api::portal::{Me, Tab};
use wasm_bindgen::JsCast;

use crate::{
    boot, client,
    components::{
        chunk::{Chunk, Coming, chunk},
        frame::{Door, Frame},
        messages::Messages,
        trouble::Trouble,
    },
    i18n::{self, words},
    pages, routes,
    run::whenever,
    state::{
        self,
        identity::{Who, use_identity},
        version::use_new_version,
    },
    ui::{dialog::Dialog, page::Arrived, skeleton::Shape},
};

chunk!(home in home draws pages::home::HomePage);
chunk!(sessions in sessions draws pages::sessions::SessionsPage);
chunk!(session in sessions draws pages::sessions::session::SessionPage);
chunk!(account in account draws pages::account::AccountPage);
chunk!(sign_in in door draws pages::door::SignInPage);
chunk!(sign_in_again in door draws pages::door::again::SignInAgain);
chunk!(forgotten_password in door draws pages::door::forgotten::ForgottenPasswordPage);
chunk!(reset_password in door draws pages::door::reset::ResetPasswordPage);

/// Draws the portal in place of the frame that stands in the page, once the
/// words are here and it is known who is signed in.
pub fn start() {
    std::panic::set_hook(Box::new(|_info| {
        #[cfg(debug_assertions)]
        leptos::logging::error!("{_info}");
        // A mistake of ours: better said than a page that no longer answers.
        boot::failed();
    }));
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
        <Router>
            <Arrivals />
            // Another language: everything is drawn anew.
            {move || {
                identity.spoken();
                view! { <Shell /> }
            }}
            <Messages />
        </Router>
    }
}

/// Notes that somebody goes from page to page, and takes up a newer portal then.
#[component]
fn Arrivals() -> impl IntoView {
    let path = use_location().pathname;
    let arrived: Arrived = expect_context();
    let version = use_new_version();
    let mut before = None;
    whenever(move || {
        let path = path.get();
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
    let path = use_location().pathname;
    // Another name or look must not draw the page anew: only another person does.
    let who = Memo::new_with_compare(
        move |_| identity.who(),
        |before, now| match (before, now) {
            (Some(Who::Person(before)), Some(Who::Person(now))) => before.id != now.id,
            (before, now) => before != now,
        },
    );
    let resetting = Memo::new(move |_| path.read().as_str() == routes::RESET_PASSWORD);
    #[cfg(debug_assertions)]
    let at_pieces = Memo::new(move |_| path.read().as_str() == routes::PIECES);
    move || {
        #[cfg(debug_assertions)]
        if at_pieces.get() {
            let tabs = vec![Tab::Home, Tab::Sessions, Tab::Account];
            return view! { <Frame tabs><pages::pieces::PiecesPage /></Frame> }.into_any();
        }
        if resetting.get() {
            return view! { <Door><Chunk page=reset_password shape=Shape::Fields /></Door> }
                .into_any();
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
    }
}

/// The pages for nobody.
#[component]
fn Outside() -> impl IntoView {
    let path = use_location().pathname;
    let forgotten = Memo::new(move |_| path.read().as_str() == routes::FORGOTTEN_PASSWORD);
    view! {
        <Door>
            {move || {
                let page = if forgotten.get() { forgotten_password } else { sign_in };
                view! { <Chunk page shape=Shape::Fields /> }
            }}
        </Door>
    }
}

/// The pages for whoever is signed in.
#[component]
fn Inside(me: Me) -> impl IntoView {
    let identity = use_identity();
    view! {
        <Frame tabs=me.tabs>
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

#[component]
fn Pages() -> impl IntoView {
    view! {
        <FlatRoutes fallback=|| view! { <pages::not_found::NotFoundPage /> }>
            <Route path=path!("/") view=|| view! { <Chunk page=home shape=Shape::Overview /> } />
            <Route
                path=path!("/sessions")
                view=|| view! { <OfTab tab=Tab::Sessions page=sessions shape=Shape::Rows(8) /> }
            />
            <Route
                path=path!("/sessions/:id")
                view=|| view! { <OfTab tab=Tab::Sessions page=session shape=Shape::Overview /> }
            />
            <Route
                path=path!("/account")
                view=|| view! { <Chunk page=account shape=Shape::Fields /> }
            />
            <Route path=path!("/sign-in") view=Onward />
            <Route path=path!("/forgotten-password") view=Onward />
        </FlatRoutes>
    }
}

/// A page of a tab: for whoever doesn't have the tab there is no such page.
#[component]
fn OfTab(tab: Tab, page: fn() -> Coming, shape: Shape) -> impl IntoView {
    let me = use_identity().person();
    if me.is_some_and(|me| me.tabs.contains(&tab)) {
        view! { <Chunk page shape /> }.into_any()
    } else {
        view! { <pages::not_found::NotFoundPage /> }.into_any()
    }
}

/// Whoever is signed in has no business at the door.
#[component]
fn Onward() -> impl IntoView {
    let navigate = use_navigate();
    whenever(move || {
        let options = leptos_router::NavigateOptions {
            replace: true,
            ..Default::default()
        };
        navigate(routes::HOME, options);
    });
}
