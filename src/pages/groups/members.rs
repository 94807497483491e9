//! Who is in the group: searched, and only what is in sight is drawn.

mod add;
mod list;
mod one;

use std::time::Duration;

use leptos::prelude::*;
use portal_api::{portal::groups::Member, query::groups::TEXT_LONGEST};

use self::{add::AddMember, list::Found, one::OneMember};
use super::group::use_group;
use crate::{
    i18n::words,
    run::live,
    ui::{
        button::Button,
        dialog::Dialog,
        field::{Field, Kind},
    },
};

/// How long nobody types before it is searched for.
const REST: Duration = Duration::from_millis(300);

/// What is done with one of them.
#[derive(Clone, Copy)]
struct Chosen {
    /// Whose sheet is open.
    member: RwSignal<Option<Member>>,
    /// Counts the changes: the list is asked for anew after each.
    changes: RwSignal<u32>,
}

impl Chosen {
    /// Somebody came, went, or is something else now.
    fn changed(self) {
        self.member.try_set(None);
        self.changes.try_update(|changes| *changes += 1);
    }
}

/// All members.
#[component]
pub fn MembersPart() -> impl IntoView {
    let admin = use_group().page.value().is_some_and(|page| page.admin);
    let chosen = Chosen {
        member: RwSignal::new(None),
        changes: RwSignal::new(0),
    };
    provide_context(chosen);
    let asked = RwSignal::new(String::new());
    let found = move || {
        chosen.changes.track();
        view! { <Found text=asked.get() asked /> }.into_any()
    };
    let close = move |()| chosen.member.set(None);
    view! {
        <section class="group-section" aria-labelledby="members">
            <h2 class="card-title" id="members">{words::group_members()}</h2>
            {admin.then(|| view! { <AddMember chosen /> })}
            <Search asked />
            {live(found)}
        </section>
        <Dialog
            open=Signal::derive(move || chosen.member.with(Option::is_some))
            title=words::group_member()
            on_close=Callback::new(close)
        >
            <OneMember chosen />
            <Button text=words::app_close() on_press=close />
        </Dialog>
    }
}

/// Searched for once nobody types for a moment.
#[component]
fn Search(asked: RwSignal<String>) -> impl IntoView {
    let text = RwSignal::new(String::new());
    let timer = StoredValue::new(None::<TimeoutHandle>);
    let stop = move || {
        if let Some(timer) = timer.try_update_value(Option::take).flatten() {
            timer.clear();
        }
    };
    on_cleanup(stop);
    // Cleared elsewhere, it is empty here.
    let shown = move || {
        if asked.with(String::is_empty) && untrack(|| !text.with(String::is_empty)) {
            text.set(String::new());
        }
    };
    crate::run::whenever(shown);
    let typed = move |typed: String| {
        stop();
        let wanted: String = typed.trim().chars().take(TEXT_LONGEST).collect();
        let search = move || {
            asked.try_maybe_update(|asked| {
                let other = *asked != wanted;
                *asked = wanted;
                (other, ())
            });
        };
        timer.set_value(set_timeout_with_handle(search, REST).ok());
    };
    view! {
        <search>
            <form on:submit=|event| event.prevent_default()>
                <Field
                    id="member-search"
                    kind=Kind::Search
                    label=words::group_member_search()
                    value=text
                    on_input=typed
                />
            </form>
        </search>
    }
}
