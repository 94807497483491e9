//! OCPP's frames, and which protocol puts what into them.

mod v16;
mod v201;

use portal_api::time::Instant;
use serde_json::{Value, json};

use crate::message::{Command, Condition, Message, Which};

/// A frame of OCPP-J.
#[derive(Clone, Debug, PartialEq)]
pub enum Frame {
    /// Somebody asks.
    Call {
        /// By this the answer is known.
        id: String,
        /// For what.
        action: String,
        /// With which details.
        payload: Value,
    },
    /// The answer.
    Answer {
        /// Of the call.
        id: String,
        /// What it says.
        payload: Value,
    },
    /// The call was not understood.
    Error {
        /// Of the call.
        id: String,
        /// In OCPP's words.
        code: String,
    },
}

impl Frame {
    /// Reads a frame; `None` if it is none.
    pub fn read(text: &str) -> Option<Self> {
        let parts: Vec<Value> = serde_json::from_str(text).ok()?;
        let text = |at: usize| Some(parts.get(at)?.as_str()?.to_owned());
        let id = text(1)?;
        match parts.first()?.as_u64()? {
            2 => Some(Self::Call {
                id,
                action: text(2)?,
                payload: parts.get(3)?.clone(),
            }),
            3 => Some(Self::Answer {
                id,
                payload: parts.get(2)?.clone(),
            }),
            4 => Some(Self::Error { id, code: text(2)? }),
            _ => None,
        }
    }

    /// The frame as it travels.
    pub fn text(&self) -> String {
        match self {
            Self::Call {
                id,
                action,
                payload,
            } => json!([2, id, action, payload]),
            Self::Answer { id, payload } => json!([3, id, payload]),
            Self::Error { id, code } => json!([4, id, code, "", {}]),
        }
        .to_string()
    }
}

/// What a charge point speaks.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Protocol {
    /// OCPP 1.6J.
    V16,
    /// OCPP 2.0.1.
    V201,
}

impl Protocol {
    /// Its name for WebSockets.
    pub fn name(self) -> &'static str {
        match self {
            Self::V16 => "ocpp1.6",
            Self::V201 => "ocpp2.0.1",
        }
    }

    /// What a message is called and what it says; `None` if it cannot be said.
    /// `number` is what the server calls the charge that it is about.
    pub fn say(
        self,
        message: &Message,
        who: &str,
        number: Option<i64>,
    ) -> Option<(&'static str, Value)> {
        match self {
            Self::V16 => v16::say(message, who, number),
            Self::V201 => v201::say(message, who),
        }
    }

    /// Its word for what a connector is doing.
    pub fn status(self, condition: Condition) -> &'static str {
        match self {
            Self::V16 => v16::status(condition),
            Self::V201 => v201::status(condition),
        }
    }

    /// What the server asks for, or the word for what is wrong with it.
    pub fn command(self, action: &str, payload: &Value) -> Result<Command, &'static str> {
        let (reserve, wrong) = match self {
            Self::V16 => (v16::reserve(payload), "FormationViolation"),
            Self::V201 => (v201::reserve(payload), "FormatViolation"),
        };
        let command = match action {
            "ReserveNow" => reserve.map(Command::Reserve),
            "CancelReservation" => payload["reservationId"]
                .as_i64()
                .map(|number| Command::Cancel { number }),
            _ if action == self.stops() => self.which(payload).map(Command::Stop),
            _ => return Err("NotImplemented"),
        };
        command.ok_or(wrong)
    }

    /// What the command is called that ends a charge.
    fn stops(self) -> &'static str {
        match self {
            Self::V16 => "RemoteStopTransaction",
            Self::V201 => "RequestStopTransaction",
        }
    }

    fn which(self, payload: &Value) -> Option<Which> {
        let charge = &payload["transactionId"];
        match self {
            Self::V16 => charge.as_i64().map(Which::Number),
            Self::V201 => charge.as_str().map(|name| Which::Name(name.to_owned())),
        }
    }
}

/// Whether an answer lets the tag that was asked about charge; `None` if it says
/// nothing about a tag.
pub fn admits(answer: &Value) -> Option<bool> {
    let info = answer.get("idTagInfo").or(answer.get("idTokenInfo"))?;
    Some(info["status"] == "Accepted")
}

fn instant(value: &Value) -> Option<Instant> {
    value.as_str()?.parse().ok()
}

fn number(value: &Value) -> Option<u32> {
    value.as_u64()?.try_into().ok()
}

#[cfg(test)]
mod tests;
