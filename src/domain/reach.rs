//! By which ways somebody can be reached, and which comes next when one fails: decided by what is known of
//! them and by what this installation can send, without asking either.

use super::notice::Way;

/// What is known of somebody: the addresses by which a message could go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Addresses {
    /// A phone that receives SMS.
    pub sms: bool,
    pub email: bool,
}

impl Addresses {
    const fn allow(self, way: Way) -> bool {
        match way {
            Way::Sms => self.sms,
            Way::Email => self.email,
            Way::Letter => true,
        }
    }
}

/// The ways by which somebody can be reached, the first one first. A letter is always the last: an agent
/// hands it over, so it needs no address and no gateway.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reach(Vec<Way>);

impl Reach {
    /// The ways that both the addresses and the installation allow.
    pub fn of(addresses: Addresses, can_send: &[Way]) -> Self {
        let open = |way: &Way| *way == Way::Letter || addresses.allow(*way) && can_send.contains(way);
        Self(Way::ALL.iter().copied().filter(open).collect())
    }

    pub fn allows(&self, way: Way) -> bool {
        self.0.contains(&way)
    }

    /// The ways that the addresses allow, for those who do not know what the installation can send.
    pub fn known(addresses: Addresses) -> Self {
        Self::of(addresses, Way::ALL)
    }

    /// The first way to try.
    pub fn first(&self) -> Way {
        self.0.first().copied().unwrap_or(Way::Letter)
    }

    /// Whether nothing reaches them but letters.
    pub fn is_letters_only(&self) -> bool {
        self.first() == Way::Letter
    }

    /// The way that takes over when `failed` did not work, or cannot be used here.
    pub fn after(&self, failed: Way) -> Option<Way> {
        self.0.iter().copied().find(|way| *way > failed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOTH: Addresses = Addresses { sms: true, email: true };
    const NONE: Addresses = Addresses { sms: false, email: false };

    #[test]
    fn sms_comes_first_then_email_then_a_letter_and_then_nothing() {
        let reach = Reach::known(BOTH);
        assert_eq!(reach.first(), Way::Sms);
        assert_eq!(reach.after(Way::Sms), Some(Way::Email));
        assert_eq!(reach.after(Way::Email), Some(Way::Letter));
        assert_eq!(reach.after(Way::Letter), None);
    }

    #[test]
    fn who_has_no_address_gets_letters() {
        assert_eq!(Reach::known(NONE).first(), Way::Letter);
        assert_eq!(Reach::known(Addresses { email: true, ..NONE }).first(), Way::Email);
        assert_eq!(Reach::known(Addresses { sms: true, ..NONE }).after(Way::Sms), Some(Way::Letter));
    }

    #[test]
    fn a_way_that_the_installation_lacks_is_passed_over() {
        let reach = Reach::of(BOTH, &[Way::Sms]);
        assert_eq!((reach.first(), reach.after(Way::Sms)), (Way::Sms, Some(Way::Letter)));
        // A notice may stand on a way that is closed meanwhile: it goes on from there, never back.
        assert_eq!(reach.after(Way::Email), Some(Way::Letter));
        assert_eq!(Reach::of(BOTH, &[]).first(), Way::Letter);
    }
}
