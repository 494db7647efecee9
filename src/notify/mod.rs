//! How a notice leaves. A gateway is asked once per attempt, outside any
//! transaction, and answers in words that decide what may follow: accepted,
//! refused for certain, certainly not sent, or unknown. Only a message that was
//! certainly not sent may be tried again by itself.

mod console;
mod twilio;
#[cfg(test)]
mod twilio_tests;

use std::fmt;

use async_trait::async_trait;
use uuid::Uuid;

pub use console::ConsoleGateway;
pub use twilio::{Timeouts, TwilioAccount, TwilioGateway};

/// The kind of address a message goes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Channel {
    Sms,
    Email,
}

/// One message, ready to leave.
#[derive(Clone, PartialEq, Eq)]
pub struct Message {
    /// The notice's id; gateways hand it back in receipts.
    pub id: Uuid,
    pub channel: Channel,
    /// E.164 number or e-mail address.
    pub to: String,
    /// Name or number shown as the sender.
    pub sender: String,
    /// E-mail only.
    pub subject: Option<String>,
    pub text: String,
}

// Names the notice only: address and text are personal, and errors get logged.
impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Message({:?} {})", self.channel, self.id)
    }
}

/// The gateway took the message; whether it arrives comes later, in a receipt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// The gateway's own id of the message.
    pub gateway_id: String,
}

/// Why a message was not accepted. The reasons are safe to log: they never hold
/// what the gateway wrote, which may quote the number.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// Definite: not sent, and it will not be by trying again.
    #[error("the gateway refused the message (code {code}): {reason}")]
    Refused { code: String, reason: String },
    /// The answer was lost after bytes had left. It may have been sent: trying
    /// again may send it twice.
    #[error("it is unknown whether the message was sent: {0}")]
    Unknown(String),
    /// Nothing was sent: trying again is safe.
    #[error("the message was not sent and can be tried again: {0}")]
    NotSent(String),
    /// Nothing was sent, and nothing will be until an operator has mended this.
    #[error("the gateway takes nothing from this installation: {0}")]
    Misconfigured(String),
}

impl SendError {
    fn refused(code: &str, reason: &str) -> Self {
        Self::Refused { code: code.to_owned(), reason: reason.to_owned() }
    }
}

/// A way for messages to leave.
#[async_trait]
pub trait Gateway: Send + Sync {
    /// Tries once to hand the message over; bounded in time.
    async fn send(&self, message: Message) -> Result<Accepted, SendError>;
}

/// A gateway that could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum GatewayError {
    #[error("sms.base_url must be an http(s) address, such as https://api.twilio.com")]
    BaseUrl,
    #[error("TLS could not be set up (are the system's certificates installed?): {0}")]
    Tls(String),
}

/// Chooses the TLS implementation of this process. Idempotent; HTTP clients
/// cannot be built before.
pub fn install_tls_provider() {
    // An error means that one was chosen already, which is all that is needed.
    let _ = rustls::crypto::ring::default_provider().install_default();
}
