//! What the server is told, from where, and what it does about nonsense.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

mod support;

use std::collections::BTreeMap;

use portal_server::config::{
    self, Command, Config, ConfigError, DemoSize, Dynamo, LogFormat, PetitMonde,
};
use support::{database, program};

fn read(flags: &[&str], environment: &[(&str, &str)]) -> Result<Config, ConfigError> {
    let environment: BTreeMap<String, String> = environment
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    let flags = flags.iter().map(|flag| (*flag).to_owned());
    match config::read(flags, &environment)? {
        Command::Serve(config) => Ok(*config),
        other => panic!("{other:?}"),
    }
}

/// The same, with a `portal.toml` that says `text`.
fn read_file(
    text: &str,
    flags: &[&str],
    environment: &[(&str, &str)],
) -> Result<Config, ConfigError> {
    let folder = database::folder();
    let file = folder.join("portal.toml");
    std::fs::write(&file, text).unwrap();
    let flags = [&["--config", file.to_str().unwrap()], flags].concat();
    let read = read(&flags, environment);
    std::fs::remove_dir_all(folder).unwrap();
    read
}

#[test]
fn everything_has_a_default() {
    let config = read(&[], &[]).unwrap();
    assert_eq!(config.host.to_string(), "127.0.0.1");
    assert_eq!(config.port, 8080);
    assert_eq!(config.demo, None);
    assert_eq!(config.log, LogFormat::Json);
    assert!(config.database.is_none() && config.smtp.is_none());
    assert!(matches!(config.dynamo, Dynamo::Embedded));
}

#[test]
fn a_flag_wins_over_the_environment_and_that_over_the_file() {
    let config = read_file(
        "port = 1\nhost = \"127.0.0.3\"\nlog = \"text\"\n",
        &["--port", "3"],
        &[("PORTAL_PORT", "2"), ("PORTAL_HOST", "127.0.0.2")],
    )
    .unwrap();
    assert_eq!(config.port, 3);
    assert_eq!(config.host.to_string(), "127.0.0.2");
    assert_eq!(config.log, LogFormat::Text);
}

#[test]
fn every_setting_can_stand_in_the_file() {
    let text = r#"
        host = "0.0.0.0"
        port = 9000
        data = "/var/lib/portal"
        bundle = "/usr/share/portal"
        demo = false
        demo_size = "large"
        log = "json"
        database_url = "postgres://portal:secret@db/portal"
        public_url = "https://portal.example"
        trusted_proxies = ["10.0.0.0/8", "127.0.0.1"]
        smtp_url = "smtp://user:secret@mail.example:587?tls=required"
        mail_from = "Portal <portal@portal.example>"
        [dynamo]
        provider = "upstream"
        url = "https://api.example/"
        key = "dyn_live_1"
        time_zone = "Europe/Berlin"
        [petit_monde]
        provider = "upstream"
        url = "https://bookings.example"
        key = "pm_live_1"
        calls_a_minute = 50
        "#;
    let config = read_file(text, &[], &[]).unwrap();
    assert_eq!(config.port, 9000);
    assert_eq!(config.trusted_proxies.len(), 2);
    assert_eq!(
        config.public_url.unwrap().as_str(),
        "https://portal.example"
    );
    assert_eq!(
        config.database.unwrap().expose(),
        "postgres://portal:secret@db/portal"
    );
    let Dynamo::Upstream(dynamo) = config.dynamo else {
        panic!("upstream was asked for");
    };
    assert_eq!(dynamo.url.as_str(), "https://api.example");
    assert_eq!(dynamo.key.expose(), "dyn_live_1");
    assert_eq!(dynamo.time_zone, chrono_tz::Europe::Berlin);
    let PetitMonde::Upstream(petit_monde) = config.petit_monde else {
        panic!("upstream was asked for");
    };
    assert_eq!(petit_monde.url.as_str(), "https://bookings.example");
    assert_eq!(petit_monde.key.expose(), "pm_live_1");
    let allowance = petit_monde.allowance;
    assert_eq!((allowance.a_minute, allowance.a_month), (50, 10_000));
}

