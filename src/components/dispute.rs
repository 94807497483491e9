//! Disputes, as drivers and the desk see them.

pub mod filing;
pub mod list;
pub mod message;
pub mod story;

use leptos::prelude::*;
use portal_api::{
    decimal::Decimal,
    dynamo::dispute::{Dispute, DisputeStatus},
    portal::disputes::Turn,
    problem::Code,
};

use super::cost;
use crate::{
    client::Problem,
    format,
    i18n::{problem, words},
    ui::chip::{Chip, Tone},
};

/// How far a dispute is, as a chip.
#[component]
pub fn DisputeChip(
    /// How far it is.
    status: DisputeStatus,
) -> impl IntoView {
    let tone = match &status {
        DisputeStatus::Open | DisputeStatus::UnderReview => Tone::Live,
        DisputeStatus::Resolved => Tone::Good,
        DisputeStatus::Unconfirmed => Tone::Notable,
        DisputeStatus::Rejected | DisputeStatus::Other(_) => Tone::Neutral,
    };
    let icon = match tone {
        Tone::Good => "check",
        Tone::Notable => "alert",
        _ => "desk",
    };
    view! { <Chip tone icon text=status_text(&status) /> }
}

/// How far a dispute is, in a word or two.
pub fn status_text(status: &DisputeStatus) -> String {
    match status {
        DisputeStatus::Open => words::dispute_open(),
        DisputeStatus::UnderReview => words::dispute_in_review(),
        DisputeStatus::Resolved => words::dispute_resolved(),
        DisputeStatus::Rejected => words::dispute_rejected(),
        DisputeStatus::Unconfirmed => words::dispute_unconfirmed(),
        DisputeStatus::Other(word) => words::status_as_sent(word),
    }
}

/// Whose turn it is, for those who don't sit at the desk.
pub fn turn_text(turn: Turn) -> String {
    match turn {
        Turn::Driver => words::dispute_turn_driver(),
        Turn::Operator => words::dispute_turn_operator(),
        Turn::Nobody => words::dispute_turn_nobody(),
        Turn::Unknown => words::dispute_turn_unknown(),
    }
}

/// An amount of a dispute, if there is one.
pub fn money(dispute: &Dispute, amount: Option<Decimal>) -> Option<String> {
    Some(format::exact_money(amount?, dispute.currency?))
}

/// The number that is said to be wrong, by the breakdown's word.
pub fn line_text(line: Option<&str>) -> String {
    match line {
        Some(word) => cost::line_name(word),
        None => words::cost_total(),
    }
}

/// What is wrong with a photo or a paper, after its name.
pub fn say_of_file(name: &str, problem: &Problem) -> String {
    let said = match problem {
        Problem::Missing => words::dispute_file_gone(),
        problem => say_in_a_line(problem),
    };
    [name, ": ", &said].concat()
}

/// A problem in one line, with what is special about disputes.
pub fn say_in_a_line(problem: &Problem) -> String {
    match problem.code() {
        Some(Code::Decided) => words::dispute_problem_decided(),
        Some(Code::Elsewhere) => words::dispute_problem_elsewhere(),
        Some(Code::TooLarge) => words::dispute_file_large(),
        Some(Code::FileKind) => words::dispute_file_kind(),
        Some(Code::FileDamaged) => words::dispute_file_damaged(),
        _ => problem::say_in_a_line(problem),
    }
}
