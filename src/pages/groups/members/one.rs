//! One member: whether they look after the group, and their way out of it.

use leptos::prelude::*;
use portal_api::{
    portal::groups::{Member, MemberChange},
    problem::Code,
};

use super::{super::group::use_group, Chosen};
use crate::{
    client::{self, Problem},
    components::{needs_network::NeedsNetwork, sending::Sending, trouble::FormTrouble},
    format,
    i18n::{problem::say_in_a_line, words},
    routes::{self, GroupPart},
    run::live,
    state::{address::use_address, identity::use_identity, toasts::use_toasts},
    ui::button::{Button, Weight},
};

/// Whoever was chosen in the list.
#[component]
pub fn OneMember(chosen: Chosen) -> impl IntoView {
    let here = use_group();
    let admin = untrack(|| here.page.value()).is_some_and(|page| page.admin);
    let member = chosen.member.get_untracked()?;
    let since = words::group_member_since(&format::day_and_clock(member.added_at));
    Some(view! {
        <div>
            <p class="member-name">{member.name.clone()}</p>
            <p class="facts-note">{member.email.clone()}</p>
            <p class="facts-note">{since}</p>
        </div>
        <NeedsNetwork>
            {admin.then(|| view! { <LookAfter member=member.clone() chosen /> })}
            <Leave member=member.clone() chosen />
        </NeedsNetwork>
    })
}

/// Lets somebody look after the group, or no longer.
#[component]
fn LookAfter(member: Member, chosen: Chosen) -> impl IntoView {
    let (here, toasts, sending) = (use_group(), use_toasts(), Sending::idle());
    let (text, change) = if member.admin {
        (words::group_admin_take(), MemberChange { admin: false })
    } else {
        (words::group_admin_give(), MemberChange { admin: true })
    };
    let press = move |()| {
        let (id, person, change) = (here.id(), member.person_id.clone(), change.clone());
        let request = async move { client::groups::change_member(&id, &person, &change).await };
        sending.send(request, Vec::new(), says, move |_| {
            toasts.say(words::app_saved());
            chosen.changed();
            here.page.again();
        });
    };
    view! {
        <p class="facts-note">{words::group_looks_after_hint()}</p>
        <FormTrouble problem=sending.refusal.into() />
        <Button text busy_text=words::app_saving() busy=sending.busy on_press=press />
    }
}

/// Takes somebody out, once they have said yes twice.
#[component]
fn Leave(member: Member, chosen: Chosen) -> impl IntoView {
    let mine = use_identity()
        .person()
        .is_some_and(|me| me.id == member.person_id);
    let asking = RwSignal::new(false);
    let text = if mine {
        words::group_leave()
    } else {
        words::group_member_remove()
    };
    let draw = move || {
        if asking.get() {
            view! { <ReallyLeave member=member.clone() mine chosen /> }.into_any()
        } else {
            let text = text.clone();
            view! { <Button weight=Weight::Danger text on_press=move |()| asking.set(true) /> }
                .into_any()
        }
    };
    live(draw)
}

#[component]
fn ReallyLeave(member: Member, mine: bool, chosen: Chosen) -> impl IntoView {
    let (here, toasts, sending) = (use_group(), use_toasts(), Sending::idle());
    let (address, identity) = (use_address(), use_identity());
    let (text, confirm) = if mine {
        (words::group_leave_text(), words::group_leave_confirm())
    } else {
        let text = words::group_member_remove_text(&member.name);
        (text, words::group_member_remove_confirm())
    };
    let press = move |()| {
        let (id, member) = (here.id(), member.clone());
        let name = member.name;
        let request = async move {
            client::groups::remove_member(&id, &member.person_id).await?;
            if mine {
                // The tab goes with the last group.
                identity.again().await;
            }
            Ok(())
        };
        sending.send(request, Vec::new(), says, move |()| {
            toasts.say(words::group_member_removed(&name));
            if mine {
                address.go(routes::HOME);
            } else {
                chosen.changed();
                here.page.again();
            }
        });
    };
    view! {
        <p role="status">{text}</p>
        {(!mine).then(|| view! {
            <p>
                {words::group_member_remove_shared()} " "
                <a href=routes::group(&here.id(), GroupPart::Cards)>{words::group_cards()}</a>
            </p>
        })}
        <FormTrouble problem=sending.refusal.into() />
        <Button
            weight=Weight::Danger
            text=confirm
            busy_text=words::app_saving()
            busy=sending.busy
            on_press=press
        />
    }
}

fn says(problem: &Problem) -> String {
    match problem {
        Problem::Refused {
            code: Code::InvalidRequest,
            field: None,
        } => words::group_nobody_left(),
        problem => say_in_a_line(problem),
    }
}
