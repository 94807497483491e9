//! Where a request comes from, as far as it can be believed.

use std::net::{IpAddr, Ipv6Addr};

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, request::Parts},
};

use super::{Refusal, serve::Peer};
use crate::{App, config::Network};

/// The client's address: the connection's, or what trusted proxies say.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct ClientAddress(IpAddr);

impl ClientAddress {
    /// What to count tries by: whoever has one IPv6 address has 2^64 of them.
    pub fn block(self) -> String {
        match self.0.to_canonical() {
            IpAddr::V4(address) => address.to_string(),
            IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).to_string(),
        }
    }
}

impl FromRequestParts<App> for ClientAddress {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        // Without a connection (a test that calls the router) it is nobody's.
        let peer = parts.extensions.get::<Peer>();
        let peer = peer.map_or(IpAddr::V6(Ipv6Addr::UNSPECIFIED), |Peer(peer)| peer.ip());
        Ok(Self(client(
            peer,
            &parts.headers,
            &app.config.trusted_proxies,
        )))
    }
}

/// Walks back from the connection as long as a trusted proxy vouches for the
/// hop before it.
fn client(peer: IpAddr, headers: &HeaderMap, trusted: &[Network]) -> IpAddr {
    let is_trusted = |address| trusted.iter().any(|network| network.contains(address));
    let hops: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .collect();
    let mut client = peer;
    for hop in hops.iter().rev() {
        if !is_trusted(client) {
            break;
        }
        match hop.trim().parse() {
            Ok(before) => client = before,
            Err(_) => break,
        }
    }
    client
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn seen(peer: &str, forwarded: &'static str) -> String {
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", HeaderValue::from_static(forwarded));
        let trusted = ["10.0.0.0/8".parse().unwrap()];
        client(peer.parse().unwrap(), &headers, &trusted).to_string()
    }

    #[test]
    fn a_stranger_cannot_choose_its_address() {
        assert_eq!(seen("203.0.113.9", "198.51.100.1"), "203.0.113.9");
    }

    #[test]
    fn a_proxy_is_believed_up_to_the_first_stranger() {
        assert_eq!(seen("10.0.0.1", "198.51.100.1"), "198.51.100.1");
        assert_eq!(
            seen("10.0.0.1", "1.1.1.1, 198.51.100.1, 10.0.0.2"),
            "198.51.100.1"
        );
        assert_eq!(seen("10.0.0.1", "1.1.1.1, nonsense"), "10.0.0.1");
    }

    #[test]
    fn one_ipv6_network_counts_as_one() {
        let block = |text: &str| ClientAddress(text.parse().unwrap()).block();
        assert_eq!(block("2001:db8:1:2:3:4:5:6"), block("2001:db8:1:2::1"));
        assert_ne!(block("2001:db8:1:2::1"), block("2001:db8:1:3::1"));
        assert_eq!(block("::ffff:192.0.2.1"), "192.0.2.1");
    }
}
