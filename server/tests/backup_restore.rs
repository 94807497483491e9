//! Backups as the README says, made while the server writes: whatever was acknowledged
//! before one began is there when it is put back, and it all fits together.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

mod support;

use std::{collections::BTreeSet, path::Path, process::Command};

use portal_api::{
    dynamo::reservation::ReservationRequest,
    path,
    petit_monde::booking::{Booking, BookingRequest, BookingStatus},
    portal::{Me, MeChange},
    time::Instant,
};
use portal_server::{clock::Clock, embedded::Store};
use serde_json::json;
use sqlx::{AnyConnection, AssertSqlSafe, Connection, Executor};
use support::{
    Browser, Database, bookings,
    crash::{Table, browser_at, connect, driver, prepare_with, serve, start},
    database, people,
    program::Program,
};
use tokio::{sync::watch, task::JoinSet};

const MEMBER: &str = "member@example.com";

/// As many as one person may ask for in an hour.
const MOST_BOOKINGS: i64 = 190;

/// A booking that somebody was told they have.
#[derive(Clone)]
struct Booked {
    id: String,
    by_member: bool,
    given_up: bool,
}

/// What people were told is done.
#[derive(Clone, Default)]
struct Acknowledged {
    bookings: Vec<Booked>,
    holds: Vec<String>,
    name: usize,
}

impl Acknowledged {
    /// Whether there is enough of everything.
    fn is_something(&self) -> bool {
        let bookings = |which: fn(&Booked) -> bool| {
            let such = self.bookings.iter().filter(|one| which(one));
            such.count() >= 10
        };
        bookings(|one| one.by_member)
            && bookings(|one| !one.by_member)
            && bookings(|one| one.given_up)
            && self.holds.len() >= 5
            && self.name >= 30
    }
}

/// Somebody who does one thing after the other until it is enough.
#[derive(Clone)]
struct Writer {
    browser: Browser,
    acknowledged: watch::Sender<Acknowledged>,
    enough: watch::Receiver<bool>,
}

impl Writer {
    fn goes_on(&self) -> bool {
        !*self.enough.borrow()
    }

    /// Books two plugs for one hour after the other, which somebody else does, too, and gives
    /// up some of them.
    async fn book(self, request: fn(Instant, u32) -> BookingRequest, by_member: bool) {
        let tomorrow = Clock::system().now().plus_seconds(86_400);
        for number in (0..MOST_BOOKINGS).take_while(|_| self.goes_on()) {
            let start = tomorrow.plus_seconds(number / 2 * 3_600);
            let connector = if number % 2 == 0 { 1 } else { 2 };
            let answer = bookings::try_book(&self.browser, &request(start, connector)).await;
            if answer.status == 409 {
                continue;
            }
            assert_eq!(answer.status, 202, "{}", answer.text);
            let id = answer.json::<Booking>().id;
            let given_up = number % 5 < 2;
            if given_up {
                let cancel = path::cancel_booking(&id);
                let answer = self.browser.post(&cancel, &json!({})).await;
                assert_eq!(answer.status, 200, "{}", answer.text);
            }
            self.acknowledged.send_modify(|all| {
                all.bookings.push(Booked {
                    id,
                    by_member,
                    given_up,
                });
            });
        }
    }

    /// Has a plug held and lets it go, again and again.
    async fn hold(self) {
        while self.goes_on() {
            let request = ReservationRequest {
                charge_point_id: "CP-BGO".into(),
                connector_id: 3,
                expires_at: Clock::system().now().plus_seconds(900),
                id_tag: "driver@example.com".into(),
            };
            let answer = self.browser.post(path::RESERVATIONS, &request).await;
            assert_eq!(answer.status, 201, "{}", answer.text);
            let id = answer.value()["reservation_id"]
                .as_str()
                .unwrap()
                .to_owned();
            let given_up = self.browser.delete(&path::reservation(&id)).await;
            assert_eq!(given_up.status, 204, "{}", given_up.text);
            self.acknowledged.send_modify(|all| all.holds.push(id));
        }
    }

    async fn change_name(self) {
        for number in (1..).take_while(|_| self.goes_on()) {
            let change = MeChange {
                name: Some(format!("name {number}")),
                preferences: None,
            };
            let answer = self.browser.patch(path::ME, &change).await;
            assert_eq!(answer.status, 200, "{}", answer.text);
            self.acknowledged.send_modify(|all| all.name = number);
        }
    }
}

