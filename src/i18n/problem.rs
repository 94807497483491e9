//! How a problem is said: what happened, whether anything was changed, and
//! what to do. A new kind of problem does not compile until it can be said.

use crate::{client::Problem, format, i18n::words};

/// What stands in a problem's panel.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Said {
    /// In a few words.
    pub title: String,
    /// What it means for the person.
    pub text: String,
    /// When to try again, or how to name the problem to somebody who helps.
    pub note: Option<String>,
    /// Whether trying again may help.
    pub retry: bool,
}

/// Says a problem.
pub fn say(problem: &Problem) -> Said {
    let (title, text, retry) = match problem {
        Problem::Offline => (
            words::problem_offline_title(),
            words::problem_offline_text(),
            true,
        ),
        Problem::Slow => (
            words::problem_slow_title(),
            words::problem_slow_text(),
            true,
        ),
        Problem::Unanswered => (
            words::problem_unanswered_title(),
            words::problem_unanswered_text(),
            true,
        ),
        Problem::SignedOut => (
            words::problem_signed_out_title(),
            words::problem_signed_out_text(),
            true,
        ),
        Problem::Missing => (
            words::problem_missing_title(),
            words::problem_missing_text(),
            false,
        ),
        Problem::Refused { .. } => (
            words::problem_refused_title(),
            words::problem_refused_text(),
            false,
        ),
        Problem::TooOften { .. } => (
            words::problem_often_title(),
            words::problem_often_text(),
            true,
        ),
        Problem::Busy { .. } => (
            words::problem_busy_title(),
            words::problem_busy_text(),
            true,
        ),
        Problem::Upstream { .. } => (
            words::problem_upstream_title(),
            words::problem_upstream_text(),
            true,
        ),
        Problem::Server { .. } => (
            words::problem_server_title(),
            words::problem_server_text(),
            true,
        ),
        Problem::Unreadable => (
            words::problem_unreadable_title(),
            words::problem_unreadable_text(),
            true,
        ),
    };
    Said {
        title,
        text,
        note: note(problem),
        retry,
    }
}

/// Says a problem in one line: what it means, and when to try again.
pub fn say_in_a_line(problem: &Problem) -> String {
    let said = say(problem);
    let parts: Vec<String> = [Some(said.text), said.note].into_iter().flatten().collect();
    parts.join(" ")
}

fn note(problem: &Problem) -> Option<String> {
    match problem {
        Problem::TooOften { wait } | Problem::Busy { wait } | Problem::Upstream { wait } => {
            wait.map(|seconds| words::problem_wait(&format::wait(seconds)))
        }
        Problem::Server { request } => request.as_deref().map(words::problem_request),
        _ => None,
    }
}
