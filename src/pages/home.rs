//! `/`: this month beside the last, what is booked next or under way, what groups may
//! spend, the latest sessions, what waits at the desk.

mod asking;
mod desk;
mod groups;

use leptos::prelude::*;
use portal_api::{
    dynamo::{Session, SessionStatus},
    money::Money,
    portal::{DisputeNews, MonthTotals, SessionSummary, Tab},
    time::Month,
};

use self::{
    asking::{Overview, overview},
    groups::{Groups, OnlyGroups},
};
use crate::{
    client::Problem,
    components::{
        booking::next::NextBooking,
        chunk::{Chunk, chunk},
        hold::card::HeldCards,
        loaded::Loaded,
        nothing_charged::NothingCharged,
        session_row::{SessionRow, Status, cost, place},
        trouble::{PartTrouble, Trouble},
    },
    format,
    i18n::{tab_title, words},
    routes,
    run::live,
    state::{
        clock::{this_month, use_clock},
        holds::use_holds,
        identity::use_identity,
        live::use_live,
        remote::{Remote, remote},
    },
    ui::{
        chip::{Chip, Tone},
        figure::Figure,
        notice::{About, Notice},
        page::Page,
        skeleton::{Shape, Skeleton},
    },
};

chunk!(at_desk in desk draws desk::AtDesk);
chunk!(holds in live draws HeldCards);

/// The start page.
#[component]
pub fn HomePage() -> impl IntoView {
    let me = use_identity().person();
    let drives = use_identity().drives();
    let decides = me.as_ref().is_some_and(|me| me.tabs.contains(&Tab::Desk));
    let grouped = me.as_ref().is_some_and(|me| !me.groups.is_empty());
    let name = me.map(|me| me.name).unwrap_or_default();
    view! {
        <Page title=words::home_hello(&name) tab_title=|_| tab_title(&words::home_title())>
            {decides.then(|| view! { <Chunk page=at_desk shape=Shape::Rows(1) /> })}
            {if drives {
                view! { <Driving grouped /> }.into_any()
            } else if grouped {
                view! { <OnlyGroups /> }.into_any()
            } else if decides {
                ().into_any()
            } else {
                view! {
                    <Notice
                        about=About::Nothing
                        icon="check"
                        title=words::home_calm_title()
                        text=words::home_calm_text()
                    />
                }
                .into_any()
            }}
        </Page>
    }
}

/// What a driver wants to know first.
#[component]
fn Driving(grouped: bool) -> impl IntoView {
    let clock = use_clock();
    let last = StoredValue::new(None);
    let all = remote(move || overview(grouped, clock.exactly(), last));
    let told = use_live();
    // One that begins or ends changes more than its own figures.
    told.renews_with_sessions(all);
    told.renews_with_bookings(all);
    view! {
        <Held />
        <Loaded remote=all shape=Shape::Overview children=move |overview| draw(overview, all) />
    }
}

/// Draws what came, and says of the rest that it didn't.
fn draw(overview: Overview, all: Remote<Overview>) -> AnyView {
    let (busy, retry) = (all.busy(), Callback::new(move |()| all.again()));
    let lacking = |problem: Problem, text| match problem {
        Problem::Slow if overview.hurried => {
            view! { <Skeleton shape=Shape::Rows(1) label=words::app_loading() /> }.into_any()
        }
        _ => view! { <PartTrouble text busy retry /> }.into_any(),
    };
    let booking = match overview.booking {
        Ok(booking) => booking.map(|booking| view! { <NextBooking booking /> }.into_any()),
        Err(problem) => Some(lacking(problem, words::home_no_bookings())),
    };
    let groups = match overview.groups {
        Ok(groups) => view! { <Groups groups /> }.into_any(),
        Err(problem) => lacking(problem, words::home_no_groups()),
    };
    if overview.hurried {
        all.again();
    }
    let (summary, latest) = match overview.sessions {
        Ok(answer) => answer.value,
        Err(problem) => {
            return view! {
                {booking}
                <Trouble problem busy retry />
                {groups}
            }
            .into_any();
        }
    };
    if summary.total == 0 {
        return view! {
            {booking}
            <NothingCharged />
            {groups}
        }
        .into_any();
    }
    view! {
        {booking}
        <UnderWay sessions=latest.sessions.clone() />
        <News disputes=summary.disputes.clone() />
        <Months summary />
        {groups}
        <Latest sessions=latest.sessions />
    }
    .into_any()
}

/// What is held: its code comes only where something is.
#[component]
fn Held() -> impl IntoView {
    let holding = use_holds();
    let some = Memo::new(move |_| !holding.held().is_empty());
    live(move || {
        some.get()
            .then(|| view! { <Chunk page=holds shape=Shape::Rows(1) /> })
    })
}

