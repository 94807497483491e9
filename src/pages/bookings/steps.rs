//! How far a booking is, step by step.

use leptos::prelude::*;
use portal_api::petit_monde::booking::BookingStatus;

use crate::{components::booking::status_text, i18n::words, ui::icon::Icon};

/// How a step stands.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Standing {
    /// It was taken.
    Done,
    /// It is being taken.
    Now,
    /// It comes.
    Next,
    /// It ended here.
    Ended,
}

impl Standing {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Now => "now",
            Self::Next => "next",
            Self::Ended => "ended",
        }
    }

    const fn icon(self) -> &'static str {
        match self {
            Self::Done => "check",
            Self::Now => "clock",
            Self::Next => "circle",
            Self::Ended => "alert",
        }
    }

    /// For those who don't see the sign.
    fn says(self) -> String {
        match self {
            Self::Done => words::booking_step_done(),
            Self::Now => words::booking_step_now(),
            Self::Next => words::booking_step_next(),
            Self::Ended => words::booking_step_ended(),
        }
    }
}

/// What happens to a booking, one after the other.
#[derive(Clone, Debug, Eq, PartialEq)]
enum Step {
    Asked,
    Checked,
    Confirmed,
    Held,
    Charging,
    Over(BookingStatus),
    Unknown(String),
}

impl Step {
    fn text(&self) -> String {
        match self {
            Self::Asked => words::booking_step_asked(),
            Self::Checked => words::booking_step_checked(),
            Self::Confirmed => words::booking_step_confirmed(),
            Self::Held => words::booking_step_held(),
            Self::Charging => words::booking_step_charging(),
            Self::Over(status) => status_text(status),
            Self::Unknown(word) => words::booking_step_unknown(word),
        }
    }
}

/// The way of a booking. A status that nobody documented is where it is now, and no end.
fn way(status: &BookingStatus, held: bool, confirmed: bool) -> Vec<(Step, Standing)> {
    use BookingStatus::{
        Attending, Cancelled, Completed, Confirmed, Expired, NoShow, Other, Pending, Requested,
    };
    let whole = [
        Step::Asked,
        Step::Checked,
        Step::Confirmed,
        Step::Held,
        Step::Charging,
        Step::Over(Completed),
    ];
    // How many steps were taken before the one that is being taken.
    let taken = match status {
        Requested => 0,
        Pending => 1,
        Confirmed if held => 3,
        Confirmed => 2,
        Attending => 4,
        Completed => 6,
        Other(word) => {
            let now = (Step::Unknown(word.clone()), Standing::Now);
            return vec![(Step::Asked, Standing::Done), now];
        }
        ended => {
            let was_confirmed = confirmed || *ended == NoShow;
            let steps = match (was_confirmed, ended) {
                (true, _) => 3,
                (false, Cancelled | Expired) => 1,
                (false, _) => 2,
            };
            let mut way: Vec<_> = whole.into_iter().take(steps).collect();
            way.push(Step::Over(ended.clone()));
            let last = way.len() - 1;
            let stands = |at| {
                if at == last {
                    Standing::Ended
                } else {
                    Standing::Done
                }
            };
            return (0..)
                .map(stands)
                .zip(way)
                .map(|(stands, step)| (step, stands))
                .collect();
        }
    };
    let stands = |at: usize| match at.cmp(&taken) {
        std::cmp::Ordering::Less => Standing::Done,
        std::cmp::Ordering::Equal => Standing::Now,
        std::cmp::Ordering::Greater => Standing::Next,
    };
    let way = whole.into_iter().enumerate();
    way.map(|(at, step)| (step, stands(at))).collect()
}

/// How far it is, step by step.
#[component]
pub fn Steps(
    /// How far.
    status: BookingStatus,
    /// Whether the charge point holds the plug.
    held: bool,
    /// Whether it ever was confirmed.
    confirmed: bool,
) -> impl IntoView {
    let steps = way(&status, held, confirmed)
        .into_iter()
        .map(|(step, standing)| {
            let current = (standing == Standing::Now).then_some("step");
            view! {
                <li class="booking-step" data-standing=standing.as_str() aria-current=current>
                    <Icon name=standing.icon() />
                    <span>{step.text()}</span>
                    <span class="said-only">{standing.says()}</span>
                </li>
            }
        })
        .collect_view();
    view! { <ol class="booking-steps">{steps}</ol> }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stands(status: &BookingStatus, held: bool, confirmed: bool) -> Vec<Standing> {
        let way = way(status, held, confirmed);
        way.into_iter().map(|(_, standing)| standing).collect()
    }

    #[test]
    fn each_status_stands_at_one_step_of_the_way() {
        use Standing::{Done, Ended, Next, Now};
        for (status, held, expected) in [
            (
                BookingStatus::Requested,
                false,
                [Now, Next, Next, Next, Next, Next],
            ),
            (
                BookingStatus::Pending,
                false,
                [Done, Now, Next, Next, Next, Next],
            ),
            (
                BookingStatus::Confirmed,
                false,
                [Done, Done, Now, Next, Next, Next],
            ),
            (
                BookingStatus::Confirmed,
                true,
                [Done, Done, Done, Now, Next, Next],
            ),
            (
                BookingStatus::Attending,
                true,
                [Done, Done, Done, Done, Now, Next],
            ),
            (BookingStatus::Completed, false, [Done; 6]),
        ] {
            assert_eq!(stands(&status, held, true), expected, "{status:?} {held}");
        }
        for (status, confirmed, steps) in [
            (BookingStatus::Cancelled, false, 2),
            (BookingStatus::Cancelled, true, 4),
            (BookingStatus::Rejected, false, 3),
            (BookingStatus::Failed, false, 3),
            (BookingStatus::Expired, false, 2),
            (BookingStatus::Expired, true, 4),
            (BookingStatus::NoShow, true, 4),
        ] {
            let stands = stands(&status, false, confirmed);
            assert_eq!(stands.len(), steps, "{status:?}");
            assert_eq!(stands.last(), Some(&Ended), "{status:?}");
        }
    }

    #[test]
    fn a_status_that_nobody_documented_is_no_end() {
        let way = way(&BookingStatus::of_word("ON_HOLD"), false, false);
        let unknown = Step::Unknown("ON_HOLD".to_owned());
        assert_eq!(way.last(), Some(&(unknown, Standing::Now)));
    }
}
