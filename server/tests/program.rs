//! The program as a whole: it starts, logs, stops, and survives being killed.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

mod support;

use std::{collections::HashSet, path::Path};

use portal_api::{
    language::Language,
    path,
    portal::{Me, MeChange, ResetRequest},
};
use portal_server::{
    clock::Clock,
    embedded::{
        Store, people as people_of_store,
        people::{NewPerson, Role},
    },
};
use support::{
    Browser, database, people,
    program::{Program, command_with_syncs_in},
};

const CANARY_NAME: &str = "Canary Lindqvist";
const CANARY_EMAIL: &str = "canary.pii@example.com";

/// Puts one driver into the store of a data folder.
async fn seed(folder: &Path) {
    let clock = Clock::system();
    let store = Store::sqlite(&database::file(folder), &clock)
        .await
        .unwrap();
    let mut write = store.write().await.unwrap();
    let new = NewPerson {
        id: "usr_canary",
        email: CANARY_EMAIL,
        name: CANARY_NAME,
        password_hash: Some(people::password_hash()),
        organisation_id: None,
        dynamo_user_id: None,
        roles: &[Role::Driver],
        language: None,
    };
    people_of_store::add(&mut write, &new, clock.now())
        .await
        .unwrap();
    write.commit().await.unwrap();
    store.close().await;
}

