//! The driver's steps: filing, and saying more.

use portal_api::dynamo::dispute::Dispute;

use super::{Filing, Life, Undone, files, letters::News, reading};
use crate::{ids, mail::words};

/// Who decides.
#[derive(Clone, Copy)]
pub(super) enum System {
    Ours,
    Upstream,
}

impl Life<'_> {
    /// Files a dispute that our own desk decides.
    pub async fn file(&mut self, filing: &Filing<'_>) -> Result<Dispute, Undone> {
        let id = ids::new_id("disp")?;
        if !self.put(&id, filing, System::Ours).await? {
            return Err(Undone::AlreadyDisputed);
        }
        self.filed(&id).await?;
        let reason = &filing.request.reason;
        self.tell_desk(&id, reason, words::desk_filed).await?;
        self.told(&id).await
    }

    /// Whether a dispute was written, with its files.
    pub(super) async fn put(
        &mut self,
        id: &str,
        filing: &Filing<'_>,
        system: System,
    ) -> Result<bool, Undone> {
        let (session, request) = (filing.session, filing.request);
        let (upstream, status, turn) = match system {
            System::Ours => (0_i64, "open", "operator"),
            System::Upstream => (1, "unconfirmed", "unknown"),
        };
        let put = sqlx::query(
            "insert into disputes (id, person_id, session_id, upstream, status, turn, line, reason,
                expected_minor, billed_minor, currency, site_name, time_zone, started_at, filed_at,
                changed_at)
                values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $15)
                on conflict do nothing",
        )
        .bind(id)
        .bind(filing.person_id)
        .bind(&session.session_id)
        .bind(upstream)
        .bind(status)
        .bind(turn)
        .bind(request.line.as_deref())
        .bind(&request.reason)
        .bind(filing.expected.map(|money| money.minor))
        .bind(session.cost().map(|money| money.minor))
        .bind(session.currency.as_ref().map(|currency| currency.code()))
        .bind(session.site_name.as_deref())
        .bind(session.time_zone.as_deref())
        .bind(session.started_at.millis())
        .bind(self.now.millis())
        .execute(&mut **self.write)
        .await?;
        if put.rows_affected() == 0 {
            return Ok(false);
        }
        let attached = files::attach(self.write, id, filing.person_id, &request.files).await?;
        if attached {
            Ok(true)
        } else {
            Err(Undone::NoSuchFile)
        }
    }

    /// Notes and tells that a dispute was filed.
    pub(super) async fn filed(&mut self, id: &str) -> Result<(), Undone> {
        let stands: (String, String, String) =
            sqlx::query_as("select person_id, session_id, status from disputes where id = $1")
                .bind(id)
                .fetch_one(&mut **self.write)
                .await?;
        let (person_id, session_id, status) = stands;
        self.note(id, "filed", Some(&person_id), None).await?;
        self.mark_session(&session_id, &status).await?;
        self.tell(id, News::Filed).await
    }

    /// The driver answers, or adds something.
    pub async fn say(&mut self, person_id: &str, id: &str, text: &str) -> Result<(), Undone> {
        let done = sqlx::query(
            "update disputes set turn = 'operator', changed_at = $3
                where id = $1 and person_id = $2 and upstream = 0 and decided_at is null",
        )
        .bind(id)
        .bind(person_id)
        .bind(self.now.millis())
        .execute(&mut **self.write)
        .await?;
        if done.rows_affected() == 0 {
            return Err(self.why_not(id, Some(person_id)).await?);
        }
        self.note(id, "answer", Some(person_id), Some(text)).await?;
        self.tell_desk(id, text, words::desk_answered).await
    }

    /// Why nothing can be done with a dispute: a driver's own, or any at the desk.
    pub(super) async fn why_not(
        &mut self,
        id: &str,
        person_id: Option<&str>,
    ) -> Result<Undone, sqlx::Error> {
        let found: Option<(String, i64)> =
            sqlx::query_as("select person_id, upstream from disputes where id = $1")
                .bind(id)
                .fetch_optional(&mut **self.write)
                .await?;
        Ok(match (found, person_id) {
            (Some((owner, _)), Some(person)) if owner != person => Undone::NotFound,
            (Some((_, 0)), _) => Undone::Decided,
            (Some(_), Some(_)) => Undone::Elsewhere,
            _ => Undone::NotFound,
        })
    }

    /// Writes down what happened. The dispute has been changed before in the
    /// same transaction: nobody else is at it.
    pub(super) async fn note(
        &mut self,
        id: &str,
        kind: &str,
        author_id: Option<&str>,
        text: Option<&str>,
    ) -> Result<(), sqlx::Error> {
        sqlx::query(
            "insert into dispute_events (dispute_id, number, at, kind, author_id, text)
                select $1, coalesce(max(number), 0) + 1, $2, $3, $4, $5
                from dispute_events where dispute_id = $1",
        )
        .bind(id)
        .bind(self.now.millis())
        .bind(kind)
        .bind(author_id)
        .bind(text)
        .execute(&mut **self.write)
        .await
        .map(drop)
    }

    /// The list of sessions shows how the newest dispute stands.
    pub(super) async fn mark_session(
        &mut self,
        session_id: &str,
        status: &str,
    ) -> Result<(), sqlx::Error> {
        sqlx::query("update sessions set dispute_status = $2 where id = $1")
            .bind(session_id)
            .bind(status)
            .execute(&mut **self.write)
            .await
            .map(drop)
    }

    /// A dispute as Dynamo tells it.
    pub(super) async fn told(&mut self, id: &str) -> Result<Dispute, Undone> {
        let dispute = reading::dispute(self.write, id).await?;
        dispute.ok_or(Undone::NotFound)
    }
}
