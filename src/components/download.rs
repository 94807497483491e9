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

    fn end(self, size: Size) -> Option<u64> {
        match self {
            Self::Bytes => size.bytes,
            Self::Files | Self::Rows => size.sessions,
        }
    }

    fn says(self, done: u64, of: Option<u64>) -> String {
        let text = |amount: u64| match self {
            Self::Bytes => words::unit_kb(&format::integer(amount.div_ceil(1000))),
            Self::Files | Self::Rows => format::integer(amount),
        };
        match of {
            Some(of) => words::download_progress(&text(done.min(of)), &text(of)),
            None => text(done),
        }
    }
}

/// Counts how often a mark comes in what is heard piece by piece.
struct Counter {
    mark: &'static [u8],
    /// The end of what was heard: a mark may lie across two pieces.
    tail: Vec<u8>,
}

impl Counter {
    fn hear(&mut self, piece: &[u8]) -> u64 {
        if self.mark.is_empty() {
            return piece.len() as u64;
        }
        self.tail.extend_from_slice(piece);
        let marks = self.tail.windows(self.mark.len());
        let count = marks.filter(|window| *window == self.mark).count() as u64;
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
    let (done, of) = (RwSignal::new(0), RwSignal::new(None));
    let mut counter = Counter {
        mark: measure.mark(),
        tail: Vec::new(),
    };
    let hear = move |size: Size, piece: &[u8]| {
        of.set(measure.end(size));
        done.update(|done| *done += counter.hear(piece));
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
