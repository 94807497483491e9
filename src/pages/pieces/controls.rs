//! What is pressed, typed and chosen.

use leptos::prelude::*;

use super::Pieces;
use crate::ui::{
    button::{Button, Weight},
    check::Check,
    choice::Choice,
    field::{Field, Kind, PasswordField},
    fold::Fold,
    select::Select,
    toggle::Toggle,
};

const WEIGHTS: [(Weight, &str); 4] = [
    (Weight::Main, "Main"),
    (Weight::Plain, "Plain"),
    (Weight::Quiet, "Quiet"),
    (Weight::Danger, "Danger"),
];

/// Every weight, idle and busy.
#[component]
pub fn Buttons() -> impl IntoView {
    let row = |busy: bool| {
        let buttons = WEIGHTS.map(|(weight, text)| {
            view! {
                <Button
                    weight
                    text
                    busy=Signal::stored(busy)
                    busy_text=[text, " …"].concat()
                    on_press=|()| ()
                />
            }
        });
        view! { <div class="choice-options">{buttons.into_iter().collect_view()}</div> }
    };
    let long = "A button with much more to say than there is room for on a narrow screen";
    view! {
        <Pieces title="Buttons">
            {row(false)} {row(true)} <Button text=long on_press=|()| () />
        </Pieces>
    }
}

/// Lines of text: empty, hinted, wrong, filled in.
#[component]
pub fn Fields() -> impl IntoView {
    let filled = RwSignal::new("Kari Nordmann".to_owned());
    let wrong = RwSignal::new("kari.example.com".to_owned());
    let day = RwSignal::new("2025-03-02".to_owned());
    let long = "A filled-in text that is far longer than its field can be on any screen at all. ";
    let long = RwSignal::new(long.repeat(3));
    let error = Signal::stored(Some("That doesn't look like an e-mail address.".to_owned()));
    view! {
        <Pieces title="Fields">
            <Field id="empty" label="Empty" value=RwSignal::new(String::new()) />
            <Field id="hinted" label="With a hint" hint="What we should call you." value=filled />
            <Field
                id="wrong"
                kind=Kind::Email
                label="Wrong"
                hint="You sign in with it."
                error
                value=wrong
            />
            <Field id="long" label="Long" value=long />
            <Field id="day" kind=Kind::Date label="A day" value=day />
            <Passwords />
        </Pieces>
    }
}

#[component]
fn Passwords() -> impl IntoView {
    let password = |id, error: Option<&str>| {
        view! {
            <PasswordField
                id
                label="Password"
                hint="8 characters at least."
                error=Signal::stored(error.map(str::to_owned))
                value=RwSignal::new("correct horse".to_owned())
                autocomplete="off"
                show="Show"
                hide="Hide"
                show_label="Show the password"
            />
        }
    };
    view! {
        {password("password", None)}
        {password("password-wrong", Some("That password is too easy to guess."))}
    }
}

/// One of several, and yes or no.
#[component]
pub fn Choices() -> impl IntoView {
    let place = RwSignal::new("b".to_owned());
    let look = RwSignal::new("system");
    let places = [("a", "All places"), ("b", "Tøyen parkeringshus, nivå 2")];
    let places = places.map(|(value, text)| (value.to_owned(), text.to_owned()));
    let looks = [
        ("system", "As the device says"),
        ("light", "Light"),
        ("dark", "Dark"),
    ];
    let looks = looks.map(|(value, text)| (value, text.to_owned()));
    view! {
        <Pieces title="Choices">
            <Select
                id="place"
                label="Select"
                options=Signal::stored(places.to_vec())
                value=place
                on_change=move |chosen| place.set(chosen)
            />
            <Choice
                name="pieces-look"
                label="Choice"
                options=looks.to_vec()
                value=look
                on_change=move |chosen| look.set(chosen)
            />
            <Check
                id="shared"
                label="A box to tick"
                hint="What follows from ticking it, in a sentence that may well need a second line."
                value=RwSignal::new(true)
            />
            <Check
                id="shared-not"
                label="A box with a label so long that it cannot stand in one line on a phone"
                hint="Not ticked."
                value=RwSignal::new(false)
            />
            <Toggle text="On" on=Signal::stored(true) on_change=|_| () />
            <Toggle text="Off" on=Signal::stored(false) on_change=|_| () />
            <Fold icon="filter" title=Signal::stored("Folded away".to_owned())>
                <p>"What is in it."</p>
            </Fold>
        </Pieces>
    }
}
