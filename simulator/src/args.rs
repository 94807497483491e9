//! The command line.

use std::{fmt::Display, str::FromStr};

use crate::{charge_point::Manner, server::Server, wire::Protocol};

/// What the command line understands.
pub const HELP: &str = "\
Charge points that behave like real ones, and misbehave on request.

  --server URL        where the server is; http://127.0.0.1:8080 unless given
  --demo              the charge points of the demo data; ends when the server has gone
  --count N           so many of our own, which the server must know: SIM1, SIM2, …
  --prefix NAME       what their names begin with; SIM unless given
  --connectors N      how many connectors each of those has; 2 unless given
  --protocol P        1.6, 2.0.1 or both, which is what they speak unless given
  --key KEY           what they sign in with; the demo's unless given
  --fault F           slow, refusing, dropping, rebooting or silent; given several times,
                      they take turns
  --visitors RATE     how often an hour somebody plugs in at a connector; with --demo 1
                      unless given, else 0
  --arrive SECONDS    after which the driver of a hold comes; never unless given
  --samples SECONDS   how often a charge is reported; 30 unless given
  --seed N            another number, another course of things

Lines on the input are orders, each answered with \"ok …\" or \"error …\":
  plug|unplug|fault|mend CP CONNECTOR     charge CP CONNECTOR [TAG]
  offline|online CP                       slow CP SECONDS
  refuse|silent|drop|reboot|obey CP       up|down: once the server knows all, or none
";

/// What was asked for.
#[derive(Clone, Debug)]
pub struct Wishes {
    /// Where the server is.
    pub server: Server,
    /// The charge points of the demo data.
    pub demo: bool,
    /// How many of our own.
    pub count: u32,
    /// What their names begin with.
    pub prefix: String,
    /// How many connectors each of those has.
    pub connectors: u32,
    /// What all speak; `None`: the odd ones 1.6, the even ones 2.0.1.
    pub protocol: Option<Protocol>,
    /// What they sign in with.
    pub key: String,
    /// What is wrong with them, in turn.
    pub faults: Vec<Manner>,
    /// How often an hour somebody plugs in.
    pub visitors: f64,
    /// After how many seconds a hold's driver comes.
    pub arrive: Option<u32>,
    /// How often a charge is reported, in seconds.
    pub samples: u32,
    /// Where all chance comes from.
    pub seed: u64,
}

impl Wishes {
    /// Reads a command line without the program's name.
    pub fn read(words: impl IntoIterator<Item = String>) -> Result<Self, String> {
        let mut words: Vec<String> = words.into_iter().collect();
        let demo = words.iter().any(|word| word == "--demo");
        words.retain(|word| word != "--demo");
        let mut faults = Vec::new();
        while let Some(word) = take::<String>(&mut words, "--fault")? {
            let fault = Manner::of_word(&word);
            faults.push(fault.ok_or_else(|| format!("--fault can't be \"{word}\""))?);
        }
        let visitors = take(&mut words, "--visitors")?;
        let words = &mut words;
        let wishes = Self {
            server: take(words, "--server")?.map_or_else(|| "http://127.0.0.1:8080".parse(), Ok)?,
            demo,
            count: take(words, "--count")?.unwrap_or(0),
            prefix: take(words, "--prefix")?.unwrap_or_else(|| "SIM".to_owned()),
            connectors: take(words, "--connectors")?.unwrap_or(2).max(1),
            protocol: protocol(take(words, "--protocol")?)?,
            key: take(words, "--key")?.unwrap_or_else(|| "charge-ahead-demo".to_owned()),
            faults,
            visitors: visitors.unwrap_or(if demo { 1.0 } else { 0.0 }),
            arrive: take(words, "--arrive")?,
            samples: take(words, "--samples")?.unwrap_or(30).max(1),
            seed: take(words, "--seed")?.unwrap_or(1),
        };
        match words.first() {
            Some(word) => Err(format!("\"{word}\" is not understood")),
            None if !demo && wishes.count == 0 => Err("--demo or --count N is needed".to_owned()),
            None => Ok(wishes),
        }
    }
}

/// What stands behind `name`, the first time it is there.
fn take<T: FromStr<Err: Display>>(
    words: &mut Vec<String>,
    name: &str,
) -> Result<Option<T>, String> {
    let Some(at) = words.iter().position(|word| word == name) else {
        return Ok(None);
    };
    if at + 1 == words.len() {
        return Err(format!("{name} needs a value"));
    }
    words.remove(at);
    let value = words.remove(at);
    let read = value.parse();
    read.map(Some)
        .map_err(|why| format!("{name} {value}: {why}"))
}

fn protocol(word: Option<String>) -> Result<Option<Protocol>, String> {
    match word.as_deref() {
        None | Some("both") => Ok(None),
        Some("1.6") => Ok(Some(Protocol::V16)),
        Some("2.0.1") => Ok(Some(Protocol::V201)),
        Some(other) => Err(format!("--protocol can't be \"{other}\"")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(line: &str) -> Result<Wishes, String> {
        Wishes::read(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn a_command_line_is_read_in_any_order() {
        let line = "--fault slow --count 3 --protocol 1.6 --fault silent --arrive 5";
        let wishes = typed(line).unwrap();
        assert_eq!(wishes.count, 3);
        assert_eq!(wishes.protocol, Some(Protocol::V16));
        assert_eq!(wishes.faults, [Manner::Slow(10_000), Manner::Silent]);
        assert_eq!((wishes.arrive, wishes.visitors), (Some(5), 0.0));
        assert_eq!(typed("--demo").unwrap().visitors, 1.0);
    }

    #[test]
    fn what_makes_no_sense_is_refused_by_name() {
        let lines = [
            ("", "--count"),
            ("--demo --fault lazy", "lazy"),
            ("--demo --protocol 3", "--protocol"),
            ("--demo --seed", "--seed"),
            ("--demo --seed x", "--seed"),
            ("--demo --speed 3", "--speed"),
            ("--demo --server here", "--server"),
        ];
        for (line, name) in lines {
            let why = typed(line).unwrap_err();
            assert!(why.contains(name), "{line}: {why}");
        }
    }
}
