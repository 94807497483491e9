//! Asking for a plug, and what is said to that.

use portal_api::{
    dynamo::reservation::ReservationRequest,
    path,
    portal::holds::{Hold, Holds},
};

use super::{
    Server,
    browser::{Answer, Browser},
};

/// Asks for a connector of `CP-BGO` for so many minutes.
pub fn request(server: &Server, connector: u32, minutes: i64) -> ReservationRequest {
    ReservationRequest {
        charge_point_id: "CP-BGO".into(),
        connector_id: connector,
        expires_at: server.clock().now().plus_seconds(minutes * 60),
        id_tag: "driver@example.com".into(),
    }
}

/// Asks with a key until it is known what came of it.
pub async fn ask_until_known(browser: &Browser, request: &ReservationRequest, key: &str) -> Answer {
    for _ in 0..20 {
        let answer = browser.post_once(path::RESERVATIONS, key, request).await;
        if answer.status != 503 {
            return answer;
        }
        assert!(answer.header("retry-after").is_some());
    }
    panic!("nobody knows what came of it");
}

/// All holds of a driver.
pub async fn all(browser: &Browser) -> Holds {
    browser.get(path::HOLDS).await.json()
}

/// How the newest hold is.
pub async fn newest(browser: &Browser) -> Hold {
    all(browser).await.holds.remove(0)
}

/// Why a plug cannot be held, as Dynamo says it.
pub fn reason(answer: &Answer) -> (u16, String) {
    let details = &answer.value()["error"]["details"][0];
    assert!(answer.status != 409 || details["field"] == "reason");
    let message = details["message"].as_str().unwrap_or_default();
    (answer.status, message.to_owned())
}
