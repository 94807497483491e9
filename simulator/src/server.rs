//! Where the server is, and what is asked of it over HTTP.

use std::{str::FromStr, time::Duration};

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::{Method, Request, Response, body::Incoming, client::conn::http1, header};
use hyper_util::rt::TokioIo;
use portal_api::path;
use tokio::{
    net::TcpStream,
    time::{sleep, timeout},
};

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// How often it is tried whether the server is there.
const PAUSE: Duration = Duration::from_millis(500);

/// The host and port of a server.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Server(String);

/// Why the server didn't answer.
#[derive(Debug, thiserror::Error)]
pub enum AskError {
    /// It cannot be reached.
    #[error("the server cannot be reached: {0}")]
    Unreachable(#[from] std::io::Error),
    /// It speaks no HTTP.
    #[error("the server doesn't answer as one: {0}")]
    Http(#[from] hyper::Error),
    /// The request makes no sense.
    #[error("this cannot be asked: {0}")]
    Request(#[from] hyper::http::Error),
    /// It takes too long.
    #[error("the server doesn't answer in time")]
    Slow,
}

/// An answer that has arrived as a whole.
#[derive(Debug)]
pub struct Answer {
    /// Its number.
    pub status: u16,
    /// The cookie that it sets, without its attributes.
    pub cookie: Option<String>,
    /// What it says.
    pub body: Bytes,
}

impl FromStr for Server {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("\"{text}\" is no address such as http://127.0.0.1:8080");
        let authority = text.strip_prefix("http://").ok_or_else(wrong)?;
        let authority = authority.trim_end_matches('/');
        let has_port = authority.rsplit_once(':').is_some_and(|(host, port)| {
            !host.is_empty() && port.parse::<u16>().is_ok() && !authority.contains('/')
        });
        if has_port {
            Ok(Self(authority.to_owned()))
        } else {
            Err(wrong())
        }
    }
}

impl Server {
    /// Where a charge point connects to.
    pub fn ocpp(&self, charge_point_id: &str) -> String {
        format!("ws://{}{}", self.0, path::ocpp(charge_point_id))
    }

    /// Asks for something, as the portal's own pages do.
    pub async fn ask(
        &self,
        method: Method,
        path: &str,
        cookie: Option<&str>,
        body: String,
    ) -> Result<Answer, AskError> {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, &self.0)
            .header("X-Portal", "1")
            .header("Sec-Fetch-Site", "same-origin")
            .header(header::CONTENT_TYPE, "application/json");
        if let Some(cookie) = cookie {
            request = request.header(header::COOKIE, cookie);
        }
        let request = request.body(Full::new(Bytes::from(body)))?;
        match timeout(PATIENCE, self.send(request)).await {
            Ok(answer) => answer,
            Err(_) => Err(AskError::Slow),
        }
    }

    async fn send(&self, request: Request<Full<Bytes>>) -> Result<Answer, AskError> {
        let stream = TcpStream::connect(&self.0).await?;
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        // It ends with the answer; what went wrong with it, the answer tells.
        tokio::spawn(connection);
        let response = sender.send_request(request).await?;
        let cookie = cookie(&response);
        Ok(Answer {
            status: response.status().as_u16(),
            cookie,
            body: response.into_body().collect().await?.to_bytes(),
        })
    }

    /// Whether it lives.
    pub async fn lives(&self) -> bool {
        let asked = self.ask(Method::GET, path::HEALTH, None, String::new());
        asked.await.is_ok_and(|answer| answer.status == 200)
    }

    /// Waits until it answers; `false` if that takes too long.
    pub async fn comes(&self, within: Duration) -> bool {
        let comes = async {
            while !self.lives().await {
                sleep(PAUSE).await;
            }
        };
        timeout(within, comes).await.is_ok()
    }

    /// Waits until it has been gone for so long.
    pub async fn leaves(&self, for_good: Duration) {
        loop {
            sleep(PAUSE * 4).await;
            if !self.lives().await && !self.comes(for_good).await {
                return;
            }
        }
    }
}

fn cookie(response: &Response<Incoming>) -> Option<String> {
    let set = response.headers().get(header::SET_COOKIE)?.to_str().ok()?;
    Some(set.split(';').next()?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_a_host_and_a_port() {
        let server: Server = "http://127.0.0.1:8080/".parse().unwrap();
        assert_eq!(server.ocpp("A-1"), "ws://127.0.0.1:8080/ocpp/A-1");
        for wrong in [
            "127.0.0.1:8080",
            "http://",
            "http://a",
            "http://a:b",
            "https://a:1",
        ] {
            assert!(wrong.parse::<Server>().is_err(), "{wrong}");
        }
    }
}
