//! Reading JSON.

use std::{borrow::Cow, fmt::Display};

use portal_api::decimal::EXACT;
use serde::de::{
    self, DeserializeSeed, EnumAccess, IntoDeserializer, MapAccess, SeqAccess, Unexpected,
    VariantAccess, Visitor,
};

use super::Broken;

impl de::Error for Broken {
    fn custom<T: Display>(_: T) -> Self {
        Self
    }

    fn invalid_type(_: Unexpected<'_>, _: &dyn de::Expected) -> Self {
        Self
    }

    fn invalid_value(_: Unexpected<'_>, _: &dyn de::Expected) -> Self {
        Self
    }

    fn unknown_variant(_: &str, _: &'static [&'static str]) -> Self {
        Self
    }

    fn unknown_field(_: &str, _: &'static [&'static str]) -> Self {
        Self
    }

    fn missing_field(_: &'static str) -> Self {
        Self
    }

    fn duplicate_field(_: &'static str) -> Self {
        Self
    }
}

/// A text and how far it was read.
pub(super) struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// Nothing but blanks may follow.
    pub(super) fn end(&mut self) -> Result<(), Broken> {
        match self.peek() {
            None => Ok(()),
            Some(_) => Err(Broken),
        }
    }

    fn here(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// The next sign that is no blank.
    fn peek(&mut self) -> Option<u8> {
        while matches!(self.here(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
        self.here()
    }

    /// Passes a sign, if it is the next one.
    fn passes(&mut self, sign: u8) -> bool {
        let is_next = self.peek() == Some(sign);
        self.at += usize::from(is_next);
        is_next
    }

    fn pass(&mut self, sign: u8) -> Result<(), Broken> {
        self.passes(sign).then_some(()).ok_or(Broken)
    }

    fn passes_word(&mut self, word: &str) -> bool {
        self.peek();
        let is_next = self.rest().is_some_and(|rest| rest.starts_with(word));
        if is_next {
            self.at += word.len();
        }
        is_next
    }

    fn rest(&self) -> Option<&'a str> {
        self.text.get(self.at..)
    }

    /// What lies between a place and here.
    fn since(&self, start: usize) -> Result<&'a str, Broken> {
        self.text.get(start..self.at).ok_or(Broken)
    }

    fn string(&mut self) -> Result<Cow<'a, str>, Broken> {
        self.pass(b'"')?;
        let mut whole = Cow::Borrowed("");
        loop {
            let start = self.at;
            while !matches!(self.here(), None | Some(b'"' | b'\\' | 0..=31)) {
                self.at += 1;
            }
            let plain = self.since(start)?;
            if whole.is_empty() {
                whole = Cow::Borrowed(plain);
            } else {
                whole.to_mut().push_str(plain);
            }
            let sign = self.here();
            self.at += 1;
            match sign {
                Some(b'"') => return Ok(whole),
                Some(b'\\') => whole.to_mut().push(self.escaped()?),
                _ => return Err(Broken),
            }
        }
    }

    fn escaped(&mut self) -> Result<char, Broken> {
        let sign = self.here().ok_or(Broken)?;
        self.at += 1;
        Ok(match sign {
            b'"' | b'\\' | b'/' => char::from(sign),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => return self.by_number(),
            _ => return Err(Broken),
        })
    }

    /// A sign by its number, or by the two halves of it.
    fn by_number(&mut self) -> Result<char, Broken> {
        let first = self.four()?;
        if !(0xd800..0xdc00).contains(&first) {
            return char::from_u32(first).ok_or(Broken);
        }
        if !self.rest().is_some_and(|rest| rest.starts_with("\\u")) {
            return Err(Broken);
        }
        self.at += 2;
        let second = self.four()?;
        if !(0xdc00..0xe000).contains(&second) {
            return Err(Broken);
        }
        let number = 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
        char::from_u32(number).ok_or(Broken)
    }

    fn four(&mut self) -> Result<u32, Broken> {
        let mut number = 0;
        for _ in 0..4 {
            let digit = self.here().and_then(|sign| char::from(sign).to_digit(16));
            number = number * 16 + digit.ok_or(Broken)?;
            self.at += 1;
        }
        Ok(number)
    }

    fn digits(&mut self) -> Result<(), Broken> {
        let start = self.at;
        while matches!(self.here(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        if self.at == start {
            Err(Broken)
        } else {
            Ok(())
        }
    }

    fn number(&mut self) -> Result<&'a str, Broken> {
        self.peek();
        let start = self.at;
        if self.here() == Some(b'-') {
            self.at += 1;
        }
        if self.here() == Some(b'0') {
            self.at += 1;
        } else {
            self.digits()?;
        }
        if self.here() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.here(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.here(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits()?;
        }
        self.since(start)
    }

    /// Passes a whole value, whatever it is, and says what it was. It counts the
    /// brackets itself: a tower of them is as deep as its sender wants.
    fn skip(&mut self) -> Result<&'a str, Broken> {
        self.peek();
        let start = self.at;
        let mut open = Vec::new();
        loop {
            match self.peek() {
                Some(b'{') => {
                    self.at += 1;
                    if !self.passes(b'}') {
                        open.push(b'}');
                        self.name()?;
                        continue;
                    }
                }
                Some(b'[') => {
                    self.at += 1;
                    if !self.passes(b']') {
                        open.push(b']');
                        continue;
                    }
                }
                Some(b'"') => drop(self.string()?),
                Some(b'-' | b'0'..=b'9') => drop(self.number()?),
                _ => {
                    let word = ["null", "true", "false"];
                    if !word.into_iter().any(|word| self.passes_word(word)) {
                        return Err(Broken);
                    }
                }
            }
            while let Some(end) = open.last().copied() {
                if self.passes(b',') {
                    if end == b'}' {
                        self.name()?;
                    }
                    break;
                }
                self.pass(end)?;
                open.pop();
            }
            if open.is_empty() {
                return self.since(start);
            }
        }
    }

    /// Passes a name and the colon after it.
    fn name(&mut self) -> Result<Cow<'a, str>, Broken> {
        let name = self.string()?;
        self.pass(b':')?;
        Ok(name)
    }

    fn signed(&mut self) -> Result<i64, Broken> {
        self.number()?.parse().map_err(|_| Broken)
    }

    fn unsigned(&mut self) -> Result<u64, Broken> {
        self.number()?.parse().map_err(|_| Broken)
    }
}

