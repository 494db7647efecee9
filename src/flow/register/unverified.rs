//! What somebody may do online whom nobody has verified: how many requests carry one telephone or address, and how
//! many receipts go by SMS. Both slow whoever floods, and let through whoever comes from another network.

use std::net::IpAddr;

use super::{DAY, Desk};
use crate::domain::actor::Channel;
use crate::domain::notice::Way;
use crate::domain::reach::{Addresses, Reach};
use crate::flow::people::{self, Person};
use crate::flow::{App, Fault, FlowError};
use crate::limits::{Rule, Wide};

/// Requests that nobody has verified, online, with one telephone or one address: a family, an association's own
/// number. Who is verified at once passes, and so does the owner of a number that others give: they come from another
/// network.
const BY_CONTACT: Wide = Wide { everywhere: Rule::new(10, DAY), nearby: Rule::new(2, DAY) };

/// By which way the receipt goes.
///
/// # Errors
/// Names the contact that too many strangers have given.
pub(super) async fn receipt_way(
    app: &App,
    (person, addresses): (&Person, Addresses),
    is_verified: bool,
    desk: Desk,
) -> Result<Way, FlowError> {
    if is_verified || desk.channel != Channel::Online {
        return Ok(Reach::known(addresses).first());
    }
    take_contacts(app, person, desk.network).await?;
    Ok(affordable(app, addresses, desk.network).await)
}

/// A telephone that many share is normal; beyond the cap, one more of them comes through an agent, who may go on. Whoever
/// signs in with a strong proof passes: strangers who give somebody's number do not keep its owner out.
///
/// # Errors
/// Names the contact.
pub(super) async fn shared_contact(
    app: &App,
    person: &Person,
    is_proven: bool,
    desk: Desk,
) -> Result<(), FlowError> {
    if is_proven || desk.channel != Channel::Online {
        return Ok(());
    }
    let (phone, email) = contacts(app, person);
    let (by_phone, by_email) = app.store.carrying(phone, email).await?;
    let cap = i64::from(app.config.limits.entries_per_contact);
    let beyond = [("phone", by_phone), ("email", by_email)].into_iter().filter(|(_, live)| *live >= cap);
    let fault = |(field, _)| Fault::new(field, "contact-shared").with(cap.to_string());
    let faults: Vec<Fault> = beyond.map(fault).collect();
    if faults.is_empty() { Ok(()) } else { Err(FlowError::Invalid(faults)) }
}

/// The fingerprints of telephone and address.
fn contacts(app: &App, person: &Person) -> (Option<Vec<u8>>, Option<Vec<u8>>) {
    let phone = person.phone.as_ref().map(|phone| people::phone_fingerprint(&app.vault, phone.e164()));
    let email = person.email.as_deref().map(|email| people::email_fingerprint(&app.vault, email));
    (phone, email)
}

async fn take_contacts(app: &App, person: &Person, network: IpAddr) -> Result<(), FlowError> {
    let (phone, email) = contacts(app, person);
    let mut faults = Vec::new();
    for (field, fingerprint) in [("phone", phone), ("email", email)] {
        let Some(fingerprint) = fingerprint else { continue };
        let name = format!("contact:{}", hex::encode(fingerprint));
        if app.limits.take_wide(&name, network, BY_CONTACT).await.is_err() {
            faults.push(Fault::new(field, "contact-too-many"));
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(FlowError::Invalid(faults)) }
}

/// The way of a receipt to somebody whom nobody has verified, online. The first of a day, from anywhere, have an eighth
/// of the budget of SMS; beyond it each network has a hundredth. So a flood from few networks leaves the SMS of the
/// others; what goes beyond is read on the page.
async fn affordable(app: &App, addresses: Addresses, network: IpAddr) -> Way {
    let reach = Reach::known(addresses);
    if reach.first() != Way::Sms {
        return reach.first();
    }
    let budget = app.config.notices.sms.daily_budget;
    let wide = Wide {
        everywhere: Rule::new((budget / 8).max(1), DAY),
        nearby: Rule::new((budget / 100).max(2), DAY),
    };
    match app.limits.take_wide("unverified-sms", network, wide).await {
        Ok(_counted) => Way::Sms,
        Err(_) => reach.after(Way::Sms).unwrap_or(Way::Letter),
    }
}
