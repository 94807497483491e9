//! Shapes to put onto a page.

use krilla::geom::{Path, PathBuilder, Rect};

/// How far a curve's handle is from its end, so that it is a quarter of a circle.
const QUARTER: f32 = 0.552_285;

/// A rectangle, or `None` if it has no area.
pub fn rectangle(x: f32, y: f32, width: f32, height: f32) -> Option<Path> {
    rectangles([Rect::from_xywh(x, y, width, height)?])
}

/// Many rectangles as one shape, or `None` if there are none.
pub fn rectangles(all: impl IntoIterator<Item = Rect>) -> Option<Path> {
    let mut path = PathBuilder::new();
    for rect in all {
        path.push_rect(rect);
    }
    path.finish()
}

/// A rectangle with round corners.
pub fn rounded(x: f32, y: f32, width: f32, height: f32, radius: f32) -> Option<Path> {
    let (right, bottom) = (x + width, y + height);
    let handle = radius * (1.0 - QUARTER);
    let mut path = PathBuilder::new();
    path.move_to(x + radius, y);
    path.line_to(right - radius, y);
    path.cubic_to(right - handle, y, right, y + handle, right, y + radius);
    path.line_to(right, bottom - radius);
    path.cubic_to(
        right,
        bottom - handle,
        right - handle,
        bottom,
        right - radius,
        bottom,
    );
    path.line_to(x + radius, bottom);
    path.cubic_to(x + handle, bottom, x, bottom - handle, x, bottom - radius);
    path.line_to(x, y + radius);
    path.cubic_to(x, y + handle, x + handle, y, x + radius, y);
    path.close();
    path.finish()
}