/// Kinds of numbers that are read as one.
macro_rules! numbers {
    ($($method:ident)* => $read:ident, $visit:ident) => { $(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Broken> {
            visitor.$visit(self.$read()?)
        }
    )* };
}

/// Kinds that no type of the portal is.
macro_rules! nothing {
    ($($method:ident)*) => { $(
        fn $method<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Broken> {
            Err(Broken)
        }
    )* };
}

impl<'de> de::Deserializer<'de> for &mut Reader<'de> {
    type Error = Broken;

    numbers!(deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 => signed, visit_i64);
    numbers!(deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 => unsigned, visit_u64);
    nothing!(deserialize_any deserialize_f32 deserialize_f64 deserialize_char deserialize_bytes
        deserialize_byte_buf deserialize_unit);

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Broken> {
        let is_true = self.passes_word("true");
        if !is_true && !self.passes_word("false") {
            return Err(Broken);
        }
        visitor.visit_bool(is_true)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Broken> {
        visitor.visit_str(&self.string()?)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Broken> {
        self.deserialize_str(visitor)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Broken> {
        self.deserialize_str(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Broken> {
        if self.passes_word("null") {
            visitor.visit_none()
        } else {
            visitor.visit_some(self)
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Broken> {
        if name == EXACT {
            visitor.visit_map(Exact(Some(self.skip()?)))
        } else {
            visitor.visit_newtype_struct(self)
        }
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: V,
    ) -> Result<V::Value, Broken> {
        Err(Broken)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Broken> {
        self.pass(b'[')?;
        let mut items = Items::of(self, b']');
        let value = visitor.visit_seq(&mut items)?;
        items.end()?;
        Ok(value)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, _: V) -> Result<V::Value, Broken> {
        Err(Broken)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        _: V,
    ) -> Result<V::Value, Broken> {
        Err(Broken)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Broken> {
        self.pass(b'{')?;
        let mut items = Items::of(self, b'}');
        let value = visitor.visit_map(&mut items)?;
        items.end()?;
        Ok(value)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Broken> {
        self.deserialize_map(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Broken> {
        visitor.visit_enum(Word(&self.string()?))
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Broken> {
        self.skip()?;
        visitor.visit_unit()
    }
}

/// What is between two brackets.
struct Items<'r, 'a> {
    reader: &'r mut Reader<'a>,
    close: u8,
    first: bool,
}

impl<'r, 'a> Items<'r, 'a> {
    fn of(reader: &'r mut Reader<'a>, close: u8) -> Self {
        Self {
            reader,
            close,
            first: true,
        }
    }

    /// Goes to the next item, if there is one.
    fn next(&mut self) -> Result<bool, Broken> {
        if self.reader.peek() == Some(self.close) {
            return Ok(false);
        }
        if !self.first {
            self.reader.pass(b',')?;
        }
        self.first = false;
        Ok(true)
    }

    fn end(self) -> Result<(), Broken> {
        self.reader.pass(self.close)
    }
}

impl<'de> SeqAccess<'de> for &mut Items<'_, 'de> {
    type Error = Broken;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Broken> {
        if !self.next()? {
            return Ok(None);
        }
        seed.deserialize(&mut *self.reader).map(Some)
    }
}

impl<'de> MapAccess<'de> for &mut Items<'_, 'de> {
    type Error = Broken;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Broken> {
        if !self.next()? {
            return Ok(None);
        }
        seed.deserialize(&mut *self.reader).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Broken> {
        self.reader.pass(b':')?;
        seed.deserialize(&mut *self.reader)
    }
}

/// A number with every digit, as `serde_json` hands it over.
struct Exact<'a>(Option<&'a str>);

impl<'de> MapAccess<'de> for Exact<'de> {
    type Error = Broken;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Broken> {
        match self.0 {
            Some(_) => seed.deserialize(EXACT.into_deserializer()).map(Some),
            None => Ok(None),
        }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Broken> {
        let text = self.0.take().ok_or(Broken)?;
        seed.deserialize(text.into_deserializer())
    }
}

/// A kind, by its word.
struct Word<'a>(&'a str);

impl<'de> EnumAccess<'de> for Word<'_> {
    type Error = Broken;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), Broken> {
        let kind = seed.deserialize(self.0.into_deserializer())?;
        Ok((kind, self))
    }
}

impl<'de> VariantAccess<'de> for Word<'_> {
    type Error = Broken;

    fn unit_variant(self) -> Result<(), Broken> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, _: T) -> Result<T::Value, Broken> {
        Err(Broken)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, _: V) -> Result<V::Value, Broken> {
        Err(Broken)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Broken> {
        Err(Broken)
    }
}
