//! A long list of which only what is in sight is drawn, and asked for page by page.

use std::{future::Future, ops::Range, pin::Pin, rc::Rc, time::Duration};

use leptos::{ev, html, prelude::*};
use portal_api::decimal::Decimal;
use web_sys::HtmlDivElement;

use crate::{
    client::Result,
    i18n::words,
    run::{after_paint, live, whenever, while_here},
    state::{
        identity::{Identity, use_identity},
        network::use_network,
        pages::{PAGE_SIZE, PageLoad, PageNumber, Pages, Row},
        scroll::back_to,
    },
    ui::button::{Button, Weight},
};

/// How long the sight must rest before pages are asked for.
const REST: Duration = Duration::from_millis(90);

/// A length for a style.
pub fn length(rem: f64) -> String {
    // Two digits after the point are as exact as a screen can be.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a few thousand rem at most"
    )]
    let hundredths = (rem * 100.0) as i64;
    Decimal::new(hundredths, 2).to_string() + "rem"
}

/// What part of the list is in sight, in pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Sight {
    /// Where the list begins, from the window's upper edge.
    pub top: f64,
    /// How high the window is.
    pub height: f64,
    /// How many pixels a rem has.
    pub rem: f64,
    /// What is in sight is drawn: there is time for what may come next.
    pub rests: bool,
}

impl Sight {
    /// The part of that list that has just come into sight.
    fn of(list: &HtmlDivElement) -> Self {
        let height = window()
            .inner_height()
            .ok()
            .and_then(|height| height.as_f64());
        Self {
            top: list.get_bounding_client_rect().top(),
            height: height.unwrap_or_default(),
            rem: root_font_size().unwrap_or(16.0),
            rests: false,
        }
    }
}

/// How many pixels a rem has.
fn root_font_size() -> Option<f64> {
    let root = document().document_element()?;
    let style = window().get_computed_style(&root).ok()??;
    let size = style.get_property_value("font-size").ok()?;
    js_sys::Number::parse_float(&size).into()
}

/// Follows what part of the list is in sight, and goes back to where one was.
pub fn use_sight(list: NodeRef<html::Div>, scroll: Option<f64>) -> RwSignal<Sight> {
    let sight = RwSignal::new(Sight::default());
    let asked = StoredValue::new(false);
    // Asked for ahead: by then the list may be gone.
    let look = move || {
        asked.try_set_value(false);
        if let Some(list) = list.try_get_untracked().flatten() {
            sight.try_set(Sight::of(&list));
            // In two steps: a key that is pressed meanwhile waits for one of them.
            after_paint(move || {
                sight.try_update(|sight| sight.rests = true);
            });
        }
    };
    // At most once a frame: what happens more often is not seen.
    let soon = move || {
        if asked.try_get_value() == Some(false) {
            asked.set_value(true);
            after_paint(look);
        }
    };
    let scrolled = window_event_listener(ev::scroll, move |_| soon());
    let resized = window_event_listener(ev::resize, move |_| soon());
    on_cleanup(move || {
        scrolled.remove();
        resized.remove();
    });
    whenever(move || {
        if list.get().is_some() {
            if let Some(scroll) = scroll {
                back_to(scroll);
            }
            look();
        }
    });
    sight
}

/// How many rows are asked for, and how many stand before them.
pub type Part = (u32, u64);

type Ask<T> = Rc<dyn Fn(Part) -> Pin<Box<dyn Future<Output = Result<Vec<T>>>>>>;

/// The rows of a list, asked for page by page.
pub struct Rows<T: 'static> {
    /// The list's own: parts of it may be drawn anew, and what was asked for is not
    /// called back by that.
    owner: StoredValue<Owner>,
    ask: StoredValue<Ask<T>, LocalStorage>,
    identity: Identity,
    /// What is here.
    pub pages: Pages<T>,
}

impl<T> Clone for Rows<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Rows<T> {}

impl<T: Clone + Send + Sync + 'static> Rows<T> {
    /// The rows of a list, of which some may be here already.
    pub fn of<F>(pages: Pages<T>, ask: impl Fn(Part) -> F + 'static) -> Self
    where
        F: Future<Output = Result<Vec<T>>> + 'static,
    {
        let ask: Ask<T> = Rc::new(move |part| Box::pin(ask(part)));
        Self {
            owner: StoredValue::new(Owner::current().unwrap_or_default()),
            ask: StoredValue::new_local(ask),
            identity: use_identity(),
            pages,
        }
    }

    /// Asks for a page if it isn't here.
    pub fn ask(self, number: PageNumber) {
        if !self.pages.lacks(number) {
            return;
        }
        self.pages.set(number, PageLoad::Waiting);
        let limit = PAGE_SIZE.try_into().unwrap_or(u32::MAX);
        let offset = (number * PAGE_SIZE).try_into().unwrap_or_default();
        let asked = self.ask.with_value(|ask| ask((limit, offset)));
        let fetch = async move {
            let load = match asked.await {
                Ok(rows) => PageLoad::Here(rows),
                Err(problem) => {
                    self.identity.heed(&problem);
                    PageLoad::Failed
                }
            };
            self.pages.set(number, load);
        };
        self.owner.get_value().with(|| while_here(fetch));
    }

    /// Asks for what is in sight from now on; `rows` says which rows of the whole list
    /// those are.
    pub fn ask_for_what_is_in_sight(
        self,
        sight: RwSignal<Sight>,
        rows: impl Fn(Sight) -> Option<Range<usize>> + Clone + 'static,
    ) {
        let network = use_network();
        let timer = StoredValue::new(None::<TimeoutHandle>);
        let ask = move || {
            let in_sight = sight.try_get_untracked().and_then(&rows);
            let Some(in_sight) = in_sight else { return };
            let pages = in_sight.start / PAGE_SIZE..=(in_sight.end - 1) / PAGE_SIZE;
            pages.for_each(|page| self.ask(page));
        };
        whenever(move || {
            // Whoever signed in again finds what could not be had meanwhile.
            self.identity.returns();
            if network.online() {
                self.pages.forget_failed();
            }
        });
        whenever(move || {
            sight.track();
            self.pages.track();
            if let Some(timer) = timer.get_value() {
                timer.clear();
            }
            timer.set_value(set_timeout_with_handle(ask.clone(), REST).ok());
        });
        on_cleanup(move || {
            if let Some(timer) = timer.try_get_value().flatten() {
                timer.clear();
            }
        });
    }
}

/// The row of that index: drawn if it is here, and what stands for it if it isn't.
pub fn row_at<T: Clone + PartialEq + Send + Sync + 'static>(
    pages: Pages<T>,
    index: usize,
    draw: impl Fn(T) -> AnyView + Send + 'static,
) -> impl IntoView {
    let here = Memo::new(move |_| pages.row(index));
    live(move || match here.get() {
        Row::Here(row) => draw(*row),
        Row::Waiting => view! {
            <div class="skeleton-row" role="status">
                <span class="said-only">{words::app_loading()}</span>
            </div>
        }
        .into_any(),
        Row::Failed => view! {
            <div class="row-lost">
                <span>{words::app_row_lost()}</span>
                <Button
                    weight=Weight::Quiet
                    text=words::app_retry()
                    on_press=move |()| pages.forget_failed()
                />
            </div>
        }
        .into_any(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_has_two_digits() {
        assert_eq!(length(4.5), "4.50rem");
        assert_eq!(length(9.05), "9.05rem");
    }
}
