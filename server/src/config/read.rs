//! Reads the configuration from everywhere it may stand.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use super::{
    Config, ConfigError,
    settings::{self, Draft, Setting},
};

/// The file that is read when no other is named.
const USUAL_FILE: &str = "portal.toml";

/// A value and where it stands, for whoever has to correct it.
struct Found {
    setting: &'static Setting,
    value: String,
    place: String,
}

/// What the command line asks for.
#[derive(Debug)]
pub enum Command {
    /// To serve.
    Serve(Box<Config>),
    /// To bring the store to what a file says.
    Import(Box<Import>),
    /// To tell what the flags are.
    Help,
    /// To tell what the flags of `import` are.
    HelpOfImport,
    /// To tell which version this is.
    Version,
}

/// What is to be imported, and whereto.
#[derive(Debug)]
pub struct Import {
    /// Which store it is.
    pub config: Config,
    /// Says what is to be in the store.
    pub file: PathBuf,
    /// Whether whoever is new is sent a letter.
    pub letters: bool,
}

/// What the command line says.
#[derive(Default)]
struct Line {
    config: Option<String>,
    found: Vec<Found>,
    /// What is no flag.
    files: Vec<String>,
    letters: bool,
}

/// Reads flags (without the program's name), environment and file.
pub fn read(
    flags: impl IntoIterator<Item = String>,
    environment: &BTreeMap<String, String>,
) -> Result<Command, ConfigError> {
    let mut flags: Vec<String> = flags.into_iter().collect();
    let imports = flags.first().is_some_and(|first| first == "import");
    if imports {
        flags.remove(0);
    }
    if flags.iter().any(|flag| flag == "--help" || flag == "-h") {
        return Ok(if imports {
            Command::HelpOfImport
        } else {
            Command::Help
        });
    }
    if flags.iter().any(|flag| flag == "--version") {
        return Ok(Command::Version);
    }
    let Line {
        config,
        found: flags,
        files,
        letters,
    } = from_flags(flags, imports)?;
    let config = config.or_else(|| environment.get("PORTAL_CONFIG").cloned());
    let mut found = from_file(config.as_deref())?;
    found.extend(from_environment(environment)?);
    found.extend(flags);
    let config = settled(found)?;
    if !imports {
        return Ok(Command::Serve(Box::new(config)));
    }
    let mut files = files.into_iter();
    let (Some(file), None) = (files.next(), files.next()) else {
        return Err(ConfigError::OneFile);
    };
    Ok(Command::Import(Box::new(Import {
        config,
        file: file.into(),
        letters,
    })))
}

/// The configuration that comes of all that was found; what was found last wins.
fn settled(found: Vec<Found>) -> Result<Config, ConfigError> {
    let mut draft = Draft::default();
    for Found {
        setting,
        value,
        place,
    } in found
    {
        (setting.set)(&mut draft, &value).map_err(|allowed| ConfigError::Value {
            name: place,
            value: (!setting.secret).then_some(value),
            allowed: allowed.to_owned(),
        })?;
    }
    draft.finish()
}

/// What the flags say; those of `import` only there.
fn from_flags(flags: Vec<String>, imports: bool) -> Result<Line, ConfigError> {
    let mut line = Line::default();
    let mut flags = flags.into_iter();
    while let Some(flag) = flags.next() {
        if imports && flag == "--letters" {
            line.letters = true;
            continue;
        }
        if imports && !flag.starts_with('-') {
            line.files.push(flag);
            continue;
        }
        let (name, inline) = match flag.split_once('=') {
            Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
            None => (flag, None),
        };
        let setting = settings::all().find(|setting| setting.flag == Some(&*name));
        if name != "--config" && setting.is_none() {
            return Err(ConfigError::Unknown(name));
        }
        let value = match inline {
            Some(value) => value,
            None if name == "--demo" => "true".to_owned(),
            None => flags
                .next()
                .ok_or_else(|| ConfigError::Missing(name.clone()))?,
        };
        match setting {
            Some(setting) => line.found.push(Found {
                setting,
                value,
                place: name,
            }),
            None => line.config = Some(value),
        }
    }
    Ok(line)
}

fn from_environment(environment: &BTreeMap<String, String>) -> Result<Vec<Found>, ConfigError> {
    let mut found = Vec::new();
    for setting in settings::all() {
        if let Some(value) = environment.get(setting.variable) {
            found.push(Found {
                setting,
                value: value.clone(),
                place: setting.variable.to_owned(),
            });
        }
        let from_file = format!("{}_FILE", setting.variable);
        if let Some(path) = environment.get(&from_file).filter(|_| setting.secret) {
            found.push(secret_file(setting, path, from_file)?);
        }
    }
    for name in environment
        .keys()
        .filter(|name| name.starts_with("PORTAL_"))
    {
        let known = settings::all().any(|setting| {
            name == setting.variable
                || (setting.secret && name.strip_suffix("_FILE") == Some(setting.variable))
        });
        // The tests of this project have a variable of their own.
        if !known && name != "PORTAL_CONFIG" && !name.starts_with("PORTAL_TEST_") {
            return Err(ConfigError::Unknown(name.clone()));
        }
    }
    Ok(found)
}

fn secret_file(setting: &'static Setting, path: &str, place: String) -> Result<Found, ConfigError> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Found {
            setting,
            value: text.trim().to_owned(),
            place,
        }),
        Err(error) => Err(ConfigError::Value {
            name: place,
            value: Some(path.to_owned()),
            allowed: format!("a file that can be read ({error})"),
        }),
    }
}

fn from_file(named: Option<&str>) -> Result<Vec<Found>, ConfigError> {
    let path = Path::new(named.unwrap_or(USUAL_FILE));
    if named.is_none() && !path.exists() {
        return Ok(Vec::new());
    }
    let text = std::fs::read_to_string(path).map_err(|error| ConfigError::File {
        file: path.display().to_string(),
        problem: error.to_string(),
    })?;
    let table: toml::Table = text.parse().map_err(|error| ConfigError::File {
        file: path.display().to_string(),
        problem: problem_in_toml(&text, &error),
    })?;
    let mut found = Vec::new();
    collect(&table, "", path, &mut found)?;
    Ok(found)
}

/// What is wrong with a text that is no TOML. The whole error would quote the line, which
/// may hold a secret.
pub fn problem_in_toml(text: &str, error: &toml::de::Error) -> String {
    let line = error
        .span()
        .map_or(1, |span| text[..span.start].lines().count().max(1));
    format!("line {line}: {}", error.message())
}

/// Turns `[dynamo] url = …` into `dynamo.url`.
fn collect(
    table: &toml::Table,
    prefix: &str,
    file: &Path,
    found: &mut Vec<Found>,
) -> Result<(), ConfigError> {
    for (key, value) in table {
        let key = format!("{prefix}{key}");
        if let toml::Value::Table(inner) = value {
            collect(inner, &format!("{key}."), file, found)?;
            continue;
        }
        let place = format!("{key} in {}", file.display());
        let secret = key.strip_suffix("_file").and_then(settings::secret);
        if let Some(setting) = secret {
            found.push(secret_file(setting, &plain(value), place)?);
        } else if let Some(setting) = settings::all().find(|setting| setting.key == key) {
            found.push(Found {
                setting,
                value: plain(value),
                place,
            });
        } else {
            return Err(ConfigError::Unknown(place));
        }
    }
    Ok(())
}

/// A value as it would stand in the environment; lists by commas.
fn plain(value: &toml::Value) -> String {
    match value {
        toml::Value::String(text) => text.clone(),
        toml::Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(","),
        other => other.to_string(),
    }
}
