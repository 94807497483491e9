//! The way in: `/sign-in`, `/forgotten-password`, `/reset-password`.

pub mod again;
pub mod forgotten;
pub mod form;
pub mod reset;

use leptos::prelude::*;

use self::form::SignInForm;
use crate::{
    i18n::{tab_title, words},
    routes,
    state::hint,
    ui::page::Page,
};

/// `/sign-in`, and any address while nobody is signed in.
#[component]
pub fn SignInPage() -> impl IntoView {
    let due = hint::read().sign_out_due;
    view! {
        <Page title=words::sign_in_title() tab_title>
            <p class="door-lead">{words::sign_in_lead()}</p>
            {due.then(|| view! {
                <p class="door-note" role="status">{words::account_signed_out_offline()}</p>
            })}
            <SignInForm />
            <p class="door-below">
                <a href=routes::FORGOTTEN_PASSWORD>{words::sign_in_forgot()}</a>
            </p>
        </Page>
    }
}

/// What is wrong with an e-mail address, if anything is.
fn email_error(email: &str) -> Option<String> {
    let email = email.trim();
    if email.is_empty() {
        return Some(words::sign_in_email_missing());
    }
    let fits = email
        .split_once('@')
        .is_some_and(|(name, host)| !name.is_empty() && !host.is_empty() && !host.contains('@'));
    (!fits || email.contains(char::is_whitespace)).then(words::sign_in_email_wrong)
}

#[cfg(test)]
mod tests {
    #[test]
    fn an_address_has_one_at_with_something_on_both_sides() {
        // The sentences need a browser; which addresses pass doesn't.
        assert_eq!(super::email_error(" a@b "), None);
    }
}
