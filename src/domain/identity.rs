//! What proves who somebody is, and by which keys one person is told from another.

use super::text_enum::text_enum;

text_enum! {
    /// A key that holds a person's one place. Each stands for one person; a person may have several.
    KeyKind {
        /// The numéro étranger.
        ForeignerNumber = "foreigner_number",
        /// Country and number of a travel or civil document.
        Document = "document",
        /// Issuer and subject of an identity provider.
        Oidc = "oidc",
        /// The identity that a provider states: names, date and place of birth.
        Pivot = "pivot",
    }
}

text_enum! {
    /// How an identity was verified, the weakest first.
    Proof {
        /// The register knows the number with this birth date: whoever has seen a photocopy knows both.
        Register = "register",
        /// An agent had the document before their eyes.
        Document = "document",
        /// An identity provider said so, to this person's own browser.
        Oidc = "oidc",
    }
}

text_enum! {
    /// What lay before an agent's eyes.
    DocumentKind {
        Passport = "passport",
        IdentityCard = "identity_card",
        ResidencePermit = "residence_permit",
        /// A certificate, a receipt, a consular card: some of these have no end.
        Other = "other",
    }
}

impl DocumentKind {
    /// Whether every document of this kind says until when it is good.
    pub const fn has_expiry(self) -> bool {
        !matches!(self, Self::Other)
    }
}

impl Proof {
    /// Whether it takes somebody to have the thing that only its owner has.
    ///
    /// ```
    /// use passage::domain::identity::Proof;
    ///
    /// assert!(Proof::Document.is_strong() && Proof::Oidc.is_strong() && !Proof::Register.is_strong());
    /// ```
    pub const fn is_strong(self) -> bool {
        !matches!(self, Self::Register)
    }
}