fn named(name: String) -> MeChange {
    MeChange {
        name: Some(name),
        preferences: None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_acknowledged_change_is_lost_when_the_program_is_killed() {
    let folder = database::folder();
    seed(&folder).await;
    let mut acknowledged = 0;
    for round in 0..5 {
        let program = Program::start(&folder, &["--log", "json"]);
        let mut browser = Browser::new(program.address);
        let signed_in = browser.sign_in(CANARY_EMAIL, people::PASSWORD).await;
        assert_eq!(signed_in.status, 200, "{}", signed_in.text);
        if round > 0 {
            let name = signed_in.json::<Me>().name;
            let kept: usize = name.strip_prefix("name ").unwrap().parse().unwrap();
            // The one under way when it was killed may have been kept, too.
            assert!(
                kept == acknowledged || kept == acknowledged + 1,
                "{kept} {acknowledged}"
            );
            acknowledged = kept;
        }
        for _ in 0..20 + round * 7 {
            let change = named(format!("name {}", acknowledged + 1));
            assert_eq!(browser.patch(path::ME, &change).await.status, 200);
            acknowledged += 1;
        }
        let last = named(format!("name {}", acknowledged + 1));
        let under_way = tokio::spawn(async move {
            let sent = browser.request(reqwest::Method::PATCH, path::ME);
            let body = serde_json::to_vec(&last).unwrap();
            let sent = sent.header("content-type", "application/json").body(body);
            // Whether it arrives before the program dies is the point.
            let _ = sent.send().await;
        });
        program.kill();
        under_way.await.unwrap();
    }
    let store = Store::sqlite(&database::file(&folder), &Clock::system())
        .await
        .unwrap();
    let whole: String = sqlx::query_scalar("pragma integrity_check")
        .fetch_one(store.readers())
        .await
        .unwrap();
    assert_eq!(whole, "ok");
    store.close().await;
    std::fs::remove_dir_all(folder).unwrap();
}

/// A kill loses nothing that the system was given; a power cut does unless the disk has it.
/// Where strace may not watch, `PORTAL_TEST_STRACE` is not set.
#[tokio::test(flavor = "multi_thread")]
async fn the_disk_is_waited_for_before_each_change_is_acknowledged() {
    const CHANGES: usize = 200;
    if std::env::var_os("PORTAL_TEST_STRACE").is_none() {
        return;
    }
    let folder = database::folder();
    seed(&folder).await;
    let file = folder.join("syncs");
    let command = command_with_syncs_in(&file, &folder);
    let program = Program::start_command(command, &folder, &[]);
    let mut browser = Browser::new(program.address);
    let signed_in = browser.sign_in(CANARY_EMAIL, people::PASSWORD).await;
    assert_eq!(signed_in.status, 200, "{}", signed_in.text);
    for number in 0..CHANGES {
        let change = named(format!("name {number}"));
        assert_eq!(browser.patch(path::ME, &change).await.status, 200);
    }
    program.terminate();
    let calls = std::fs::read_to_string(file).unwrap();
    // One that is told in two lines has its bracket in the first.
    let syncs = calls.matches("sync(").count();
    assert!(syncs >= CHANGES, "{syncs}");
    std::fs::remove_dir_all(folder).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_is_json_complete_and_knows_nobody() {
    let folder = database::folder();
    seed(&folder).await;
    let program = Program::start(&folder, &["--log", "json"]);
    let mut browser = Browser::new(program.address);
    for _ in 0..10 {
        browser
            .sign_in(CANARY_EMAIL, "canary password\n\u{1b}[31m")
            .await;
    }
    let throttled = browser.sign_in(CANARY_EMAIL, people::PASSWORD).await;
    assert_eq!(throttled.status, 429);
    let reset = ResetRequest {
        email: CANARY_EMAIL.to_owned(),
        language: Language::En,
    };
    assert_eq!(browser.post(path::PASSWORD_RESET, &reset).await.status, 202);
    browser
        .send(browser.bare(reqwest::Method::DELETE, path::SIGN_IN))
        .await;
    let missing = browser.get("/api/portal/canary-path?canary=query").await;
    let device = path::device("dev_canary");
    assert_eq!(browser.delete(&device).await.status, 401);
    let (status, log, said) = program.terminate();
    assert!(status.success(), "{status}");
    assert!(!said.contains("canary"), "{said}");
    let lines: Vec<serde_json::Value> = log
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}")))
        .collect();
    let events: HashSet<&str> = lines
        .iter()
        .filter_map(|line| line["event"].as_str())
        .collect();
    for event in [
        "started",
        "request",
        "sign_in_failed",
        "sign_in_throttled",
        "reset_asked",
        "foreign_origin",
        "stopped",
    ] {
        assert!(events.contains(event), "{event} is not in {events:?}");
    }
    let id = missing.header("x-request-id").unwrap();
    assert!(log.contains(id), "the answer's id stands in the log");
    let templates = lines
        .iter()
        .filter(|line| line["route"] == path::device("{id}"));
    assert_eq!(templates.count(), 1, "a path is logged by its template");
    for canary in [
        "canary",
        "Canary",
        "example.com",
        "127.0.0.1",
        people::PASSWORD,
        "\u{1b}",
    ] {
        let found = log.lines().find(|line| line.contains(canary));
        assert_eq!(found, None, "{canary:?}");
    }
    std::fs::remove_dir_all(folder).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_that_a_crash_held_up_is_sent_after_the_next_start() {
    let folder = database::folder();
    seed(&folder).await;
    // A file where the folder of letters should be: it can't leave yet.
    let in_the_way = folder.join("letters");
    std::fs::write(&in_the_way, "").unwrap();
    let program = Program::start(&folder, &[]);
    let browser = Browser::new(program.address);
    let reset = ResetRequest {
        email: CANARY_EMAIL.to_owned(),
        language: Language::En,
    };
    assert_eq!(browser.post(path::PASSWORD_RESET, &reset).await.status, 202);
    program.kill();
    std::fs::remove_file(&in_the_way).unwrap();
    let store = Store::sqlite(&database::file(&folder), &Clock::system())
        .await
        .unwrap();
    let mut write = store.write().await.unwrap();
    // Its next try may be half a minute away; tests don't wait.
    let waiting = sqlx::query("update letters set next_try_at = 0")
        .execute(&mut *write)
        .await
        .unwrap();
    assert_eq!(waiting.rows_affected(), 1);
    write.commit().await.unwrap();
    store.close().await;
    let again = Program::start(&folder, &[]);
    let file = again.says("letter: ");
    let letter = std::fs::read_to_string(file).unwrap();
    assert!(letter.contains(CANARY_EMAIL), "{letter}");
    again.kill();
    std::fs::remove_dir_all(folder).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn asked_to_stop_it_finishes_and_ends_well() {
    let folder = database::folder();
    let program = Program::start(&folder, &["--demo", "--log", "text"]);
    assert!(
        program
            .said
            .iter()
            .any(|line| line.contains("driver@example.com"))
    );
    let mut browser = Browser::new(program.address);
    let answer = browser
        .sign_in("driver@example.com", people::PASSWORD)
        .await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let (status, _, _) = program.terminate();
    assert!(status.success(), "{status}");
    let again = Program::start(&folder, &["--demo"]);
    let mut me = Browser::new(again.address);
    me.cookie = browser.cookie;
    assert_eq!(
        me.get(path::ME).await.status,
        200,
        "a restart signs nobody out"
    );
    let (status, _, _) = again.terminate();
    assert!(status.success(), "{status}");
    std::fs::remove_dir_all(folder).unwrap();
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn many_sign_ins_cost_the_memory_of_one_for_each_core() {
    let folder = database::folder();
    seed(&folder).await;
    let program = Program::start(&folder, &[]);
    let before = program.resident_mib();
    let cores = std::thread::available_parallelism().unwrap().get();
    let address = program.address;
    let sign_ins = (0..(30 + 10 * cores)).map(|_| {
        tokio::spawn(async move {
            let mut browser = Browser::new(address);
            browser.sign_in(CANARY_EMAIL, people::PASSWORD).await.status
        })
    });
    for one in sign_ins.collect::<Vec<_>>() {
        let status = one.await.unwrap();
        // Right, throttled, or sent away because the queue is full.
        assert!(matches!(status, 200 | 429 | 503), "{status}");
    }
    let mut browser = Browser::new(address);
    for _ in 0..10 {
        browser.sign_in("somebody.else@example.com", "wrong").await;
    }
    let rise = program.resident_mib().saturating_sub(before);
    assert!(rise <= 19 * cores + 32, "{rise} MiB on {cores} cores");
    program.kill();
    std::fs::remove_dir_all(folder).unwrap();
}
