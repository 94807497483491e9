//! Receipts that a real Dynamo writes: handed on as they are.

use portal_api::query::SessionQuery;

use super::Dynamo;
use crate::{
    provider::{Driver, Entry, Failure, More, Wanted},
    upstream::client::Form,
};

/// How many seconds until somebody may ask again for a receipt that isn't there.
const NOT_YET: u64 = 60;

/// As much as a receipt may be.
const RECEIPT: Form = Form {
    kind: "application/pdf",
    longest: 10 * 1024 * 1024,
};

impl Dynamo {
    /// The receipt itself names no driver: whose it is, the session says. It has
    /// no number that could be asked for, and the language is Dynamo's.
    pub(super) async fn receipt_of(
        &self,
        driver: Driver<'_>,
        wanted: Wanted<'_>,
    ) -> Result<Vec<u8>, Failure> {
        let session = self.one_of(driver, wanted.session_id).await?;
        let not_ready = Failure::NotReady { again_in: NOT_YET };
        if session.ended_at.is_none() {
            return Err(not_ready);
        }
        if wanted.number.is_some() {
            return Err(Failure::NotFound);
        }
        let id = wanted.session_id;
        let path = ["api", "v1", "billing", "sessions", id, "receipt"];
        match self.client.get_as(&path, &[], RECEIPT).await {
            Ok(receipt) if receipt.starts_with(b"%PDF-") => Ok(receipt),
            Ok(_) => Err(Failure::Nonsense("it is no receipt")),
            Err(Failure::NotFound | Failure::Conflict) => Err(not_ready),
            Err(failure) => Err(failure),
        }
    }

    /// What a table says beyond the list is not documented.
    pub(super) async fn entries_of(
        &self,
        driver: Driver<'_>,
        query: &SessionQuery,
    ) -> Result<Vec<Entry>, Failure> {
        let page = self.page_of(driver, query).await?;
        let entry = |session| Entry {
            session,
            more: More::default(),
        };
        Ok(page.sessions.into_iter().map(entry).collect())
    }
}
