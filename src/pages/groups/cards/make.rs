//! Many cards or numbers at once.

use leptos::{ev, prelude::*};
use portal_api::{
    petit_monde::group::{BulkTokens, MOST_TOKENS, MadeTokens, TokenKind},
    portal::groups::LABEL_LONGEST,
    problem::Code,
};

use super::Desk;
use crate::{
    client::{self, Problem},
    components::{
        needs_network::NeedsNetwork,
        sending::{Entry, Sending},
        trouble::FormTrouble,
    },
    format,
    i18n::{problem::say_in_a_line, words},
    run::live,
    state::{draft::Draft, toasts::use_toasts},
    ui::{
        button::{Button, Weight},
        choice::Choice,
        field::{self, Field},
        fold::Fold,
    },
};

/// What comes after a label's beginning: a number of so many digits at most.
const DIGITS: usize = 6;

const COUNT: &str = "token-count";
const PREFIX: &str = "token-prefix";
const CARD: &str = "RFID";
const NUMBER: &str = "VIRTUAL";

/// What is typed about those that are to be made.
#[derive(Clone, Copy)]
struct Typed {
    count: Entry,
    prefix: Entry,
    kind: Entry,
    tried: RwSignal<bool>,
}

impl Typed {
    fn drafts(self) -> Vec<Draft> {
        [self.count, self.prefix, self.kind]
            .map(Entry::draft)
            .into()
    }

    fn count(self) -> Option<u32> {
        let count: u32 = self.count.trimmed().parse().ok()?;
        (1..=MOST_TOKENS).contains(&count).then_some(count)
    }

    fn count_wrong(self) -> Option<String> {
        let most = format::integer(MOST_TOKENS.into());
        let wrong = self.tried.get() && self.count().is_none();
        wrong.then(|| words::group_count_wrong(&most))
    }

    fn prefix_wrong(self) -> Option<String> {
        let most = LABEL_LONGEST - DIGITS;
        let long = self.prefix.text.with(|text| text.chars().count() > most);
        long.then(|| words::group_prefix_long(&format::integer(most as u64)))
    }

    /// What is asked for, if it can be; else the first field that is wrong.
    fn read(self) -> Result<BulkTokens, &'static str> {
        self.tried.set(true);
        untrack(|| {
            let count = self.count().ok_or(COUNT)?;
            if self.prefix_wrong().is_some() {
                return Err(PREFIX);
            }
            // A blank at its end parts it from the number.
            let prefix = self.prefix.text.get();
            Ok(BulkTokens {
                count,
                kind: TokenKind::of_word(&self.kind.text.read()),
                label_prefix: (!prefix.trim().is_empty()).then_some(prefix),
            })
        })
    }
}

/// A form for how many, of which kind, and what is written on them.
#[component]
pub fn MakeTokens(
    /// Where they are shown.
    desk: Desk,
    /// Whether the form is open at first.
    open: bool,
) -> impl IntoView {
    let (toasts, sending) = (use_toasts(), Sending::idle());
    let draft = |field: &str| ["group ", &desk.here.id(), " ", field].concat();
    let typed = Typed {
        count: Entry::of(&draft("count"), ""),
        prefix: Entry::of(&draft("prefix"), ""),
        kind: Entry::of(&draft("kind"), CARD),
        tried: RwSignal::new(false),
    };
    let unsure = RwSignal::new(false);
    let ask = move || {
        let asked = match typed.read() {
            Ok(asked) => asked,
            Err(wrong) => return field::focus(wrong),
        };
        let (id, key) = (desk.here.id(), sending.key());
        let elsewhere = desk.here.keeps_tokens_elsewhere();
        let request = async move {
            let made = client::groups::make_tokens(&id, &asked, &key, elsewhere).await;
            unsure.try_set(made.as_ref().is_err_and(is_unsure));
            made
        };
        sending.send(request, typed.drafts(), says, move |made: MadeTokens| {
            toasts.say(words::group_tokens_made(made.created.into()));
            let ids = made.tokens.into_iter().map(|token| token.id);
            desk.made.try_set(ids.collect());
            typed.tried.try_set(false);
            typed.count.text.try_set(String::new());
            desk.changed();
        });
    };
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        ask();
    };
    // Sent again as it is, it is the same request: who has looked says that it is another.
    let anew = move |()| {
        sending.changed();
        ask();
    };
    let looked = move || {
        unsure.get().then(|| {
            view! {
                <Button text=words::group_tokens_anew() busy=sending.busy on_press=anew />
            }
        })
    };
    view! {
        <Fold open icon="card" title=Signal::stored(words::group_tokens_make())>
            <form class="form" novalidate on:submit=submit>
                <Fields typed sending />
                <FormTrouble problem=sending.refusal.into() />
                <NeedsNetwork>
                    <Button
                        weight=Weight::Main
                        text=words::group_tokens_make()
                        busy_text=words::app_saving()
                        busy=sending.busy
                    />
                    {live(looked)}
                </NeedsNetwork>
            </form>
        </Fold>
    }
}

/// Whether nobody knows what came of it.
fn is_unsure(problem: &Problem) -> bool {
    problem.code() == Some(Code::Unsure)
}

fn says(problem: &Problem) -> String {
    if is_unsure(problem) {
        words::group_tokens_unsure()
    } else {
        say_in_a_line(problem)
    }
}

#[component]
fn Fields(typed: Typed, sending: Sending) -> impl IntoView {
    let keep = move |entry: Entry| {
        move |_: String| {
            entry.keep();
            sending.changed();
        }
    };
    let kinds = vec![
        (CARD, words::group_kind_card()),
        (NUMBER, words::group_kind_number()),
    ];
    let choose = move |kind| {
        typed.kind.choose(kind);
        sending.changed();
    };
    let most = format::integer(MOST_TOKENS.into());
    view! {
        <Field
            id=COUNT
            label=words::group_count()
            hint=words::group_count_hint(&most)
            error=Signal::derive(move || typed.count_wrong())
            value=typed.count.text
            on_input=keep(typed.count)
        />
        <Choice
            name="token-kind"
            label=words::group_column_kind()
            options=kinds
            value=typed.kind.one_of(&[CARD, NUMBER])
            on_change=choose
        />
        <Field
            id=PREFIX
            label=words::group_prefix()
            hint=words::group_prefix_hint()
            error=Signal::derive(move || typed.prefix_wrong())
            value=typed.prefix.text
            on_input=keep(typed.prefix)
        />
    }
}
