//! Where in the portal one is: the address, followed and changed.
//!
//! The few addresses of the portal don't need a router's weight (37 kB of the
//! 180 kB that a first view may have).

use leptos::{ev, prelude::*};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{HtmlAnchorElement, HtmlElement, Location, Url};

/// The address of the page.
#[derive(Clone, Copy)]
pub struct Address {
    path: RwSignal<String>,
    query: RwSignal<String>,
}

impl Address {
    /// The path, without a slash at its end.
    pub fn path(self) -> String {
        self.path.get()
    }

    /// A parameter of the query; `None` if it isn't there.
    pub fn parameter(self, name: &str) -> Option<String> {
        let query = web_sys::UrlSearchParams::new_with_str(&self.query.get()).ok()?;
        query.get(name)
    }

    /// Goes to another page, from its top on.
    pub fn go(self, href: &str) {
        self.change(href, |history, url| {
            history.push_state_with_url(&JsValue::NULL, "", Some(url))
        });
        // Once the other page stands there, before it is painted.
        request_animation_frame(|| window().scroll_to_with_x_and_y(0.0, 0.0));
    }

    /// Says the same page in another way: no step that "back" would undo.
    pub fn replace(self, href: &str) {
        self.change(href, |history, url| {
            history.replace_state_with_url(&JsValue::NULL, "", Some(url))
        });
    }

    fn change(self, href: &str, write: impl Fn(&web_sys::History, &str) -> Result<(), JsValue>) {
        if window()
            .history()
            .and_then(|history| write(&history, href))
            .is_err()
        {
            // A browser that refuses (too many changes at once) loads the page instead.
            let _ = window().location().set_href(href);
            return;
        }
        self.look();
    }

    /// Takes up the address as it stands in the browser.
    fn look(self) {
        let location = window().location();
        let (path, query) = (path_of(&location), location.search().unwrap_or_default());
        if self.query.with_untracked(|before| *before != query) {
            self.query.set(query);
        }
        if self.path.with_untracked(|before| *before != path) {
            let_go();
            self.path.set(path);
        }
    }
}

/// Takes the focus from what goes away with its page: a browser that has to do so lays
/// out the old and the new page for it.
fn let_go() {
    let focused = document().active_element();
    if let Some(focused) = focused.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        let _ = focused.blur();
    }
}

fn path_of(location: &Location) -> String {
    let path = location.pathname().unwrap_or_default();
    match path.trim_end_matches('/') {
        "" => "/".to_owned(),
        path => path.to_owned(),
    }
}

/// Follows links and the browser's own steps from now on.
pub(super) fn provide() {
    let location = window().location();
    let address = Address {
        path: RwSignal::new(path_of(&location)),
        query: RwSignal::new(location.search().unwrap_or_default()),
    };
    let clicked = window_event_listener(ev::click, move |event| {
        if let Some(href) = link_inside(&event) {
            event.prevent_default();
            address.go(&href);
        }
    });
    let stepped = window_event_listener(ev::popstate, move |_| address.look());
    on_cleanup(move || {
        clicked.remove();
        stepped.remove();
    });
    provide_context(address);
}

/// Where a plain click on a link inside the portal leads.
fn link_inside(event: &ev::MouseEvent) -> Option<String> {
    let modified = event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key();
    if event.default_prevented() || event.button() != 0 || modified {
        return None;
    }
    let element: web_sys::Element = event.target()?.dyn_into().ok()?;
    let link: HtmlAnchorElement = element.closest("a[href]").ok()??.dyn_into().ok()?;
    if !link.target().is_empty() || link.has_attribute("download") {
        return None;
    }
    let url = Url::new(&link.href()).ok()?;
    let inside = Some(url.origin()) == window().location().origin().ok();
    // The server's own answers (a receipt, an export) are no pages.
    let page = !url.pathname().starts_with("/api/") && url.hash().is_empty();
    (inside && page).then(|| [url.pathname(), url.search()].concat())
}

/// The address of the page.
pub fn use_address() -> Address {
    expect_context()
}
