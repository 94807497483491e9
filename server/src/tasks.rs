//! What the server does on its own: it sends letters and forgets what is over.
//! [`bookings`]: it follows what is booked elsewhere, [`groups`]: and what groups may spend
//! there.

pub mod bookings;
pub mod groups;

use std::time::Duration;

use tokio::time::{Instant, MissedTickBehavior, interval_at, sleep};

use crate::{
    App,
    embedded::{
        charging::feed, devices, disputes, groups as fleets, idempotency, letters, quota, resets,
        throttle,
    },
};

/// How long a letter may wait that another copy of the server put into the box.
const POST_ROUND: Duration = Duration::from_secs(30);

/// How often the copies of the server tell each other how often people asked.
const COUNTING: Duration = Duration::from_secs(5);

/// How often it is looked for what is over.
const CLEANING: Duration = Duration::from_secs(60 * 60);

/// Runs until the program ends.
pub async fn run(app: App) {
    let charging = app.charging.clone();
    let database = app.config.database.clone();
    tokio::join!(
        charging.run(database.as_ref()),
        bookings::run(&app),
        groups::run(&app),
        count(&app),
        look_after(app.clone())
    );
}

async fn look_after(app: App) {
    // Whatever a crash held up.
    app.letters_waiting.notify_one();
    let mut rounds = interval_at(Instant::now() + POST_ROUND, POST_ROUND);
    rounds.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut cleaning = interval_at(Instant::now(), CLEANING);
    cleaning.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let done = tokio::select! {
            () = app.letters_waiting.notified() => post(&app).await,
            _ = rounds.tick() => tell_groups_and_post(&app).await,
            _ = cleaning.tick() => clean(&app).await,
        };
        if let Err(error) = done {
            tracing::error!(event = "task_failed", %error);
        }
    }
}

async fn count(app: &App) {
    loop {
        sleep(COUNTING).await;
        if let Err(error) = app.calls.save().await {
            tracing::error!(event = "task_failed", %error);
        }
    }
}

async fn tell_groups_and_post(app: &App) -> Result<(), sqlx::Error> {
    if let Err(error) = tell_groups(app).await {
        tracing::error!(event = "task_failed", %error);
    }
    post(app).await
}

/// Writes to the people of groups that have little left to spend.
pub async fn tell_groups(app: &App) -> Result<(), fleets::Unmade> {
    let portal = app.config.portal_url();
    fleets::letters::tell_of_limits(&app.store, &portal, app.clock.now()).await
}

/// Sends every letter that is due.
pub async fn post(app: &App) -> Result<(), sqlx::Error> {
    while let Some(waiting) = letters::take(&app.store, app.clock.now()).await? {
        let letter = waiting.letter();
        match app.post.send(&letter).await {
            Ok(file) => {
                letters::sent(&app.store, &waiting.id).await?;
                tracing::info!(event = "letter_sent", kind = letter.kind);
                if let Some(file) = file {
                    println!("letter: {}", file.display());
                }
            }
            Err(error) => {
                tracing::warn!(event = "letter_failed", kind = letter.kind, tries = waiting.tries, %error);
                letters::failed(&app.store, &waiting, app.clock.now()).await?;
            }
        }
    }
    Ok(())
}

/// Forgets sign-ins, links, tries, files, answers and letters whose time is over.
pub async fn clean(app: &App) -> Result<(), sqlx::Error> {
    let now = app.clock.now();
    let mut write = app.store.write().await?;
    devices::forget_expired(&mut write, now).await?;
    resets::forget_expired(&mut write, now).await?;
    throttle::forget_old(&mut write, now).await?;
    quota::forget_old(&mut write, now).await?;
    disputes::files::forget_unused(&mut write, now).await?;
    idempotency::forget_old(&mut write, now).await?;
    feed::forget_old(&mut write, now).await?;
    let given_up = letters::give_up_old(&mut write, now).await?;
    write.commit().await?;
    if given_up > 0 {
        tracing::error!(event = "letters_given_up", letters = given_up);
    }
    Ok(())
}
