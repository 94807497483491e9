//! Which compression a client takes.

use axum::http::{HeaderMap, header};

/// How a file is sent.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Encoding {
    None,
    Gzip,
    Brotli,
}

impl Encoding {
    /// Its word in headers.
    pub(super) fn word(self) -> Option<&'static str> {
        match self {
            Self::None => None,
            Self::Gzip => Some("gzip"),
            Self::Brotli => Some("br"),
        }
    }

    /// What makes its tag different: the bytes are others.
    pub(super) fn suffix(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Gzip => "-gz",
            Self::Brotli => "-br",
        }
    }
}

/// Whether the client lists the encoding, and not with a weight of nothing.
pub(super) fn takes(headers: &HeaderMap, encoding: Encoding) -> bool {
    let Some(word) = encoding.word() else {
        return true;
    };
    headers
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|item| is_wanted(item, word))
}

fn is_wanted(item: &str, word: &str) -> bool {
    let mut parts = item.split(';').map(str::trim);
    let named = parts
        .next()
        .is_some_and(|name| name.eq_ignore_ascii_case(word));
    let refused = parts
        .filter_map(|part| part.strip_prefix("q="))
        .any(|weight| weight.parse().is_ok_and(|weight: f32| weight == 0.0));
    named && !refused
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn a_weight_of_nothing_is_a_no() {
        let takes = |accepted: &'static str, encoding| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(accepted));
            takes(&headers, encoding)
        };
        assert!(takes("gzip, deflate, br, zstd", Encoding::Brotli));
        assert!(takes("gzip;q=0.5, BR ; q=1", Encoding::Brotli));
        assert!(!takes("gzip, br;q=0", Encoding::Brotli));
        assert!(!takes("gzip, br;q=0.000", Encoding::Brotli));
        assert!(!takes("deflate", Encoding::Gzip));
        assert!(takes("", Encoding::None));
    }
}