#[test]
fn a_wrong_value_is_named_with_what_is_allowed() {
    for (name, value, allowed) in [
        ("PORTAL_PORT", "80000", "a whole number from 0 to 65535"),
        ("PORTAL_PORT", "http", "a whole number from 0 to 65535"),
        (
            "PORTAL_HOST",
            "portal.example",
            "an IP address or localhost",
        ),
        ("PORTAL_DATA", "", "the path of a folder"),
        ("PORTAL_DEMO", "yes", "true or false"),
        ("PORTAL_DEMO_SIZE", "huge", "small or large"),
        ("PORTAL_LOG", "xml", "json or text"),
        (
            "PORTAL_PUBLIC_URL",
            "portal.example",
            "an address such as https://portal.example",
        ),
        ("PORTAL_PUBLIC_URL", "https://a.example/b", "without a path"),
        (
            "PORTAL_TRUSTED_PROXIES",
            "10.0.0.0/8, proxy",
            "IP addresses or networks",
        ),
        (
            "PORTAL_TRUSTED_PROXIES",
            "10.0.0.0/33",
            "IP addresses or networks",
        ),
        ("PORTAL_MAIL_FROM", "nobody", "a sender such as"),
        ("PORTAL_DYNAMO_PROVIDER", "cloud", "embedded or upstream"),
        (
            "PORTAL_PETIT_MONDE_PROVIDER",
            "cloud",
            "embedded or upstream",
        ),
        (
            "PORTAL_PETIT_MONDE_CALLS_A_MONTH",
            "0",
            "a whole number from 10 to 100000000",
        ),
        (
            "PORTAL_DYNAMO_URL",
            "http://api.example",
            "an https address",
        ),
        (
            "PORTAL_DYNAMO_TIME_ZONE",
            "Mars/Olympus",
            "an IANA time zone",
        ),
        ("PORTAL_HOLDS_SHORTEST_MINUTES", "0", "from 1 to 1440"),
        ("PORTAL_HOLDS_LONGEST_MINUTES", "a day", "from 1 to 1440"),
        ("PORTAL_HOLDS_MOST", "-1", "from 0 to 100"),
        ("PORTAL_HOLDS_TRIES_AN_HOUR", "0", "from 1 to 100000"),
        ("PORTAL_BOOKINGS_MOST", "many", "from 0 to 1000"),
        ("PORTAL_CHARGE_POINTS_ANSWER_SECONDS", "61", "from 1 to 60"),
    ] {
        let said = read(&[], &[(name, value)]).unwrap_err().to_string();
        for part in [name, &format!("{value:?}"), allowed] {
            assert!(said.contains(part), "{part} is not in: {said}");
        }
    }
}

#[test]
fn the_shortest_hold_is_no_longer_than_the_longest() {
    let holds = |shortest| {
        let environment = [
            ("PORTAL_HOLDS_SHORTEST_MINUTES", shortest),
            ("PORTAL_HOLDS_LONGEST_MINUTES", "30"),
        ];
        read(&[], &environment)
    };
    assert_eq!(holds("30").unwrap().holds.shortest_minutes, 30);
    let said = holds("31").unwrap_err().to_string();
    assert!(
        said.contains("no more than holds.longest_minutes"),
        "{said}"
    );
}

#[test]
fn a_wrong_secret_is_named_but_not_shown() {
    for name in [
        "DATABASE_URL",
        "PORTAL_SMTP_URL",
        "PORTAL_DYNAMO_KEY",
        "PORTAL_PETIT_MONDE_KEY",
    ] {
        let said = read(&[], &[(name, "hunter2 \n")]).unwrap_err().to_string();
        assert!(said.contains(name) && said.contains("must be"), "{said}");
        assert!(!said.contains("hunter2"), "{said}");
    }
}

#[test]
fn secrets_can_come_from_files_and_never_show_themselves() {
    let folder = database::folder();
    let key = folder.join("key");
    std::fs::write(&key, "dyn_live_secret\n").unwrap();
    let key = key.to_str().unwrap();
    let by_environment = read(
        &[],
        &[
            ("PORTAL_DYNAMO_PROVIDER", "upstream"),
            ("PORTAL_DYNAMO_URL", "http://127.0.0.1:9"),
            ("PORTAL_DYNAMO_KEY_FILE", key),
            ("DATABASE_URL", "postgres://u:hunter2@db/portal"),
        ],
    )
    .unwrap();
    let shown = format!("{by_environment:?}");
    assert!(
        !shown.contains("secret@") && !shown.contains("hunter2"),
        "{shown}"
    );
    assert!(!shown.contains("dyn_live"), "{shown}");
    let text = format!(
        "[dynamo]\nprovider = \"upstream\"\nurl = \"https://a.example\"\nkey_file = {key:?}\n"
    );
    let by_file = read_file(&text, &[], &[]).unwrap();
    for config in [by_environment, by_file] {
        let Dynamo::Upstream(dynamo) = config.dynamo else {
            panic!("upstream was asked for");
        };
        assert_eq!(dynamo.key.expose(), "dyn_live_secret");
    }
    std::fs::remove_dir_all(folder).unwrap();
    let missing = read(&[], &[("PORTAL_DYNAMO_KEY_FILE", "/no/such/file")]).unwrap_err();
    assert!(missing.to_string().contains("/no/such/file"));
}

