//! The example of what an operator has, and imports as another program makes them: with a
//! store of their own on the server's database.

use std::path::Path;

use portal_server::embedded::{
    Store,
    stock::{self, Failure, Report},
};

use super::{Server, database};

/// The example that people read.
pub const EXAMPLE: &str = include_str!("../../example-stock.toml");

/// The key of its charge point.
pub const KEY: &str = "choose-a-key-of-your-own";

/// The example with something else in it.
pub fn example_but(changes: &[(&str, &str)]) -> String {
    let mut text = EXAMPLE.to_owned();
    for (old, new) in changes {
        assert!(text.contains(old), "{old} is not in the example");
        text = text.replace(old, new);
    }
    text
}

pub async fn try_import(
    server: &Server,
    text: &str,
    letters: Option<&str>,
) -> Result<Report, Failure> {
    let stock = stock::read(text, Path::new(env!("CARGO_MANIFEST_DIR")))?;
    let store = match &server.app.config.database {
        Some(address) => Store::postgres(address, server.clock()).await,
        None => Store::sqlite(&database::file(&server.folder), server.clock()).await,
    };
    let store = store.unwrap();
    let done = stock::import(&store, &stock, letters, server.clock().now()).await;
    store.close().await;
    done
}

/// What an import did: how many entries it added, changed, and left as they were.
pub async fn import(server: &Server, text: &str) -> [usize; 3] {
    sums(&try_import(server, text, None).await.unwrap())
}

pub fn sums(report: &Report) -> [usize; 3] {
    let sum = |count: fn(&stock::Tally) -> usize| report.0.iter().map(count).sum();
    [
        sum(|tally| tally.added),
        sum(|tally| tally.changed),
        sum(|tally| tally.unchanged),
    ]
}

/// Why an import was refused.
pub async fn refusal(server: &Server, text: &str) -> String {
    let refused = try_import(server, text, None).await;
    refused.expect_err(text).to_string()
}
