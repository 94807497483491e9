//! The form itself.

use leptos::{ev, prelude::*};
use portal_api::{
    dynamo::{Session, cost::CostBreakdown, dispute::MOST_EXPECTED},
    money::{Currency, Money},
};

use super::{files::ChosenFiles, typed::Filing};
use crate::{
    client::Problem,
    components::{
        chunk::{Chunk, chunk},
        cost,
        dispute::{
            filing::file,
            message::{counter, wrong},
            say_in_a_line,
        },
        session_row::place,
        trouble::FormTrouble,
    },
    format,
    i18n::words,
    routes,
    run::{live, to_the_end, whenever},
    state::{
        address::{Address, use_address},
        identity::{Identity, use_identity},
        network::use_network,
        outbox::{Outbox, Waiting, use_outbox},
        toasts::{Toasts, use_toasts},
    },
    ui::{
        button::{Button, Weight},
        field::{self, Field, Kind, TextArea},
        select::Select,
        skeleton::Shape,
    },
};

chunk!(files in dispute_files draws ChosenFiles);

/// What stands around the form.
#[derive(Clone, Copy)]
struct Around {
    address: Address,
    identity: Identity,
    outbox: Outbox,
    toasts: Toasts,
    busy: RwSignal<bool>,
    refusal: RwSignal<Option<String>>,
}

/// What is wrong, and what would be right.
#[component]
pub fn Form(
    /// What it is about.
    session: Session,
    /// Its cost, line by line.
    cost: Option<CostBreakdown>,
    /// What is said.
    filing: Filing,
) -> impl IntoView {
    let network = use_network();
    let around = Around {
        address: use_address(),
        identity: use_identity(),
        outbox: use_outbox(),
        toasts: use_toasts(),
        busy: RwSignal::new(false),
        refusal: RwSignal::new(None),
    };
    let filled = fill_in(cost.clone(), filing);
    let billed = session.cost();
    let text_wrong = move || wrong(&filing.text.read(), filing.tried.get());
    let expected_wrong = move || expected_wrong(filing, billed);
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        filing.tried.set(true);
        if untrack(text_wrong).is_some() {
            field::focus("reason");
        } else if untrack(expected_wrong).is_some() {
            field::focus("expected");
        } else if !around.busy.get_untracked() && filing.uploading.get_untracked() == 0 {
            send(&session, filing, untrack(|| network.online()), around);
        }
    };
    let offline = move || (!network.online()).then(words::dispute_offline);
    view! {
        <form class="card form" novalidate on:submit=submit>
            <WhichNumber cost filing />
            <TextArea
                id="reason"
                label=words::dispute_reason()
                error=Signal::derive(text_wrong)
                value=filing.text
                note=Signal::derive(move || counter(&filing.text.read()))
                on_input=move |_: String| filing.changed()
            />
            {live(move || expected(filing, billed, filled.get()))}
            <Papers filing />
            <FormTrouble problem=around.refusal.into() />
            <p class="field-hint" role="status">{live(offline)}</p>
            <Button
                weight=Weight::Main
                text=words::dispute_submit()
                busy_text=words::dispute_sending()
                busy=Signal::derive(move || around.busy.get() || filing.uploading.get() > 0)
            />
        </form>
    }
}

/// Photos and papers, once somebody has or wants some.
#[component]
fn Papers(filing: Filing) -> impl IntoView {
    provide_context(filing);
    let opened = RwSignal::new(filing.file_count() > 0);
    let open = move |()| opened.set(true);
    live(move || {
        if opened.get() {
            view! { <Chunk page=files shape=Shape::Fields /> }.into_any()
        } else {
            view! { <Button text=words::dispute_open_files() on_press=open /> }.into_any()
        }
    })
}

/// What would be right, drawn anew when it is filled in or no longer.
fn expected(filing: Filing, billed: Option<Money>, filled: bool) -> AnyView {
    let hint = if filled {
        words::dispute_expected_hint()
    } else {
        words::dispute_expected_hint_empty()
    };
    view! {
        <Field
            id="expected"
            kind=Kind::Amount
            label=expected_label(billed)
            hint
            error=Signal::derive(move || expected_wrong(filing, billed))
            value=filing.expected
            autocomplete="off"
            on_input=move |_: String| {
                filing.by_hand.set(true);
                filing.changed();
            }
        />
    }
    .into_any()
}

fn expected_label(billed: Option<Money>) -> String {
    let code = billed.map(|money| money.currency);
    words::dispute_expected(code.as_ref().map_or("", Currency::code))
}

