//! Saying that a cost is wrong, and what comes of it.

use gloo_net::http::Method;
use portal_api::{
    dynamo::dispute::{Dispute, DisputeRequest},
    path,
    portal::disputes::{
        Decision, DeskDispute, DisputeDetail, DisputeFile, DisputeMessage, DisputePage,
    },
};
use web_sys::File;

use super::{Answer, Result, exchange, get, in_path, make, upload, with_query};

/// Files a dispute about a session.
pub async fn file(session_id: &str, request: &DisputeRequest, key: &str) -> Result<Dispute> {
    make(&path::dispute_of(in_path(session_id)), key, request).await
}

/// Sends a photo or a paper for a dispute that is about to be filed.
pub async fn send_file(file: &File) -> Result<DisputeFile> {
    let path = with_query(path::DISPUTE_FILES, &[("name", file.name())]);
    upload(&path, file).await
}

/// Some of the driver's disputes, newest first.
pub async fn disputes(offset: u64) -> Result<Answer<DisputePage>> {
    get(&from(path::DISPUTES, offset)).await
}

/// One of the driver's disputes and all that happened.
pub async fn dispute(id: String) -> Result<Answer<DisputeDetail>> {
    get(&path::dispute(in_path(&id))).await
}

/// Answers a question, or adds something.
pub async fn say(id: &str, message: &DisputeMessage, key: &str) -> Result<DisputeDetail> {
    make(&path::dispute_messages(in_path(id)), key, message).await
}

/// Some of the disputes that wait at the desk, oldest first.
pub async fn queue(offset: u64) -> Result<Answer<DisputePage>> {
    get(&from(path::DESK_DISPUTES, offset)).await
}

/// A dispute at the desk and everything about its session: whoever looks takes it up.
pub async fn at_desk(id: String) -> Result<Answer<DeskDispute>> {
    let path = path::desk_review(in_path(&id));
    exchange(Method::POST, &path, None).await?.read()
}

/// Asks the driver something.
pub async fn ask(id: &str, question: &DisputeMessage, key: &str) -> Result<DisputeDetail> {
    make(&path::desk_question(in_path(id)), key, question).await
}

/// Decides a dispute.
pub async fn decide(id: &str, decision: &Decision, key: &str) -> Result<DisputeDetail> {
    make(&path::desk_decision(in_path(id)), key, decision).await
}

fn from(path: &str, offset: u64) -> String {
    if offset == 0 {
        return path.to_owned();
    }
    with_query(path, &[("offset", offset.to_string())])
}
