//! One Rust function a sentence.

use std::fmt::Write;

use portal_api::language::Language;

use crate::{Mistake, Sentence, catalogue};

/// The source of the functions, for the portal's build script. Every language
/// is checked on the way.
pub fn functions() -> Result<String, Mistake> {
    for language in Language::ALL {
        catalogue(language)?;
    }
    let english = catalogue(Language::En)?;
    let mut source = String::new();
    for (index, sentence) in english.sentences.iter().enumerate() {
        let function = function(index, sentence);
        source.push_str(&function);
    }
    Ok(source)
}

/// What a sentence's function is called.
pub(crate) fn name(key: &str) -> String {
    key.replace('.', "_")
}

fn function(index: usize, sentence: &Sentence) -> String {
    let name = name(&sentence.key);
    let mut arguments: Vec<String> = sentence.arguments().into_iter().collect();
    arguments.retain(|argument| !(sentence.is_plural() && argument == "count"));
    let mut parameters = String::new();
    let mut values = String::new();
    for argument in &arguments {
        // Writing to a string cannot fail.
        let _ = write!(parameters, "{argument}: &str, ");
        let _ = write!(values, "(\"{argument}\", {argument}), ");
    }
    let documentation = sentence.stored().replace('\n', " ").trim().to_owned();
    // The bundling step finds each by its name, and with it who says what.
    let head = format!("/// {documentation}\n#[inline(never)]\npub fn {name}");
    if sentence.is_plural() {
        return format!(
            "{head}(count: u64, {parameters}) -> String {{ super::plural({index}, count, &[{values}]) }}\n"
        );
    }
    if arguments.is_empty() {
        return format!("{head}() -> String {{ super::text({index}) }}\n");
    }
    format!("{head}({parameters}) -> String {{ super::fill({index}, &[{values}]) }}\n")
}
