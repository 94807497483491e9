//! Calls and answers as they travel: JSON arrays with a number in front.

use serde_json::{Value, json};

/// The most characters of a message's id.
const LONGEST_ID: usize = 36;

/// What came through the socket.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Frame {
    /// The other side wants something.
    Call {
        id: String,
        action: String,
        payload: Value,
    },
    /// The other side did what we wanted.
    Result { id: String, payload: Value },
    /// The other side could not do what we wanted.
    Error { id: String, code: String },
}

/// It is no frame; the id, if it is a call that can be answered.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct NotAFrame(pub Option<String>);

impl Frame {
    pub fn read(text: &str) -> Result<Self, NotAFrame> {
        let value: Value = serde_json::from_str(text).map_err(|_| NotAFrame(None))?;
        let Value::Array(mut parts) = value else {
            return Err(NotAFrame(None));
        };
        let mut take = |index: usize| parts.get_mut(index).map_or(Value::Null, Value::take);
        let kind = take(0).as_u64();
        let Value::String(id) = take(1) else {
            return Err(NotAFrame(None));
        };
        if id.is_empty() || id.chars().count() > LONGEST_ID {
            return Err(NotAFrame(None));
        }
        match (kind, take(2), take(3)) {
            (Some(2), Value::String(action), payload @ Value::Object(_)) => Ok(Self::Call {
                id,
                action,
                payload,
            }),
            (Some(3), payload @ Value::Object(_), _) => Ok(Self::Result { id, payload }),
            (Some(4), Value::String(code), _) => Ok(Self::Error { id, code }),
            (Some(2), ..) => Err(NotAFrame(Some(id))),
            _ => Err(NotAFrame(None)),
        }
    }
}

pub(super) fn call(id: &str, action: &str, payload: &Value) -> String {
    json!([2, id, action, payload]).to_string()
}

pub(super) fn result(id: &str, payload: &Value) -> String {
    json!([3, id, payload]).to_string()
}

pub(super) fn error(id: &str, code: &str) -> String {
    json!([4, id, code, "", {}]).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_told_apart() {
        let payload = json!({});
        assert_eq!(
            Frame::read(&call("7", "Heartbeat", &payload)),
            Ok(Frame::Call {
                id: "7".into(),
                action: "Heartbeat".into(),
                payload: payload.clone()
            })
        );
        assert_eq!(
            Frame::read(&result("7", &payload)),
            Ok(Frame::Result {
                id: "7".into(),
                payload
            })
        );
        assert_eq!(
            Frame::read(&error("7", "NotSupported")),
            Ok(Frame::Error {
                id: "7".into(),
                code: "NotSupported".into()
            })
        );
    }

    #[test]
    fn what_is_no_frame_is_refused_and_answered_where_it_can_be() {
        let long = format!("[2,\"{}\",\"Heartbeat\",{{}}]", "x".repeat(37));
        for (text, id) in [
            ("", None),
            ("{}", None),
            ("[]", None),
            ("[2]", None),
            ("[2,7,\"Heartbeat\",{}]", None),
            ("[5,\"7\",{}]", None),
            ("[3,\"7\",7]", None),
            (&long, None),
            ("[2,\"7\",\"Heartbeat\",[]]", Some("7".to_owned())),
            ("[2,\"7\"]", Some("7".to_owned())),
        ] {
            assert_eq!(Frame::read(text), Err(NotAFrame(id)), "{text}");
        }
    }
}
