//! Values of the configuration that need care: secrets, and networks.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use ipnet::{AddrParseError, IpNet};
use zeroize::Zeroizing;

/// Text that is never printed, and wiped from memory when dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// The text itself, for the one who uses it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(hidden)")
    }
}

/// An address, or a range of them: `10.0.0.0/8`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network(IpNet);

impl Network {
    /// Whether an address is in the range. An IPv4 address that arrives mapped
    /// into IPv6 counts as what it is.
    pub fn contains(&self, address: IpAddr) -> bool {
        self.0.contains(&address.to_canonical())
    }

    /// Whether the range is wider than one that somebody owns.
    pub const fn is_everybody(&self) -> bool {
        match &self.0 {
            IpNet::V4(range) => range.prefix_len() < 8,
            IpNet::V6(range) => range.prefix_len() < 19,
        }
    }
}

impl FromStr for Network {
    type Err = AddrParseError;

    fn from_str(text: &str) -> Result<Self, AddrParseError> {
        text.parse::<IpNet>()
            .or_else(|error| match text.parse::<IpAddr>() {
                Ok(address) => Ok(address.into()),
                Err(_) => Err(error),
            })
            .map(Self)
    }
}

/// Relays of the League of Entropy, by two operators.
pub(super) const RELAYS: [&str; 4] = [
    "https://api.drand.sh",
    "https://api2.drand.sh",
    "https://api3.drand.sh",
    "https://drand.cloudflare.com",
];
/// All of them are asked when the first ones are slow.
pub(super) const RELAYS_MAX: usize = 8;
