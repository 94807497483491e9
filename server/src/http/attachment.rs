//! Files, to be kept or to be looked at.

use axum::{
    body::Body,
    http::{HeaderValue, header},
    response::Response,
};

/// The most characters of a file's name.
pub const NAME_LONGEST: usize = 120;

/// A file that browsers keep under this name and never open as a page.
pub fn attachment(kind: &str, name: &str, content: impl Into<Body>) -> Response {
    file("attachment", kind, name, content.into())
}

/// A file that browsers open, and keep under this name if they are told to.
pub fn shown(kind: &str, name: &str, content: impl Into<Body>) -> Response {
    file("inline", kind, name, content.into())
}

fn file(way: &str, kind: &str, name: &str, content: Body) -> Response {
    let mut response = Response::new(content);
    let headers = response.headers_mut();
    let header = |text: &str| HeaderValue::from_str(text);
    if let (Ok(kind), Ok(disposition)) = (header(kind), header(&disposition(way, name))) {
        headers.insert(header::CONTENT_TYPE, kind);
        headers.insert(header::CONTENT_DISPOSITION, disposition);
    }
    response
}

/// The name twice: for old programs without what they can't read, for others
/// exactly.
fn disposition(way: &str, name: &str) -> String {
    let plain = |sign: char| {
        let fits = sign.is_ascii_alphanumeric() || "-_. ()".contains(sign);
        if fits { sign } else { '_' }
    };
    let old: String = name.chars().map(plain).collect();
    let mut exact = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.".contains(&byte) {
            exact.push(char::from(byte));
        } else {
            exact.push_str(&format!("%{byte:02X}"));
        }
    }
    format!("{way}; filename=\"{old}\"; filename*=UTF-8''{exact}")
}

/// A name that means nothing to a file system and shows what it is: the last
/// part of a path, without signs that can't be seen or turn text around, with
/// one of `endings`, the first of them unless it has one already.
pub fn safe_name(name: &str, endings: &[&str]) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let visible = |sign: &char| {
        !sign.is_control()
            && !matches!(sign, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
    };
    let clean: String = last.chars().filter(visible).collect();
    let clean = clean.trim_matches(['.', ' ']);
    let (stem, ending) = match clean.rsplit_once('.') {
        Some((stem, ending))
            if endings
                .iter()
                .any(|known| ending.eq_ignore_ascii_case(known)) =>
        {
            (stem, ending)
        }
        _ => (clean, endings.first().copied().unwrap_or("bin")),
    };
    let room = NAME_LONGEST - 1 - ending.len();
    let stem: String = stem.chars().take(room).collect();
    let stem = if stem.is_empty() { "file" } else { &stem };
    format!("{stem}.{ending}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_safe_and_shows_what_it_is() {
        for (name, safe) in [
            ("Säule 3.JPG", "Säule 3.JPG"),
            ("photo.jpeg", "photo.jpeg"),
            ("../../etc/passwd", "passwd.jpg"),
            ("C:\\Photos\\a.jpg", "a.jpg"),
            ("page.html", "page.html.jpg"),
            ("a\r\nSet-Cookie: b.jpg", "aSet-Cookie: b.jpg"),
            ("a\u{202e}gpj.exe", "agpj.exe.jpg"),
            ("", "file.jpg"),
            ("..", "file.jpg"),
            (".jpg", "jpg.jpg"),
        ] {
            assert_eq!(safe_name(name, &["jpg", "jpeg"]), safe);
        }
        let long = safe_name(&"ä".repeat(500), &["jpg"]);
        assert_eq!(long.chars().count(), NAME_LONGEST);
    }

    #[test]
    fn a_name_stays_within_its_header() {
        let told = disposition("attachment", "a\"; b=\u{e4}%.jpg");
        let expected = "attachment; filename=\"a__ b___.jpg\"; \
                        filename*=UTF-8''a%22%3B%20b%3D%C3%A4%25.jpg";
        assert_eq!(told, expected);
    }
}
