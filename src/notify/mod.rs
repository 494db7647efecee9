//! How a notice leaves. A carrier is asked once per attempt, outside any
//! transaction, and answers in words that decide what may follow: accepted,
//! refused for certain, certainly not sent, or unknown. Only a message that was
//! certainly not sent may be tried again by itself.

mod carrier;
mod console;
mod twilio;
#[cfg(test)]
mod twilio_tests;

pub use carrier::{Accepted, Attachment, Carrier, Carriers, Message, Rendered};
pub use console::ConsoleCarrier;
pub use twilio::{Timeouts, TwilioAccount, TwilioCarrier};

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

/// A gateway that could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum GatewayError {
    #[error("notices.sms.base_url must be an http(s) address, such as https://api.twilio.com")]
    BaseUrl,
    #[error("TLS could not be set up (are the system's certificates installed?): {0}")]
    Tls(String),
}
