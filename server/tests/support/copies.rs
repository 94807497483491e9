//! Several copies of the server on one store.

use portal_server::{clock::Clock, config::Config};

use super::{
    Server, beginning,
    database::{self, Database},
    tireless,
};

async fn copy(database: &Database, folder: &std::path::Path, clock: &Clock) -> Server {
    let config = Config {
        data: folder.to_owned(),
        database: database.address(),
        ..tireless()
    };
    let store = database.open(folder, clock).await;
    Server::start(config, clock.clone(), store).await
}

/// Runs a test against two copies; a file has one server, and is left out.
pub async fn two(test: impl AsyncFn(Server, Server)) {
    for database in database::all().await {
        if database.address().is_none() {
            continue;
        }
        let folder = database::folder();
        let clock = Clock::standing_at(beginning());
        let first = copy(&database, &folder, &clock).await;
        let second = copy(&database, &folder, &clock).await;
        test(first, second).await;
        database.drop().await;
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
