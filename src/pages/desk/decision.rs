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
        needs_network::NeedsNetwork,
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

/// What a decision is about.
#[derive(Clone, Copy)]
struct Stake {
    /// What the session costs.
    billed: Option<Money>,
    /// What the driver wants back; `None` where they don't say what would be right.
    asked: Option<Money>,
}

impl Stake {
    fn of(dispute: &Dispute, billed: Option<Money>) -> Self {
        let asked = billed.and_then(|billed| {
            let expected = Money::from_major(dispute.expected_cost?, billed.currency)?;
            Some(Money::new(billed.minor - expected.minor, billed.currency))
        });
        Self { billed, asked }
    }

    fn currency(self) -> Option<Currency> {
        self.billed.map(|billed| billed.currency)
    }

    /// What whoever accepts the whole dispute gives back: nothing where the driver says
    /// that more would be right.
    fn usual(self) -> Option<Money> {
        self.asked.or(self.billed).filter(|money| money.minor > 0)
    }

    /// What part of it is always less than.
    fn whole(self) -> Option<Money> {
        let asked = self.asked.filter(|asked| asked.minor > 0);
        asked.or(self.billed)
    }
}

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
            outcome: entry("outcome", ""),
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

    /// What is chosen, empty as long as nothing is.
    fn word(self) -> &'static str {
        let text = self.outcome.text.read();
        let mut found = OUTCOMES.into_iter().filter(|word| *word == *text);
        found.next().unwrap_or_default()
    }

    fn chosen(self) -> Option<Outcome> {
        match self.word() {
            "accepted" => Some(Outcome::Accepted),
            "partly_accepted" => Some(Outcome::PartlyAccepted),
            "rejected" => Some(Outcome::Rejected),
            _ => None,
        }
    }

    /// Whether money is given back.
    fn gives(self) -> bool {
        let chosen = self.chosen();
        chosen.is_some_and(|outcome| outcome != Outcome::Rejected)
    }

    /// What is given back; nothing when it is rejected.
    fn money(self, currency: Option<Currency>) -> Option<Money> {
        let typed = Money::from_typed(&self.credit.text.read(), currency?)?;
        self.gives().then_some(typed)
    }

    /// What is wrong with what is given back.
    fn wrong(self, stake: Stake) -> Option<String> {
        if !self.tried.get() || !self.gives() {
            return None;
        }
        let part = self.chosen() == Some(Outcome::PartlyAccepted);
        let (limit, says): (_, fn(&str) -> String) = if part {
            (stake.whole(), words::desk_credit_part_wrong)
        } else {
            (stake.billed, words::desk_credit_wrong)
        };
        let most = limit.map_or(0, |limit| limit.minor - i64::from(part));
        let fits = |money: &Money| (1..=most).contains(&money.minor);
        let given = self.money(stake.currency()).filter(fits);
        let limit = limit.map(format::money).unwrap_or_default();
        given.is_none().then(|| says(&limit))
    }

    /// Fills in what is given back as long as nobody has typed it: how large a part is,
    /// nobody but whoever decides can tell.
    fn suggest(self, stake: Stake) {
        if self.by_hand.get_untracked() {
            return;
        }
        let whole = untrack(|| self.chosen()) == Some(Outcome::Accepted);
        let usual = stake.usual().filter(|_| whole);
        let text = usual.map(format::plain_amount).unwrap_or_default();
        self.credit.text.set(text);
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
    let stake = Stake::of(&dispute, billed);
    deciding.suggest(stake);
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        deciding.refusal.set(None);
        if untrack(|| deciding.chosen()).is_none() {
            return deciding.refusal.set(Some(words::desk_outcome_missing()));
        }
        deciding.tried.set(true);
        if untrack(|| deciding.wrong(stake)).is_some() {
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
        deciding.refusal.set(None);
        deciding.suggest(stake);
    };
    // Drawn once: what is typed stays under the cursor.
    let gives = Memo::new(move |_| deciding.gives());
    view! {
        <form class="card form" novalidate on:submit=submit>
            <h2 class="card-title">{words::desk_decide_title()}</h2>
            <Choice
                name="outcome"
                label=words::desk_outcome()
                options=outcomes()
                value=Signal::derive(move || deciding.word())
                on_change=choose
            />
            {live(move || gives.get().then(|| view! { <CreditField stake deciding /> }))}
            <WritingField id="why" label=words::desk_why() writing=deciding.reason />
            <FormTrouble problem=deciding.refusal.into() />
            <NeedsNetwork>
                <Button weight=Weight::Main text=words::desk_decide() />
            </NeedsNetwork>
        </form>
        <LastYes id stake work deciding />
    }
}

/// How much is given back.
#[component]
fn CreditField(stake: Stake, deciding: Deciding) -> impl IntoView {
    let typed = move |_: String| {
        deciding.by_hand.set(true);
        deciding.credit.keep();
        deciding.reason.changed();
    };
    let code = stake.currency();
    view! {
        <Field
            id="credit"
            kind=Kind::Amount
            label=words::desk_credit(code.as_ref().map_or("", Currency::code))
            error=Signal::derive(move || deciding.wrong(stake))
            value=deciding.credit.text
            autocomplete="off"
            on_input=typed
        />
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

/// A decision cannot be taken back: it is asked for once more.
#[component]
fn LastYes(id: String, stake: Stake, work: AtWork, deciding: Deciding) -> impl IntoView {
    let currency = stake.currency();
    let id = StoredValue::new(id);
    let says = move || {
        let billed = stake.billed.map(format::money).unwrap_or_default();
        let given = deciding.money(currency).map(format::money);
        match (deciding.chosen(), given) {
            (Some(Outcome::PartlyAccepted), Some(given)) => {
                words::desk_confirm_partly(&billed, &given)
            }
            (_, Some(given)) => words::desk_confirm_accepted(&billed, &given),
            (_, None) => words::desk_confirm_nothing(),
        }
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
                <NeedsNetwork>
                    <Button
                        weight=Weight::Main
                        text=words::desk_confirm()
                        busy_text=words::dispute_sending()
                        busy=deciding.busy
                        on_press=decide
                    />
                </NeedsNetwork>
                <Button text=words::desk_confirm_no() on_press=close />
            })
        />
    }
}

fn send(id: String, currency: Option<Currency>, work: AtWork, deciding: Deciding) {
    let Some(outcome) = untrack(|| deciding.chosen()) else {
        return;
    };
    let money = untrack(|| deciding.money(currency));
    let decision = Decision {
        outcome,
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
