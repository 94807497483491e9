//! What was typed behind the command's name.

use std::str::FromStr;

use crate::failure::{Failure, Result};

/// The words that nobody has asked for yet.
#[derive(Debug)]
pub struct Args(Vec<String>);

impl Args {
    /// The words of a command line, without the program's name.
    pub fn new(words: impl IntoIterator<Item = String>) -> Self {
        Self(words.into_iter().collect())
    }

    /// The command: the first word, if it isn't an option.
    pub fn command(&mut self) -> Option<String> {
        let first = self.0.first()?;
        (!first.starts_with('-')).then(|| self.0.remove(0))
    }

    /// Whether `name` was given.
    pub fn flag(&mut self, name: &str) -> bool {
        let before = self.0.len();
        self.0.retain(|word| word != name);
        self.0.len() != before
    }

    /// What stands behind `name`, as `--port 80` or `--port=80`.
    pub fn value<T: FromStr>(&mut self, name: &str) -> Result<Option<T>> {
        let Some(place) = self.0.iter().position(|word| names(word, name)) else {
            return Ok(None);
        };
        let word = self.0.remove(place);
        let text = match word.split_once('=') {
            Some((_, text)) => text.to_owned(),
            None if place < self.0.len() => self.0.remove(place),
            None => return Err(Failure::new(format!("{name} needs a value"))),
        };
        match text.parse() {
            Ok(value) => Ok(Some(value)),
            Err(_) => Err(Failure::new(format!("{name} can't be \"{text}\""))),
        }
    }

    /// The words that nobody asked for, which another program may understand.
    pub fn rest(self) -> Vec<String> {
        self.0
    }

    /// Refuses words that nobody asked for.
    pub fn finish(self) -> Result<()> {
        match self.0.first() {
            None => Ok(()),
            Some(word) => Err(Failure::new(format!(
                "\"{word}\" is not understood here; `cargo xtask` lists what is"
            ))),
        }
    }
}

/// Whether a word is the option `name`, alone or with its value.
fn names(word: &str, name: &str) -> bool {
    word.strip_prefix(name)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('='))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(line: &str) -> Args {
        Args::new(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn a_value_may_stand_behind_a_space_or_an_equals_sign() {
        let mut args = typed("serve --port 80 --host=::1 --dev");
        assert_eq!(args.command().as_deref(), Some("serve"));
        assert_eq!(args.value::<u16>("--port").unwrap(), Some(80));
        assert_eq!(
            args.value::<String>("--host").unwrap().as_deref(),
            Some("::1")
        );
        assert!(args.flag("--dev"));
        assert!(args.finish().is_ok());
    }

    #[test]
    fn what_nobody_asked_for_is_refused_by_name() {
        let refusal = typed("--prot 80").finish().unwrap_err().to_string();
        assert!(refusal.contains("--prot"), "{refusal}");
    }

    #[test]
    fn a_missing_or_wrong_value_is_refused_by_name() {
        for line in ["--port", "--port eighty", "--port=70000"] {
            let refusal = typed(line).value::<u16>("--port").unwrap_err();
            assert!(refusal.to_string().contains("--port"), "{refusal}");
        }
    }
}
