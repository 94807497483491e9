//! The store keeps what it promised, and refuses files it must not touch.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

mod support;

use std::path::Path;

use portal_server::{
    clock::Clock,
    embedded::{
        Store,
        people::{self as people_of_store, NewPerson, Role},
        store::OpenError,
    },
};
use support::{Database, both_stores, database, people};

async fn open(file: &Path) -> Result<Store, OpenError> {
    Store::sqlite(file, &Clock::system()).await
}

/// Why a file is refused; it must come out as it went in.
async fn refusal(file: &Path) -> String {
    let before = std::fs::read(file).unwrap();
    let error = open(file).await.expect_err("it must be refused");
    assert!(
        std::fs::read(file).unwrap() == before,
        "the file was touched"
    );
    let said = error.to_string();
    assert_eq!(said.lines().count(), 1, "{said}");
    said
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_no_database_is_refused() {
    let folder = database::folder();
    let file = database::file(&folder);
    std::fs::write(&file, "this is a shopping list, not a store".repeat(300)).unwrap();
    let said = refusal(&file).await;
    assert!(
        said.contains("is damaged") && said.contains("portal.db"),
        "{said}"
    );
    std::fs::remove_dir_all(folder).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_file_is_refused() {
    let folder = database::folder();
    let file = database::file(&folder);
    open(&file).await.unwrap().close().await;
    let mut bytes = std::fs::read(&file).unwrap();
    assert!(bytes.len() > 8192);
    for byte in &mut bytes[4096..8192] {
        *byte = 0xa5;
    }
    std::fs::write(&file, &bytes).unwrap();
    let said = refusal(&file).await;
    assert!(said.contains("is damaged"), "{said}");
    std::fs::write(&file, &bytes[..bytes.len() / 2]).unwrap();
    let said = refusal(&file).await;
    assert!(said.contains("is damaged"), "{said}");
    std::fs::remove_dir_all(folder).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_of_a_newer_program_is_refused() {
    let folder = database::folder();
    let file = database::file(&folder);
    let store = open(&file).await.unwrap();
    let mut write = store.write().await.unwrap();
    sqlx::query("insert into migrations (number, name, taken_at) values (9999, 'future', 0)")
        .execute(&mut *write)
        .await
        .unwrap();
    write.commit().await.unwrap();
    store.close().await;
    let said = refusal(&file).await;
    assert!(said.contains("newer version"), "{said}");
    std::fs::remove_dir_all(folder).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn another_programs_database_is_refused() {
    use sqlx::{AnyConnection, Connection, Executor};

    let folder = database::folder();
    let file = database::file(&folder);
    sqlx::any::install_default_drivers();
    let address = format!("sqlite://{}?mode=rwc", file.display());
    let mut connection = AnyConnection::connect(&address).await.unwrap();
    connection
        .execute("create table bookmarks (url text)")
        .await
        .unwrap();
    connection.close().await.unwrap();
    let said = refusal(&file).await;
    assert!(said.contains("another program"), "{said}");
    std::fs::remove_dir_all(folder).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_is_found_again_as_it_was_left() {
    for database in database::all().await {
        let folder = database::folder();
        let clock = Clock::standing_at(support::beginning());
        let store = database.open(&folder, &clock).await;
        let before = database::contents(&store).await;
        store.close().await;
        let store = database.open(&folder, &clock).await;
        assert_eq!(database::contents(&store).await, before);
        store.close().await;
        database.drop().await;
        std::fs::remove_dir_all(folder).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sqlite_waits_for_the_disk_at_every_commit() {
    let folder = database::folder();
    let store = open(&database::file(&folder)).await.unwrap();
    let mut write = store.write().await.unwrap();
    let synchronous: i64 = sqlx::query_scalar("pragma synchronous")
        .fetch_one(&mut *write)
        .await
        .unwrap();
    assert_eq!(synchronous, 2, "2 is FULL");
    let mode: String = sqlx::query_scalar("pragma journal_mode")
        .fetch_one(&mut *write)
        .await
        .unwrap();
    assert_eq!(mode, "wal");
    let keys: i64 = sqlx::query_scalar("pragma foreign_keys")
        .fetch_one(&mut *write)
        .await
        .unwrap();
    assert_eq!(keys, 1);
    let patience: i64 = sqlx::query_scalar("pragma busy_timeout")
        .fetch_one(&mut *write)
        .await
        .unwrap();
    assert_eq!(patience, 5000);
    drop(write);
    store.close().await;
    std::fs::remove_dir_all(folder).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_sqlite_itself_undoes_is_not_the_last_one() {
    let folder = database::folder();
    let store = open(&database::file(&folder)).await.unwrap();
    let long = people::organisation("org_long", &"x".repeat(100_000));
    let mut write = store.write().await.unwrap();
    // It takes none that is less than there are.
    let full = sqlx::query("pragma max_page_count = 1");
    full.execute(&mut *write).await.unwrap();
    let refused = people_of_store::put_organisation(&mut write, &long).await;
    let refused = refused.unwrap_err().into_database_error().unwrap();
    assert_eq!(refused.code().as_deref(), Some("13"), "{refused}");
    drop(write);
    let mut write = store.write().await.unwrap();
    people_of_store::put_organisation(&mut write, &long)
        .await
        .unwrap();
    write.commit().await.unwrap();
    store.close().await;
    std::fs::remove_dir_all(folder).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_postgresql_that_forgets_is_refused() {
    for database in database::all().await {
        let Some(address) = database.address() else {
            continue;
        };
        let clock = Clock::system();
        let folder = database::folder();
        database.open(&folder, &clock).await.close().await;
        let Database::Postgres { server, name } = &database else {
            panic!("only PostgreSQL has an address");
        };
        let off = format!("alter database {name} set synchronous_commit = off");
        database::command(server, &off).await;
        let opened = Store::postgres(&address, &clock).await;
        let said = opened.expect_err("it must be refused").to_string();
        assert!(said.contains("synchronous_commit = off"), "{said}");
        database.drop().await;
        std::fs::remove_dir_all(folder).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn writers_at_the_same_time_wait_for_each_other() {
    both_stores(async |server| {
        let writers = (0..32).map(|number| {
            let (store, clock) = (server.store().clone(), server.clock().clone());
            tokio::spawn(async move {
                let email = format!("p{number}@example.com");
                let mut write = store.write().await.unwrap();
                let new = NewPerson {
                    id: &format!("usr_p{number}"),
                    email: &email,
                    name: "P",
                    password_hash: None,
                    organisation_id: None,
                    dynamo_user_id: None,
                    roles: &[Role::Driver],
                    language: None,
                };
                people_of_store::add(&mut write, &new, clock.now())
                    .await
                    .unwrap();
                write.commit().await.unwrap();
            })
        });
        for writer in writers.collect::<Vec<_>>() {
            writer.await.unwrap();
        }
        let people: i64 = sqlx::query_scalar("select count(*) from people")
            .fetch_one(server.store().readers())
            .await
            .unwrap();
        assert_eq!(people, 32);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_not_committed_never_was() {
    both_stores(async |server| {
        let before = database::contents(server.store()).await;
        let mut write = server.store().write().await.unwrap();
        let gone = people::organisation("org_gone", "Gone");
        people_of_store::put_organisation(&mut write, &gone)
            .await
            .unwrap();
        drop(write);
        assert_eq!(database::contents(server.store()).await, before);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_schema_forbids_what_must_not_be() {
    both_stores(async |server| {
        people::driver(server).await;
        for forbidden in [
            // Two people with one address, in whatever case.
            "insert into people (id, email, name, created_at)
                values ('usr_x', 'driver@example.com', 'X', 0)",
            "insert into people (id, email, name, created_at)
                values ('usr_x', 'Driver@example.com', 'X', 0)",
            // A password that is not hashed.
            "insert into people (id, email, name, password_hash, created_at)
                values ('usr_x', 'x@example.com', 'X', 'charge-ahead', 0)",
            "insert into person_roles (person_id, role) values ('usr_driver', 'owner')",
            "insert into person_roles (person_id, role) values ('usr_nobody', 'driver')",
            // A secret that is not hashed, and a sign-in of nobody.
            "insert into devices (id, token_hash, person_id, shared, signed_in_at, last_seen_at,
                idle_seconds, expires_at) values ('dev_x', 'token', 'usr_driver', 0, 1, 1, 1, 2)",
            "insert into resets (token_hash, person_id, expires_at)
                values ('token', 'usr_driver', 1)",
        ] {
            let mut write = server.store().write().await.unwrap();
            let refused = sqlx::query(forbidden).execute(&mut *write).await;
            assert!(refused.is_err(), "{forbidden}");
        }
    })
    .await;
}