fn own(start: Instant, connector: u32) -> BookingRequest {
    bookings::request_from(start, connector, 60)
}

fn of_group(start: Instant, connector: u32) -> BookingRequest {
    bookings::for_group(own(start, connector), "group_night")
}

/// A server that much is asked of.
struct Busy {
    program: Program,
    cookie: Option<String>,
    acknowledged: watch::Sender<Acknowledged>,
    enough: watch::Sender<bool>,
    writers: JoinSet<()>,
}

impl Busy {
    /// Starts it, and waits until much was done.
    async fn start(database: &Database, folder: &Path) -> Self {
        prepare_with(database, folder, async |server| {
            bookings::group(server, "night", (Some(100_000_000), None)).await;
        })
        .await;
        let program = start(database, folder);
        let browser = driver(&program).await;
        let mut member = Browser::new(program.address);
        member.sign_in(MEMBER, people::PASSWORD).await;
        let (acknowledged, (enough, told)) = (watch::Sender::default(), watch::channel(false));
        let writer = |browser: &Browser| Writer {
            browser: browser.clone(),
            acknowledged: acknowledged.clone(),
            enough: told.clone(),
        };
        let mut point = connect(&program).await;
        let now = Clock::system().now().to_string();
        point.status(3, "Available", &now).await;
        let mut writers = JoinSet::new();
        writers.spawn(writer(&browser).book(own, false));
        writers.spawn(writer(&member).book(of_group, true));
        writers.spawn(writer(&browser).change_name());
        let holds = writer(&browser).hold();
        writers.spawn(async move {
            let table = Table::new(BTreeSet::new());
            tokio::select! {
                () = serve(point, &table, async || {}, async || {}) => panic!("it is gone"),
                () = holds => {}
            }
        });
        let mut much = acknowledged.subscribe();
        much.wait_for(Acknowledged::is_something).await.unwrap();
        Self {
            program,
            cookie: browser.cookie,
            acknowledged,
            enough,
            writers,
        }
    }

    fn acknowledged(&self) -> Acknowledged {
        self.acknowledged.borrow().clone()
    }

    /// Lets everybody finish what they are doing.
    async fn calm(&mut self) {
        self.enough.send_replace(true);
        while let Some(done) = self.writers.join_next().await {
            done.unwrap();
        }
    }
}

/// The README's commands. Another connection of our own SQLite does what its program does.
async fn back_up(database: &Database, folder: &Path, file: &Path) {
    let Some(address) = database.address() else {
        let store = format!("sqlite://{}", database::file(folder).display());
        let mut connection = AnyConnection::connect(&store).await.unwrap();
        let copy = format!("vacuum into '{}'", file.display());
        connection.execute(AssertSqlSafe(copy)).await.unwrap();
        connection.close().await.unwrap();
        return;
    };
    let mut dump = Command::new("pg_dump");
    dump.args(["--format=custom", "--file"]).arg(file);
    run(dump.arg(address.expose())).await;
}

async fn restore(file: &Path, database: &Database, folder: &Path) {
    let Some(address) = database.address() else {
        for old in ["portal.db-wal", "portal.db-shm"] {
            // Whoever ended well has left none.
            let _ = std::fs::remove_file(folder.join(old));
        }
        std::fs::copy(file, database::file(folder)).unwrap();
        return;
    };
    let mut restore = Command::new("pg_restore");
    restore
        .arg("--exit-on-error")
        .arg("--dbname")
        .arg(address.expose());
    run(restore.arg(file)).await;
}

/// Runs another program while everybody goes on.
async fn run(command: &mut Command) {
    let status = tokio::task::block_in_place(|| command.status());
    let said = "PostgreSQL's programs are needed (on Debian: apt install postgresql)";
    assert!(status.expect(said).success());
}

