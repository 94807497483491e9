//! A line of text to fill in.

use leptos::{ev, prelude::*};

use crate::run::{Live, live};

/// What is filled in.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Kind {
    /// Any text.
    #[default]
    Text,
    /// An e-mail address.
    Email,
    /// A day.
    Date,
    /// A time of day.
    Time,
    /// An amount of money.
    Amount,
    /// What is searched for.
    Search,
}

impl Kind {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Text | Self::Amount => "text",
            Self::Email => "email",
            Self::Date => "date",
            Self::Time => "time",
            Self::Search => "search",
        }
    }
}

/// A field with its label, its hint and what is wrong with it, tied together.
#[component]
pub fn Field(
    /// Its id in the page.
    id: &'static str,
    /// What is filled in.
    #[prop(optional)]
    kind: Kind,
    /// What it is for.
    #[prop(into)]
    label: String,
    /// What helps to fill it in.
    #[prop(into, optional)]
    hint: Option<String>,
    /// What is wrong with it, once there is reason to say so.
    #[prop(into, optional)]
    error: Signal<Option<String>>,
    /// The text.
    value: RwSignal<String>,
    /// What the browser may fill in by itself.
    #[prop(optional)]
    autocomplete: &'static str,
    /// Told of every change made by hand.
    #[prop(into, optional)]
    on_input: Option<Callback<String>>,
) -> impl IntoView {
    let typed = move |event: ev::Event| {
        let text = event_target_value(&event);
        value.set(text.clone());
        if let Some(on_input) = on_input {
            on_input.run(text);
        }
    };
    view! {
        <Labelled id label hint=hint.clone() error>
            <input
                id=id
                name=id
                class="field-input"
                type=kind.as_str()
                autocomplete=autocomplete
                inputmode=(kind == Kind::Amount).then_some("decimal")
                autocapitalize=(kind == Kind::Email).then_some("none")
                prop:value=live(move || value.get())
                aria-invalid=live(move || error.get().map(|_| "true"))
                aria-describedby=described_by(id, hint.is_some(), error)
                on:input=typed
            />
        </Labelled>
    }
}

/// A field for a text of several lines.
#[component]
pub fn TextArea(
    /// Its id in the page.
    id: &'static str,
    /// What it is for.
    #[prop(into)]
    label: String,
    /// What is wrong with it, once there is reason to say so.
    #[prop(into)]
    error: Signal<Option<String>>,
    /// The text.
    value: RwSignal<String>,
    /// How much of the room is used.
    #[prop(into)]
    note: Signal<String>,
    /// What a browser may fill in.
    #[prop(optional)]
    autocomplete: Option<&'static str>,
    /// Told of every change made by hand.
    #[prop(into)]
    on_input: Callback<String>,
) -> impl IntoView {
    let typed = move |event: ev::Event| {
        let text = event_target_value(&event);
        value.set(text.clone());
        on_input.run(text);
    };
    view! {
        <Labelled id label hint=None error>
            <textarea
                id=id
                name=id
                class="field-input field-text"
                rows="5"
                dir="auto"
                autocomplete=autocomplete
                prop:value=live(move || value.get())
                aria-invalid=live(move || error.get().map(|_| "true"))
                aria-describedby=described_by(id, false, error)
                on:input=typed
            ></textarea>
            <p class="field-hint">{live(move || note.get())}</p>
        </Labelled>
    }
}

/// A field for a password, with a way to see what was typed.
#[component]
pub fn PasswordField(
    /// Its id in the page.
    id: &'static str,
    /// What it is for.
    #[prop(into)]
    label: String,
    /// What helps to fill it in.
    #[prop(into, optional)]
    hint: Option<String>,
    /// What is wrong with it, once there is reason to say so.
    #[prop(into, optional)]
    error: Signal<Option<String>>,
    /// The text.
    value: RwSignal<String>,
    /// `current-password` or `new-password`.
    autocomplete: &'static str,
    /// What the button says while the password is hidden.
    #[prop(into)]
    show: String,
    /// What it says while it is shown.
    #[prop(into)]
    hide: String,
    /// What the button does, for those who only hear it.
    #[prop(into)]
    show_label: String,
) -> impl IntoView {
    let shown = RwSignal::new(false);
    view! {
        <Labelled id label hint=hint.clone() error>
            <div class="field-password">
                <input
                    id=id
                    name=id
                    class="field-input"
                    type=live(move || if shown.get() { "text" } else { "password" })
                    autocomplete=autocomplete
                    autocapitalize="none"
                    spellcheck="false"
                    prop:value=live(move || value.get())
                    aria-invalid=live(move || error.get().map(|_| "true"))
                    aria-describedby=described_by(id, hint.is_some(), error)
                    on:input=move |event| value.set(event_target_value(&event))
                />
                <button
                    type="button"
                    class="field-show"
                    aria-pressed=live(move || if shown.get() { "true" } else { "false" })
                    aria-label=show_label
                    on:click=move |_| shown.update(|shown| *shown = !*shown)
                >
                    {live(move || if shown.get() { hide.clone() } else { show.clone() })}
                </button>
            </div>
        </Labelled>
    }
}

/// The label above, the hint and the error below.
#[component]
pub fn Labelled(
    /// The id of what it labels.
    id: &'static str,
    /// What it is for.
    label: String,
    /// What helps to fill it in.
    hint: Option<String>,
    /// What is wrong with it.
    error: Signal<Option<String>>,
    /// The control.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="field">
            <label class="field-label" for=id>
                {label}
            </label>
            {children()}
            {hint.map(|hint| view! { <p class="field-hint" id=[id, "-hint"].concat()>{hint}</p> })}
            <p class="field-error" id=[id, "-error"].concat() role="alert">
                {live(move || error.get())}
            </p>
        </div>
    }
}

/// The ids of what describes a field.
fn described_by(
    id: &'static str,
    hinted: bool,
    error: Signal<Option<String>>,
) -> Live<Option<String>> {
    live(move || {
        let hint = hinted.then(|| [id, "-hint"].concat());
        let error = error.get().map(|_| [id, "-error"].concat());
        match (hint, error) {
            (Some(hint), Some(error)) => Some([hint, error].join(" ")),
            (hint, error) => hint.or(error),
        }
    })
}

/// Puts the focus on the field of that id.
pub fn focus(id: &str) {
    use wasm_bindgen::JsCast;
    let field = document().get_element_by_id(id);
    if let Some(field) = field.and_then(|field| field.dyn_into::<web_sys::HtmlElement>().ok()) {
        // A field that cannot be focused is still described by its error.
        let _ = field.focus();
    }
}
