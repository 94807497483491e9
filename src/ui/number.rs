//! A number that is shown or typed at a plug: large, bright, in handy parts.

use leptos::prelude::*;

/// How many signs stand together.
const TOGETHER: usize = 4;

/// Read at arm's length, by people and by cameras.
#[component]
pub fn LargeNumber(
    /// As it is typed.
    number: String,
) -> impl IntoView {
    let parts = together(&number).into_iter();
    let parts = parts.map(|part| view! { <span>{part}</span> });
    view! { <p class="large-number" translate="no">{parts.collect_view()}</p> }
}

/// A number in its parts.
pub fn together(number: &str) -> Vec<String> {
    let signs: Vec<char> = number.chars().collect();
    let parts = signs.chunks(TOGETHER);
    parts.map(|part| part.iter().collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_comes_in_fours() {
        assert_eq!(together("49155501002"), ["4915", "5501", "002"]);
        assert!(together("").is_empty());
    }
}
