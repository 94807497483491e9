//! Reading JSON: the text, sign by sign.

mod values;

use std::borrow::Cow;

use super::Broken;

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
