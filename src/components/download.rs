//! A file on its way: how far it is, and a way to give it up. It is given up too
//! when this part of the page goes away.

use leptos::prelude::*;
use web_sys::Blob;

use crate::{
    client::{
        Problem,
        file::{Size, file},
    },
    format,
    i18n::words,
    run::while_here,
    ui::{
        button::{Button, Weight},
        progress::Progress,
    },
};

/// By what one sees how far a file is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Measure {
    /// Its size.
    Bytes,
    /// How many files of an archive are here.
    Files,
    /// How many rows of a table are here.
    Rows,
}

impl Measure {
    /// What stands before each file of an archive, or after each row.
    const fn mark(self) -> &'static [u8] {
        match self {
            Self::Bytes => b"",
            Self::Files => b"PK\x03\x04",
            Self::Rows => b"\r\n",
        }
    }

    fn end(self, size: Size) -> Option<f64> {
        match self {
            Self::Bytes => size.bytes,
            #[expect(clippy::cast_precision_loss, reason = "fewer than 2^53 sessions")]
            Self::Files | Self::Rows => size.sessions.map(|count| count as f64),
        }
    }

    fn says(self, done: f64, of: Option<f64>) -> String {
        let text = |amount: f64| match self {
            Self::Bytes => words::unit_kb(&whole(amount / 1000.0)),
            Self::Files | Self::Rows => whole(amount),
        };
        match of {
            Some(of) => words::download_progress(&text(done.min(of)), &text(of)),
            None => text(done),
        }
    }
}

fn whole(amount: f64) -> String {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "no file is that large"
    )]
    let amount = amount.max(0.0).ceil() as u64;
    format::integer(amount)
}

/// Counts how often a mark comes in what is heard piece by piece.
struct Counter {
    mark: &'static [u8],
    /// The end of what was heard: a mark may lie across two pieces.
    tail: Vec<u8>,
}

impl Counter {
    fn hear(&mut self, piece: &[u8]) -> usize {
        if self.mark.is_empty() {
            return piece.len();
        }
        self.tail.extend_from_slice(piece);
        let marks = self.tail.windows(self.mark.len());
        let count = marks.filter(|window| *window == self.mark).count();
        let kept = self.tail.len().min(self.mark.len() - 1);
        self.tail.drain(..self.tail.len() - kept);
        count
    }
}

/// A file on its way.
#[component]
pub fn Download(
    /// Where it is.
    path: String,
    /// By what one sees how far it is.
    measure: Measure,
    /// What is going on.
    #[prop(into)]
    label: String,
    /// Told when it is here, or cannot be had.
    on_end: Callback<Result<Blob, Problem>>,
    /// Told that somebody gives it up.
    on_cancel: Callback<()>,
) -> impl IntoView {
    let (done, of) = (RwSignal::new(0.0), RwSignal::new(None));
    let mut counter = Counter {
        mark: measure.mark(),
        tail: Vec::new(),
    };
    let hear = move |size: Size, piece: &[u8]| {
        #[expect(
            clippy::cast_precision_loss,
            reason = "a piece has fewer than 2^53 bytes"
        )]
        let more = counter.hear(piece) as f64;
        of.set(measure.end(size));
        done.update(|done| *done += more);
    };
    while_here(async move { on_end.run(file(&path, hear).await) });
    view! {
        <Progress
            label
            done
            of
            says=Signal::derive(move || measure.says(done.get(), of.get()))
        />
        <Button weight=Weight::Quiet text=words::app_cancel() on_press=on_cancel />
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_across_two_pieces_is_counted_once() {
        for cut in 0..12 {
            let whole = b"PK\x03\x04aPK\x03\x04bc";
            let mut counter = Counter {
                mark: Measure::Files.mark(),
                tail: Vec::new(),
            };
            let (first, second) = whole.split_at(cut.min(whole.len()));
            assert_eq!(counter.hear(first) + counter.hear(second), 2, "{cut}");
        }
    }
}
