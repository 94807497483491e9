//! Writes pages and their structure as a file.

use chrono::{Datelike, NaiveDate};
use krilla::{
    Document, SerializeSettings,
    action::{Action, LinkAction},
    annotation::{Annotation, LinkAnnotation, Target},
    configure::{Accessibility, Archival, ConfigurationBuilder},
    destination::XyzDestination,
    geom::Point,
    metadata::{DateTime, Metadata},
    outline::{Outline, OutlineNode},
    page::PageSettings,
    tagging::{Identifier, Node, TagGroup, TagTree},
};
use portal_api::language::Language;

use super::{Part, Role, Sheet, Unwritable, draw::draw};

/// What a document says about itself.
pub struct About {
    /// What it is called.
    pub title: String,
    /// Who made it.
    pub author: String,
    /// The language of its text.
    pub language: Language,
    /// What no other document has.
    pub id: String,
    /// The day it was made.
    pub made: NaiveDate,
}

impl Sheet {
    /// The document as a file: the same bytes for the same content, always.
    pub fn write(self, about: About, structure: Vec<Part>) -> Result<Vec<u8>, Unwritable> {
        let mut document = Document::new_with(settings()?);
        let mut identifiers = vec![None; self.contents];
        for number in 0..self.pages.len() {
            self.write_page(&mut document, number, &mut identifiers);
        }
        let mut tree = TagTree::new().with_lang(Some(about.language.code().to_owned()));
        for node in structure
            .into_iter()
            .filter_map(|part| node(part, &identifiers))
        {
            tree.push(node);
        }
        document.set_tag_tree(tree);
        document.set_outline(outline(&about.title));
        document.set_metadata(metadata(about));
        document.finish().map_err(Unwritable::Format)
    }

    fn write_page(
        &self,
        document: &mut Document,
        number: usize,
        identifiers: &mut [Option<Identifier>],
    ) {
        let size = PageSettings::from_wh(Self::WIDTH, Self::HEIGHT).unwrap_or_default();
        let mut page = document.start_page_with(size);
        let mut surface = page.surface();
        for (mark, role) in &self.pages[number] {
            let identifier = draw(&mut surface, mark, *role);
            if let Role::Content(content) = role {
                identifiers[*content] = Some(identifier);
            }
        }
        surface.finish();
        for link in self.links.iter().filter(|link| link.page == number) {
            let target = Target::Action(Action::Link(LinkAction::new(link.address.clone())));
            let annotation = LinkAnnotation::new(link.place, target);
            let annotation = Annotation::new_link(annotation, Some(link.says.clone()));
            identifiers[link.content] = Some(page.add_tagged_annotation(annotation));
        }
        page.finish();
    }
}

fn settings() -> Result<SerializeSettings, Unwritable> {
    let configuration = ConfigurationBuilder::new()
        .with_archival_validator(Archival::A2_A)
        .with_accessibility_validator(Accessibility::UA1)
        .finish()
        .map_err(Unwritable::Standard)?;
    Ok(SerializeSettings {
        configuration,
        enable_tagging: true,
        ..SerializeSettings::default()
    })
}

fn node(part: Part, identifiers: &[Option<Identifier>]) -> Option<Node> {
    match part {
        Part::Content(content) => identifiers.get(content).copied().flatten().map(Node::from),
        Part::Group(tag, parts) => {
            let nodes = parts.into_iter().filter_map(|part| node(part, identifiers));
            let nodes: Vec<Node> = nodes.collect();
            (!nodes.is_empty()).then(|| TagGroup::with_children(tag, nodes).into())
        }
    }
}

/// One entry, since a document of a page or two has one chapter.
fn outline(title: &str) -> Outline {
    let mut outline = Outline::new();
    let top = XyzDestination::new(0, Point::from_xy(0.0, 0.0));
    outline.push_child(OutlineNode::new(title.to_owned(), top));
    outline
}

fn metadata(about: About) -> Metadata {
    let small = |number: u32| u8::try_from(number).unwrap_or_default();
    let made = DateTime::new(u16::try_from(about.made.year()).unwrap_or_default())
        .month(small(about.made.month()))
        .day(small(about.made.day()));
    Metadata::new()
        .title(about.title)
        .authors(vec![about.author])
        .creator("Driver Portal".to_owned())
        .language(about.language.code().to_owned())
        .document_id(about.id)
        .creation_date(made)
}
