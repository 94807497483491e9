//! The operator's steps: looking, asking, deciding once.

use portal_api::{
    money::{Currency, Money},
    portal::disputes::{Decision, Outcome},
};

use super::{Life, Undone, letters::News};
use crate::embedded::bills;

/// A decision as it is kept.
struct Verdict {
    status: &'static str,
    outcome: &'static str,
    credit: Option<Money>,
}

impl Life<'_> {
    /// Somebody opens a dispute at the desk: from the first time on it is in review.
    pub async fn look(&mut self, staff_id: &str, id: &str) -> Result<(), Undone> {
        let session_id: Option<String> = sqlx::query_scalar(
            "update disputes set status = 'under_review', changed_at = $2
                where id = $1 and upstream = 0 and status = 'open' returning session_id",
        )
        .bind(id)
        .bind(self.now.millis())
        .fetch_optional(&mut **self.write)
        .await?;
        if let Some(session_id) = session_id {
            self.note(id, "in_review", Some(staff_id), None).await?;
            self.mark_session(&session_id, "under_review").await?;
        }
        Ok(())
    }

    /// Asks the driver something.
    pub async fn ask(&mut self, staff_id: &str, id: &str, text: &str) -> Result<(), Undone> {
        self.look(staff_id, id).await?;
        let done = sqlx::query(
            "update disputes set turn = 'driver', changed_at = $2
                where id = $1 and upstream = 0 and decided_at is null",
        )
        .bind(id)
        .bind(self.now.millis())
        .execute(&mut **self.write)
        .await?;
        if done.rows_affected() == 0 {
            return Err(self.why_not(id, None).await?);
        }
        self.note(id, "question", Some(staff_id), Some(text))
            .await?;
        self.tell(id, News::Question(text)).await
    }

    /// Decides, and gives back what is to be given back.
    pub async fn decide(
        &mut self,
        staff_id: &str,
        id: &str,
        decision: &Decision,
    ) -> Result<(), Undone> {
        let (session_id, currency) = self.claim(id).await?;
        let verdict = verdict(decision, currency)?;
        let receipt = match verdict.credit {
            Some(credit) => {
                let credited =
                    bills::credit(self.write, &session_id, credit.minor, id, self.now).await?;
                Some(credited)
            }
            None => None,
        };
        sqlx::query(
            "update disputes set status = $2, outcome = $3, credit_minor = $4,
                corrected_receipt = $5, decided_at = $6, turn = 'nobody' where id = $1",
        )
        .bind(id)
        .bind(verdict.status)
        .bind(verdict.outcome)
        .bind(verdict.credit.map(|credit| credit.minor))
        .bind(receipt.as_deref())
        .bind(self.now.millis())
        .execute(&mut **self.write)
        .await?;
        self.note(id, "decided", Some(staff_id), Some(&decision.text))
            .await?;
        if verdict.credit.is_some() {
            self.note(id, "credited", Some(staff_id), None).await?;
        }
        self.mark_session(&session_id, verdict.status).await?;
        let news = News::Decided {
            outcome: decision.outcome,
            text: &decision.text,
            credit: verdict.credit,
            receipt: receipt.as_deref(),
        };
        self.tell(id, news).await
    }

    /// Makes everybody else who wants to decide wait, and find it decided.
    async fn claim(&mut self, id: &str) -> Result<(String, Currency), Undone> {
        let claimed: Option<(String, String)> = sqlx::query_as(
            "update disputes set changed_at = $2
                where id = $1 and upstream = 0 and decided_at is null
                returning session_id, currency",
        )
        .bind(id)
        .bind(self.now.millis())
        .fetch_optional(&mut **self.write)
        .await?;
        match claimed {
            Some((session_id, code)) => {
                let currency = Currency::new(&code).ok_or(Undone::Credit)?;
                Ok((session_id, currency))
            }
            None => Err(self.why_not(id, None).await?),
        }
    }
}

fn verdict(decision: &Decision, currency: Currency) -> Result<Verdict, Undone> {
    let credit = decision.credit.filter(|credit| !credit.is_zero());
    let credit = match credit.map(|credit| Money::from_major(credit, currency)) {
        Some(None) => return Err(Undone::Credit),
        Some(Some(money)) if money.minor < 0 => return Err(Undone::Credit),
        credit => credit.flatten(),
    };
    let (status, outcome) = match decision.outcome {
        Outcome::Accepted => ("resolved", "accepted"),
        Outcome::PartlyAccepted => ("resolved", "partly_accepted"),
        Outcome::Rejected => ("rejected", "rejected"),
        Outcome::Unknown => return Err(Undone::Contradiction),
    };
    if credit.is_some() == (status == "rejected") {
        return Err(Undone::Contradiction);
    }
    Ok(Verdict {
        status,
        outcome,
        credit,
    })
}
