//! `/groups/:id`: a group, part by part.

use std::time::Duration;

use leptos::{prelude::*, wasm_bindgen::JsCast};
use portal_api::portal::groups;

use super::overview::Overview;
use crate::{
    client,
    components::{
        chunk::{Chunk, chunk},
        loaded::Loaded,
    },
    i18n::{tab_title, words},
    routes::{self, GroupPart},
    run::{after_paint, live, whenever},
    state::{
        address::use_address,
        identity::use_identity,
        live::use_live,
        remote::{Remote, remote},
    },
    ui::{field::focus, icon::Icon, page::Page, skeleton::Shape},
};

chunk!(charges in group_charges draws super::charges::ChargesPart);
chunk!(members in group_members draws super::members::MembersPart);
chunk!(cards in group_cards draws super::cards::CardsPart);
chunk!(usage in group_usage draws super::usage::UsagePart);

/// How often the figures are asked for while somebody looks at them.
const AGAIN: Duration = Duration::from_secs(60);

/// The group whose page is open.
#[derive(Clone, Copy)]
pub struct Here {
    id: StoredValue<String>,
    /// What stands above its lists.
    pub page: Remote<groups::GroupPage>,
}

impl Here {
    /// Its id.
    pub fn id(self) -> String {
        self.id.get_value()
    }

    /// Whether its tokens are kept elsewhere, where nothing tells that one is lost.
    pub fn keeps_tokens_elsewhere(self) -> bool {
        let page = untrack(|| self.page.value());
        page.is_some_and(|page| page.tokens_elsewhere)
    }
}

/// The group whose page is open.
pub fn use_group() -> Here {
    expect_context()
}

/// The group that the address names.
#[component]
pub fn GroupPage() -> impl IntoView {
    let address = use_address();
    let id = Memo::new(move |_| {
        let named = routes::group_in(&address.path());
        named.map(|(id, _)| id).unwrap_or_default()
    });
    live(move || view! { <GroupById id=id.get() /> }.into_any())
}

#[component]
fn GroupById(id: String) -> impl IntoView {
    let asked = id.clone();
    let page = remote(move || client::groups::page(asked.clone()));
    provide_context(Here {
        id: StoredValue::new(id),
        page,
    });
    renew(page);
    use_live().renews_with_sessions(page);
    let me = use_identity().person();
    let several = me.is_some_and(|me| me.makes_groups || me.groups.len() > 1);
    let title = move || {
        page.value()
            .map_or_else(words::groups_title, |page| page.name)
    };
    // A figure that changes must not draw the lists anew.
    let admin = Memo::new(move |_| page.value().map(|page| page.admin));
    let body = move || match admin.get() {
        Some(admin) => view! { <Parts admin /> }.into_any(),
        None => view! {
            <Loaded remote=page shape=Shape::Overview children=|_| ().into_any() />
        }
        .into_any(),
    };
    view! {
        {several.then(|| view! {
            <a class="back" href=routes::GROUPS>
                <Icon name="back" />
                {words::groups_back()}
            </a>
        })}
        <Page title=Signal::derive(title) tab_title>{live(body)}</Page>
    }
}

/// Asks for the figures again and again, as long as the page is open.
fn renew(page: Remote<groups::GroupPage>) {
    let again = move || {
        if !document().hidden() {
            page.again();
        }
    };
    let timer = set_interval_with_handle(again, AGAIN).ok();
    on_cleanup(move || {
        if let Some(timer) = timer {
            timer.clear();
        }
    });
}

/// The part that the address names, and the way to the others.
#[component]
fn Parts(admin: bool) -> impl IntoView {
    let address = use_address();
    let part = Memo::new(move |_| {
        let named = routes::group_in(&address.path());
        named.map(|(_, part)| part).unwrap_or_default()
    });
    let mut before = None;
    whenever(move || {
        let now = part.get();
        match before.replace(now) {
            None => after_paint(move || reveal(link_id(now))),
            // Whoever goes by keyboard goes on from where they chose.
            Some(before) if before != now => after_paint(move || focus(link_id(now))),
            Some(_) => {}
        }
    });
    let links = GroupPart::ALL
        .into_iter()
        .filter(|part| admin || is_for_all(*part));
    let links = links.map(|one| view! { <PartLink one part /> });
    let draw = move || match part.get() {
        GroupPart::Charges => view! { <Chunk page=charges shape=Shape::Rows(6) /> }.into_any(),
        GroupPart::Members => view! { <Chunk page=members shape=Shape::Rows(6) /> }.into_any(),
        GroupPart::Cards if admin => view! { <Chunk page=cards shape=Shape::Rows(6) /> }.into_any(),
        GroupPart::Usage if admin => {
            view! { <Chunk page=usage shape=Shape::Overview /> }.into_any()
        }
        _ => view! { <Overview admin /> }.into_any(),
    };
    view! {
        <nav class="group-parts" aria-label=words::group_parts()>{links.collect_view()}</nav>
        {live(draw)}
    }
}

/// Where the links don't fit beside each other, the one to what is open is in sight.
fn reveal(id: &str) {
    let link = document().get_element_by_id(id);
    let link = link.and_then(|link| link.dyn_into::<web_sys::HtmlElement>().ok());
    let strip = link.as_ref().and_then(|link| link.parent_element());
    if let (Some(link), Some(strip)) = (link, strip) {
        strip.set_scroll_left(link.offset_left() - strip.client_width() / 3);
    }
}

/// Whether also those see it who only are in the group.
fn is_for_all(part: GroupPart) -> bool {
    !matches!(part, GroupPart::Cards | GroupPart::Usage)
}

/// The id of the link to a part.
const fn link_id(part: GroupPart) -> &'static str {
    match part {
        GroupPart::Overview => "to-overview",
        GroupPart::Charges => "to-charges",
        GroupPart::Members => "to-members",
        GroupPart::Cards => "to-cards",
        GroupPart::Usage => "to-usage",
    }
}

#[component]
fn PartLink(one: GroupPart, part: Memo<GroupPart>) -> impl IntoView {
    let here = use_group();
    let text = match one {
        GroupPart::Overview => words::group_overview(),
        GroupPart::Charges => words::group_charges(),
        GroupPart::Members => words::group_members(),
        GroupPart::Cards => words::group_cards(),
        GroupPart::Usage => words::group_usage(),
    };
    let current = move || (part.get() == one).then_some("page");
    view! {
        <a
            id=link_id(one)
            class="group-part"
            href=routes::group(&here.id(), one)
            aria-current=live(current)
        >
            {text}
        </a>
    }
}
