//! The page and the service worker, told where everything is.

use std::{fs, path::Path};

use super::{Bundle, Kind, manifest::Manifest, minify, styles::Styles};
use crate::{
    failure::{Failure, Result, While},
    fingerprint::{self, Fingerprint},
};

/// Stands in the scripts where they want the bundle's manifest.
const PLACE_OF_BUNDLE: &str = "__BUNDLE__";

/// Stands in the page where the boot script goes.
const PLACE_OF_BOOT: &str = r#"<script data-bundle="boot"></script>"#;

/// Stands in the page where it says what to fetch first.
const PLACE_OF_PRELOADS: &str = "<!-- preloads -->";

/// Puts styles, boot script and preloads into the page, and the manifest into
/// the service worker.
pub fn write(bundle: &Bundle, mut manifest: Manifest) -> Result<()> {
    let file = bundle.stage.join("index.html");
    let page = fs::read_to_string(&file).when("reading the page")?;
    let boot = fs::read_to_string(bundle.places.root.join("boot.js")).when("reading boot.js")?;
    let is_tab = |tab: &str| manifest.packs.contains_key(tab);
    let (page, styles) = take_styles(bundle, &page, is_tab)?;
    let style = minify::style(bundle, &styles.page)?;
    manifest.styles = styles.write(bundle)?;
    let shell = shell(&page, &manifest);
    let version = version(bundle, [&page, &style, &boot], &manifest)?;
    let all = manifest.all(&version, &shell).to_string();
    bundle.keep_manifest(&all)?;
    let first = manifest.first(&version).to_string();
    let boot = minify::script(bundle, &boot.replace(PLACE_OF_BUNDLE, &first))?;
    if boot.contains("<!--") || boot.contains("</script") {
        return Err(Failure::new(
            "boot.js can't be put into the page: it has markup in it",
        ));
    }
    let page = fill(&page, PLACE_OF_PRELOADS, &preloads(&manifest))?;
    let page = minify::page(&page);
    let page = fill(&page, PLACE_OF_STYLE, &format!("<style>{style}</style>"))?;
    let page = fill(&page, PLACE_OF_BOOT, &format!("<script>{boot}</script>"))?;
    fs::write(&file, page).when("writing the page")?;
    let worker = bundle.stage.join("sw.js");
    if worker.is_file() {
        let text = fs::read_to_string(&worker)?.replace(PLACE_OF_BUNDLE, &all);
        fs::write(&worker, minify::script(bundle, &text)?)?;
    }
    Ok(())
}

/// Stands where the first style sheet was named.
const PLACE_OF_STYLE: &str = "<style></style>";

/// The page without the links that were trunk's business, and all its styles
/// in their order.
fn take_styles(
    bundle: &Bundle,
    page: &str,
    is_tab: impl Fn(&str) -> bool,
) -> Result<(String, Styles)> {
    let mut kept = String::with_capacity(page.len());
    let mut styles = Styles::default();
    let mut rest = page;
    while let Some(start) = rest.find("<link") {
        kept.push_str(&rest[..start]);
        let Some(end) = rest[start..].find('>') else {
            return Err(Failure::new("the page has a link that doesn't end"));
        };
        let link = &rest[start..=start + end];
        rest = &rest[start + end + 1..];
        match attribute(link, "rel") {
            Some("stylesheet") => {
                if styles.page.is_empty() {
                    kept.push_str(PLACE_OF_STYLE);
                }
                let (address, sheet) = take_file(bundle, link)?;
                styles.add(address, &sheet, &is_tab);
            }
            Some("rust") => {}
            Some("modulepreload") => return Err(Failure::new(COMPILED_TWICE)),
            _ => kept.push_str(link),
        }
    }
    kept.push_str(rest);
    Ok((kept, styles))
}

const COMPILED_TWICE: &str = "trunk has compiled the portal too; the page's rust link needs data-trunk-skip, since this step compiles it";

/// The file that a link names, and its content; the file itself goes.
fn take_file<'a>(bundle: &Bundle, link: &'a str) -> Result<(&'a str, String)> {
    let address = attribute(link, "href").unwrap_or_default();
    let file = bundle.stage.join(address.trim_start_matches('/'));
    let content = fs::read_to_string(&file).when(format_args!("reading {address}"))?;
    fs::remove_file(&file)?;
    Ok((address, content))
}

/// What an element's attribute is, with or without quotes around it.
fn attribute<'a>(element: &'a str, name: &str) -> Option<&'a str> {
    let (_, value) = element.split_once(&format!(" {name}="))?;
    match value.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next(),
        None => value.split([' ', '>']).next(),
    }
}

/// The page with something in its place.
fn fill(page: &str, place: &str, content: &str) -> Result<String> {
    match page.split_once(place) {
        Some((before, after)) => Ok(format!("{before}{content}{after}")),
        None => Err(Failure::new(format!("the page has no {place}"))),
    }
}

/// What the browser fetches before it has read the page to its end.
fn preloads(manifest: &Manifest) -> String {
    format!(
        r#"<link rel="modulepreload" href="{}"><link rel="preload" as="fetch" type="application/wasm" crossorigin href="{}">"#,
        manifest.glue, manifest.main
    )
}

/// Loads the browser's own words for money and time.
const SPEAK: &str = "/speak.js";

/// What must be kept for the portal to start without a network: the page, the
/// portal itself, what it starts beside it, and the icon and manifest that the page
/// names.
fn shell(page: &str, manifest: &Manifest) -> Vec<String> {
    let mut files = vec!["/".to_owned(), SPEAK.to_owned()];
    files.extend(manifest.files());
    for link in page.split("<link").skip(1) {
        let link = link.split('>').next().unwrap_or_default();
        let used = matches!(attribute(link, "rel"), Some("icon" | "manifest"));
        files.extend(attribute(link, "href").filter(|_| used).map(str::to_owned));
    }
    files
}

/// Changes when anything in the bundle does.
fn version(bundle: &Bundle, texts: [&str; 3], manifest: &Manifest) -> Result<String> {
    let mut whole = Fingerprint::default();
    for text in texts {
        whole.add(text.as_bytes());
    }
    whole.add(manifest.first("").to_string().as_bytes());
    whole.add(manifest.all("", &[]).to_string().as_bytes());
    for file in fingerprint::files(&bundle.stage)? {
        if !is_hashed(&file) {
            whole.add(&fs::read(&file)?);
        }
    }
    whole.add(if bundle.kind == Kind::Quick {
        b"quick"
    } else {
        b""
    });
    Ok(whole.finish())
}

/// Whether a file's content is told by its name already.
fn is_hashed(file: &Path) -> bool {
    file.components()
        .any(|part| part.as_os_str() == super::ASSETS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_read_with_and_without_quotes() {
        let link = r#"<link rel="icon" href=/icon.svg>"#;
        assert_eq!(attribute(link, "rel"), Some("icon"));
        assert_eq!(attribute(link, "href"), Some("/icon.svg"));
        assert_eq!(attribute(link, "type"), None);
    }

    #[test]
    fn a_page_without_the_place_is_refused() {
        assert!(fill("<p></p>", "<q></q>", "x").is_err());
        assert_eq!(fill("a<q></q>b", "<q></q>", "x").unwrap(), "axb");
    }
}
