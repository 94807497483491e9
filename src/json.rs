//! JSON, read and written with little code: what travels to the phone counts.
//!
//! The types say what they are (`serde`); a general reader would bring code for
//! every way in which a value could be told, and sentences for each mistake,
//! once for each type. Here an answer can be read or it can't.

mod read;
mod write;

use std::fmt;

use serde::{Serialize, de::DeserializeOwned};

/// It is not what it should be.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Broken;

impl fmt::Display for Broken {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("no such JSON")
    }
}

impl std::error::Error for Broken {}

/// Reads a value.
pub fn read<T: DeserializeOwned>(text: &str) -> Result<T, Broken> {
    let mut reader = read::Reader::new(text);
    let value = T::deserialize(&mut reader)?;
    reader.end()?;
    Ok(value)
}

/// Writes a value.
pub fn write(value: &(impl Serialize + ?Sized)) -> Result<String, Broken> {
    let mut text = String::new();
    value.serialize(write::Writer(&mut text))?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeMap, fmt::Debug};

    use portal_api::decimal::Decimal;
    use serde::Deserialize;

    use super::*;

    #[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
    #[serde(rename_all = "snake_case")]
    enum Kind {
        HalfFull,
        #[serde(other)]
        Unknown,
    }

    #[derive(Debug, Default, Deserialize, PartialEq, Serialize)]
    struct Whole {
        text: String,
        signed: i64,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        small: Option<u16>,
        kind: Option<Kind>,
        rows: Vec<Option<bool>>,
        names: BTreeMap<String, String>,
        exact: Option<Decimal>,
        inner: Option<Box<Whole>>,
    }

    fn whole() -> Whole {
        Whole {
            text: "a \"b\" \\ \u{8}\u{c}\n\r\t\u{1} ü 🚗 \u{2028}/".into(),
            signed: -12,
            small: Some(7),
            kind: Some(Kind::HalfFull),
            rows: vec![Some(true), None, Some(false)],
            names: [("ключ \"".to_owned(), String::new())].into(),
            exact: Some(Decimal::new(9720, 2)),
            inner: Some(Box::default()),
        }
    }

    fn same<T: DeserializeOwned + PartialEq + Debug>(text: &str) {
        let (ours, theirs) = (read::<T>(text).ok(), serde_json::from_str::<T>(text).ok());
        assert_eq!(ours, theirs, "{text}");
    }

    #[test]
    fn what_was_written_is_read_again_here_and_elsewhere() {
        let text = write(&whole()).unwrap();
        assert_eq!(read::<Whole>(&text).unwrap(), whole());
        assert_eq!(serde_json::from_str::<Whole>(&text).unwrap(), whole());
        let theirs = serde_json::to_string_pretty(&whole()).unwrap();
        assert_eq!(read::<Whole>(&theirs).unwrap(), whole());
        assert_eq!(text, serde_json::to_string(&whole()).unwrap());
    }

    #[test]
    fn unknown_words_and_fields_are_passed_over() {
        let text = r#" {"text":"","signed":0,"kind":"new","rows":[],"names":{},
            "more":[{"a":"]}\\\""},-1.5e3,null,true,[[]]],"exact":"3.50"} "#;
        let read: Whole = read(text).unwrap();
        assert_eq!(read.kind, Some(Kind::Unknown));
        assert_eq!(read.exact, Some(Decimal::new(350, 2)));
        same::<Whole>(text);
    }

    #[test]
    fn escapes_are_read() {
        same::<String>(r#""\u00fc\ud83d\ude97\/\b\f\n\r\t\"\\""#);
        for broken in [r#""\ud83d""#, r#""\ude97\ud83d""#, r#""\x""#, r#""\u12g4""#] {
            assert_eq!(read::<String>(broken), Err(Broken), "{broken}");
        }
    }

    #[test]
    fn every_cut_and_every_wrong_sign_is_noticed_and_none_ends_the_app() {
        let text = write(&whole()).unwrap();
        for (end, _) in text.char_indices() {
            assert_eq!(read::<Whole>(&text[..end]), Err(Broken));
        }
        for (at, sign) in text.char_indices() {
            for other in ["", "\"", "{", "]", ",", ":", "0", "e", " ", "\\"] {
                let after = at + sign.len_utf8();
                same::<Whole>(&[&text[..at], other, &text[after..]].concat());
            }
        }
    }

    #[test]
    fn numbers_are_as_large_as_their_type() {
        for text in [
            "0",
            "255",
            "256",
            "-1",
            "01",
            "1.0",
            "1e1",
            "",
            "+1",
            "18446744073709551616",
        ] {
            same::<u8>(text);
            same::<u64>(text);
            same::<i64>(text);
        }
        assert!(read::<u32>(&"[".repeat(1_000_000)).is_err());
        assert!(read::<Whole>(&format!("{{\"x\":{}", "[".repeat(1_000_000))).is_err());
    }
}
