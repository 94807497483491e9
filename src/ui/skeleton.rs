//! What stands in until something is here, in its shape. It shows itself after
//! 150 ms only (see `skeleton.css`).

use leptos::prelude::*;

/// The shape of what is coming.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Shape {
    /// A card with figures and a few rows.
    Overview,
    /// A list of rows.
    Rows(usize),
    /// A form.
    Fields,
}

/// Stands in for a while.
#[component]
pub fn Skeleton(
    /// The shape of what is coming.
    shape: Shape,
    /// What is said to those who don't see it.
    #[prop(into)]
    label: String,
) -> impl IntoView {
    let (first, rest, rows) = match shape {
        Shape::Overview => (Some("skeleton-card"), "skeleton-row", 4),
        Shape::Rows(rows) => (None, "skeleton-row", rows),
        Shape::Fields => (None, "skeleton-field", 3),
    };
    view! {
        <div class="skeleton" role="status">
            <span class="said-only">{label}</span>
            {first.map(|class| view! { <div class=class></div> })}
            {(0..rows).map(|_| view! { <div class=rest></div> }).collect_view()}
        </div>
    }
}
