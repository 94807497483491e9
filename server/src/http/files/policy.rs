//! What a page may load and run: our own files, and of what stands in the
//! page itself exactly what was built into it.

use axum::http::HeaderValue;
use base64::{Engine, engine::general_purpose::STANDARD};
use sha2::{Digest, Sha256};

/// The policy for a page, with the hashes of its own scripts and styles.
/// `'wasm-unsafe-eval'` allows WebAssembly, not `eval`.
pub(super) fn of_page(page: &str) -> HeaderValue {
    let policy = format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'{}; style-src 'self'{}; \
         img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; \
         worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; \
         require-trusted-types-for 'script'; trusted-types default",
        hashes(page, "script"),
        hashes(page, "style"),
    );
    // Hashes are ASCII; should it ever fail, nothing at all is allowed.
    HeaderValue::from_str(&policy).unwrap_or(HeaderValue::from_static(
        "default-src 'none'; frame-ancestors 'none'",
    ))
}

/// ` 'sha256-…'` for the content of each such element that has any.
fn hashes(page: &str, element: &str) -> String {
    contents(page, element)
        .into_iter()
        .map(|content| {
            let hash = STANDARD.encode(Sha256::digest(content.as_bytes()));
            format!(" 'sha256-{hash}'")
        })
        .collect()
}

/// What stands between `<element …>` and `</element>`, as a browser reads it:
/// these elements have no others inside, and comments hide nothing in them.
fn contents<'a>(page: &'a str, element: &str) -> Vec<&'a str> {
    let (open, close) = (format!("<{element}"), format!("</{element}"));
    let mut found = Vec::new();
    let mut rest = without_comment(page);
    while let Some(at) = rest.find(&open) {
        let after = &rest[at + open.len()..];
        let Some((attributes, inside)) = after.split_once('>') else {
            break;
        };
        let is_name = attributes.is_empty() || attributes.starts_with(char::is_whitespace);
        let end = inside.find(&close).unwrap_or(inside.len());
        if is_name && !inside[..end].is_empty() && !attributes.contains(" src=") {
            found.push(&inside[..end]);
        }
        rest = &inside[end..];
    }
    found
}

/// The doctype may be preceded by a comment that talks about scripts.
fn without_comment(page: &str) -> &str {
    match page.trim_start().strip_prefix("<!--") {
        Some(rest) => rest.split_once("-->").map_or("", |(_, rest)| rest),
        None => page,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_the_page_is_named_by_its_hash() {
        let page = "<!-- <script>no</script> --><html><style>a{}</style>\
            <script type=\"module\">abc</script><script src=\"/x.js\"></script>\
            <scripture>no</scripture></html>";
        let policy = of_page(page);
        let policy = policy.to_str().unwrap();
        assert!(
            policy.contains(
                "script-src 'self' 'wasm-unsafe-eval' \
                 'sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=';"
            ),
            "{policy}"
        );
        assert_eq!(policy.matches("'sha256-").count(), 2, "{policy}");
    }

    #[test]
    fn nothing_unsafe_is_ever_allowed() {
        let policy = of_page("<script>a</script>");
        let policy = policy.to_str().unwrap();
        assert!(policy.starts_with("default-src 'none';"));
        assert!(!policy.contains("'unsafe-inline'") && !policy.contains("'unsafe-eval'"));
    }
}
