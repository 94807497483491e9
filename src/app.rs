//! The whole of it: contexts, router, frame, and what is drawn for whom.

use leptos::{mount::mount_to, prelude::*};
use portal_api::portal::{Me, Tab};
use wasm_bindgen::JsCast;

use crate::{
    boot, client,
    components::{
        self,
        chunk::{Chunk, Coming, chunk},
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

chunk!(home in home draws pages::home::HomePage);
chunk!(sessions in sessions draws pages::sessions::SessionsPage);
chunk!(session in session draws pages::sessions::session::SessionPage);
chunk!(dispute_form in dispute draws pages::sessions::dispute::DisputeFormPage);
chunk!(disputes in disputes draws pages::sessions::disputes::DisputesPage);
chunk!(dispute in disputes draws pages::sessions::disputes::dispute::DisputePage);
chunk!(desk in desk draws pages::desk::DeskPage);
chunk!(outbox_note in outbox draws components::outbox::OutboxNote);
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
    // Another name or look must not draw the page anew: only another person does.
    let who = Memo::new_with_compare(
        move |_| identity.who(),
        |before, now| match (before, now) {
            (Some(Who::Person(before)), Some(Who::Person(now))) => before.id != now.id,
            (before, now) => before != now,
        },
    );
    let resetting = Memo::new(move |_| address.path() == routes::RESET_PASSWORD);
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

/// The pages there are for whoever is signed in.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum At {
    Home,
    Sessions,
    Session,
    DisputeForm,
    Disputes,
    Dispute,
    Desk,
    Account,
    Door,
    Nowhere,
}

impl At {
    /// The page of a path.
    fn path(path: &str) -> Self {
        match path {
            routes::HOME => Self::Home,
            routes::SESSIONS => Self::Sessions,
            routes::DISPUTES => Self::Disputes,
            routes::DESK => Self::Desk,
            routes::ACCOUNT => Self::Account,
            routes::SIGN_IN | routes::FORGOTTEN_PASSWORD => Self::Door,
            path if routes::session_in(path).is_some() => Self::Session,
            path if routes::dispute_about_in(path).is_some() => Self::DisputeForm,
            path if routes::dispute_in(path).is_some() => Self::Dispute,
            path if routes::desk_dispute_in(path).is_some() => Self::Desk,
            _ => Self::Nowhere,
        }
    }
}

#[component]
fn Pages() -> impl IntoView {
    let address = use_address();
    let at = Memo::new(move |_| At::path(&address.path()));
    live(move || match at.get() {
        At::Home => view! { <Chunk page=home shape=Shape::Overview /> }.into_any(),
        At::Sessions => {
            view! { <OfTab tab=Tab::Sessions page=sessions shape=Shape::Rows(8) /> }.into_any()
        }
        At::Session => {
            view! { <OfTab tab=Tab::Sessions page=session shape=Shape::Overview /> }.into_any()
        }
        At::DisputeForm => {
            view! { <OfTab tab=Tab::Sessions page=dispute_form shape=Shape::Fields /> }.into_any()
        }
        At::Disputes => {
            view! { <OfTab tab=Tab::Sessions page=disputes shape=Shape::Rows(4) /> }.into_any()
        }
        At::Dispute => {
            view! { <OfTab tab=Tab::Sessions page=dispute shape=Shape::Overview /> }.into_any()
        }
        At::Desk => view! { <OfTab tab=Tab::Desk page=desk shape=Shape::Rows(6) /> }.into_any(),
        At::Account => view! { <Chunk page=account shape=Shape::Fields /> }.into_any(),
        // Whoever is signed in has no business at the door.
        At::Door => {
            whenever(move || address.replace(routes::HOME));
            ().into_any()
        }
        At::Nowhere => view! { <pages::not_found::NotFoundPage /> }.into_any(),
    })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_link_inside_the_portal_leads_to_a_page() {
        for (path, at) in [
            (routes::HOME.to_owned(), At::Home),
            (routes::SESSIONS.to_owned(), At::Sessions),
            (routes::session("sess_1"), At::Session),
            (routes::dispute_about("sess_1", None), At::DisputeForm),
            (routes::DISPUTES.to_owned(), At::Disputes),
            (routes::dispute("disp_1"), At::Dispute),
            (routes::DESK.to_owned(), At::Desk),
            (routes::desk_dispute("disp_1"), At::Desk),
            (routes::ACCOUNT.to_owned(), At::Account),
            (routes::SIGN_IN.to_owned(), At::Door),
            (routes::FORGOTTEN_PASSWORD.to_owned(), At::Door),
        ] {
            assert_eq!(At::path(&path), at, "{path}");
        }
    }

    #[test]
    fn any_other_address_is_nowhere() {
        for path in ["/nowhere", "/sessions/a/b", "/sessionss", "/Account"] {
            assert_eq!(At::path(path), At::Nowhere, "{path}");
        }
    }
}
