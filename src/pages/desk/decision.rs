//! Deciding a dispute, once.

use leptos::{ev, prelude::*};
use portal_api::{
    dynamo::dispute::Dispute,
    money::{Currency, Money},
    portal::disputes::{Decision, Outcome},
    problem::Code,
};

use super::dispute::AtWork;
use crate::{
    client,
    components::{
        dispute::{
            message::{Writing, WritingField},
            say_in_a_line,
            story::outcome_text,
        },
        sending::Entry,
        trouble::FormTrouble,
    },
    format,
    i18n::words,
    run::{live, to_the_end},
    state::{
        draft::Draft,
        identity::{Identity, use_identity},
    },
    ui::{
        button::{Button, Weight},
        choice::Choice,
        dialog::Dialog,
        field::{self, Field, Kind},
    },
};

/// The outcomes as they are kept.
const OUTCOMES: [&str; 3] = ["accepted", "partly_accepted", "rejected"];

/// A decision in the making.
#[derive(Clone, Copy)]
pub struct Deciding {
    outcome: Entry,
    credit: Entry,
    /// Whether the credit was typed by hand.
    by_hand: RwSignal<bool>,
    reason: Writing,
    tried: RwSignal<bool>,
    /// Whether it only waits for a last yes.
    asking: RwSignal<bool>,
    busy: RwSignal<bool>,
    refusal: RwSignal<Option<String>>,
    identity: Identity,
}

impl Deciding {
    /// The decision about a dispute, as far as it was typed.
    pub fn of(id: &str) -> Self {
        let entry =
            |field: &str, usual: &str| Entry::of(&["decision ", id, " ", field].concat(), usual);
        let credit = entry("credit", "");
        Self {
            outcome: entry("outcome", OUTCOMES[0]),
            by_hand: RwSignal::new(credit.draft().read().is_some()),
            credit,
            reason: Writing::of(&["decision ", id].concat()),
            tried: RwSignal::new(false),
            asking: RwSignal::new(false),
            busy: RwSignal::new(false),
            refusal: RwSignal::new(None),
            identity: use_identity(),
        }
    }

    fn chosen(self) -> Outcome {
        match self.outcome.text.read().as_str() {
            "rejected" => Outcome::Rejected,
            "partly_accepted" => Outcome::PartlyAccepted,
            _ => Outcome::Accepted,
        }
    }

    /// What is given back; nothing when it is rejected.
    fn money(self, currency: Option<Currency>) -> Option<Money> {
        let given = self.chosen() != Outcome::Rejected;
        let typed = Money::from_typed(&self.credit.text.read(), currency?)?;
        given.then_some(typed)
    }

    /// What is wrong with what is given back.
    fn wrong(self, billed: Option<Money>) -> Option<String> {
        if !self.tried.get() || self.chosen() == Outcome::Rejected {
            return None;
        }
        let fits =
            |money: &Money| billed.is_some_and(|billed| (1..=billed.minor).contains(&money.minor));
        let money = self.money(billed.map(|billed| billed.currency));
        let most = billed.map(format::money).unwrap_or_default();
        money
            .filter(fits)
            .is_none()
            .then(|| words::desk_credit_wrong(&most))
    }
}

/// How, how much is given back, and why.
#[component]
pub fn DecisionForm(
    /// The dispute's id.
    id: String,
    /// The dispute.
    dispute: Dispute,
    /// What the session costs.
    billed: Option<Money>,
    /// What follows.
    work: AtWork,
    /// What is typed.
    deciding: Deciding,
) -> impl IntoView {
    suggest(&dispute, billed, deciding);
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        deciding.tried.set(true);
        if untrack(|| deciding.wrong(billed)).is_some() {
            field::focus("credit");
        } else if deciding.reason.is_ready() {
            deciding.asking.set(true);
        } else {
            field::focus("why");
        }
    };
    let choose = move |outcome| {
        deciding.outcome.choose(outcome);
        deciding.reason.changed();
    };
    let typed = move |_: String| {
        deciding.by_hand.set(true);
        deciding.credit.keep();
        deciding.reason.changed();
    };
    let credit = move || {
        let code = billed.map(|billed| billed.currency);
        (deciding.chosen() != Outcome::Rejected).then(|| {
            view! {
                <Field
                    id="credit"
                    kind=Kind::Amount
                    label=words::desk_credit(code.as_ref().map_or("", Currency::code))
                    error=Signal::derive(move || deciding.wrong(billed))
                    value=deciding.credit.text
                    autocomplete="off"
                    on_input=typed
                />
            }
        })
    };
    view! {
        <form class="card form" novalidate on:submit=submit>
            <h2 class="card-title">{words::desk_decide_title()}</h2>
            <Choice
                name="outcome"
                label=words::desk_outcome()
                options=outcomes()
                value=deciding.outcome.one_of(&OUTCOMES)
                on_change=choose
            />
            {live(credit)}
            <WritingField id="why" label=words::desk_why() writing=deciding.reason />
            <FormTrouble problem=deciding.refusal.into() />
            <Button weight=Weight::Main text=words::desk_decide() />
        </form>
        <LastYes id billed work deciding />
    }
}