/// The sessions that are under way at this moment.
#[component]
fn UnderWay(sessions: Vec<Session>) -> impl IntoView {
    let told = use_live();
    sessions
        .into_iter()
        .filter(|session| session.status == SessionStatus::Active)
        .map(|session| {
            let id = session.session_id.clone();
            let now = Memo::new(move |_| told.now(session.clone()));
            let figures = move || {
                let session = now.get();
                let energy = session.energy_kwh.map(format::energy).unwrap_or_default();
                view! {
                    <a class="home-live-link" href=routes::session(&id)>
                        <Status status=session.status.clone() />
                        <span class="home-live-place">{place(&session)}</span>
                    </a>
                    <dl class="figures">
                        <Figure caption=words::home_cost() values=vec![cost(&session)] />
                        <Figure caption=words::home_energy() values=vec![energy] />
                    </dl>
                }
            };
            view! {
                <section class="card home-live" aria-label=words::home_under_way()>
                    {live(figures)}
                </section>
            }
        })
        .collect_view()
}

/// The disputes that wait for the driver, or were decided lately.
#[component]
fn News(disputes: Vec<DisputeNews>) -> impl IntoView {
    disputes
        .into_iter()
        .map(|news| {
            let (tone, text) = if news.decided {
                (Tone::Neutral, words::home_dispute_decided())
            } else {
                (Tone::Notable, words::home_dispute_asked())
            };
            let came_of_it = news.decided.then(|| match news.credit {
                Some(credit) => {
                    words::home_dispute_credit(&format::exact_money(credit.amount, credit.currency))
                }
                None => words::home_dispute_no_credit(),
            });
            view! {
                <section class="card">
                    <a class="home-live-link" href=routes::dispute(&news.dispute_id)>
                        <Chip tone icon="desk" text />
                        <span class="home-live-place">{news.place}</span>
                        <span class="facts-note">{came_of_it}</span>
                    </a>
                </section>
            }
        })
        .collect_view()
}

/// This month's figures, each with last month's beside it.
#[component]
fn Months(summary: SessionSummary) -> impl IntoView {
    let month = this_month();
    let this = totals_of(&summary, Some(month));
    let last = totals_of(&summary, month.before());
    let last_name = month.before().map(format::month).unwrap_or_default();
    let note =
        |value: Option<String>| value.map(|value| words::home_last_month(&last_name, &value));
    let figures = this.map(|this| {
        let energy = note(last.as_ref().map(|last| format::energy(last.energy_kwh)));
        let costs = note(last.as_ref().map(|last| costs(last).join(" + ")));
        view! {
            <dl class="figures">
                <Figure
                    caption=words::home_cost()
                    values=self::costs(&this)
                    note=costs.unwrap_or_default()
                />
                <Figure
                    caption=words::home_energy()
                    values=vec![format::energy(this.energy_kwh)]
                    note=energy.unwrap_or_default()
                />
            </dl>
            <p class="home-count">{words::home_sessions_count(this.sessions)}</p>
        }
    });
    let none = figures.is_none().then(|| {
        let before = last
            .as_ref()
            .map(|last| words::home_last_month(&last_name, &costs(last).join(" + ")));
        view! {
            <p>{words::home_none_this_month()}</p>
            <p class="figure-note">{before}</p>
        }
    });
    view! {
        <section class="card" aria-labelledby="this-month">
            <h2 class="card-title" id="this-month">
                {words::home_this_month()}
                <span class="card-title-note">{format::month(month)}</span>
            </h2>
            {figures}
            {none}
        </section>
    }
}

fn totals_of(summary: &SessionSummary, month: Option<Month>) -> Option<MonthTotals> {
    summary
        .months
        .iter()
        .find(|totals| Some(totals.month) == month)
        .cloned()
}

/// What a month cost, one text a currency.
fn costs(totals: &MonthTotals) -> Vec<String> {
    totals
        .costs
        .iter()
        .filter_map(|cost| Money::from_major(cost.amount, cost.currency))
        .map(format::money)
        .collect()
}

#[component]
fn Latest(sessions: Vec<Session>) -> impl IntoView {
    let newest = sessions
        .iter()
        .find(|session| session.receipt_available == Some(true))
        .map(|session| {
            view! {
                <a class="card-more" href=routes::session(&session.session_id)>
                    {words::home_receipt()}
                </a>
            }
        });
    let rows = sessions
        .into_iter()
        .map(|session| view! { <li class="home-latest-row"><SessionRow session /></li> })
        .collect_view();
    view! {
        <section class="card home-latest" aria-labelledby="latest">
            <h2 class="card-title" id="latest">
                {words::home_latest()}
            </h2>
            <ul class="rows">{rows}</ul>
            {newest}
            <a class="card-more" href=routes::SESSIONS>
                {words::home_all()}
            </a>
        </section>
    }
}
