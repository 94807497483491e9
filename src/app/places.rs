//! Which page is drawn at which address.

use leptos::prelude::*;
use portal_api::portal::Tab;

use crate::{
    components::chunk::{Chunk, Coming, chunk},
    pages, routes,
    run::{live, whenever},
    state::{address::use_address, identity::use_identity},
    ui::skeleton::Shape,
};

chunk!(home in home draws pages::home::HomePage);
chunk!(sessions in sessions draws pages::sessions::SessionsPage);
chunk!(session in session draws pages::sessions::session::SessionPage);
chunk!(dispute_form in dispute draws pages::sessions::dispute::DisputeFormPage);
chunk!(disputes in disputes draws pages::sessions::disputes::DisputesPage);
chunk!(dispute in disputes draws pages::sessions::disputes::dispute::DisputePage);
chunk!(booking in booking draws pages::bookings::BookingPage);
chunk!(chargers in chargers draws pages::chargers::ChargersPage);
chunk!(charger in charger draws pages::chargers::charger::ChargerPage);
chunk!(reservations in reservations draws pages::chargers::reservations::ReservationsPage);
chunk!(elsewhere in elsewhere draws pages::chargers::elsewhere::ElsewherePage);
chunk!(groups in groups draws pages::groups::GroupsPage);
chunk!(group in groups draws pages::groups::group::GroupPage);
chunk!(desk in desk draws pages::desk::DeskPage);
chunk!(account in account draws pages::account::AccountPage);

/// The pages there are for whoever is signed in.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum At {
    Home,
    Sessions,
    Session,
    DisputeForm,
    Disputes,
    Dispute,
    Chargers,
    Charger,
    Reservations,
    Groups,
    Group,
    Booking,
    Elsewhere,
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
            routes::CHARGERS => Self::Chargers,
            routes::RESERVATIONS => Self::Reservations,
            routes::ELSEWHERE => Self::Elsewhere,
            routes::GROUPS => Self::Groups,
            routes::DESK => Self::Desk,
            routes::ACCOUNT => Self::Account,
            routes::SIGN_IN | routes::FORGOTTEN_PASSWORD => Self::Door,
            path if routes::session_in(path).is_some() => Self::Session,
            path if routes::dispute_about_in(path).is_some() => Self::DisputeForm,
            path if routes::dispute_in(path).is_some() => Self::Dispute,
            path if routes::charger_in(path).is_some() => Self::Charger,
            path if routes::scanned_in(path).is_some() => Self::Charger,
            path if routes::group_in(path).is_some() => Self::Group,
            path if routes::booking_in(path).is_some() => Self::Booking,
            path if routes::desk_dispute_in(path).is_some() => Self::Desk,
            _ => Self::Nowhere,
        }
    }
}

/// The page of the address.
#[component]
pub fn Pages() -> impl IntoView {
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
        At::Chargers => {
            view! { <OfTab tab=Tab::Charge page=chargers shape=Shape::Rows(6) /> }.into_any()
        }
        At::Charger => {
            view! { <OfTab tab=Tab::Charge page=charger shape=Shape::Overview /> }.into_any()
        }
        At::Reservations => {
            view! { <OfTab tab=Tab::Charge page=reservations shape=Shape::Rows(3) /> }.into_any()
        }
        At::Groups => {
            view! { <OfTab tab=Tab::Group page=groups shape=Shape::Rows(2) /> }.into_any()
        }
        At::Group => view! { <OfTab tab=Tab::Group page=group shape=Shape::Overview /> }.into_any(),
        At::Booking => {
            view! { <OfTab tab=Tab::Charge page=booking shape=Shape::Overview /> }.into_any()
        }
        At::Elsewhere if use_identity().books_elsewhere() => {
            view! { <OfTab tab=Tab::Charge page=elsewhere shape=Shape::Rows(4) /> }.into_any()
        }
        At::Desk => view! { <OfTab tab=Tab::Desk page=desk shape=Shape::Rows(6) /> }.into_any(),
        At::Account => view! { <Chunk page=account shape=Shape::Fields /> }.into_any(),
        // Whoever is signed in has no business at the door.
        At::Door => {
            whenever(move || address.replace(routes::HOME));
            ().into_any()
        }
        At::Nowhere | At::Elsewhere => view! { <pages::not_found::NotFoundPage /> }.into_any(),
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
    use crate::routes::GroupPart;

    #[test]
    fn every_link_inside_the_portal_leads_to_a_page() {
        for (path, at) in [
            (routes::HOME.to_owned(), At::Home),
            (routes::SESSIONS.to_owned(), At::Sessions),
            (routes::session("sess_1"), At::Session),
            (routes::dispute_about("sess_1", None), At::DisputeForm),
            (routes::DISPUTES.to_owned(), At::Disputes),
            (routes::dispute("disp_1"), At::Dispute),
            (routes::CHARGERS.to_owned(), At::Chargers),
            (routes::charger("CP-1"), At::Charger),
            (routes::plug("CP-1", 2), At::Charger),
            (routes::RESERVATIONS.to_owned(), At::Reservations),
            (routes::GROUPS.to_owned(), At::Groups),
            (routes::group("group_1", GroupPart::Members), At::Group),
            (routes::booking("0f6f2d7e"), At::Booking),
            (routes::ELSEWHERE.to_owned(), At::Elsewhere),
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
        for path in [
            "/nowhere",
            "/sessions/a/b",
            "/sessionss",
            "/Account",
            "/bookings",
        ] {
            assert_eq!(At::path(path), At::Nowhere, "{path}");
        }
    }
}
