//! A QR code.

use leptos::prelude::*;
use qrcode::{Color, EcLevel, QrCode};

/// A text for a camera; nothing where no code holds so much.
#[component]
pub fn Code(
    /// The text.
    text: String,
    /// What it is, for those who don't see it.
    #[prop(into)]
    label: String,
) -> impl IntoView {
    drawn(&text).map(|(side, path)| {
        let side = side.to_string();
        view! {
            <svg
                class="code"
                viewBox=["0 0 ", &side, " ", &side].concat()
                role="img"
                aria-label=label
                shape-rendering="crispEdges"
            >
                <path d=path />
            </svg>
        }
    })
}

/// How many squares are free around it.
const MARGIN: usize = 4;

/// How many squares a side has, and the dark ones as a path.
fn drawn(text: &str) -> Option<(usize, String)> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    let width = code.width();
    let mut path = String::new();
    for (place, colour) in code.to_colors().into_iter().enumerate() {
        if colour == Color::Dark {
            let (x, y) = (place % width + MARGIN, place / width + MARGIN);
            path += &["M", &x.to_string(), " ", &y.to_string(), "h1v1h-1z"].concat();
        }
    }
    Some((width + 2 * MARGIN, path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_a_small_code_with_room_around_it() {
        let (side, path) = drawn("4915550100200300").unwrap();
        assert_eq!(side, 21 + 2 * MARGIN);
        assert!(path.starts_with("M4 4h1v1h-1z"), "{path}");
    }

    #[test]
    fn what_no_code_holds_has_none() {
        assert_eq!(drawn(&"ü".repeat(4000)), None);
    }
}
