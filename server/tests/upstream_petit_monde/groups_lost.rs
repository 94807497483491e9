//! A card that is lost where a real Petit Monde made it: our own chargers refuse it, and
//! nobody is told more than that.

use portal_api::{
    path,
    portal::groups::{GroupPage, GroupToken, TokenPage},
};
use serde_json::json;

use crate::{
    fleet::{ID, with_group},
    support::disputes::letters,
};

#[tokio::test]
async fn nobody_is_told_that_a_lost_card_is_blocked_where_nobody_can_block_it() {
    with_group(async |server, _, driver| {
        let wanted = json!({ "count": 2, "type": "RFID" });
        let made = driver.post(&path::bulk_tokens(ID), &wanted).await;
        assert_eq!(made.status, 201, "{}", made.text);
        let other = server.signed_in("other@example.com").await;
        let page: GroupPage = other.get(&path::group(ID)).await.json();
        // Of how many calls are left only admins are told.
        assert!(page.tokens_elsewhere && page.elsewhere.is_none());
        let lost = other
            .post(&path::lost_token(ID, "tok_PM1"), &json!({}))
            .await;
        assert!(lost.json::<GroupToken>().blocked_at.is_some());
        let sent = letters(server).await;
        let [(kind, to, body)] = &sent[..] else {
            panic!("{sent:?}");
        };
        assert_eq!(
            (&kind[..], &to[..]),
            ("group-token-lost", "driver@example.com")
        );
        assert!(
            body.contains("EV Suite")
                && !body.contains("It is blocked")
                && !body.contains("replace"),
            "{body}"
        );
    })
    .await;
}

#[tokio::test]
async fn a_group_may_have_no_card_left_that_works() {
    with_group(async |_, _, driver| {
        let wanted = json!({ "count": 2, "type": "VIRTUAL" });
        driver.post(&path::bulk_tokens(ID), &wanted).await;
        for id in ["tok_PM1", "tok_PM2"] {
            let lost = driver.post(&path::lost_token(ID, id), &json!({})).await;
            assert_eq!(lost.status, 200, "{}", lost.text);
        }
        let page: GroupPage = driver.get(&path::group(ID)).await.json();
        assert_eq!((page.tokens, page.blocked_tokens), (0, 2));
        for (status, total) in [("ACTIVE", 0), ("BLOCKED", 2)] {
            let some = format!("{}?status={status}", path::group_tokens(ID));
            assert_eq!(driver.get(&some).await.json::<TokenPage>().total, total);
        }
    })
    .await;
}
