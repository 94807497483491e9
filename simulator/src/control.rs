//! Orders as lines: `charge CP-1 2 TAG` on the input, `ok …` or `error …` on the
//! output. `up` and `down` wait until the server knows all of them, or none.

use std::{io::stdin, thread};

use tokio::sync::mpsc;

use crate::{
    charge_point::{Action, Manner},
    fleet::Fleet,
};

/// Carries out what stands on the input, line by line, until it ends.
pub async fn listen(fleet: &Fleet) {
    let mut lines = lines();
    while let Some(line) = lines.recv().await {
        if line.trim().is_empty() {
            continue;
        }
        let outcome = obey(fleet, &line).await;
        match outcome {
            Ok(()) => println!("ok {}", line.trim()),
            Err(why) => println!("error {}: {why}", line.trim()),
        }
    }
}

async fn obey(fleet: &Fleet, line: &str) -> Result<(), &'static str> {
    match line.trim() {
        "up" => fleet.all_up().await,
        "down" => fleet.none_up().await,
        _ => {
            let (id, action) = read(line)?;
            return fleet.order(id, action).await;
        }
    }
    Ok(())
}

/// From a thread, which need not have ended for the program to end.
fn lines() -> mpsc::Receiver<String> {
    let (sender, lines) = mpsc::channel(8);
    thread::spawn(move || {
        for line in stdin().lines().map_while(Result::ok) {
            if sender.blocking_send(line).is_err() {
                return;
            }
        }
    });
    lines
}

/// What a line asks for, and of which charge point.
fn read(line: &str) -> Result<(&str, Action), &'static str> {
    let mut words = line.split_whitespace();
    let verb = words.next().unwrap_or_default();
    let id = words.next().ok_or("which charge point?")?;
    let mut connector = || {
        let number = words.next().and_then(|word| word.parse().ok());
        number.ok_or("which connector?")
    };
    let action = match verb {
        "plug" => Action::Plug(connector()?),
        "charge" => Action::Charge(connector()?, words.next().map(str::to_owned)),
        "unplug" => Action::Unplug(connector()?),
        "fault" => Action::Break(connector()?),
        "mend" => Action::Mend(connector()?),
        "offline" => Action::Offline,
        "online" => Action::Online,
        "slow" => {
            let seconds: Option<u32> = words.next().and_then(|word| word.parse().ok());
            let seconds = seconds.ok_or("how many seconds?")?;
            Action::Behave(Manner::Slow(i64::from(seconds) * 1000))
        }
        "silent" => Action::Behave(Manner::Silent),
        "refuse" => Action::Behave(Manner::Refusing),
        "drop" => Action::Behave(Manner::Dropping),
        "reboot" => Action::Behave(Manner::Rebooting),
        "obey" => Action::Behave(Manner::Obeying),
        _ => return Err("that is no order"),
    };
    match words.next() {
        None => Ok((id, action)),
        Some(_) => Err("there is a word too many"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_an_order() {
        let tag = Some("TAG".to_owned());
        assert_eq!(read("charge A 2 TAG"), Ok(("A", Action::Charge(2, tag))));
        assert_eq!(read("charge A 2"), Ok(("A", Action::Charge(2, None))));
        assert_eq!(read(" offline  A "), Ok(("A", Action::Offline)));
        let slow = Action::Behave(Manner::Slow(3000));
        assert_eq!(read("slow A 3"), Ok(("A", slow)));
    }

    #[test]
    fn a_line_that_is_none_says_why() {
        for line in [
            "plug",
            "plug A",
            "plug A x",
            "plug A 1 2",
            "slow A",
            "fly A 1",
        ] {
            assert!(read(line).is_err(), "{line}");
        }
    }
}
