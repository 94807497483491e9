//! Letters by SMTP, to a mail server that only listens.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

mod support;

use portal_api::{language::Language, path, portal::ResetRequest};
use portal_server::{
    App,
    config::{Config, Secret},
    tasks,
};
use support::{Server, one_store, people};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// Takes one letter, or refuses it, and tells what it was told.
async fn postman(stream: TcpStream, takes_it: bool) -> String {
    let mut stream = BufReader::new(stream);
    let mut heard = String::new();
    let mut in_letter = false;
    stream.write_all(b"220 ready\r\n").await.unwrap();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await.unwrap() == 0 {
            return heard;
        }
        heard.push_str(&line);
        let answer: &[u8] = match line.trim_end() {
            "." => {
                in_letter = false;
                if takes_it {
                    b"250 taken\r\n"
                } else {
                    b"451 not now\r\n"
                }
            }
            _ if in_letter => continue,
            "DATA" => {
                in_letter = true;
                b"354 go on\r\n"
            }
            "QUIT" => b"221 bye\r\n",
            _ => b"250 ok\r\n",
        };
        stream.write_all(answer).await.unwrap();
    }
}

fn one_visit(listener: TcpListener, takes_it: bool) -> JoinHandle<String> {
    tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        postman(stream, takes_it).await
    })
}

/// The same server, with a mail server.
async fn with_smtp(server: &Server, listener: &TcpListener) -> App {
    let config = Config {
        smtp: Some(Secret::new(format!(
            "smtp://{}",
            listener.local_addr().unwrap()
        ))),
        mail_from: "Portal <portal@portal.example>".to_owned(),
        ..(*server.app.config).clone()
    };
    App::new(config, server.clock().clone(), server.store().clone()).unwrap()
}

async fn ask(server: &Server) {
    let request = ResetRequest {
        email: "driver@example.com".to_owned(),
        language: Language::En,
    };
    let answer = server.browser().post(path::PASSWORD_RESET, &request).await;
    assert_eq!(answer.status, 202);
}

async fn waiting(server: &Server) -> i64 {
    sqlx::query_scalar("select count(*) from letters")
        .fetch_one(server.store().readers())
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_goes_to_the_mail_server_and_leaves_the_box() {
    one_store(
        |_| {},
        async |server| {
            people::driver(server).await;
            let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
            let app = with_smtp(server, &listener).await;
            let visit = one_visit(listener, true);
            ask(server).await;
            assert_eq!(waiting(server).await, 1);
            tasks::post(&app).await.unwrap();
            assert_eq!(waiting(server).await, 0);
            drop(app);
            let heard = visit.await.unwrap();
            assert!(
                heard.contains("MAIL FROM:<portal@portal.example>"),
                "{heard}"
            );
            assert!(heard.contains("RCPT TO:<driver@example.com>"), "{heard}");
            assert!(heard.contains("Subject: Set a new password"), "{heard}");
            assert!(!server.folder.join("letters").exists());
        },
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_that_is_not_taken_stays_in_the_box() {
    one_store(
        |_| {},
        async |server| {
            people::driver(server).await;
            let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
            let app = with_smtp(server, &listener).await;
            let visit = one_visit(listener, false);
            ask(server).await;
            tasks::post(&app).await.unwrap();
            assert_eq!(waiting(server).await, 1);
            assert!(visit.await.unwrap().contains("DATA"));
            // Nobody wants a day-old letter: its link is long dead.
            server.clock().advance(24 * 60 * 60 + 1);
            tasks::clean(&app).await.unwrap();
            assert_eq!(waiting(server).await, 0);
        },
    )
    .await;
}