/// The lines to choose from, and the total.
#[component]
fn WhichNumber(cost: Option<CostBreakdown>, filing: Filing) -> impl IntoView {
    let mut lines = vec![(String::new(), words::cost_total())];
    let named = |cost: CostBreakdown| {
        let components = cost.components.into_iter();
        let components =
            components.map(|line| (line.kind.as_str().to_owned(), cost::name(&line.kind)));
        let adjustments = cost.adjustments.into_iter();
        let adjustments = adjustments.map(|line| {
            let name = cost::adjustment_name(&line.kind, line.reference.as_deref());
            (line.kind.as_str().to_owned(), name)
        });
        components.chain(adjustments).collect::<Vec<_>>()
    };
    for line in cost.map(named).unwrap_or_default() {
        if lines.iter().all(|(word, _)| *word != line.0) {
            lines.push(line);
        }
    }
    view! {
        <Select
            id="line"
            label=words::dispute_which()
            options=Signal::stored(lines)
            value=filing.line
            on_change=move |line: String| {
                filing.line.set(line);
                filing.changed();
            }
        />
    }
}

/// Fills in what would be right as long as nobody has typed it: the total
/// without the line that is wrong. Tells whether it did.
fn fill_in(cost: Option<CostBreakdown>, filing: Filing) -> Memo<bool> {
    let filled = RwSignal::new(false);
    whenever(move || {
        let line = filing.line.get();
        if filing.by_hand.get() {
            return;
        }
        let without = cost.as_ref().and_then(|cost| cost.without(&line));
        // The only line there is: nobody says by that that it cost nothing.
        let without = without.filter(|money| money.minor > 0);
        filled.set(without.is_some());
        filing
            .expected
            .set(without.map(format::plain_amount).unwrap_or_default());
    });
    Memo::new(move |_| filled.get())
}

fn expected_wrong(filing: Filing, billed: Option<Money>) -> Option<String> {
    let billed = billed?;
    if filing.expected.read().trim().is_empty() {
        return None;
    }
    let most = Money::new(billed.minor.saturating_mul(MOST_EXPECTED), billed.currency);
    match filing.money(billed.currency) {
        None => {
            let digits = format::integer(billed.currency.digits().into());
            Some(words::dispute_expected_wrong(
                billed.currency.code(),
                &digits,
            ))
        }
        Some(money) => {
            (money.minor > most.minor).then(|| words::dispute_expected_much(&format::money(most)))
        }
    }
}

fn send(session: &Session, filing: Filing, online: bool, around: Around) {
    around.refusal.set(None);
    let waiting = Waiting {
        key: filing.key(),
        session_id: session.session_id.clone(),
        place: place(session),
        request: filing.request(session),
        files: filing.kept.get_untracked(),
        sent: Vec::new(),
        refused: false,
        unfit: None,
    };
    // What waits sends its files first.
    if !online || waiting.next_file().is_some() {
        return wait(waiting, filing, around, &Problem::Offline);
    }
    around.busy.set(true);
    to_the_end(async move {
        let outcome = file(&waiting.session_id, &waiting.request, &waiting.key).await;
        if outcome.is_ok() {
            around.outbox.draft(&waiting.session_id).confirmed();
            around.outbox.take_out(&waiting.session_id);
        }
        let has_left = around.busy.try_set(false).is_some();
        match outcome {
            // Somebody went on to another page, which stays.
            Ok(_) if has_left => {}
            Ok(filed) => {
                if filed.before {
                    around.toasts.say(words::dispute_there_text());
                }
                around.address.replace(&routes::dispute(&filed.dispute_id));
            }
            Err(problem @ (Problem::Offline | Problem::Unanswered)) => {
                wait(waiting, filing, around, &problem)
            }
            Err(problem) => {
                around.identity.heed(&problem);
                let text = match problem {
                    Problem::Refused { .. } => words::dispute_refused(),
                    problem => say_in_a_line(&problem),
                };
                if has_left {
                    around.toasts.say(text);
                } else {
                    around.refusal.set(Some(text));
                }
            }
        }
    });
}

/// Leaves it on the device until there is a network; where nothing is kept, the
/// form stays as it is.
fn wait(waiting: Waiting, filing: Filing, around: Around, problem: &Problem) {
    filing.waited.set_value(true);
    if !around.outbox.put(waiting) {
        around.refusal.set(Some(say_in_a_line(problem)));
    }
}
