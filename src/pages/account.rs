//! `/account`: the person's own things.

mod billing;
mod devices;
mod portal;
mod profile;

use leptos::prelude::*;
use portal_api::portal::Tab;

use self::{billing::OnReceipts, devices::DeviceList, portal::PortalChoices, profile::Profile};
use crate::{
    boot,
    i18n::{tab_title, words},
    run::to_the_end,
    state::identity::use_identity,
    ui::{
        button::{Button, Weight},
        page::Page,
    },
};

/// Profile, language, look, devices, and the way out.
#[component]
pub fn AccountPage() -> impl IntoView {
    let me = use_identity().person();
    view! {
        <Page title=words::account_title() tab_title>
            {me.map(|me| {
                let drives = me.tabs.contains(&Tab::Sessions);
                view! {
                    <Profile me=me.clone() />
                    {drives.then(|| view! { <OnReceipts /> })}
                    <PortalChoices preferences=me.preferences />
                }
            })}
            <DeviceList />
            <SignOut />
            <p class="account-version">{words::account_version(&boot::version())}</p>
        </Page>
    }
}

#[component]
fn SignOut() -> impl IntoView {
    let identity = use_identity();
    let busy = RwSignal::new(false);
    let leave = move |()| {
        busy.set(true);
        to_the_end(identity.sign_out());
    };
    view! {
        <section class="card">
            <p>{words::account_sign_out_text()}</p>
            <Button
                weight=Weight::Danger
                text=words::account_sign_out()
                busy_text=words::account_signing_out()
                busy
                on_press=leave
            />
        </section>
    }
}
