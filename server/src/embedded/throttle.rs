//! How often somebody may try. The counts are in the store, so that several
//! copies of the server share them and a restart forgets none.

use portal_api::time::Instant;

use super::{Store, Write};
use crate::ids;

/// What is counted, how often it may happen, and in how many seconds.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Limit {
    /// A word for the store.
    pub kind: &'static str,
    /// How often.
    pub most: i64,
    /// In how many seconds from the first try.
    pub seconds: i64,
}

/// Wrong passwords for one account.
pub const SIGN_IN_ACCOUNT: Limit = Limit {
    kind: "sign_in_account",
    most: 10,
    seconds: 60,
};

/// Wrong passwords from one address.
pub const SIGN_IN_ADDRESS: Limit = Limit {
    kind: "sign_in_address",
    most: 30,
    seconds: 60,
};

/// Letters for one account.
pub const RESET_ACCOUNT: Limit = Limit {
    kind: "reset_account",
    most: 3,
    seconds: 60 * 60,
};

/// Letters asked for from one address. More than for one account: a whole
/// office may share an address.
pub const RESET_ADDRESS: Limit = Limit {
    kind: "reset_address",
    most: 12,
    seconds: 60 * 60,
};

/// Links tried from one address.
pub const CONFIRM_ADDRESS: Limit = Limit {
    kind: "confirm_address",
    most: 30,
    seconds: 60,
};

/// Disputes filed by one person.
pub const DISPUTES: Limit = Limit {
    kind: "disputes",
    most: 20,
    seconds: 60 * 60,
};

/// Files sent by one person.
pub const DISPUTE_FILES: Limit = Limit {
    kind: "dispute_files",
    most: 60,
    seconds: 60 * 60,
};

/// What one person says about disputes.
pub const DISPUTE_MESSAGES: Limit = Limit {
    kind: "dispute_messages",
    most: 60,
    seconds: 60 * 60,
};

/// Charge points with a wrong name or key from one address. A whole site may share one.
pub const CHARGE_POINT_ADDRESS: Limit = Limit {
    kind: "charge_point_address",
    most: 100,
    seconds: 60,
};

/// Plugs that one person tries to hold.
pub const HOLDS: Limit = Limit {
    kind: "holds",
    most: 10,
    seconds: 60 * 60,
};

/// Plugs that one person tries to book.
pub const BOOKINGS: Limit = Limit {
    kind: "bookings",
    most: 200,
    seconds: 60 * 60,
};

/// Letters that one person has sent to guests.
pub const GUEST_LETTERS: Limit = Limit {
    kind: "guest_letters",
    most: 20,
    seconds: 60 * 60,
};

/// Guests' links tried from one address.
pub const GUEST_ADDRESS: Limit = Limit {
    kind: "guest_address",
    most: 60,
    seconds: 60,
};

/// A limit and whom it is about: an account's or a client's address, or a person's id.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a>(pub Limit, pub &'a str);

impl Subject<'_> {
    fn hash(&self) -> String {
        ids::hash(&format!("{}:{}", self.0.kind, self.1))
    }

    /// When its window ends, if it began at `since`.
    fn wait(&self, since: i64, now: Instant) -> u64 {
        let end = since.saturating_add(self.0.seconds * 1000);
        let millis = end.saturating_sub(now.millis()).max(0);
        u64::try_from(millis).unwrap_or(0).div_ceil(1000).max(1)
    }
}

/// How many seconds to wait, if a limit is reached already. Writes nothing, so
/// that a flood costs the disk nothing.
pub async fn reached(
    store: &Store,
    subjects: &[Subject<'_>],
    now: Instant,
) -> Result<Option<u64>, sqlx::Error> {
    let mut longest = None;
    for subject in subjects {
        let since: Option<i64> = sqlx::query_scalar(
            "select since from tries
            where kind = $1 and subject_hash = $2 and count >= $3 and since > $4",
        )
        .bind(subject.0.kind)
        .bind(subject.hash())
        .bind(subject.0.most)
        .bind(now.plus_seconds(-subject.0.seconds).millis())
        .fetch_optional(store.readers())
        .await?;
        longest = longest.max(since.map(|since| subject.wait(since, now)));
    }
    Ok(longest)
}

/// Counts one try for each subject before it is made, so that many at the
/// same time are counted too. Gives how many seconds to wait if it is one too
/// many for any of them.
pub async fn count(
    write: &mut Write,
    subjects: &[Subject<'_>],
    now: Instant,
) -> Result<Option<u64>, sqlx::Error> {
    let mut longest = None;
    for subject in subjects {
        let (count, since): (i64, i64) = sqlx::query_as(
            "insert into tries (kind, subject_hash, since, count) values ($1, $2, $3, 1)
            on conflict (kind, subject_hash) do update set
                count = case when tries.since <= $4 then 1 else tries.count + 1 end,
                since = case when tries.since <= $4 then $3 else tries.since end
            returning count, since",
        )
        .bind(subject.0.kind)
        .bind(subject.hash())
        .bind(now.millis())
        .bind(now.plus_seconds(-subject.0.seconds).millis())
        .fetch_one(&mut **write)
        .await?;
        if count > subject.0.most {
            longest = longest.max(Some(subject.wait(since, now)));
        }
    }
    Ok(longest)
}

/// Takes one try back: it turned out right.
pub async fn take_back(write: &mut Write, subject: Subject<'_>) -> Result<(), sqlx::Error> {
    sqlx::query(
        "update tries set count = count - 1
        where kind = $1 and subject_hash = $2 and count > 0",
    )
    .bind(subject.0.kind)
    .bind(subject.hash())
    .execute(&mut **write)
    .await
    .map(drop)
}

/// Forgets all tries of a subject.
pub async fn forgive(write: &mut Write, subject: Subject<'_>) -> Result<(), sqlx::Error> {
    sqlx::query("delete from tries where kind = $1 and subject_hash = $2")
        .bind(subject.0.kind)
        .bind(subject.hash())
        .execute(&mut **write)
        .await
        .map(drop)
}

/// Forgets tries so old that no limit counts them any more.
pub async fn forget_old(write: &mut Write, now: Instant) -> Result<(), sqlx::Error> {
    let day = 24 * 60 * 60;
    sqlx::query("delete from tries where since < $1")
        .bind(now.plus_seconds(-day).millis())
        .execute(&mut **write)
        .await
        .map(drop)
}
