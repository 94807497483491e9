//! What somebody chooses on a page and what stands in its address: what they chose is there
//! at once, the address and all that follows from it once that is painted.

use leptos::prelude::*;

use super::address::use_address;
use crate::run::{after_paint, whenever};

/// A choice that stands in the address.
pub struct Chosen<T: Send + Sync + 'static> {
    /// What was chosen last: the next choice is made beside it.
    pub now: Memo<T>,
    /// Chooses.
    pub choose: Callback<T>,
}

/// Has what is chosen stand in the address. `settled` is what stands there, and `address`
/// what a choice is there.
pub fn chosen<T: Clone + PartialEq + Send + Sync + 'static>(
    settled: Memo<T>,
    address: impl Fn(&T) -> String + Copy + Send + Sync + 'static,
) -> Chosen<T> {
    let place = use_address();
    let now = RwSignal::new(settled.get_untracked());
    whenever(move || now.set(settled.get()));
    let choose = Callback::new(move |choice: T| {
        now.set(choice);
        after_paint(move || {
            // By then the page may be gone, or something else be chosen, too.
            if let Some(to) = now.try_with_untracked(address) {
                place.replace(&to);
            }
        });
    });
    Chosen {
        now: Memo::new(move |_| now.get()),
        choose,
    }
}
