//! SMS through Twilio's `Messages` resource, or a gateway that speaks the same
//! protocol. Twilio offers no idempotency key for messages, so the whole care is
//! in telling "not sent" from "unknown", and in a receipt address that carries
//! the notice's id: a receipt then finds its notice even if the answer was lost.

use std::time::Duration;

use async_trait::async_trait;
use reqwest::{Client, Response, StatusCode, Url};
use serde::Deserialize;
use zeroize::Zeroizing;

use super::{Accepted, Carrier, GatewayError, Message, SendError};
use crate::domain::notice::Way;
use crate::outbound::{self, Unread, read_at_most};

/// Twilio refuses longer texts with its code 21617.
const MAX_TEXT_CHARS: usize = 1600;
/// A true answer has about one kilobyte.
const MAX_ANSWER_BYTES: usize = 64 * 1024;
/// Below the idle time after which servers and load balancers hang up: a message
/// written to a connection being closed would end as unknown.
const IDLE_CONNECTION: Duration = Duration::from_secs(15);

/// How long to wait. A lease on a notice must outlast `total`.
#[derive(Clone, Copy, Debug)]
pub struct Timeouts {
    pub connect: Duration,
    pub total: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self { connect: Duration::from_secs(5), total: Duration::from_secs(15) }
    }
}

/// Where and as whom to send.
pub struct TwilioAccount {
    /// `https://api.twilio.com`, without a path.
    pub base_url: String,
    /// The account's id, `AC…`.
    pub sid: String,
    pub token: Zeroizing<String>,
    /// Name or number shown as the sender.
    pub sender: String,
    /// Where receipts go; `/` and the notice's id are added to it.
    pub receipts_url: Option<String>,
}

/// The carrier of SMS; holds a pool of connections, so make one and share it.
pub struct TwilioCarrier {
    client: Client,
    endpoint: Url,
    /// What the gateway says of the account.
    profile: Url,
    account: TwilioAccount,
    attempt_max: Duration,
}

#[derive(Deserialize)]
struct Created {
    sid: String,
}

#[derive(Deserialize)]
struct Fault {
    code: u32,
}

impl TwilioCarrier {
    /// # Errors
    /// If the address is none, or the system has no certificates.
    pub fn new(account: TwilioAccount, timeouts: Timeouts) -> Result<Self, GatewayError> {
        let mut endpoint = Url::parse(&account.base_url).map_err(|_| GatewayError::BaseUrl)?;
        if !matches!(endpoint.scheme(), "http" | "https") {
            return Err(GatewayError::BaseUrl);
        }
        let mut profile = endpoint.clone();
        let messages = ["2010-04-01", "Accounts", &account.sid, "Messages.json"];
        let own = ["2010-04-01", "Accounts", &format!("{}.json", account.sid)];
        for (address, path) in [(&mut endpoint, &messages[..]), (&mut profile, &own[..])] {
            address.path_segments_mut().map_err(|()| GatewayError::BaseUrl)?.pop_if_empty().extend(path);
        }
        let client = outbound::client()
            .connect_timeout(timeouts.connect)
            .timeout(timeouts.total)
            .pool_idle_timeout(IDLE_CONNECTION)
            .build()
            .map_err(|error| GatewayError::Tls(error.to_string()))?;
        Ok(Self { client, endpoint, profile, account, attempt_max: timeouts.total })
    }

    async fn post(&self, message: &Message) -> reqwest::Result<Response> {
        let mut form = vec![
            ("To", message.to.clone()),
            ("From", self.account.sender.clone()),
            ("Body", message.rendered.text.clone()),
        ];
        if let Some(base) = &self.account.receipts_url {
            form.push(("StatusCallback", format!("{base}/{}", message.id)));
        }
        self.client
            .post(self.endpoint.clone())
            .basic_auth(&self.account.sid, Some(self.account.token.as_str()))
            .form(&form)
            .send()
            .await
    }
}

#[async_trait]
impl Carrier for TwilioCarrier {
    fn way(&self) -> Way {
        Way::Sms
    }

    fn attempt_max(&self) -> Duration {
        self.attempt_max
    }

