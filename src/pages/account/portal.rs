//! How the portal should be: its language and its look.

use leptos::prelude::*;
use portal_api::{
    language::Language,
    portal::{Look, MeChange, Preferences},
};

use crate::{
    client,
    components::trouble::FormTrouble,
    i18n::{problem::say, words},
    run::to_the_end,
    state::{identity::use_identity, toasts::use_toasts},
    ui::{choice::Choice, select::Select},
};

/// Language and look, saved as they are chosen.
#[component]
pub fn PortalChoices(preferences: Preferences) -> impl IntoView {
    let (identity, toasts) = (use_identity(), use_toasts());
    let chosen = RwSignal::new(preferences);
    let refusal = RwSignal::new(None::<String>);
    let save = move |wanted: Preferences| {
        let before = chosen.get_untracked();
        chosen.set(wanted.clone());
        refusal.set(None);
        let change = MeChange {
            preferences: Some(wanted),
            ..MeChange::default()
        };
        to_the_end(async move {
            match client::portal::change_me(&change).await {
                Ok(me) => {
                    toasts.say(words::app_saved());
                    identity.signed_in(me, true);
                }
                Err(problem) => {
                    identity.heed(&problem);
                    refusal.set(Some(say(&problem).text));
                    chosen.set(before);
                }
            }
        });
    };
    view! {
        <section class="card form" aria-label=words::account_look()>
            <LanguageChoice chosen save=Callback::new(save) />
            <LookChoice chosen save=Callback::new(save) />
            <FormTrouble problem=refusal.into() />
        </section>
    }
}

#[component]
fn LanguageChoice(chosen: RwSignal<Preferences>, save: Callback<Preferences>) -> impl IntoView {
    let mut options = vec![(String::new(), words::account_language_browser())];
    options.extend(
        Language::ALL.map(|language| (language.code().to_owned(), language.name().to_owned())),
    );
    let value = move || {
        chosen
            .get()
            .language
            .map(Language::code)
            .unwrap_or_default()
            .to_owned()
    };
    let choose = move |code: String| {
        let language = Language::of_tag(&code);
        save.run(Preferences {
            language,
            ..chosen.get_untracked()
        });
    };
    view! {
        <Select
            id="language"
            label=words::account_language()
            options=Signal::stored(options)
            value=Signal::derive(value)
            on_change=choose
        />
    }
}

#[component]
fn LookChoice(chosen: RwSignal<Preferences>, save: Callback<Preferences>) -> impl IntoView {
    let name = |look| match look {
        Look::System => words::account_look_system(),
        Look::Light => words::account_look_light(),
        Look::Dark => words::account_look_dark(),
    };
    let options = Look::ALL.map(|look| (look.as_str(), name(look))).to_vec();
    let choose = move |word: &'static str| {
        let look = Look::ALL
            .into_iter()
            .find(|look| look.as_str() == word)
            .unwrap_or_default();
        save.run(Preferences {
            look,
            ..chosen.get_untracked()
        });
    };
    view! {
        <Choice
            name="look"
            label=words::account_look()
            options
            value=Signal::derive(move || chosen.read().look.as_str())
            on_change=choose
        />
    }
}
