//! A place to draw in, and ways to find what was drawn.

use js_sys::{JSON, Object, Reflect};
use leptos::{mount::mount_to, prelude::*};
use portal::{i18n, run::next_frame};
use portal_api::language::Language;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Event, HtmlElement, HtmlInputElement};

/// What was drawn; taken away when the test ends.
pub struct Stage {
    place: HtmlElement,
    drawn: Option<Box<dyn FnOnce()>>,
}

/// Draws something, with all sentences in English.
pub async fn draw<V: IntoView + 'static>(view: impl FnOnce() -> V + 'static) -> Stage {
    say_all();
    i18n::speak(Language::En);
    let place: HtmlElement = document()
        .create_element("main")
        .expect("an element")
        .unchecked_into();
    let body = document().body().expect("a body");
    body.append_child(&place).expect("room in the body");
    let handle = mount_to(place.clone(), view);
    settle().await;
    Stage {
        place,
        drawn: Some(Box::new(move || drop(handle))),
    }
}

/// Has every sentence at hand where `boot.js` puts those that it has fetched.
fn say_all() {
    let json = portal_words::catalogue_json(Language::En, |_| true);
    let json = json.expect("the catalogue is whole");
    let said = JSON::parse(&json).expect("a list");
    let portal = Object::new();
    set(&portal, "said", &said);
    set(&window(), "portal", &portal);
}

fn set(owner: &JsValue, name: &str, value: &JsValue) {
    Reflect::set(owner, &name.into(), value).expect("room for it");
}

/// Lets everything that is due happen, before the browser draws and after.
pub async fn settle() {
    for _ in 0..2 {
        for _ in 0..4 {
            leptos::task::tick().await;
        }
        next_frame().await;
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        if let Some(drawn) = self.drawn.take() {
            drawn();
        }
        self.place.remove();
    }
}

impl Stage {
    /// Everything that fits a selector.
    pub fn all(&self, selector: &str) -> Vec<HtmlElement> {
        let nodes = self.place.query_selector_all(selector).expect("a selector");
        (0..nodes.length())
            .filter_map(|index| nodes.get(index)?.dyn_into().ok())
            .collect()
    }

    /// The one thing that fits a selector.
    pub fn one(&self, selector: &str) -> HtmlElement {
        let mut all = self.all(selector);
        assert_eq!(all.len(), 1, "{selector} in {}", self.place.inner_html());
        all.remove(0)
    }

    /// The button of that name.
    pub fn button(&self, name: &str) -> HtmlElement {
        let named = |button: &HtmlElement| {
            let label = button.get_attribute("aria-label");
            label.unwrap_or_else(|| text_of(button)) == name
        };
        let found = self.all("button").into_iter().find(named);
        found.unwrap_or_else(|| panic!("no button {name} in {}", self.place.inner_html()))
    }

    /// What a label belongs to.
    pub fn labelled(&self, label: &str) -> HtmlInputElement {
        let found = self
            .all("label")
            .into_iter()
            .find(|one| text_of(one) == label);
        let found = found.unwrap_or_else(|| panic!("no label {label}"));
        let control = match found.get_attribute("for") {
            Some(id) => document().get_element_by_id(&id),
            None => found.query_selector("input").expect("a selector"),
        };
        control.expect("what it labels").unchecked_into()
    }

    /// All that can be read.
    pub fn text(&self) -> String {
        text_of(&self.place)
    }
}

/// What can be read in an element.
pub fn text_of(element: &Element) -> String {
    element.text_content().unwrap_or_default().trim().to_owned()
}

/// The text of what describes an element.
pub fn described(element: &Element) -> String {
    let ids = element
        .get_attribute("aria-describedby")
        .unwrap_or_default();
    let texts = ids.split_whitespace().map(|id| {
        text_of(
            &document()
                .get_element_by_id(id)
                .expect("the id leads somewhere"),
        )
    });
    texts.collect::<Vec<_>>().join(" ")
}

/// Whether the focus is there.
pub fn is_focused(element: &Element) -> bool {
    document().active_element().as_ref() == Some(element)
}

/// Tells an element of an event, as the browser does.
pub fn tell(element: &Element, event: &str) {
    let event = Event::new(event).expect("an event");
    element.dispatch_event(&event).expect("somebody to tell");
}
