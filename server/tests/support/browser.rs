//! A browser as far as a server can tell: it keeps the cookie and says where
//! its requests come from.

use std::net::SocketAddr;

use portal_api::{path, portal::SignIn};
use reqwest::{
    Method, RequestBuilder,
    header::{HeaderMap, SET_COOKIE},
};
use serde::{Serialize, de::DeserializeOwned};

/// An answer, read to its end.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answer {
    /// The body as a shape of the API.
    pub fn json<T: DeserializeOwned>(&self) -> T {
        serde_json::from_str(&self.text)
            .unwrap_or_else(|error| panic!("{error}: {} {}", self.status, self.text))
    }

    /// The body as any JSON.
    pub fn value(&self) -> serde_json::Value {
        self.json()
    }

    /// A header as text, if it is there.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }
}

/// A browser with at most one cookie.
#[derive(Clone)]
pub struct Browser {
    address: SocketAddr,
    client: reqwest::Client,
    /// `name=value`.
    pub cookie: Option<String>,
}

impl Browser {
    pub fn new(address: SocketAddr) -> Self {
        // The server's parts have done this already, unless none was made yet.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()
            .unwrap();
        Self {
            address,
            client,
            cookie: None,
        }
    }

    /// A request as the portal's own pages send it.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.bare(method, path)
            .header("sec-fetch-site", "same-origin")
            .header("x-portal", "1")
    }

    /// A request that says nothing about where it comes from.
    pub fn bare(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self
            .client
            .request(method, format!("http://{}{path}", self.address));
        match &self.cookie {
            Some(cookie) => request.header("cookie", cookie),
            None => request,
        }
    }

    pub async fn send(&self, request: RequestBuilder) -> Answer {
        let response = request.send().await.unwrap();
        Answer {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            text: response.text().await.unwrap(),
        }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(self.request(Method::GET, path)).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.send(self.request(Method::DELETE, path)).await
    }

    pub async fn post(&self, path: &str, body: &impl Serialize) -> Answer {
        self.with_body(Method::POST, path, body).await
    }

    pub async fn patch(&self, path: &str, body: &impl Serialize) -> Answer {
        self.with_body(Method::PATCH, path, body).await
    }

    /// The same request again is the same, by its key.
    pub async fn post_once(&self, path: &str, key: &str, body: &impl Serialize) -> Answer {
        let request = self
            .request(Method::POST, path)
            .header("content-type", "application/json")
            .header("idempotency-key", key)
            .body(serde_json::to_vec(body).unwrap());
        self.send(request).await
    }

    async fn with_body(&self, method: Method, path: &str, body: &impl Serialize) -> Answer {
        let request = self
            .request(method, path)
            .header("content-type", "application/json")
            .body(serde_json::to_vec(body).unwrap());
        self.send(request).await
    }

    /// Signs in and keeps the cookie.
    pub async fn sign_in(&mut self, email: &str, password: &str) -> Answer {
        self.sign_in_on(email, password, false).await
    }

    /// The same, perhaps on a device that somebody else uses too.
    pub async fn sign_in_on(&mut self, email: &str, password: &str, shared: bool) -> Answer {
        let body = SignIn {
            email: email.to_owned(),
            password: password.to_owned(),
            shared_device: shared,
        };
        let answer = self.post(path::SIGN_IN, &body).await;
        if let Some(set) = answer.headers.get(SET_COOKIE) {
            let pair = set.to_str().unwrap().split(';').next().unwrap();
            self.cookie = Some(pair.to_owned());
        }
        answer
    }
}