/// The outcomes, each in a word or two.
fn outcomes() -> Vec<(&'static str, String)> {
    let said = [
        Outcome::Accepted,
        Outcome::PartlyAccepted,
        Outcome::Rejected,
    ];
    OUTCOMES.into_iter().zip(said.map(outcome_text)).collect()
}

/// Fills in what the driver asks for as long as nobody has typed it: all of it where they
/// don't say what would be right, nothing where that would be more than was billed.
fn suggest(dispute: &Dispute, billed: Option<Money>, deciding: Deciding) {
    if deciding.by_hand.get_untracked() {
        return;
    }
    let asked = billed.and_then(|billed| {
        let expected = Money::from_major(dispute.expected_cost?, billed.currency)?;
        Some(Money::new(billed.minor - expected.minor, billed.currency))
    });
    let asked = asked.or(billed).filter(|asked| asked.minor > 0);
    deciding
        .credit
        .text
        .set(asked.map(format::plain_amount).unwrap_or_default());
}

/// A decision cannot be taken back: it is asked for once more.
#[component]
fn LastYes(id: String, billed: Option<Money>, work: AtWork, deciding: Deciding) -> impl IntoView {
    let currency = billed.map(|billed| billed.currency);
    let id = StoredValue::new(id);
    let says = move || match deciding.money(currency) {
        Some(money) => words::desk_confirm_credit(&format::money(money)),
        None => words::desk_confirm_nothing(),
    };
    let decide = move |()| send(id.get_value(), currency, work, deciding);
    let close = move |()| deciding.asking.set(false);
    view! {
        <Dialog
            open=deciding.asking
            title=words::desk_confirm_title()
            on_close=close
            children=ToChildren::to_children(move || view! {
                <p>{live(says)}</p>
                <Button
                    weight=Weight::Main
                    text=words::desk_confirm()
                    busy_text=words::dispute_sending()
                    busy=deciding.busy
                    on_press=decide
                />
                <Button text=words::desk_confirm_no() on_press=close />
            })
        />
    }
}

fn send(id: String, currency: Option<Currency>, work: AtWork, deciding: Deciding) {
    let money = untrack(|| deciding.money(currency));
    let decision = Decision {
        outcome: untrack(|| deciding.chosen()),
        credit: money.map(Money::major),
        text: deciding.reason.text.get_untracked(),
    };
    let key = deciding.reason.key();
    let drafts = [
        deciding.outcome.draft(),
        deciding.credit.draft(),
        deciding.reason.kept(),
    ];
    deciding.busy.set(true);
    deciding.refusal.set(None);
    to_the_end(async move {
        let outcome = client::disputes::decide(&id, &decision, &key).await;
        if outcome.is_ok() {
            drafts.iter().for_each(Draft::confirmed);
        }
        // Nobody is here any more to be told.
        if deciding.busy.try_set(false).is_some() {
            return;
        }
        deciding.asking.set(false);
        match outcome {
            Ok(detail) => {
                deciding.reason.confirmed();
                work.stepped(Some(detail));
            }
            Err(problem) => {
                deciding.identity.heed(&problem);
                deciding.refusal.set(Some(say_in_a_line(&problem)));
                if problem.code() == Some(Code::Decided) {
                    work.stepped(None);
                }
            }
        }
    });
}
