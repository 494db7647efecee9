//! Why something understood is refused: one vocabulary from the store to the page. The page says
//! `refused-…` in the reader's language; what is not in this list is a fault of a field, or an error.

use super::text_enum::text_enum;

text_enum! {
    /// A refusal, by its stable word.
    Refusal {
        /// The person already holds a live entry for this procedure.
        AlreadyWaiting = "already_waiting",
        /// Somebody else's live entry holds the key that an agent has just seen.
        Duplicate = "duplicate",
        /// The person already waits in the queue to which the entry would move.
        AlreadyWaitsThere = "already_waits_there",
        SameQueue = "same_queue",
        /// The idempotency key came with another request.
        KeyReused = "key_reused",
        EntryEnded = "entry_ended",
        /// Only the data of an entry that has ended are erased.
        EntryLive = "entry_live",
        /// Nothing says that two entries are one person's.
        NotAlike = "not_alike",
        /// Of two entries of one person, a verified one is kept.
        KeepVerified = "keep_verified",
        /// The entry that would be closed carries a penalty that is not over.
        MergePenalised = "merge_penalised",
        /// A list should have been frozen by now: nothing that it is made of changes meanwhile.
        FreezeLate = "freeze_late",
        /// A penalty, a message or a draw of the entry is not over, or it is erased already.
        ErasureWaits = "erasure_waits",
        /// The entry has a live convocation, which must end first.
        EntryConvoked = "entry_convoked",
        IdentityVerified = "identity_verified",
        /// The register of numbers has nothing that an agent could compare.
        NothingToCompare = "nothing_to_compare",
        /// The identity that a provider states is not the entry's.
        OtherIdentity = "other_identity",
        /// No document and no number: nothing to hold a place by.
        NoKey = "no_key",
        /// The label or priority is granted, or proposed.
        PrivilegeStands = "privilege_stands",
        /// A change of queue is proposed, and waits for a second person.
        RelocationProposed = "relocation_proposed",
        ConvocationEnded = "convocation_ended",
        /// The entry has no live convocation.
        NoConvocation = "no_convocation",
        TooEarly = "too_early",
        TooLate = "too_late",
        /// The site has closed since, and the tick is final.
        TickFinal = "tick_final",
        NotTicked = "not_ticked",
        /// Whoever noted the absence cannot decide of the objection.
        OwnTick = "own_tick",
        ObjectionStands = "objection_stands",
        ObjectionDecided = "objection_decided",
        /// One request for a review of an entry at a time.
        ReviewOpen = "review_open",
        ReviewAnswered = "review_answered",
        ObjectionLate = "objection_late",
        /// Whoever proposed can neither approve nor reject.
        SecondPerson = "second_person",
        /// Whoever corrected the name alone does not verify the identity.
        OwnCorrection = "own_correction",
        /// Whoever did not propose cannot withdraw.
        NotAuthor = "not_author",
        ProposalApproved = "proposal_approved",
        ProposalRejected = "proposal_rejected",
        ProposalWithdrawn = "proposal_withdrawn",
        /// The proposed rules are those in force.
        NothingChanges = "nothing_changes",
        ProposalOpen = "proposal_open",
        ScopeChange = "scope_change",
        DrawAnnulled = "draw_annulled",
        AnnulmentProposed = "annulment_proposed",
        AnnulmentNotProposed = "annulment_not_proposed",
        SlotBegun = "slot_begun",
        /// Somebody has been received at it.
        SlotSpent = "slot_spent",
        SlotLapsed = "slot_lapsed",
        SlotWithdrawn = "slot_withdrawn",
        /// The desk has another slot by now.
        DeskBusy = "desk_busy",
        /// A publication of this queue waits for a second person.
        PublicationOpen = "publication_open",
        /// Too many publications were proposed today.
        PublicationsADay = "publications_a_day",
        LetterDone = "letter_done",
        /// One account searches for people very often.
        SearchesAnHour = "searches_an_hour",
        /// The register verified this birth date: only a document changes it.
        BirthDateProved = "birth_date_proved",
        /// Once somebody is convoked, a name is corrected only for whoever shows the paper by which they were verified.
        OtherKey = "other_key",
        /// … and this person was verified by no paper.
        NoPaperKey = "no_paper_key",
        /// The one-time code is wrong.
        CodeWrong = "code_wrong",
        /// It was used, is too old, or was tried too often.
        CodeSpent = "code_spent",
        /// Many codes were asked for.
        CodesAnHour = "codes_an_hour",
        /// No code can be sent to the contact that is known: an agent helps.
        ContactUnreached = "contact_unreached",
        Login = "login",
        LoginTaken = "login_taken",
        /// A grave act needs two managers: none leaves another alone.
        TooFewManagers = "too_few_managers",
        /// The link was used, is too old, or was replaced by another.
        LinkSpent = "link_spent",
        /// The code of the second factor is wrong, or was used already.
        Code = "code",
        /// Too many wrong codes: the password is asked again.
        CodesSpent = "codes_spent",
        /// The old password is wrong.
        OldPassword = "old_password",
        /// Another account holds this identity of ProConnect.
        ProconnectTaken = "proconnect_taken",
        /// The account has no telephone to send a link to.
        NoPhone = "no_phone",
        /// The link did not leave: the gateway did not take it.
        LinkNotSent = "link_not_sent",
        /// Another process or person was quicker.
        Changed = "changed",
    }
}

impl Refusal {
    /// The key of its sentence.
    pub fn sentence_key(self) -> String {
        format!("refused-{}", self.key())
    }

    /// The key of its sentence where an agent reads it about somebody else.
    pub fn staff_sentence_key(self) -> String {
        match self {
            Self::AlreadyWaiting => "refused-staff-already-waiting".to_owned(),
            other => other.sentence_key(),
        }
    }
}

impl std::error::Error for Refusal {}
