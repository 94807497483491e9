//! As much of HTTP/1.1 as a load generator needs.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
};

use serde_json::json;

use crate::failure::{Failure, Result, While};

/// The demo people's password.
const PASSWORD: &str = "charge-ahead";

/// A connection that is kept open.
pub struct Connection {
    stream: TcpStream,
    host: String,
    /// What was read of the answer.
    read: Vec<u8>,
}

impl Connection {
    /// Connects.
    pub fn open(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address).when("connecting to the server")?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            host: address.to_string(),
            read: Vec::with_capacity(1 << 17),
        })
    }

    /// Asks for a path and reads the answer to its end; anything but a 200 is
    /// a failure.
    pub fn get(&mut self, path: &str, cookie: &str) -> Result<()> {
        let cookie = match cookie {
            "" => String::new(),
            cookie => format!("Cookie: {cookie}\r\n"),
        };
        let host = &self.host;
        self.send(&format!(
            "GET {path} HTTP/1.1\r\nHost: {host}\r\n{cookie}\r\n"
        ))?;
        let head = self.receive()?;
        if head.starts_with("HTTP/1.1 200") {
            return Ok(());
        }
        Err(Failure::new(format!("{path} was answered with:\n{head}")))
    }

    /// Asks for something to be done, as the portal's own pages do; gives the status.
    pub fn change(&mut self, method: &str, path: &str, cookie: &str, body: &str) -> Result<u16> {
        let (host, length) = (&self.host, body.len());
        self.send(&format!(
            "{method} {path} HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nX-Portal: 1\r\n\
             Cookie: {cookie}\r\nContent-Type: application/json\r\n\
             Content-Length: {length}\r\n\r\n{body}"
        ))?;
        let head = self.receive()?;
        let status = head
            .split(' ')
            .nth(1)
            .and_then(|status| status.parse().ok());
        status.ok_or_else(|| Failure::new("the answer has no status"))
    }

    /// What was answered last.
    pub fn body(&self) -> &[u8] {
        end_of_head(&self.read).map_or(&[], |end| &self.read[end..])
    }

    fn send(&mut self, request: &str) -> Result<()> {
        self.stream
            .write_all(request.as_bytes())
            .when("asking the server")
    }

    /// Reads one answer and returns its head.
    fn receive(&mut self) -> Result<String> {
        self.read.clear();
        let mut buffer = [0; 1 << 16];
        let mut answer = None;
        loop {
            let count = self.stream.read(&mut buffer).when("reading the answer")?;
            if count == 0 {
                return Err(Failure::new("the server has hung up"));
            }
            self.read.extend_from_slice(&buffer[..count]);
            if answer.is_none() {
                answer = end_of_head(&self.read).map(|end| {
                    let head = String::from_utf8_lossy(&self.read[..end]).into_owned();
                    (end + length_of_body(&head), head)
                });
            }
            if let Some((whole, head)) = answer.take() {
                if self.read.len() >= whole {
                    return Ok(head);
                }
                answer = Some((whole, head));
            }
        }
    }
}

/// Reads an answer of any length, and keeps nothing of it.
pub fn stream(
    address: SocketAddr,
    path: &str,
    cookie: &str,
    mut heard: impl FnMut(&[u8]) -> Result<()>,
) -> Result<()> {
    let mut connection = Connection::open(address)?;
    connection.send(&format!(
        "GET {path} HTTP/1.1\r\nHost: {address}\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n"
    ))?;
    let mut buffer = [0; 1 << 16];
    let mut begun = false;
    loop {
        let count = connection
            .stream
            .read(&mut buffer)
            .when("reading the answer")?;
        let piece = &buffer[..count];
        if !begun && !piece.starts_with(b"HTTP/1.1 200") {
            let said = String::from_utf8_lossy(piece);
            return Err(Failure::new(format!("{path} was answered with:\n{said}")));
        }
        if count == 0 {
            return Ok(());
        }
        begun = true;
        heard(piece)?;
    }
}

/// Signs a demo person in and returns their cookie.
pub fn sign_in(address: SocketAddr, email: &str) -> Result<String> {
    let body = json!({ "email": email, "password": PASSWORD }).to_string();
    let mut connection = Connection::open(address)?;
    connection.send(&format!(
        "POST {} HTTP/1.1\r\nHost: {address}\r\nOrigin: http://{address}\r\nX-Portal: 1\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        portal_api::path::SIGN_IN,
        body.len(),
    ))?;
    let head = connection.receive()?;
    let cookie = header(&head, "set-cookie").and_then(|cookie| cookie.split(';').next());
    match cookie {
        Some(cookie) => Ok(cookie.to_owned()),
        None => Err(Failure::new(format!("{email} can't sign in:\n{head}"))),
    }
}

/// Where the body begins.
fn end_of_head(read: &[u8]) -> Option<usize> {
    read.windows(4)
        .position(|four| four == b"\r\n\r\n")
        .map(|place| place + 4)
}

fn length_of_body(head: &str) -> usize {
    header(head, "content-length")
        .and_then(|length| length.parse().ok())
        .unwrap_or(0)
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines().find_map(|line| {
        let (given, value) = line.split_once(':')?;
        given.eq_ignore_ascii_case(name).then(|| value.trim())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_ends_where_its_head_says() {
        let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
        let end = end_of_head(answer).unwrap();
        assert_eq!(&answer[end..], b"{}");
        let head = String::from_utf8_lossy(&answer[..end]);
        assert_eq!(length_of_body(&head), 2);
        assert_eq!(header(&head, "x-portal"), None);
    }
}
