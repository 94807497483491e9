//! A group's name and what it may spend: changed, or of one that is made.

use leptos::{ev, prelude::*};
use portal_api::{
    money::{Currency, Money},
    petit_monde::group::{GroupChange, Limits, NewGroup},
    portal::groups::{Budget, GroupPage, LABEL_LONGEST},
};

use super::{group::use_group, overview::Sheet};
use crate::{
    client,
    components::{
        needs_network::NeedsNetwork,
        sending::{Entry, Sending, let_go_when_closed},
        trouble::FormTrouble,
    },
    format,
    i18n::{problem::say_in_a_line, words},
    routes::{self, GroupPart},
    run::to_the_end,
    state::{address::use_address, draft::Draft, identity::use_identity, toasts::use_toasts},
    ui::{
        button::{Button, Weight},
        field::{self, Field, Kind},
        select::Select,
    },
};

/// The currencies that a group can be made in, the usual one first.
const CURRENCIES: [&str; 9] = [
    "EUR", "CHF", "CZK", "DKK", "GBP", "NOK", "PLN", "SEK", "USD",
];

/// What is typed about a group.
#[derive(Clone, Copy)]
struct Typed {
    name: Entry,
    monthly: Entry,
    per_session: Entry,
    tried: RwSignal<bool>,
    sending: Sending,
}

impl Typed {
    /// As it was left, else as it is.
    fn of(about: &str, name: &str, [monthly, per_session]: [&str; 2]) -> Self {
        let draft = |field: &str| ["group ", about, " ", field].concat();
        Self {
            name: Entry::of(&draft("name"), name),
            monthly: Entry::of(&draft("month"), monthly),
            per_session: Entry::of(&draft("session"), per_session),
            tried: RwSignal::new(false),
            sending: Sending::idle(),
        }
    }

    fn name_wrong(self) -> Option<String> {
        let count = self.name.trimmed().chars().count();
        if count > LABEL_LONGEST {
            return Some(words::account_name_long());
        }
        (count == 0 && self.tried.get()).then(words::group_name_missing)
    }

    fn amount_wrong(self, amount: Entry, currency: Option<Currency>) -> Option<String> {
        (self.tried.get() && limit(amount, currency).is_none()).then(words::group_amount_wrong)
    }

    /// What is typed, if all of it can be sent; else the first field that can't.
    fn read(self, currency: Option<Currency>) -> Result<(String, Limits), &'static str> {
        self.tried.set(true);
        untrack(|| {
            if self.name_wrong().is_some() {
                return Err(NAME);
            }
            let limits = Limits {
                monthly_limit: limit(self.monthly, currency).ok_or(MONTHLY)?,
                per_session_limit: limit(self.per_session, currency).ok_or(PER_SESSION)?,
            };
            Ok((self.name.trimmed(), limits))
        })
    }

    fn entries(self) -> [Entry; 3] {
        [self.name, self.monthly, self.per_session]
    }

    fn drafts(self) -> Vec<Draft> {
        self.entries().map(Entry::draft).into()
    }

    /// What of it is to be changed: whatever nobody typed here stays as it is by now.
    fn change(self, (name, limits): (String, Limits), now: &Budget) -> GroupChange {
        let [other_name, monthly, per_session] =
            self.entries().map(|entry| untrack(|| entry.is_changed()));
        let limits = Limits {
            monthly_limit: if monthly {
                limits.monthly_limit
            } else {
                now.monthly_limit
            },
            per_session_limit: if per_session {
                limits.per_session_limit
            } else {
                now.per_session_limit
            },
        };
        GroupChange {
            name: other_name.then_some(name),
            limits: (monthly || per_session).then_some(limits),
        }
    }

    fn typed(self, entry: Entry) -> Callback<String> {
        Callback::new(move |_| {
            entry.keep();
            self.sending.changed();
        })
    }
}

const NAME: &str = "group-name";
const MONTHLY: &str = "group-monthly";
const PER_SESSION: &str = "group-session";

/// The limit that is typed, `Some(None)` for none at all; `None` if it is no amount.
fn limit(entry: Entry, currency: Option<Currency>) -> Option<Option<portal_api::decimal::Decimal>> {
    let text = entry.trimmed();
    if text.is_empty() {
        return Some(None);
    }
    let money = Money::from_typed(&text, currency?)?;
    Some(Some(money.major()))
}