    async fn probe(&self) -> Result<(), SendError> {
        let asked = self.client.get(self.profile.clone());
        let asked = asked.basic_auth(&self.account.sid, Some(self.account.token.as_str())).send();
        let response = asked.await.map_err(|error| no_answer(&error))?;
        let status = response.status();
        let body = read_bounded(response).await;
        if status.is_success() { Ok(()) } else { Err(refusal(status, body.ok().as_deref())) }
    }

    async fn send(&self, message: &Message) -> Result<Accepted, SendError> {
        check(message)?;
        let response = self.post(message).await.map_err(|error| no_answer(&error))?;
        let status = response.status();
        let body = read_bounded(response).await;
        if status.is_success() { accepted(body) } else { Err(refusal(status, body.ok().as_deref())) }
    }
}

/// What Twilio would refuse is refused here, under Twilio's own code.
fn check(message: &Message) -> Result<(), SendError> {
    if message.rendered.text.is_empty() {
        return Err(SendError::refused("21602", "the text is empty"));
    }
    if message.rendered.text.chars().count() > MAX_TEXT_CHARS {
        return Err(SendError::refused("21617", "the text is over 1600 characters"));
    }
    Ok(())
}

/// No status line was read: was anything written?
fn no_answer(error: &reqwest::Error) -> SendError {
    // Covers name resolution, refused connections, TLS, and time spent on them.
    if error.is_connect() {
        SendError::NotSent("no connection to the gateway".into())
    } else if error.is_builder() {
        SendError::NotSent("the request could not be written".into())
    } else if error.is_timeout() {
        SendError::Unknown("the gateway did not answer in time".into())
    } else {
        SendError::Unknown("the connection was lost before the answer".into())
    }
}

fn accepted(body: Result<Vec<u8>, &'static str>) -> Result<Accepted, SendError> {
    let body = body.map_err(|fault| SendError::Unknown(fault.into()))?;
    match serde_json::from_slice::<Created>(&body) {
        Ok(created) if !created.sid.is_empty() => Ok(Accepted { gateway_id: created.sid }),
        _ => Err(SendError::Unknown("the gateway's answer is a success without a message id".into())),
    }
}

fn refusal(status: StatusCode, body: Option<&[u8]>) -> SendError {
    let code = status.as_u16();
    match code {
        // Told to come back later, or to another address: nothing was taken.
        408 | 425 | 429 | 503 => SendError::NotSent(format!("the gateway asks to wait (HTTP {code})")),
        300..=399 => SendError::NotSent(format!(
            "the gateway answers with a redirect (HTTP {code}): check notices.sms.base_url"
        )),
        400..=499 => {
            let fault = body.and_then(|body| serde_json::from_slice::<Fault>(body).ok());
            let code = fault.map_or_else(|| format!("http-{code}"), |f| f.code.to_string());
            match code.as_str() {
                // The fault is ours and not the message's.
                "20003" | "20404" | "21212" | "http-401" | "http-403" | "http-404" => {
                    SendError::Misconfigured(format!("code {code}: {}", meaning(&code)))
                }
                _ => SendError::refused(&code, meaning(&code)),
            }
        }
        _ => SendError::Unknown(format!("the gateway failed (HTTP {code})")),
    }
}

/// Words for the codes an agent will meet. The gateway's own words stay out:
/// they quote the number.
fn meaning(code: &str) -> &'static str {
    match code {
        "20003" | "http-401" | "http-403" => {
            "the account or its token is wrong: check notices.sms.account and notices.sms.token"
        }
        "20404" | "http-404" => "nothing is there: check notices.sms.base_url and notices.sms.account",
        "21211" => "the number is not valid",
        "21212" => "the sender is not valid: check notices.sms.sender",
        "21408" | "21612" => "the account may not send to that region",
        "21610" => "the person asked to receive no more SMS from this sender",
        "21614" => "the number cannot receive SMS",
        _ => "see the gateway's list of codes",
    }
}

async fn read_bounded(response: Response) -> Result<Vec<u8>, &'static str> {
    read_at_most(response, MAX_ANSWER_BYTES).await.map_err(|unread| match unread {
        Unread::TooLong => "the gateway's answer is too long",
        Unread::Slow | Unread::CutOff => "the gateway's answer was cut off",
    })
}
