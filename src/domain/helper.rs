//! Who registers somebody else with their mandate, and speaks for them. The place stays the person's own.

use super::text_enum::text_enum;

text_enum! {
    /// What a helper is to the person.
    HelperKind {
        Family = "family",
        Association = "association",
        SocialWorker = "social_worker",
        Lawyer = "lawyer",
        Other = "other",
    }
}
