//! What people are by the file: at the desk, of an organisation, its admin.

use portal_api::{
    path,
    portal::{Billing, Me, Tab},
};
use portal_server::embedded::people;
use serde_json::json;

use super::{
    PASSWORD, by_letter, driver,
    support::{
        Browser, Server, both_stores,
        stock::{EXAMPLE, example_but, import},
    },
};

async fn makes_groups(browser: &Browser) -> bool {
    let me: Me = browser.get(path::ME).await.json();
    me.makes_groups
}

async fn billing(server: &Server) -> Billing {
    let mut write = server.store().write().await.unwrap();
    let found = people::organisation(&mut write, "org_isarhof").await;
    found.unwrap().unwrap().billing
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_in_the_file_makes_a_group_until_it_says_otherwise() {
    both_stores(async |server| {
        let ada = driver(server).await;
        assert!(makes_groups(&ada).await);
        let new = json!({ "name": "Day shift", "monthly_limit": 2500 });
        let made = ada.post_once(path::FLEET_GROUPS, "a-key-0001", &new).await;
        assert_eq!(made.status, 201, "{}", made.text);
        let silent = example_but(&[("organisation_admin = true\n", "")]);
        assert_eq!(import(server, &silent).await, [0, 0, 8]);
        assert!(makes_groups(&ada).await);
        let no_longer = example_but(&[("organisation_admin = true", "organisation_admin = false")]);
        assert_eq!(import(server, &no_longer).await, [0, 1, 7]);
        assert!(!makes_groups(&ada).await);
        let refused = ada.post_once(path::FLEET_GROUPS, "a-key-0002", &new).await;
        assert_eq!(refused.status, 403, "{}", refused.text);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_who_goes_elsewhere_looks_after_nothing_there_unless_the_file_says_so() {
    both_stores(async |server| {
        let ada = driver(server).await;
        let other = "[[organisations]]\nid = \"org_other\"\nname = \"Other\"\n\n[[people]]\n\
            email = \"ada@example.com\"\nname = \"Ada Lindqvist\"\n\
            organisation = \"org_other\"\n";
        import(server, other).await;
        assert!(!makes_groups(&ada).await);
        assert_eq!(import(server, other).await, [0, 0, 2]);
        import(server, &[other, "organisation_admin = true\n"].concat()).await;
        assert!(makes_groups(&ada).await);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_head_of_its_receipts_stays_where_the_file_is_silent() {
    both_stores(async |server| {
        import(server, EXAMPLE).await;
        let before = billing(server).await;
        assert_eq!(before.vat_id.as_deref(), Some("DE 246 813 579"));
        let silent = example_but(&[
            ("vat_id = \"DE 246 813 579\"", ""),
            ("name = \"Isarhof GmbH\"", "name = \"Isarhof SE\""),
        ]);
        assert_eq!(import(server, &silent).await, [0, 1, 7]);
        assert_eq!(billing(server).await, before);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_joins_or_leaves_the_desk_signs_in_anew() {
    both_stores(async |server| {
        let ada = driver(server).await;
        let joins = example_but(&[
            ("language = \"de\"", "desk = true"),
            ("organisation_admin = true", ""),
            ("tags = [\"04A1B2C3D4E580\", \"ada@example.com\"]", ""),
            (
                "name = \"Samuel Okafor\"\ndesk = true",
                "name = \"Samuel Okafor\"",
            ),
        ]);
        let desk = by_letter(server, "desk@example.com").await;
        assert_eq!(import(server, &joins).await, [0, 2, 6]);
        assert_eq!(ada.get(path::ME).await.status, 401);
        assert_eq!(desk.get(path::ME).await.status, 401);
        let mut browser = server.browser();
        let me: Me = browser.sign_in("ada@example.com", PASSWORD).await.json();
        // A group that ada looks after is hers still.
        let charges = [Tab::Home, Tab::Sessions, Tab::Charge, Tab::Group];
        assert_eq!(me.tabs, [&charges[..], &[Tab::Desk, Tab::Account]].concat());
        let me: Me = browser.sign_in("desk@example.com", PASSWORD).await.json();
        assert!(!me.tabs.contains(&Tab::Desk));
    })
    .await;
}
