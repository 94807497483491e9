//! Photos and papers for disputes: whose they are, what is left of them.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

mod support;

use portal_api::{
    dynamo::dispute::DisputeRequest,
    path,
    portal::disputes::{DisputeDetail, DisputeFile, FILE_LARGEST},
    problem::{Code, Problem},
};
use portal_server::tasks;
use reqwest::Method;
use support::{
    Answer, Browser, both_stores,
    disputes::{count, demo, ended_sessions, saying, try_file},
    one_store,
};

const DRIVER: &str = "driver@example.com";
const PLACE: &[u8] = b"GPSLatitude 60.39 N";

/// A JPEG of one pixel that says where it was taken, with so many bytes of noise.
fn photo(noise: &[u8]) -> Vec<u8> {
    let segment = |marker: u8, content: &[u8]| {
        let length = u16::try_from(content.len() + 2).unwrap();
        [&[0xff, marker], &length.to_be_bytes()[..], content].concat()
    };
    [
        &[0xff, 0xd8][..],
        &segment(0xe1, &[b"Exif\0\0II*\0", PLACE].concat()),
        &segment(0xdb, &[1; 65]),
        &segment(0xc0, &[8, 0, 1, 0, 1, 1, 1, 0x11, 0]),
        &segment(0xc4, &[0; 20]),
        &segment(0xda, &[1, 1, 0, 0, 63, 0]),
        noise,
        &[0xff, 0xd9],
    ]
    .concat()
}

async fn send_as(browser: &Browser, kind: &str, name: &str, bytes: Vec<u8>) -> Answer {
    let path = format!("{}?name={name}", path::DISPUTE_FILES);
    let request = browser
        .request(Method::POST, &path)
        .header("content-type", kind)
        .body(bytes);
    browser.send(request).await
}

async fn send(browser: &Browser, name: &str, bytes: Vec<u8>) -> DisputeFile {
    let answer = send_as(browser, "application/octet-stream", name, bytes).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    answer.json()
}

fn with(files: &[&DisputeFile]) -> DisputeRequest {
    DisputeRequest {
        files: files.iter().map(|file| file.id.clone()).collect(),
        ..saying("see the photo")
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_photo_is_for_its_driver_and_the_desk_and_says_nothing_of_where() {
    both_stores(async |server| {
        demo(server).await;
        let driver = server.signed_in(DRIVER).await;
        let other = server.signed_in("employee@example.com").await;
        let desk = server.signed_in("desk@example.com").await;
        let file = send(&driver, "..%2FS%C3%A4ule%203.jpg", photo(b"noise")).await;
        assert!(file.id.starts_with("file_"));
        assert_eq!(
            (&file.name[..], &file.kind[..]),
            ("Säule 3.jpg", "image/jpeg")
        );
        let path = path::dispute_file(&file.id);
        assert_eq!(desk.get(&path).await.status, 404, "no dispute names it yet");
        let session = &ended_sessions(server, DRIVER).await[0];
        let theirs = &ended_sessions(server, "employee@example.com").await[0];
        let stolen = try_file(&other, theirs, &with(&[&file])).await;
        assert_eq!(stolen.status, 422, "{}", stolen.text);
        let filed = try_file(&driver, session, &with(&[&file, &file])).await;
        assert_eq!(filed.status, 201, "{}", filed.text);
        for reader in [&driver, &desk] {
            let response = reader.request(Method::GET, &path).send().await.unwrap();
            assert_eq!(response.status(), 200);
            let header = |name: &str| response.headers()[name].to_str().unwrap().to_owned();
            assert_eq!(header("content-type"), "image/jpeg");
            assert_eq!(
                header("content-disposition"),
                "attachment; filename=\"S_ule 3.jpg\"; filename*=UTF-8''S%C3%A4ule%203.jpg"
            );
            assert_eq!(header("x-content-type-options"), "nosniff");
            assert_eq!(header("cache-control"), "no-store");
            let bytes = response.bytes().await.unwrap();
            assert_eq!(u64::try_from(bytes.len()).unwrap(), file.size);
            assert!(bytes.windows(5).any(|window| window == b"noise"));
            assert!(!bytes.windows(3).any(|window| window == b"GPS"));
        }
        assert_eq!(other.get(&path).await.status, 404);
        assert_eq!(server.browser().get(&path).await.status, 401);
        let id = filed.value()["dispute_id"].as_str().unwrap().to_owned();
        let whole: DisputeDetail = driver.get(&path::dispute(&id)).await.json();
        assert_eq!(whole.files, [file]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_bytes_say_what_it_is() {
    one_store(
        |_| {},
        async |server| {
            demo(server).await;
            let driver = server.signed_in(DRIVER).await;
            let pdf = b"%PDF-1.7\nxref\nstartxref\n9\n%%EOF".to_vec();
            let file = send(&driver, "a.png", pdf.clone()).await;
            assert_eq!(
                (&file.name[..], &file.kind[..]),
                ("a.png.pdf", "application/pdf")
            );
            for (kind, bytes, status, code) in [
                (
                    "image/jpeg",
                    b"<svg/onload=alert(1)>".to_vec(),
                    415,
                    Code::FileKind,
                ),
                ("image/png", Vec::new(), 415, Code::FileKind),
                ("text/plain", pdf.clone(), 415, Code::FileKind),
                ("multipart/form-data", pdf, 415, Code::FileKind),
                ("image/heic", photo(b""), 415, Code::FileKind),
                (
                    "image/jpeg",
                    photo(b"")[..90].to_vec(),
                    422,
                    Code::FileDamaged,
                ),
                (
                    "image/jpeg",
                    photo(&vec![0; FILE_LARGEST]),
                    413,
                    Code::TooLarge,
                ),
            ] {
                let answer = send_as(&driver, kind, "a", bytes).await;
                assert_eq!(answer.status, status, "{kind} {}", answer.text);
                assert_eq!(answer.json::<Problem>().code, code);
            }
            let room = FILE_LARGEST - photo(b"").len();
            send(&driver, "largest.jpg", photo(&vec![0; room])).await;
        },
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_waits_a_day_and_the_same_is_the_same() {
    both_stores(async |server| {
        demo(server).await;
        let driver = server.signed_in(DRIVER).await;
        let sessions = ended_sessions(server, DRIVER).await;
        let first = send(&driver, "a.jpg", photo(b"0")).await;
        let again = send(&driver, "b.jpg", photo(b"0")).await;
        assert_eq!(first, again);
        let mut all = vec![first];
        for number in 1..12 {
            let noise = format!("{number}");
            all.push(send(&driver, "a.jpg", photo(noise.as_bytes())).await);
            server.clock().advance(1);
        }
        let rows = "select count(*) from dispute_files";
        assert_eq!(
            count(server, rows).await,
            9,
            "the newest of those that wait"
        );
        let gone = try_file(&driver, &sessions[0], &with(&[&all[0]])).await;
        assert_eq!(gone.status, 422);
        let four: Vec<_> = all[8..12].iter().collect();
        let too_many = try_file(&driver, &sessions[0], &with(&four)).await;
        assert_eq!(too_many.status, 422);
        let filed = try_file(&driver, &sessions[0], &with(&four[..3])).await;
        assert_eq!(filed.status, 201);
        let once_more = try_file(&driver, &sessions[1], &with(&four[..1])).await;
        assert_eq!(once_more.status, 201, "one photo may show two mistakes");
        server.clock().advance(24 * 60 * 60 + 1);
        tasks::clean(&server.app).await.unwrap();
        assert_eq!(count(server, rows).await, 3);
    })
    .await;
}