/// A server on what was put back has all of it, knows everybody, and goes on.
async fn assert_restored(
    database: &Database,
    folder: &Path,
    cookie: &Option<String>,
    all: &Acknowledged,
) {
    let program = start(database, folder);
    let still_signed_in = browser_at(&program, cookie);
    assert_eq!(still_signed_in.get(path::ME).await.status, 200);
    let mut member = Browser::new(program.address);
    let answer = member.sign_in(MEMBER, people::PASSWORD).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let owner = driver(&program).await;
    let name = owner.get(path::ME).await.json::<Me>().name;
    let name: usize = name.strip_prefix("name ").unwrap().parse().unwrap();
    assert!(name >= all.name, "{name} {}", all.name);
    for booked in &all.bookings {
        let browser = if booked.by_member { &member } else { &owner };
        let answer = browser.get(&path::booking(&booked.id)).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        let status = answer.json::<Booking>().status;
        assert_eq!(status == BookingStatus::Cancelled, booked.given_up);
    }
    let next = own(Clock::system().now().plus_seconds(3_600), 4);
    bookings::book(&owner, &next).await;
    let (ended, _, _) = program.terminate();
    assert!(ended.success(), "{ended}");
    let store = database.open(folder, &Clock::system()).await;
    assert_it_fits_together(&store, all).await;
    store.close().await;
}

async fn assert_it_fits_together(store: &Store, all: &Acknowledged) {
    let holds: Vec<String> = sqlx::query_scalar("select id from reservations")
        .fetch_all(store.readers())
        .await
        .unwrap();
    assert!(all.holds.iter().all(|id| holds.contains(id)));
    for (wrong, of) in [
        (
            "bookings that overlap",
            "select count(*) from bookings a join bookings b on a.charge_point_id = b.charge_point_id
                and a.connector = b.connector and a.id < b.id
                and a.starts_at < b.ends_at and b.starts_at < a.ends_at
                where a.status <> 'CANCELLED' and b.status <> 'CANCELLED'",
        ),
        (
            "group bookings without their money",
            "select count(*) from bookings b left join group_claims c on c.reference = b.id
                where b.group_id is not null and (c.reference is null
                    or (c.open = 1) = (b.status = 'CANCELLED'))",
        ),
        (
            "months that are not the sum of their claims",
            "select count(*) from group_months m where
                m.spent <> (select coalesce(sum(c.spent), 0) from group_claims c
                    where c.group_id = m.group_id and c.local_day / 100 = m.month)
                or m.held <> (select coalesce(sum(c.held), 0) from group_claims c
                    where c.group_id = m.group_id and c.local_day / 100 = m.month
                    and c.open = 1)",
        ),
    ] {
        let count: i64 = sqlx::query_scalar(of).fetch_one(store.readers()).await.unwrap();
        assert_eq!(count, 0, "{wrong}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn a_backup_made_while_the_server_writes_is_put_back_whole_elsewhere() {
    for database in database::all().await {
        let (folder, elsewhere) = (database::folder(), database::folder());
        let mut busy = Busy::start(&database, &folder).await;
        let before = busy.acknowledged();
        let file = elsewhere.join("backup");
        back_up(&database, &folder, &file).await;
        busy.calm().await;
        busy.program.kill();
        let restored = database.another().await;
        restore(&file, &restored, &elsewhere).await;
        assert_restored(&restored, &elsewhere, &busy.cookie, &before).await;
        for database in [database, restored] {
            database.drop().await;
        }
        for folder in [folder, elsewhere] {
            std::fs::remove_dir_all(folder).unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn a_backup_takes_the_place_of_a_store_whose_server_was_killed() {
    let (folder, database) = (database::folder(), Database::Sqlite);
    let mut busy = Busy::start(&database, &folder).await;
    let before = busy.acknowledged();
    let file = folder.join("backup.db");
    back_up(&database, &folder, &file).await;
    busy.calm().await;
    busy.program.kill();
    // What the old store had not taken in yet must not go into the one that is put back.
    assert!(
        std::fs::metadata(folder.join("portal.db-wal"))
            .unwrap()
            .len()
            > 0
    );
    restore(&file, &database, &folder).await;
    assert_restored(&database, &folder, &busy.cookie, &before).await;
    std::fs::remove_dir_all(folder).unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn the_copied_folder_of_a_stopped_server_is_all_there_is() {
    let (folder, elsewhere, database) = (database::folder(), database::folder(), Database::Sqlite);
    let mut busy = Busy::start(&database, &folder).await;
    busy.calm().await;
    let all = busy.acknowledged();
    let (ended, _, _) = busy.program.terminate();
    assert!(ended.success(), "{ended}");
    run(Command::new("cp")
        .arg("-r")
        .arg(folder.join("."))
        .arg(&elsewhere))
    .await;
    std::fs::remove_dir_all(folder).unwrap();
    assert_restored(&database, &elsewhere, &busy.cookie, &all).await;
    std::fs::remove_dir_all(elsewhere).unwrap();
}
