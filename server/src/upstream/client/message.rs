//! What a system says is wrong.

use serde::Deserialize;
use serde_json::Value;

/// The most characters of a system's message that are handed on.
const LONGEST_MESSAGE: usize = 300;

/// The first that exists of `error.message`, `message`, `detail` and `error`.
pub fn read(body: &[u8]) -> Option<String> {
    #[derive(Deserialize)]
    struct Said {
        error: Option<Value>,
        message: Option<Value>,
        detail: Option<Value>,
    }
    let said: Said = serde_json::from_slice(body).ok()?;
    let inner = said.error.as_ref().and_then(|error| error.get("message"));
    [
        inner,
        said.message.as_ref(),
        said.detail.as_ref(),
        said.error.as_ref(),
    ]
    .into_iter()
    .flatten()
    .find_map(Value::as_str)
    .map(|text| {
        let printable = text.chars().filter(|letter| !letter.is_control());
        printable.take(LONGEST_MESSAGE).collect()
    })
    .filter(|text: &String| !text.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_message_is_the_first_that_exists() {
        for (body, message) in [
            (
                r#"{"error":{"code":"x","message":"a"},"message":"b"}"#,
                Some("a"),
            ),
            (r#"{"error":"c","message":"b","detail":"d"}"#, Some("b")),
            (r#"{"error":"c","detail":"d"}"#, Some("d")),
            (r#"{"error":"c"}"#, Some("c")),
            (r#"{"error":{"code":"x"},"message":7}"#, None),
            (r#"{"message":" \n "}"#, None),
            ("<html>", None),
            ("[]", None),
        ] {
            assert_eq!(read(body.as_bytes()).as_deref(), message, "{body}");
        }
    }

    #[test]
    fn a_message_is_cut_and_cleaned() {
        let body = format!(r#"{{"message":"a\u001b[31m{}"}}"#, "b".repeat(500));
        let message = read(body.as_bytes()).unwrap();
        assert_eq!(message.chars().count(), LONGEST_MESSAGE);
        assert!(!message.contains('\u{1b}'));
    }
}
