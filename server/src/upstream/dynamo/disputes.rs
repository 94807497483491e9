//! A driver's dispute at a real Dynamo, which takes it and tells nothing more.

use std::pin::Pin;

use portal_api::dynamo::dispute::DisputeRequest;

use super::{Dynamo, decode, is_plain};
use crate::provider::{Disputes, Driver, Failure, Filed, Unfiled};

impl Dynamo {
    async fn file_of(
        &self,
        driver: Driver<'_>,
        session_id: &str,
        request: &DisputeRequest,
        key: &str,
    ) -> Result<Filed, Unfiled> {
        if driver.dynamo_user_id.is_none() || !is_plain(session_id) {
            return Err(Unfiled::Refused(Failure::NotFound));
        }
        // No more than is documented: lines and files are ours.
        let documented = DisputeRequest {
            reason: request.reason.clone(),
            expected_cost: request.expected_cost,
            line: None,
            files: Vec::new(),
        };
        let json = serde_json::to_vec(&documented)
            .map_err(|_| Unfiled::Refused(Failure::Nonsense("no request can be made of it")))?;
        let path = ["api", "v1", "portal", "sessions", session_id, "dispute"];
        let body = self.client.post(&path, key, json).await?;
        Ok(decode::filed(&body))
    }
}

impl Disputes for Dynamo {
    fn file<'a>(
        &'a self,
        driver: Driver<'a>,
        session_id: &'a str,
        request: &'a DisputeRequest,
        key: &'a str,
    ) -> Pin<Box<dyn Future<Output = Result<Filed, Unfiled>> + Send + 'a>> {
        Box::pin(self.file_of(driver, session_id, request, key))
    }
}
