use chrono_tz::Europe::Oslo;
use portal_api::money::Money;

use super::*;

fn rows(rows: &str) -> Page {
    page(
        format!(r#"{{"sessions":[{rows}],"total":"3"}}"#).as_bytes(),
        "usr_1",
        Oslo,
    )
    .unwrap()
}

#[test]
fn a_documented_row_is_read_exactly() {
    let page = rows(
        r#"{"session_id":"sess_1","transaction_id":7,"charge_point_id":"CP-1","connector_id":2,
            "user_id":"usr_1","started_at":"2025-03-02T23:05:00Z",
            "ended_at":"2025-03-02T23:47:30Z","duration_minutes":42,"energy_kwh":21.6,
            "total_cost":97.20,"currency":"NOK","status":"completed"}"#,
    );
    let session = &page.sessions[0];
    assert_eq!(page.total, Some(3));
    assert_eq!(session.cost().map(|cost| cost.minor), Some(9_720));
    assert_eq!(session.local_day.unwrap().to_string(), "2025-03-03");
    assert_eq!(session.receipt_available, None);
}

#[test]
fn quotes_nulls_and_unknown_words_break_nothing() {
    let page = rows(
        r#"{"session_id":17,"user_id":"usr_1","charge_point_id":null,"connector_id":"2",
            "started_at":"2025-03-02T16:05:00+01:00","ended_at":null,"duration_minutes":"41.9",
            "energy_kwh":"21.60","total_cost":"3.5","currency":"nok","status":"PAUSED",
            "extra":{"deep":[1]}}"#,
    );
    let session = &page.sessions[0];
    assert_eq!(session.session_id, "17");
    assert_eq!(session.connector_id, Some(2));
    assert_eq!(session.duration_minutes, Some(41));
    assert_eq!(session.energy_kwh, Some(Decimal::new(216, 1)));
    let nok = Currency::new("NOK").unwrap();
    assert_eq!(session.cost(), Some(Money::new(350, nok)));
    assert_eq!(session.status, SessionStatus::Other("PAUSED".into()));
}

#[test]
fn receipt_and_dispute_are_read_however_they_are_written() {
    let session = |fields: &str| {
        let row = r#""session_id":"s","user_id":"usr_1","started_at":"2025-03-02T16:05:00Z""#;
        let session = rows(&format!("{{{row}{fields}}}")).sessions.remove(0);
        (session.receipt_available, session.dispute_status)
    };
    for (written, read) in [
        ("true", Some(true)),
        (r#""True""#, Some(true)),
        ("1", Some(true)),
        ("false", Some(false)),
        (r#""0""#, Some(false)),
        ("null", None),
        (r#""perhaps""#, None),
        ("[true]", None),
    ] {
        let (available, _) = session(&format!(r#","receipt_available":{written}"#));
        assert_eq!(available, read, "{written}");
    }
    for (written, read) in [
        (r#"" under_review ""#, Some("under_review")),
        (r#""ESCALATED""#, Some("ESCALATED")),
        (r#""""#, None),
        ("null", None),
        ("{}", None),
    ] {
        let (_, status) = session(&format!(r#","dispute_status":{written}"#));
        assert_eq!(status, read.map(DisputeStatus::of_word), "{written}");
    }
    assert_eq!(session(""), (None, None));
}

#[test]
fn a_row_of_somebody_else_or_of_nobody_is_dropped() {
    let row =
        |user: &str| format!(r#"{{"session_id":"s","started_at":"2025-03-02T16:05:00Z"{user}}}"#);
    let page = rows(
        &[
            row(r#","user_id":"usr_2""#),
            row(""),
            row(r#","user_id":null"#),
        ]
        .join(","),
    );
    assert_eq!((page.rows, page.foreign, page.sessions.len()), (3, 3, 0));
}

#[test]
fn a_row_that_is_no_session_is_left_out() {
    let page = rows(r#"{"user_id":"usr_1","session_id":"s","started_at":"soon"},7,null"#);
    assert_eq!((page.rows, page.foreign, page.sessions.len()), (3, 0, 0));
}

#[test]
fn other_envelopes_are_read_and_nonsense_is_refused() {
    let row = r#"{"session_id":"s","user_id":"usr_1","started_at":"2025-03-02T16:05:00Z"}"#;
    for body in [format!(r#"{{"data":[{row}]}}"#), format!("[{row}]")] {
        let page = page(body.as_bytes(), "usr_1", Oslo).unwrap();
        assert_eq!((page.sessions.len(), page.total), (1, None), "{body}");
    }
    for body in ["", "<html>", "{}", "null", r#"{"sessions":7}"#, "[[", "NaN"] {
        let refused = page(body.as_bytes(), "usr_1", Oslo);
        assert!(matches!(refused, Err(Failure::Nonsense(_))), "{body}");
    }
}

#[test]
fn one_session_is_read_bare_or_wrapped_and_only_by_its_driver() {
    let row = r#"{"session_id":"s","user_id":"usr_1","started_at":"2025-03-02T16:05:00Z"}"#;
    for body in [row.to_owned(), format!(r#"{{"data":{row}}}"#)] {
        assert!(one(body.as_bytes(), "usr_1", Oslo).is_ok(), "{body}");
        let foreign = one(body.as_bytes(), "usr_2", Oslo);
        assert!(matches!(foreign, Err(Failure::NotFound)));
    }
}

#[test]
fn of_a_dispute_as_much_is_read_as_can_be() {
    let read = |body: &str| {
        let filed = filed(body.as_bytes());
        (filed.dispute_id, filed.status.as_str().to_owned())
    };
    for (body, id, status) in [
        (
            r#"{"dispute_id":"disp_9","status":"open","extra":1}"#,
            Some("disp_9"),
            "open",
        ),
        (
            r#"{"data":{"id":9,"status":"ESCALATED"}}"#,
            Some("9"),
            "ESCALATED",
        ),
        (
            r#"{"dispute":{"dispute_id":"d","status":null}}"#,
            Some("d"),
            "unknown",
        ),
        (r#"{"status":"unconfirmed"}"#, None, "unknown"),
        ("<html>", None, "unknown"),
        ("", None, "unknown"),
    ] {
        assert_eq!(
            read(body),
            (id.map(str::to_owned), status.to_owned()),
            "{body}"
        );
    }
}

#[test]
fn a_site_has_a_name_or_none() {
    assert_eq!(site_name(br#"{"name":"Kai 7"}"#).as_deref(), Some("Kai 7"));
    assert_eq!(
        site_name(br#"{"data":{"name":"Kai 7"}}"#).as_deref(),
        Some("Kai 7")
    );
    for body in [r#"{"name":" "}"#, r#"{"name":null}"#, "[]", "<html>"] {
        assert_eq!(site_name(body.as_bytes()), None, "{body}");
    }
}
