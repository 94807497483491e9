//! Draws what stands on a page.

use krilla::{
    color::rgb,
    geom::{Point, Size, Transform},
    num::NormalizedF32,
    paint::{Fill, FillRule},
    surface::Surface,
    tagging::{Artifact, ArtifactType, ContentTag, Identifier, SpanTag},
};

use super::{Mark, Role};
use crate::documents::{colour::Colour, text::Line};

/// Draws it; the identifier is for the structure.
pub fn draw(surface: &mut Surface<'_>, mark: &Mark, role: Role) -> Identifier {
    let id = surface.start_tagged(match (role, mark) {
        (Role::Decoration, _) => artifact(ArtifactType::Layout),
        (Role::Running, _) => artifact(ArtifactType::PaginationOther),
        (Role::Content(_), Mark::Text(..)) => ContentTag::Span(SpanTag::empty()),
        (Role::Content(_), _) => ContentTag::Other,
    });
    match mark {
        Mark::Text(line, x, y, colour) => text(surface, line, *x, *y, *colour),
        Mark::Shape(path, colour) => {
            surface.set_fill(Some(fill(*colour)));
            surface.draw_path(path);
        }
        Mark::Picture(image, place) => {
            if let Some(size) = Size::from_wh(place.width(), place.height()) {
                surface.push_transform(&Transform::from_translate(place.left(), place.top()));
                surface.draw_image(image.clone(), size);
                surface.pop();
            }
        }
    }
    surface.end_tagged();
    id
}

fn text(surface: &mut Surface<'_>, line: &Line, mut x: f32, y: f32, colour: Colour) {
    surface.set_fill(Some(fill(colour)));
    for run in &line.runs {
        let start = Point::from_xy(x, y);
        let font = run.face.font.clone();
        surface.draw_glyphs(start, &run.glyphs, font, &line.text, line.size, false);
        x += run.width * line.size;
    }
}

fn artifact(kind: ArtifactType) -> ContentTag<'static> {
    ContentTag::Artifact(Artifact::with_kind(kind))
}

fn fill(colour: Colour) -> Fill {
    Fill {
        paint: rgb::Color::new(colour.0, colour.1, colour.2).into(),
        opacity: NormalizedF32::ONE,
        rule: FillRule::NonZero,
    }
}
