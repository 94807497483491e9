//! `/account`: the person's own things.

mod billing;
mod devices;
mod portal;
mod profile;

use leptos::prelude::*;

use self::{billing::OnReceipts, devices::DeviceList, portal::PortalChoices, profile::Profile};
use crate::{
    boot,
    components::sign_out::SignOut,
    i18n::{tab_title, words},
    state::identity::use_identity,
    ui::{button::Weight, page::Page},
};

/// Profile, language, look, devices, and the way out.
#[component]
pub fn AccountPage() -> impl IntoView {
    let me = use_identity().person();
    view! {
        <Page title=words::account_title() tab_title>
            {me.map(|me| {
                let drives = use_identity().drives();
                view! {
                    <Profile me=me.clone() />
                    {drives.then(|| view! { <OnReceipts /> })}
                    <PortalChoices preferences=me.preferences />
                }
            })}
            <DeviceList />
            <section class="card">
                <p>{words::account_sign_out_text()}</p>
                <SignOut weight=Weight::Danger text=words::account_sign_out() />
            </section>
            <p class="account-version">{words::account_version(&boot::version())}</p>
        </Page>
    }
}
