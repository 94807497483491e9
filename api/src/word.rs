//! Kinds that are told by a word: a known one, or one that nobody documented and
//! that is kept as it came.

/// Makes an enum of its variants' words: `as_str` and `of_word` (in any case),
/// `KNOWN`, and how it is written and read.
macro_rules! open_words {
    ($(#[$about:meta])* pub enum $name:ident {
        $($(#[$meaning:meta])* $variant:ident = $word:literal,)+
    }) => {
        $(#[$about])*
        #[derive(Clone, Debug, Eq, Hash, PartialEq)]
        pub enum $name {
            $($(#[$meaning])* $variant,)+
            /// A word nobody documented, kept as it came.
            Other(String),
        }

        impl $name {
            /// All that have a name here.
            pub const KNOWN: [Self; [$($word),+].len()] = [$(Self::$variant),+];

            /// Its word on the wire.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $word,)+
                    Self::Other(word) => word,
                }
            }

            /// The one of a word on the wire, in any case.
            pub fn of_word(word: &str) -> Self {
                $(if word.eq_ignore_ascii_case($word) {
                    return Self::$variant;
                })+
                Self::Other(word.to_owned())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                String::deserialize(from).map(|word| Self::of_word(&word))
            }
        }
    };
}

pub(crate) use open_words;

#[cfg(test)]
mod tests {
    use crate::dynamo::{
        SessionStatus,
        cost::{AdjustmentKind, ComponentKind},
        dispute::DisputeStatus,
        reservation::{Blocked, ReservationStatus},
    };
    use crate::portal::{
        bookings::{BookingTrouble, TokenKind},
        charge_points::{ConnectorState, Plug},
        groups::BlockedFor,
        holds::{HoldEnd, HoldStage},
    };

    #[test]
    fn every_known_word_is_read_in_any_case_and_written_as_documented() {
        macro_rules! check {
            ($($name:ident: $words:expr;)+) => {$(
                let known = $name::KNOWN.iter().map($name::as_str);
                assert_eq!(known.collect::<Vec<_>>(), $words);
                for known in $name::KNOWN {
                    let json = serde_json::to_string(&known).unwrap();
                    assert_eq!(json, format!("\"{}\"", known.as_str()));
                    let read = serde_json::from_str::<$name>(&json.to_uppercase()).unwrap();
                    assert_eq!(read, known);
                }
                let other: $name = serde_json::from_str("\"Else\"").unwrap();
                assert_eq!(other, $name::Other("Else".into()));
                assert_eq!(serde_json::to_string(&other).unwrap(), "\"Else\"");
            )+};
        }
        check! {
            SessionStatus: ["active", "completed", "stopped"];
            ComponentKind: ["energy", "time", "flat", "parking"];
            AdjustmentKind: ["promotional_code", "discount", "credit"];
            DisputeStatus: ["open", "under_review", "resolved", "rejected", "unconfirmed"];
            ReservationStatus: ["active", "used", "expired", "cancelled"];
            Blocked: ["taken", "occupied", "faulted", "unavailable", "offline", "rejected",
                "no_answer", "unsupported", "most_holds", "over"];
            Plug: ["type2", "ccs", "chademo"];
            ConnectorState: ["available", "occupied", "reserved", "faulted", "unavailable",
                "offline"];
            TokenKind: ["card", "virtual", "portal", "guest"];
            BookingTrouble: ["unsupported", "faulted", "unavailable", "closed", "no_tariff",
                "too_late", "left_group", "group_limit"];
            HoldStage: ["asking", "held", "ending", "over"];
            BlockedFor: ["lost", "replaced"];
            HoldEnd: ["used", "expired", "cancelled", "by_operator", "out_of_order", "refused",
                "no_answer"];
        }
    }
}
