//! What happened to a dispute, and what was sent with it.

use leptos::prelude::*;
use portal_api::{
    path,
    portal::disputes::{DisputeDetail, DisputeEvent, DisputeFile, EventKind, Outcome},
};

use super::{line_text, money};
use crate::{format, i18n::words};

/// What it is about in figures.
#[component]
pub fn DisputeFacts(
    /// The dispute.
    detail: DisputeDetail,
) -> impl IntoView {
    let dispute = &detail.row.dispute;
    let lines = [
        (
            words::dispute_which(),
            Some(line_text(detail.line.as_deref())),
        ),
        (words::dispute_billed(), money(dispute, dispute.billed_cost)),
        (
            words::dispute_expected_short(),
            money(dispute, dispute.expected_cost),
        ),
        (words::dispute_credit(), money(dispute, detail.row.credit)),
        (words::dispute_receipt(), detail.corrected_receipt.clone()),
    ];
    let lines = lines
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
        .map(|(name, value)| view! { <dt>{name}</dt><dd>{value}</dd> })
        .collect_view();
    view! { <dl class="facts">{lines}</dl> }
}

/// All that happened, the oldest first.
#[component]
pub fn Timeline(
    /// What happened.
    events: Vec<DisputeEvent>,
    /// How it was decided, if it was.
    outcome: Option<Outcome>,
) -> impl IntoView {
    let events = events
        .into_iter()
        .map(|event| {
            let text = event
                .text
                .map(|text| view! { <p class="typed" dir="auto">{text}</p> });
            view! {
                <li class="timeline-event">
                    <p class="timeline-head">
                        <strong>{event_text(event.kind, outcome)}</strong>
                        <time datetime=event.at.to_string()>{format::day_and_clock(event.at)}</time>
                    </p>
                    {text}
                </li>
            }
        })
        .collect_view();
    view! { <ol class="timeline">{events}</ol> }
}

fn event_text(kind: EventKind, outcome: Option<Outcome>) -> String {
    match kind {
        EventKind::Filed => words::dispute_event_filed(),
        EventKind::InReview => words::dispute_event_in_review(),
        EventKind::Question => words::dispute_event_question(),
        EventKind::Answer => words::dispute_event_answer(),
        EventKind::Decided => outcome.map_or_else(words::dispute_event_decided, outcome_text),
        EventKind::Credited => words::dispute_event_credited(),
        EventKind::Unknown => words::dispute_event_unknown(),
    }
}

/// How a dispute was decided.
pub fn outcome_text(outcome: Outcome) -> String {
    match outcome {
        Outcome::Accepted => words::dispute_accepted(),
        Outcome::PartlyAccepted => words::dispute_partly(),
        Outcome::Rejected => words::dispute_rejected_long(),
        Outcome::Unknown => words::dispute_event_decided(),
    }
}

/// What was sent with it, to be looked at on the device.
#[component]
pub fn SentFiles(
    /// The files.
    files: Vec<DisputeFile>,
) -> impl IntoView {
    if files.is_empty() {
        return ().into_any();
    }
    let files = files
        .into_iter()
        .map(|file| {
            let name = file.name.clone();
            view! {
                <li>
                    <a href=path::dispute_file(&file.id) download=file.name>
                        {name}
                    </a>
                    " "
                    <span class="facts-note">{size(file.size)}</span>
                </li>
            }
        })
        .collect_view();
    view! {
        <h3 class="dispute-heading">{words::dispute_files()}</h3>
        <ul class="dispute-files">{files}</ul>
    }
    .into_any()
}

/// How large a file is.
pub fn size(bytes: u64) -> String {
    words::unit_kb(&format::integer(bytes.div_ceil(1024)))
}