#[test]
fn what_is_unknown_is_not_ignored() {
    for (flags, environment, name) in [
        (vec!["--prot", "1"], vec![], "--prot"),
        (vec!["serve"], vec![], "serve"),
        (vec![], vec![("PORTAL_PROT", "1")], "PORTAL_PROT"),
    ] {
        let said = read(&flags, &environment).unwrap_err().to_string();
        assert!(said.contains(name), "{said}");
    }
    for (text, name) in [
        ("prot = 1\n", "prot in"),
        ("[dynamo]\nurk = \"x\"\n", "dynamo.urk in"),
    ] {
        let said = read_file(text, &[], &[]).unwrap_err().to_string();
        assert!(
            said.contains(name) && said.contains("portal.toml"),
            "{said}"
        );
    }
}

#[test]
fn a_file_that_makes_no_sense_is_named_with_its_line_but_not_quoted() {
    let said = read_file("port = 1\nkey = \"hunter2\n", &[], &[]).unwrap_err();
    let said = said.to_string();
    assert!(
        said.contains("portal.toml") && said.contains("line 2"),
        "{said}"
    );
    assert!(!said.contains("hunter2"), "{said}");
    let missing = read(&["--config", "/no/such.toml"], &[])
        .unwrap_err()
        .to_string();
    assert!(missing.contains("/no/such.toml"), "{missing}");
}

#[test]
fn an_upstream_needs_its_address_and_its_key() {
    let provider = ("PORTAL_DYNAMO_PROVIDER", "upstream");
    let said = read(&[], &[provider]).unwrap_err().to_string();
    assert!(said.contains("dynamo.url"), "{said}");
    let said = read(&[], &[provider, ("PORTAL_DYNAMO_URL", "https://a.example")]).unwrap_err();
    assert!(said.to_string().contains("dynamo.key"), "{said}");
}

#[test]
fn a_flag_needs_its_value() {
    let said = read(&["--port"], &[]).unwrap_err().to_string();
    assert!(said.contains("--port needs a value"), "{said}");
    assert_eq!(read(&["--port=7"], &[]).unwrap().port, 7);
}

#[test]
fn the_demo_is_for_this_machine_only() {
    for host in ["0.0.0.0", "::", "192.0.2.1", "2001:db8::1"] {
        let said = read(&["--demo", "--host", host], &[])
            .unwrap_err()
            .to_string();
        assert!(said.contains("--demo") && said.contains(host), "{said}");
    }
    for host in ["127.0.0.1", "127.0.0.2", "::1", "localhost"] {
        let config = read(&["--demo", "--host", host], &[]).unwrap();
        assert_eq!(config.demo, Some(DemoSize::Small), "{host}");
    }
    let large = read(&["--demo", "--demo-size", "large"], &[]).unwrap();
    assert_eq!(large.demo, Some(DemoSize::Large));
    let elsewhere = read(&["--host", "0.0.0.0"], &[("PORTAL_DEMO", "false")]).unwrap();
    assert_eq!(elsewhere.demo, None);
}

#[test]
fn the_program_ends_with_code_2_and_one_sentence() {
    let folder = database::folder();
    for arguments in [
        vec!["--port", "abc"],
        vec!["--demo", "--host", "0.0.0.0"],
        vec!["--unknown"],
    ] {
        let mut command = program::command(&folder);
        command.args(&arguments);
        let refused = program::refused(command);
        assert_eq!(refused.code, Some(2), "{arguments:?}: {}", refused.said);
        assert_eq!(refused.said.lines().count(), 1, "{}", refused.said);
        assert!(
            refused.said.starts_with("portal-server: "),
            "{}",
            refused.said
        );
    }
    assert_eq!(
        std::fs::read_dir(&folder).unwrap().count(),
        0,
        "and nothing was made"
    );
    std::fs::remove_dir_all(folder).unwrap();
}
