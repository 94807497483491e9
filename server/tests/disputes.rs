//! A dispute's whole life, with two people.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

mod support;

use portal_api::{
    decimal::Decimal,
    dynamo::{
        ErrorBody,
        dispute::{Dispute, DisputeRequest, DisputeStatus},
    },
    path,
    portal::disputes::{
        Decision, DeskDispute, DisputeDetail, DisputeMessage, DisputePage, EventKind, Outcome, Turn,
    },
    portal::{DisputeNews, Me, SessionDetail, SessionSummary},
    problem::{Code, Problem},
};
use portal_server::embedded::disputes::reading;
use support::{
    Answer, Browser, Server, both_stores,
    disputes::{demo, ended_session, ended_sessions, file, letters, saying, try_file},
};

const DRIVER: &str = "driver@example.com";

fn text(text: &str) -> DisputeMessage {
    DisputeMessage {
        text: text.to_owned(),
    }
}

fn decision(outcome: Outcome, credit: Option<&str>) -> Decision {
    Decision {
        outcome,
        credit: credit.map(|credit| credit.parse().unwrap()),
        text: "The barrier was shut.".to_owned(),
    }
}

async fn detail(browser: &Browser, id: &str) -> DisputeDetail {
    browser.get(&path::dispute(id)).await.json()
}

async fn decide(desk: &Browser, id: &str, decision: &Decision) -> Answer {
    desk.post(&path::desk_decision(id), decision).await
}

/// A driver and somebody of the operator's staff.
async fn two_people(server: &Server) -> (Browser, Browser) {
    demo(server).await;
    let driver = server.signed_in(DRIVER).await;
    (driver, server.signed_in("desk@example.com").await)
}

/// The disputes that are news to a driver, whether they are decided, and what is given back.
async fn news(driver: &Browser) -> Vec<(String, bool, Option<Decimal>)> {
    let summary: SessionSummary = driver.get(path::SESSION_SUMMARY).await.json();
    let news = summary.disputes.into_iter();
    let credit = |one: &DisputeNews| one.credit.as_ref().map(|credit| credit.amount);
    news.map(|one| (one.dispute_id.clone(), one.decided, credit(&one)))
        .collect()
}

async fn session_status(server: &Server, id: &str) -> Option<String> {
    sqlx::query_scalar("select dispute_status from sessions where id = $1")
        .bind(id)
        .fetch_one(server.store().readers())
        .await
        .unwrap()
}

