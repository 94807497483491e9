//! What outlives a page: who is signed in, how the portal should be, the
//! clock, the network, messages, and where in a list one was.

pub mod address;
pub mod charger_list;
pub mod chosen;
pub mod clock;
pub mod draft;
pub mod events;
pub mod guest;
pub mod hint;
pub mod holds;
pub mod identity;
pub mod live;
pub mod network;
pub mod outbox;
pub mod pages;
pub mod papers;
pub mod position;
pub mod remote;
pub mod scroll;
pub mod session_list;
pub mod toasts;
pub mod version;

use portal_api::portal::Me;

use crate::client;

/// Provides all of it to the whole app; `me` is who is signed in.
pub fn provide(me: client::Result<client::Answer<Me>>) {
    address::provide();
    clock::provide();
    network::provide();
    toasts::provide();
    version::provide();
    session_list::provide();
    identity::provide(me);
    outbox::provide();
    live::provide();
    holds::provide();
}
