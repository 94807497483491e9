//! Asks a real Petit Monde what groups may spend and have spent: for whoever looks at one,
//! and of those with a limit now and then though nobody looks, so that their people learn
//! in time that little is left.

use std::time::Duration;

use futures_util::{StreamExt, stream};
use tokio::time::{sleep, timeout};

use crate::{
    App, Elsewhere,
    embedded::groups::{self, elsewhere as kept},
    provider::{Failure, meter::Purpose},
};

/// How often it is looked whether a group is due.
const LOOK: Duration = Duration::from_secs(5);

/// The longest that anybody waits for figures newer than those that are known.
const PATIENCE: Duration = Duration::from_secs(2);

/// So many groups are asked about at a time.
const AT_ONCE: usize = 8;

/// Runs until the program ends.
pub(super) async fn run(app: &App) {
    if app.elsewhere.is_none() {
        return std::future::pending().await;
    }
    loop {
        if let Err(error) = follow(app).await {
            tracing::error!(event = "group_not_followed", %error);
        }
        sleep(LOOK).await;
    }
}

/// Asks about the group that is due, if one is.
pub async fn follow(app: &App) -> Result<(), sqlx::Error> {
    let Some(elsewhere) = &app.elsewhere else {
        return Ok(());
    };
    let a_month = elsewhere.quota.a_month();
    match kept::take_due(&app.store, a_month, app.clock.now()).await? {
        Some(id) => ask(app, elsewhere, &id, Purpose::Following).await,
        None => Ok(()),
    }
}

/// Asks about groups that somebody looks at, unless that was just done. What takes long
/// goes on without whoever looks: they see what is known, and soon what is new.
pub async fn refresh(app: &App, ids: Vec<String>) {
    if app.elsewhere.is_none() {
        return;
    }
    let app = app.clone();
    let asking = tokio::spawn(async move {
        let asked = stream::iter(&ids).for_each_concurrent(AT_ONCE, |id| refresh_one(&app, id));
        asked.await;
    });
    drop(timeout(PATIENCE, asking).await);
}

async fn refresh_one(app: &App, id: &str) {
    let Some(elsewhere) = &app.elsewhere else {
        return;
    };
    let asked = async {
        if kept::take_stale(&app.store, id, app.clock.now()).await? {
            ask(app, elsewhere, id, Purpose::Person).await?;
        }
        Ok::<_, sqlx::Error>(())
    };
    if let Err(error) = asked.await {
        tracing::error!(event = "group_not_refreshed", %error);
    }
}

/// If it doesn't say, what it said before stands.
async fn ask(
    app: &App,
    elsewhere: &Elsewhere,
    id: &str,
    purpose: Purpose,
) -> Result<(), sqlx::Error> {
    let asked = app.clock.now();
    let told = match elsewhere.system.group(id, purpose).await {
        Ok(told) => told,
        Err(Failure::Store(error)) => return Err(error),
        Err(failure) => {
            tracing::warn!(event = "group_not_refreshed", kind = failure.kind());
            return Ok(());
        }
    };
    let mut write = app.store.write().await?;
    if let Some(group) = groups::find(&mut write, id).await? {
        kept::heed(&mut write, &group, &told, (asked, app.clock.now())).await?;
    }
    write.commit().await
}
