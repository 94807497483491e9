//! A small chart: one curve over time. What it shows stands in a table beside it
//! for those who can't see it.

use leptos::prelude::*;

/// A point of a curve; both are zero or more.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Point {
    /// To the right.
    pub x: i64,
    /// Up.
    pub y: i64,
}

const WIDTH: i64 = 600;
const HEIGHT: i64 = 160;

/// A curve from its first point to its last, from nothing to the highest.
#[component]
pub fn Curve(
    /// From left to right.
    points: Vec<Point>,
    /// What it shows, in a sentence.
    label: String,
    /// What the highest point stands for.
    top: String,
    /// What the left edge stands for.
    from: String,
    /// What the right edge stands for.
    to: String,
) -> impl IntoView {
    let line = line(&points);
    let area = [&line, " V", &HEIGHT.to_string(), " H0 Z"].concat();
    view! {
        <figure class="curve">
            <svg
                viewBox=["0 0 ", &WIDTH.to_string(), " ", &HEIGHT.to_string()].concat()
                preserveAspectRatio="none"
                role="img"
                aria-label=label
            >
                <path class="curve-area" d=area />
                <path class="curve-line" d=line />
            </svg>
            <span class="curve-top" aria-hidden="true">{top}</span>
            <figcaption class="curve-ends" aria-hidden="true">
                <span>{from}</span>
                <span>{to}</span>
            </figcaption>
        </figure>
    }
}

/// The curve as a path.
fn line(points: &[Point]) -> String {
    let first = points.first().map_or(0, |point| point.x);
    let span = points.last().map_or(1, |point| point.x - first).max(1);
    let most = points.iter().map(|point| point.y).max().unwrap_or(1).max(1);
    let mut path = String::new();
    for point in points {
        let x = (point.x - first) * WIDTH / span;
        let y = HEIGHT - point.y * HEIGHT / most;
        path.push(if path.is_empty() { 'M' } else { 'L' });
        path.push_str(&x.to_string());
        path.push(' ');
        path.push_str(&y.to_string());
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_curve_fills_its_picture() {
        let points = [(60, 0), (120, 50), (180, 100)].map(|(x, y)| Point { x, y });
        assert_eq!(line(&points), "M0 160L300 80L600 0");
    }

    #[test]
    fn a_flat_curve_and_a_single_point_divide_by_nothing() {
        assert_eq!(line(&[Point { x: 5, y: 0 }]), "M0 160");
        assert_eq!(line(&[]), "");
    }
}
