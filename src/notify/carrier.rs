//! Who takes messages away: one carrier for each way that leaves by itself, and none for a way that this
//! installation cannot send. Letters have none: agents hand them over.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use uuid::Uuid;

use super::SendError;
use crate::domain::notice::Way;

/// A notice in words, for any way.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Rendered {
    /// E-mails and letters.
    pub subject: String,
    pub text: String,
    /// The same text for those who read e-mails as pages.
    pub html: Option<String>,
    pub attachments: Vec<Attachment>,
}

/// A file that goes with an e-mail.
#[derive(Clone, PartialEq, Eq)]
pub struct Attachment {
    pub name: String,
    pub media_type: &'static str,
    pub bytes: Vec<u8>,
}

// The words are personal, and errors get logged.
impl fmt::Debug for Rendered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Rendered({} characters, {} files)", self.text.chars().count(), self.attachments.len())
    }
}

/// One message, ready to leave.
#[derive(Clone, PartialEq, Eq)]
pub struct Message {
    /// The notice's id; gateways hand it back in receipts.
    pub id: Uuid,
    /// E.164 number or e-mail address.
    pub to: String,
    pub rendered: Rendered,
}

// Names the notice only.
impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Message({})", self.id)
    }
}

/// The gateway took the message; whether it arrives comes later, in a receipt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// The gateway's own id of the message.
    pub gateway_id: String,
}

/// Takes the messages of one way to where they leave.
#[async_trait]
pub trait Carrier: Send + Sync {
    fn way(&self) -> Way;

    /// No attempt takes longer. A lease on a notice must outlast it.
    fn attempt_max(&self) -> Duration;

    /// Asks the gateway whether it knows this installation, without sending anything.
    async fn probe(&self) -> Result<(), SendError> {
        Ok(())
    }

    /// Tries once to hand the message over.
    async fn send(&self, message: &Message) -> Result<Accepted, SendError>;
}

/// The carriers of this installation, at most one for each way.
#[derive(Clone, Default)]
pub struct Carriers(Vec<Arc<dyn Carrier>>);

impl Carriers {
    /// Of two carriers of one way, the first is taken.
    pub fn new(carriers: impl IntoIterator<Item = Arc<dyn Carrier>>) -> Self {
        Self(carriers.into_iter().collect())
    }

    pub fn of(&self, way: Way) -> Option<&dyn Carrier> {
        self.0.iter().find(|carrier| carrier.way() == way).map(AsRef::as_ref)
    }

    pub fn iter(&self) -> impl Iterator<Item = &dyn Carrier> {
        self.0.iter().map(AsRef::as_ref)
    }

    /// The ways that have a carrier.
    pub fn ways(&self) -> Vec<Way> {
        self.0.iter().map(|carrier| carrier.way()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notify::ConsoleCarrier;

    #[test]
    fn each_way_has_its_carrier_or_none() {
        let console = |way| -> Arc<dyn Carrier> { Arc::new(ConsoleCarrier::new(way, "Prefecture")) };
        let carriers = Carriers::new([console(Way::Email)]);
        assert_eq!(carriers.of(Way::Email).map(Carrier::way), Some(Way::Email));
        assert!(carriers.of(Way::Sms).is_none());
        assert_eq!(carriers.ways(), [Way::Email]);
        assert_eq!(
            Carriers::new([console(Way::Email), console(Way::Sms)]).of(Way::Sms).map(Carrier::way),
            Some(Way::Sms)
        );
    }

    #[test]
    fn a_message_does_not_show_its_address_or_words_in_debug_output() {
        let text = "Votre rendez-vous est fixé.".to_owned();
        let rendered = Rendered { text, ..Rendered::default() };
        let message = Message { id: Uuid::from_u128(42), to: "+33600000042".into(), rendered };
        let shown = format!("{message:?} {:?}", message.rendered);
        assert!(!shown.contains("+336") && !shown.contains("rendez-vous"), "{shown}");
    }
}
