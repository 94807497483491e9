//! How much of something is gone.

use leptos::prelude::*;

/// A bar with a mark: what is gone, and beside it what is set aside. All lengths are
/// thousandths of the whole.
#[component]
pub fn Meter(
    /// What it measures.
    #[prop(into)]
    label: String,
    /// How much that is, in words.
    #[prop(into)]
    says: String,
    /// What is gone.
    gone: u32,
    /// What is set aside.
    aside: u32,
    /// Where the mark stands.
    mark: u32,
) -> impl IntoView {
    let now = gone.saturating_add(aside).min(1000);
    let near = (now >= mark).then_some("");
    view! {
        <div
            class="meter"
            role="meter"
            aria-label=label
            aria-valuemin="0"
            aria-valuemax="1000"
            aria-valuenow=now.to_string()
            aria-valuetext=says
            data-near=near
            style=("--gone", percent(gone))
            style=("--aside", percent(aside))
            style=("--mark", percent(mark))
        >
            <span class="meter-gone"></span>
            <span class="meter-aside"></span>
        </div>
    }
}

/// `82.5%`: thousandths as a length for a style.
pub fn percent(thousandths: u32) -> String {
    let thousandths = thousandths.min(1000);
    [
        &(thousandths / 10).to_string(),
        ".",
        &(thousandths % 10).to_string(),
        "%",
    ]
    .concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousandths_are_a_length_and_never_more_than_all() {
        assert_eq!(percent(0), "0.0%");
        assert_eq!(percent(825), "82.5%");
        assert_eq!(percent(1200), "100.0%");
    }
}
