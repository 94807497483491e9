//! Addresses in the configuration.

use std::{fmt, net::IpAddr, str::FromStr};

use axum::http::Uri;

/// `http://…` or `https://…` without a slash at the end.
#[derive(Clone, Eq, PartialEq)]
pub struct Url(String);

/// The text is not such an address.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct NotAnAddress;

impl Url {
    /// As it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether what goes there is encrypted.
    pub fn is_https(&self) -> bool {
        self.0.starts_with("https://")
    }

    /// Whether what goes there stays on this machine.
    pub fn is_loopback(&self) -> bool {
        let uri: Option<Uri> = self.0.parse().ok();
        let host = uri.as_ref().and_then(|uri| uri.host()).unwrap_or("");
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        host == "localhost"
            || bare
                .parse()
                .is_ok_and(|address: IpAddr| address.is_loopback())
    }

    /// The scheme, host and port: what a browser sends as `Origin`.
    pub fn origin(&self) -> &str {
        let host = self.0.find("://").map_or(0, |at| at + 3);
        let end = self.0[host..]
            .find('/')
            .map_or(self.0.len(), |at| host + at);
        &self.0[..end]
    }
}

impl FromStr for Url {
    type Err = NotAnAddress;

    fn from_str(text: &str) -> Result<Self, NotAnAddress> {
        let uri: Uri = text.parse().map_err(|_| NotAnAddress)?;
        let known = matches!(uri.scheme_str(), Some("http" | "https"));
        let authority = uri.authority().ok_or(NotAnAddress)?;
        if !known || authority.host().is_empty() || authority.as_str().contains('@') {
            return Err(NotAnAddress);
        }
        if uri.query().is_some() || text.contains('#') {
            return Err(NotAnAddress);
        }
        Ok(Self(text.trim_end_matches('/').to_owned()))
    }
}

impl fmt::Display for Url {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl fmt::Debug for Url {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// An address (`10.0.0.1`) or a block of them (`10.0.0.0/8`).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Network {
    base: IpAddr,
    bits: u32,
}

impl Network {
    /// Whether `address` is in it; an IPv4 address may be written as IPv6.
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.base.to_canonical(), address.to_canonical()) {
            (IpAddr::V4(base), IpAddr::V4(address)) => same_prefix(
                base.to_bits().into(),
                address.to_bits().into(),
                32,
                self.bits,
            ),
            (IpAddr::V6(base), IpAddr::V6(address)) => {
                same_prefix(base.to_bits(), address.to_bits(), 128, self.bits)
            }
            _ => false,
        }
    }
}

/// Whether two numbers of `width` bits agree in their first `bits`.
fn same_prefix(a: u128, b: u128, width: u32, bits: u32) -> bool {
    let ignored = width.saturating_sub(bits);
    (a ^ b).checked_shr(ignored).unwrap_or(0) == 0
}

impl FromStr for Network {
    type Err = NotAnAddress;

    fn from_str(text: &str) -> Result<Self, NotAnAddress> {
        let (base, bits) = match text.split_once('/') {
            Some((base, bits)) => (base, Some(bits)),
            None => (text, None),
        };
        let base: IpAddr = base.parse().map_err(|_| NotAnAddress)?;
        let most = if base.is_ipv4() { 32 } else { 128 };
        let bits = match bits {
            Some(bits) => bits.parse().map_err(|_| NotAnAddress)?,
            None => most,
        };
        (bits <= most)
            .then_some(Self { base, bits })
            .ok_or(NotAnAddress)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_contains_its_own_addresses_only() {
        for (network, inside, outside) in [
            ("10.0.0.0/8", "10.255.0.1", "11.0.0.1"),
            ("127.0.0.1", "127.0.0.1", "127.0.0.2"),
            ("fd00::/8", "fd12::1", "fe80::1"),
            ("0.0.0.0/0", "8.8.8.8", "::1"),
        ] {
            let network: Network = network.parse().unwrap();
            assert!(network.contains(inside.parse().unwrap()), "{inside}");
            assert!(!network.contains(outside.parse().unwrap()), "{outside}");
        }
    }

    #[test]
    fn an_ipv4_peer_on_an_ipv6_socket_is_recognised() {
        let network: Network = "10.0.0.0/8".parse().unwrap();
        assert!(network.contains("::ffff:10.1.2.3".parse().unwrap()));
    }

    #[test]
    fn a_url_is_a_whole_address_and_nothing_else() {
        for text in [
            "",
            "portal.example",
            "ftp://a",
            "http://u:p@a",
            "http://a?b",
            "http://",
        ] {
            assert!(text.parse::<Url>().is_err(), "{text}");
        }
        let url: Url = "https://portal.example/in/".parse().unwrap();
        assert_eq!(url.as_str(), "https://portal.example/in");
        assert_eq!(url.origin(), "https://portal.example");
    }
}