/// The fields of a group.
#[component]
fn Fields(typed: Typed, currency: Signal<Option<Currency>>) -> impl IntoView {
    let wrong = move |amount| Signal::derive(move || typed.amount_wrong(amount, currency.get()));
    view! {
        <Field
            id=NAME
            label=words::group_name()
            error=Signal::derive(move || typed.name_wrong())
            value=typed.name.text
            on_input=typed.typed(typed.name)
        />
        <Field
            id=MONTHLY
            kind=Kind::Amount
            label=words::group_monthly()
            hint=words::group_limit_hint()
            error=wrong(typed.monthly)
            value=typed.monthly.text
            on_input=typed.typed(typed.monthly)
        />
        <Field
            id=PER_SESSION
            kind=Kind::Amount
            label=words::group_per_session()
            hint=words::group_limit_hint()
            error=wrong(typed.per_session)
            value=typed.per_session.text
            on_input=typed.typed(typed.per_session)
        />
    }
}

/// What sends a form.
#[component]
fn Submit(sending: Sending, text: String) -> impl IntoView {
    view! {
        <FormTrouble problem=sending.refusal.into() />
        <NeedsNetwork>
            <Button
                weight=Weight::Main
                text=text.clone()
                busy_text=words::app_saving()
                busy=sending.busy
            />
        </NeedsNetwork>
    }
}

/// Makes a group.
#[component]
pub fn MakeForm() -> impl IntoView {
    let (address, identity, toasts) = (use_address(), use_identity(), use_toasts());
    let typed = Typed::of("new", "", ["", ""]);
    let chosen = Entry::of("group new currency", CURRENCIES[0]);
    let currency = Signal::derive(move || chosen.text.with(|code| Currency::new(code)));
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let currency = currency.get_untracked();
        let (name, limits) = match typed.read(currency) {
            Ok(read) => read,
            Err(wrong) => return field::focus(wrong),
        };
        let new = NewGroup {
            name,
            monthly_limit: limits.monthly_limit,
            per_session_limit: limits.per_session_limit,
            currency,
        };
        let key = typed.sending.key();
        let request = async move { client::groups::make_group(&new, &key).await };
        let mut drafts = typed.drafts();
        drafts.push(chosen.draft());
        typed
            .sending
            .send(request, drafts, say_in_a_line, move |made| {
                toasts.say(words::group_made(&made.name));
                to_the_end(identity.again());
                address.go(&routes::group(&made.id, GroupPart::Members));
            });
    };
    let options = CURRENCIES.map(|code| (code.to_owned(), code.to_owned()));
    view! {
        <form class="form" novalidate on:submit=submit>
            <Fields typed currency />
            <Select
                id="group-currency"
                label=words::group_currency()
                options=Signal::stored(options.to_vec())
                value=chosen.text
                on_change=move |code: String| {
                    chosen.choose(&code);
                    typed.sending.changed();
                }
            />
            <Submit sending=typed.sending text=words::groups_make() />
        </form>
    }
}

/// Changes the name and the limits of the group whose page is open.
#[component]
pub fn LimitsForm() -> impl IntoView {
    let page = use_group().page.value();
    page.map(|page| view! { <LimitsOf page /> })
}

#[component]
fn LimitsOf(page: GroupPage) -> impl IntoView {
    let (here, toasts) = (use_group(), use_toasts());
    let Sheet(open) = expect_context();
    let budget = page.budget;
    let currency = budget.currency;
    let plain = |limit: Option<portal_api::decimal::Decimal>| {
        let money = limit.and_then(|limit| Money::from_major(limit, currency));
        money.map(format::plain_amount).unwrap_or_default()
    };
    let monthly = plain(budget.monthly_limit);
    let per_session = plain(budget.per_session_limit);
    let typed = Typed::of(&page.id, &page.name, [&monthly, &per_session]);
    let_go_when_closed(typed.entries(), move || {
        open.try_get_untracked() == Some(false)
    });
    let before = typed
        .entries()
        .into_iter()
        .any(|entry| untrack(|| entry.is_changed()));
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let read = match typed.read(Some(currency)) {
            Ok(read) => read,
            Err(wrong) => return field::focus(wrong),
        };
        let now = untrack(|| here.page.value()).map_or_else(|| budget.clone(), |page| page.budget);
        let change = typed.change(read, &now);
        let id = here.id();
        let request = async move { client::groups::change(&id, &change).await };
        typed
            .sending
            .send(request, typed.drafts(), say_in_a_line, move |_| {
                toasts.say(words::app_saved());
                here.page.again();
                open.try_set(false);
            });
    };
    view! {
        <form class="form" novalidate on:submit=submit>
            {before.then(|| view! { <p class="facts-note">{words::group_typed_before()}</p> })}
            <Fields typed currency=Signal::stored(Some(currency)) />
            <p class="facts-note">{words::group_in_currency(currency.code())}</p>
            <Submit sending=typed.sending text=words::app_save() />
        </form>
    }
}