fn code(answer: &Answer) -> Code {
    answer.json::<Problem>().code
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_filed_looked_at_asked_about_decided_and_credited() {
    both_stores(async |server| {
        let (driver, desk) = two_people(server).await;
        let session = ended_session(server, DRIVER).await;
        let request = DisputeRequest {
            reason: "Billed for parking while the barrier was shut".to_owned(),
            expected_cost: Some(Decimal::new(1, 0)),
            line: Some("parking".to_owned()),
            files: Vec::new(),
        };
        let answer = try_file(&driver, &session, &request).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        let filed: Dispute = answer.json();
        assert!(filed.dispute_id.starts_with("disp_"));
        assert_eq!(
            (&filed.status, filed.resolved_at),
            (&DisputeStatus::Open, None)
        );
        assert_eq!(filed.created_at, server.clock().now());
        assert_eq!(filed.expected_cost, request.expected_cost);
        let id = &filed.dispute_id;

        server.clock().advance(60);
        let queue: DisputePage = desk.get(path::DESK_DISPUTES).await.json();
        assert_eq!((queue.total, &queue.disputes[0].dispute), (1, &filed));
        assert!(queue.disputes[0].driver.is_some());
        assert_eq!(queue.disputes[0].turn, Turn::Operator);
        for _ in 0..2 {
            let opened = desk.post(&path::desk_review(id), &()).await;
            assert_eq!(opened.status, 200, "{}", opened.text);
            let all: DeskDispute = opened.json();
            assert_eq!(all.session.session.session_id, session);
            assert_eq!(all.cost.total_cost, filed.billed_cost);
        }
        assert_eq!(
            session_status(server, &session).await.as_deref(),
            Some("under_review")
        );

        server.clock().advance(60);
        let asked = desk
            .post(&path::desk_question(id), &text("Which barrier?"))
            .await;
        assert_eq!(asked.status, 200, "{}", asked.text);
        assert_eq!(detail(&driver, id).await.row.turn, Turn::Driver);
        assert_eq!(news(&driver).await, [(id.clone(), false, None)]);
        server.clock().advance(60);
        let said = driver
            .post(&path::dispute_messages(id), &text("The north one."))
            .await;
        assert_eq!(said.status, 200, "{}", said.text);
        assert_eq!(said.json::<DisputeDetail>().row.turn, Turn::Operator);
        assert_eq!(news(&driver).await, []);

        server.clock().advance(60);
        let verdict = decision(Outcome::PartlyAccepted, Some("1.00"));
        let decided = decide(&desk, id, &verdict).await;
        assert_eq!(decided.status, 200, "{}", decided.text);
        let whole = detail(&driver, id).await;
        assert_eq!(whole.row.dispute.status, DisputeStatus::Resolved);
        assert_eq!(whole.row.dispute.resolved_at, Some(server.clock().now()));
        assert_eq!(whole.row.credit, Some(Decimal::new(1, 0)));
        assert_eq!((whole.row.turn, whole.row.driver), (Turn::Nobody, None));
        assert_eq!(whole.outcome, Some(Outcome::PartlyAccepted));
        assert_eq!(whole.line.as_deref(), Some("parking"));
        let shown: SessionDetail = driver.get(&path::session(&session)).await.json();
        assert_eq!(shown.dispute_id.as_ref(), Some(id));
        assert_eq!(shown.session.dispute_status, Some(DisputeStatus::Resolved));
        let cost = shown.session.total_cost.unwrap().units_at(2).unwrap();
        assert_eq!(cost, filed.billed_cost.unwrap().units_at(2).unwrap() - 100);
        let receipts: Vec<_> = shown.receipts.iter().map(|one| Some(&one.number)).collect();
        assert_eq!(receipts.len(), 2);
        assert_eq!(receipts[1], whole.corrected_receipt.as_ref());
        let events: Vec<_> = whole
            .events
            .iter()
            .map(|event| (event.kind, event.text.as_deref()))
            .collect();
        assert_eq!(
            events,
            [
                (EventKind::Filed, Some(&request.reason[..])),
                (EventKind::InReview, None),
                (EventKind::Question, Some("Which barrier?")),
                (EventKind::Answer, Some("The north one.")),
                (EventKind::Decided, Some("The barrier was shut.")),
                (EventKind::Credited, None),
            ]
        );
        assert_eq!(
            session_status(server, &session).await.as_deref(),
            Some("resolved")
        );
        let box_: Vec<_> = letters(server).await;
        let kinds: Vec<_> = box_.iter().map(|(kind, ..)| &kind[..]).collect();
        assert_eq!(
            kinds,
            [
                "desk-filed",
                "dispute-filed",
                "dispute-question",
                "desk-answered",
                "dispute-decided"
            ]
        );
        for (kind, to, body) in &box_ {
            let for_desk = kind.starts_with("desk-");
            assert_eq!(to == DRIVER, !for_desk);
            assert_eq!(body.contains(&format!("/desk/disputes/{id}\n")), for_desk);
        }
        assert!(box_[4].2.contains(&whole.corrected_receipt.unwrap()));
        let queue: DisputePage = desk.get(path::DESK_DISPUTES).await.json();
        assert_eq!((queue.total, queue.disputes.len()), (0, 0));
        let mine: DisputePage = driver.get(path::DISPUTES).await.json();
        assert_eq!((mine.total, mine.disputes.len()), (1, 1));
        assert_eq!(
            news(&driver).await,
            [(id.clone(), true, Some(Decimal::new(100, 2)))]
        );
        server.clock().advance(7 * 24 * 60 * 60);
        assert_eq!(news(&driver).await, []);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_decided_stays_decided() {
    both_stores(async |server| {
        let (driver, desk) = two_people(server).await;
        let session = ended_session(server, DRIVER).await;
        let id = &file(&driver, &session, "wrong").await.dispute_id;
        let rejected = decision(Outcome::Rejected, None);
        assert_eq!(decide(&desk, id, &rejected).await.status, 200);
        let whole = detail(&driver, id).await;
        assert_eq!(whole.row.dispute.status, DisputeStatus::Rejected);
        assert_eq!((whole.row.credit, whole.corrected_receipt), (None, None));
        let accepted = decision(Outcome::Accepted, Some("1"));
        for answer in [
            decide(&desk, id, &accepted).await,
            desk.post(&path::desk_question(id), &text("Why?")).await,
            driver
                .post(&path::dispute_messages(id), &text("But!"))
                .await,
        ] {
            assert_eq!(answer.status, 409, "{}", answer.text);
            assert_eq!(code(&answer), Code::Decided);
        }
        // What was decided can be disputed anew.
        server.clock().advance(1);
        let again = file(&driver, &session, "still wrong").await;
        let me: Me = driver.get(path::ME).await.json();
        let mut reader = server.store().readers().acquire().await.unwrap();
        let newest = reading::newest_of_session(&mut reader, &me.id, &session).await;
        let expected = (again.dispute_id, DisputeStatus::Open);
        assert_eq!(newest.unwrap(), Some(expected));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_gets_more_back_than_was_charged_or_by_halves() {
    both_stores(async |server| {
        let (driver, desk) = two_people(server).await;
        let session = ended_session(server, DRIVER).await;
        let filed = file(&driver, &session, "wrong").await;
        let (id, billed) = (&filed.dispute_id, filed.billed_cost.unwrap());
        let more = Decimal::new(billed.units_at(6).unwrap() + 1_000_000, 6).to_string();
        for (outcome, credit, field) in [
            (Outcome::Accepted, Some(&more[..]), "credit"),
            (Outcome::Accepted, Some("-1"), "credit"),
            (Outcome::Accepted, Some("0.0001"), "credit"),
            (Outcome::Accepted, None, "outcome"),
            (Outcome::Accepted, Some("0"), "outcome"),
            (Outcome::Rejected, Some("1"), "outcome"),
            (Outcome::Unknown, None, "outcome"),
        ] {
            let answer = decide(&desk, id, &decision(outcome, credit)).await;
            assert_eq!(answer.status, 422, "{credit:?} {}", answer.text);
            assert_eq!(answer.json::<Problem>().field.as_deref(), Some(field));
        }
        assert_eq!(
            detail(&driver, id).await.row.dispute.status,
            DisputeStatus::Open
        );
        let all = decision(Outcome::Accepted, Some(&billed.to_string()));
        assert_eq!(decide(&desk, id, &all).await.status, 200);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_disputed_is_said_in_dynamos_words() {
    both_stores(async |server| {
        let (driver, _) = two_people(server).await;
        let session = ended_session(server, DRIVER).await;
        let others = ended_session(server, "employee@example.com").await;
        let error = async |session: &str, request: &DisputeRequest| {
            let answer = try_file(&driver, session, request).await;
            let error = answer.json::<ErrorBody>().error;
            let field = error.details.map(|mut fields| fields.remove(0).field);
            (answer.status, error.code, field)
        };
        let unfit = |reason: &str, expected: Option<&str>| DisputeRequest {
            expected_cost: expected.map(|amount| amount.parse().unwrap()),
            ..saying(reason)
        };
        let missing = DisputeRequest {
            files: vec!["file_none".to_owned()],
            ..saying("x")
        };
        let nameless = DisputeRequest {
            files: vec!["a\0".to_owned()],
            ..saying("x")
        };
        assert!(matches!(error(&session, &nameless).await.0, 400 | 422));
        for nowhere in [path::dispute("%00"), path::dispute_file("%00")] {
            let answer = driver.get(&nowhere).await;
            assert!(matches!(answer.status, 400 | 404), "{}", answer.text);
        }
        for (request, field) in [
            (unfit(" ", None), "reason"),
            (unfit(&"x".repeat(2_001), None), "reason"),
            (unfit("a\0b", None), "reason"),
            (unfit("x", Some("-1")), "expected_cost"),
            (unfit("x", Some("1.23456")), "expected_cost"),
            (unfit("x", Some("1000000")), "expected_cost"),
            (missing, "files"),
        ] {
            let expected = (422, "validation_failed".to_owned(), Some(field.to_owned()));
            assert_eq!(error(&session, &request).await, expected);
        }
        assert_eq!(error(&others, &saying("x")).await.0, 404);
        assert_eq!(error("sess_none", &saying("x")).await.0, 404);
        let active: Option<String> = sqlx::query_scalar(
            "select s.id from sessions s join people p on p.id = s.driver_id
            where p.email = $1 and s.status = 'active'",
        )
        .bind(DRIVER)
        .fetch_optional(server.store().readers())
        .await
        .unwrap();
        if let Some(active) = active {
            assert_eq!(error(&active, &saying("x")).await.0, 409);
        }
        let extra = serde_json::json!({ "reason": "x", "driver_id": "usr_other" });
        let answer = driver.post(&path::dispute_of(&session), &extra).await;
        assert_eq!(answer.status, 400);
        file(&driver, &session, "x").await;
        let second = (409, "conflict".to_owned(), None);
        assert_eq!(error(&session, &saying("y")).await, second);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_typed_arrives_as_typed() {
    const TYPED: [&str; 5] = [
        "<script>alert(1)</script>&amp;</p>{{x}}",
        "\u{202e}\u{5e9}\u{5dc}\u{5d5}\u{5dd} \u{627}\u{644}\u{633}\u{644}\u{627}\u{645}",
        "\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467} \u{1f50c}",
        "a\u{7}b\u{1b}[31mc\u{1e}d\u{1f}e\r\nBcc: x@example.com\r\n.\r\nf",
        "=cmd|'/C calc'!A0\t; -- ' or 1=1",
    ];
    both_stores(async |server| {
        let (driver, desk) = two_people(server).await;
        let sessions = ended_sessions(server, DRIVER).await;
        for (typed, session) in TYPED.into_iter().zip(&sessions) {
            let filed = file(&driver, session, typed).await;
            assert_eq!(filed.reason, typed);
            let id = &filed.dispute_id;
            let asked = desk.post(&path::desk_question(id), &text(typed)).await;
            assert_eq!(asked.status, 200);
            let said = driver.post(&path::dispute_messages(id), &text(typed)).await;
            assert_eq!(said.status, 200);
            let reason = Decision {
                text: typed.to_owned(),
                ..decision(Outcome::Rejected, None)
            };
            assert_eq!(decide(&desk, id, &reason).await.status, 200);
            let texts = detail(&driver, id).await.events;
            let texts = texts.iter().filter_map(|event| event.text.as_deref());
            assert_eq!(texts.collect::<Vec<_>>(), [typed; 4]);
            let letters = letters(server).await;
            let with_it = letters.iter().filter(|(.., body)| body.contains(typed));
            assert_eq!(with_it.count(), 5);
        }
        portal_server::tasks::post(&server.app).await.unwrap();
        assert!(letters(server).await.is_empty(), "every one can be sent");
        for entry in std::fs::read_dir(server.folder.join("letters")).unwrap() {
            let sent = std::fs::read_to_string(entry.unwrap().path()).unwrap();
            let (head, _) = sent.split_once("\r\n\r\n").unwrap();
            let secret = head.lines().find(|line| line.starts_with("Bcc"));
            assert_eq!(secret, None);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_files_more_than_twenty_in_an_hour() {
    both_stores(async |server| {
        let (driver, _) = two_people(server).await;
        let sessions = ended_sessions(server, DRIVER).await;
        for session in &sessions[..20] {
            file(&driver, session, "x").await;
        }
        let answer = try_file(&driver, &sessions[20], &saying("x")).await;
        assert_eq!(answer.status, 429);
        assert_eq!(answer.header("retry-after"), Some("3600"));
        server.clock().advance(3_600);
        file(&driver, &sessions[20], "x").await;
    })
    .await;
}
