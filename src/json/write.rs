//! Writing JSON.

use std::fmt::{Display, Write as _};

use portal_api::decimal::EXACT;
use serde::{
    Serialize,
    ser::{self, Impossible, SerializeMap, SerializeSeq, SerializeStruct},
};

use super::Broken;

impl ser::Error for Broken {
    fn custom<T: Display>(_: T) -> Self {
        Self
    }
}

/// Writes at the end of a text.
pub(super) struct Writer<'a>(pub(super) &'a mut String);

impl<'a> Writer<'a> {
    fn string(&mut self, text: &str) {
        self.0.push('"');
        for sign in text.chars() {
            match sign {
                '"' => self.0.push_str("\\\""),
                '\\' => self.0.push_str("\\\\"),
                '\u{8}' => self.0.push_str("\\b"),
                '\u{c}' => self.0.push_str("\\f"),
                '\n' => self.0.push_str("\\n"),
                '\r' => self.0.push_str("\\r"),
                '\t' => self.0.push_str("\\t"),
                ..' ' => self.by_number(sign),
                sign => self.0.push(sign),
            }
        }
        self.0.push('"');
    }

    fn by_number(&mut self, sign: char) {
        self.0.push_str("\\u00");
        for digit in [u32::from(sign) / 16, u32::from(sign) % 16] {
            self.0.extend(char::from_digit(digit, 16));
        }
    }

    fn items(self, open: &str, close: &'static str) -> Items<'a> {
        self.0.push_str(open);
        Items {
            text: self.0,
            close,
            first: true,
        }
    }
}

/// Kinds of numbers.
macro_rules! numbers {
    ($($method:ident $kind:ty),*) => { $(
        fn $method(self, number: $kind) -> Result<(), Broken> {
            write!(self.0, "{number}").map_err(|_| Broken)
        }
    )* };
}

impl<'a> ser::Serializer for Writer<'a> {
    type Ok = ();
    type Error = Broken;
    type SerializeSeq = Items<'a>;
    type SerializeTuple = Impossible<(), Broken>;
    type SerializeTupleStruct = Impossible<(), Broken>;
    type SerializeTupleVariant = Impossible<(), Broken>;
    type SerializeMap = Items<'a>;
    type SerializeStruct = Items<'a>;
    type SerializeStructVariant = Impossible<(), Broken>;

    numbers!(serialize_i8 i8, serialize_i16 i16, serialize_i32 i32, serialize_i64 i64);
    numbers!(serialize_u8 u8, serialize_u16 u16, serialize_u32 u32, serialize_u64 u64);

    fn serialize_bool(self, is: bool) -> Result<(), Broken> {
        self.0.push_str(if is { "true" } else { "false" });
        Ok(())
    }

    fn serialize_f32(self, _: f32) -> Result<(), Broken> {
        Err(Broken)
    }

    fn serialize_f64(self, _: f64) -> Result<(), Broken> {
        Err(Broken)
    }

    fn serialize_char(self, _: char) -> Result<(), Broken> {
        Err(Broken)
    }

    fn serialize_bytes(self, _: &[u8]) -> Result<(), Broken> {
        Err(Broken)
    }

    fn serialize_str(mut self, text: &str) -> Result<(), Broken> {
        self.string(text);
        Ok(())
    }

    fn serialize_none(self) -> Result<(), Broken> {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Broken> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Broken> {
        self.0.push_str("null");
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Broken> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        word: &'static str,
    ) -> Result<(), Broken> {
        self.serialize_str(word)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), Broken> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<(), Broken> {
        Err(Broken)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Items<'a>, Broken> {
        Ok(self.items("[", "]"))
    }

    fn serialize_tuple(self, _: usize) -> Result<Self::SerializeTuple, Broken> {
        Err(Broken)
    }

    fn serialize_tuple_struct(
        self,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleStruct, Broken> {
        Err(Broken)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, Broken> {
        Err(Broken)
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Items<'a>, Broken> {
        Ok(self.items("{", "}"))
    }

    fn serialize_struct(self, name: &'static str, _: usize) -> Result<Items<'a>, Broken> {
        // A number that keeps every digit has no brackets around it.
        Ok(match name {
            EXACT => self.items("", ""),
            _ => self.items("{", "}"),
        })
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, Broken> {
        Err(Broken)
    }
}

/// What is between two brackets.
pub(super) struct Items<'a> {
    text: &'a mut String,
    close: &'static str,
    first: bool,
}

impl Items<'_> {
    fn next(&mut self) {
        if !self.first {
            self.text.push(',');
        }
        self.first = false;
    }

    fn add<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Broken> {
        self.next();
        value.serialize(Writer(self.text))
    }

    fn close(self) {
        self.text.push_str(self.close);
    }
}

impl SerializeSeq for Items<'_> {
    type Ok = ();
    type Error = Broken;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Broken> {
        self.add(value)
    }

    fn end(self) -> Result<(), Broken> {
        self.close();
        Ok(())
    }
}

impl SerializeMap for Items<'_> {
    type Ok = ();
    type Error = Broken;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Broken> {
        self.add(key)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Broken> {
        self.text.push(':');
        value.serialize(Writer(self.text))
    }

    fn end(self) -> Result<(), Broken> {
        self.close();
        Ok(())
    }
}

impl SerializeStruct for Items<'_> {
    type Ok = ();
    type Error = Broken;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), Broken> {
        if name == EXACT {
            let mut quoted = String::new();
            value.serialize(Writer(&mut quoted))?;
            self.text.push_str(quoted.trim_matches('"'));
            return Ok(());
        }
        self.next();
        Writer(self.text).string(name);
        self.text.push(':');
        value.serialize(Writer(self.text))
    }

    fn end(self) -> Result<(), Broken> {
        self.close();
        Ok(())
    }
}
