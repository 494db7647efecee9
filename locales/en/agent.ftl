# The pages of agents: counter, registrations, entries, letters, outbox.

## Signing in

staff-sign-in-title = Staff sign-in
staff-sign-in-kept = Your session had ended. Nothing was sent and nothing is lost: sign in, and what you wrote comes back.
staff-sign-in-file-lost = Your session had ended. Nothing was sent. A file cannot be kept: sign in, then send it again.
staff-sign-in-button-lost = Your session was over. Nothing was noted or sent. Sign in, then do it again.
staff-sign-in-cookie-lost = The password is right, but your browser has not kept the session. Open Passage at { $address }, and allow its cookies.
staff-kept-title = What you wrote is kept
staff-kept-text = You are signed in again. Nothing has been sent yet: take up the form, read it again, then send it.
staff-kept-again = Take up the form
staff-kept-drop = Drop what was written
staff-login = Login
staff-password = Password
staff-sign-in = Sign in
proconnect-title = ProConnect
proconnect-offer = With ProConnect
proconnect-button = Sign in with
proconnect-what = What is ProConnect?
proconnect-what-title = What is ProConnect? – new window
proconnect-loses-form = With ProConnect, what you wrote is lost. With your password, it comes back.
proconnect-or-password = With your login
proconnect-back = Continue
proconnect-leave = Sign me out of ProConnect
proconnect-cancelled = You stopped before the end. Nothing has changed. You can start again, or sign in with your password.
proconnect-over = This sign-in is already over, took more than ten minutes, or began in another browser. Start again.
proconnect-away = ProConnect does not answer at the moment. Try again later, or sign in with your password.
proconnect-weak = ProConnect did not identify you with two factors. Set up a second factor in ProConnect, or sign in with your password.
proconnect-doubtful = The answer of ProConnect could not be verified. Nobody is signed in. Try again, or sign in with your password.
proconnect-unknown = No account of this service is linked to this ProConnect identity. If you have an account, sign in with your password, then link your identity on the page “My account”. If not, ask a manager for an account.
proconnect-left = You are signed out, here and of ProConnect.
proconnect-still-there = You are signed out here. ProConnect does not answer: you may still be signed in there. On a shared computer, close the browser.
proconnect-linked = A ProConnect identity is linked to your account: you can sign in with it.
proconnect-not-linked = Link your ProConnect identity to sign in with it. Your password still works.
proconnect-link = Link my ProConnect identity
proconnect-unlink = No longer link my ProConnect identity
proconnect-link-title = Link this identity
proconnect-link-lead = This ProConnect identity will open your account. Check that it is yours.
proconnect-link-code = A code of your application, or a recovery code
proconnect-link-not = Do not link it
staff-leads-on = One moment
staff-leads-on-link = Continue
staff-demo-accounts = Trial version: the accounts are shown in the terminal at start.

## Common

staff-form-faults = To correct
staff-cancel = Go back without a change
staff-save = Save
staff-yes = yes
staff-no = no
staff-none = none
staff-reason = Reason
staff-reference = Reference
staff-reference-hint = 9 letters and digits. For example: K7M4-2QXN-T
staff-person = Person
staff-queue = Queue
staff-queues = Queues
staff-appointment = Appointment
staff-registered = Registered
staff-born = Born: { $date }
staff-place = { $site }, desk { $desk }
staff-actor-holder = the holder
staff-actor-system = the service

## Today

staff-overview-title = { $prefecture }
staff-alarms = Something does not work
staff-alarms-lead = Pass this on to whoever operates Passage.
staff-todo = To do
staff-todo-none = Nothing waits. Everything is up to date.
staff-todo-counter = { $n ->
    [one] person expected at the counter today
   *[other] people expected at the counter today
}
staff-todo-late = { $n ->
    [one] past appointment to tick
   *[other] past appointments to tick
}
staff-todo-identities = { $n ->
    [one] identity to verify
   *[other] identities to verify
}
staff-todo-objections = { $n ->
    [one] objection to look at
   *[other] objections to look at
}
staff-todo-letters = { $n ->
    [one] letter to print
   *[other] letters to print
}
staff-todo-rules = { $n ->
    [one] proposal of rules to review: { $queue }
   *[other] proposals of rules to review: { $queue }
}
staff-todo-priorities = { $n ->
    [one] priority to approve
   *[other] priorities to approve
}
staff-todo-moves = { $n ->
    [one] change of queue to approve
   *[other] changes of queue to approve
}
staff-todo-compensations = { $n ->
    [one] first place to approve, waiting for { $days } d
   *[other] first places to approve, waiting for { $days } d at most
}
staff-todo-annulments = { $n ->
    [one] annulment of a draw to approve
   *[other] annulments of draws to approve
}
staff-find = Find an entry
staff-find-button = Search
staff-find-none = No entry of your prefecture has this reference. Check every character.
staff-search-title = Find an entry
staff-waiting = Waiting
staff-awaiting = Identity to verify
staff-free-slots = Free slots
staff-next-draw = Next draw: { $at }
staff-next-draw-none = No draw is planned.
staff-next-draws = Next draws
staff-told = What the person reads
staff-rules = Rules
menu-rules = Rules
staff-register-someone = Register somebody

## Counter

staff-counter-title = Counter
staff-days = Change the day
staff-day-before = Day before
staff-day-after = Day after
staff-counter-counts = { $all ->
    [0] No appointment
    [one] 1 appointment
   *[other] { $all } appointments
}, { $live ->
    [0] none to tick.
    [one] 1 to tick.
   *[other] { $live } to tick.
}
staff-counter-none = Nobody is convoked on this day.
staff-tick-present = Received
staff-tick-incomplete = File incomplete
staff-tick-absent = Absent
staff-tick-remove = Remove the tick
staff-tick-word-served = received
staff-tick-word-incomplete = file incomplete
staff-tick-word-absent = absent
staff-tick-word-wrong-counter = wrong counter
staff-tick-word-not-the-person = not the person
staff-ticked-served = Received: noted by { $login }, { $at }. Can be corrected until { $until }.
staff-ticked-incomplete = File incomplete: noted by { $login }, { $at }. Can be corrected until { $until }. Nothing is sent before.
staff-ticked-absent = Absent: noted by { $login }, { $at }. Can be corrected until { $until }. Nothing is sent before.
staff-ticked-wrong-counter = Wrong counter: noted by { $login }, { $at }. Can be corrected until { $until }. Nothing is sent before.
staff-ticked-not-the-person = Not the person: noted by { $login }, { $at }. Can be corrected until { $until }. Nothing is sent before.
staff-ticked-served-final = Received: noted by { $login }, { $at }. This is final.
staff-ticked-incomplete-final = File incomplete: noted by { $login }, { $at }. This is final.
staff-ticked-absent-final = Absent: noted by { $login }, { $at }. This is final.
staff-ticked-wrong-counter-final = Wrong counter: noted by { $login }, { $at }. This is final.
staff-ticked-not-the-person-final = Not the person: noted by { $login }, { $at }. This is final.
staff-tick-counter = Wrong counter
staff-tick-person = Not the person
staff-tick-excuse = We could not receive
staff-tick-early = Can be ticked from two hours before the appointment.
staff-tick-right-queue = The right queue
staff-tick-empechement-hint = What kept you from receiving, for example a power cut. The person may read it.
staff-tick-personne-hint = What you have seen. The person may read it and object.
staff-tick-missing = What was missing
staff-tick-incomplet-title = The person came, and something was missing
staff-tick-incomplet-warning = The request waits again, with its date and its seniority: it costs the person nothing. They are told after the site has closed. Until then you can correct it.
staff-tick-incomplet-hint = For example: a proof of address less than six months old. The person will read it: tell them what to bring.
staff-tick-incomplet-confirm = Note the file as incomplete
staff-tick-guichet-title = The person came to the wrong counter
staff-tick-guichet-warning = It costs the person nothing. You can correct it until the site closes. Then the entry waits again, with its date and its seniority, and a second person must approve the change of queue. Tell the person.
staff-tick-guichet-confirm = Note the wrong counter
staff-tick-personne-title = This is not the person convoked
staff-tick-personne-warning = You can correct it until the site closes. Then the entry will be closed, and the person registered will be told. First ask a colleague to check with you.
staff-tick-personne-confirm = Note that it is not the person
staff-tick-empechement-title = We could not receive this person
staff-tick-empechement-warning = It is not the person's fault. They receive our apologies and wait with their seniority. They come first in the next draw if a second person approves. This appointment is over.
staff-tick-empechement-confirm = Yes, it is not their fault
staff-done-present = Noted: the person was received. You can correct this until the site closes.
staff-done-incomplet = Noted: the person came, the file was incomplete. You can correct it until the site closes. They are told only then.
staff-done-absent = Noted: the person did not come. You can correct this until the site closes. They are told only afterwards.
staff-done-effacer = The tick is removed.
staff-done-personne = Noted: this is not the person convoked. You can correct it until the site closes. Then the entry is closed, and the person registered is told.
staff-done-empechement = Recorded, and the person is told. A second person must approve the first place.
staff-done-guichet = Noted: the person came to the wrong counter. You can correct it until the site closes. Then the change of queue waits for a second person.
staff-done-reste = It is taken back. Few of those who wait could accept what is left: the queue's other slots wait for a second person.

## Registering somebody

staff-register-title = Register somebody: { $queue }
staff-register-intro = The same questions as online. Registering is free, and the way chosen changes nothing to the place in the queue.
staff-register-person = The person
staff-register-reach = How to reach them
staff-register-reach-hint = Both may be missing: notices then leave by letter.
staff-register-deadline = A deadline, if there is one
staff-register-availability = When they can come
staff-register-submit = Register
staff-field-optional = Optional.
staff-field-channel = The person is
staff-channel = Registration made
staff-channel-counter = at the counter
staff-channel-phone = on the phone
staff-channel-online = online
staff-field-birth-name = Birth name
staff-field-birth-name-hint = As on the document. If there is only one name, write it here.
staff-field-given-names = Given names
staff-field-birth-date = Date of birth
staff-field-birth-date-hint = For example: 05/01/1990. Unknown day or month: 00.
staff-field-foreigner-number = Foreigner number
staff-field-foreigner-number-hint = 10 digits, or 9 on an old permit. Leave empty if there is none.
staff-field-document = Document
staff-field-document-country = Country of the document
staff-field-document-country-hint = The name of the country, or the three letters of the passport: Morocco, or MAR.
staff-field-document-number = Number of the document
staff-field-document-number-hint = Passport, consular card, birth certificate or permit, even expired.
staff-field-document-seen = I have the document before my eyes
staff-field-document-seen-hint = At the counter only. The identity is then verified at once: copy the machine-readable zone, or type the number twice with the kind of document and its date. Otherwise it remains to be verified.
error-document-by-phone = A document cannot be seen over the phone. Untick the box: the identity will be verified later.
error-channel = Say whether the person is at the counter or on the phone.
staff-field-phone = Phone
staff-field-phone-hint = Optional. A landline serves to call the person; only a mobile receives SMS. Foreign number: begin with +.
staff-field-email = E-mail address
staff-field-language = Language of the messages
staff-field-deadline = Deadline
staff-field-deadline-hint = Optional. For example the end of the residence permit.
staff-field-deadline-needed = This queue asks for it: the end of the residence permit.
staff-field-deadline-kind = What ends on that date
staff-field-deadline-seen = I have seen the evidence of this date
staff-deadline-permit-expiry = Residence permit
staff-deadline-other = Another official deadline
staff-deadline-seen = evidence seen
staff-deadline-unseen = evidence to be seen

## Receipt

staff-receipt-title = Registration receipt
staff-receipt-print-hint = Print this page and hand it over. The browser's menu, then “Print”. This frame is not printed.
staff-receipt-unreachable = Neither SMS nor e-mail reaches this person. Hand this receipt over. Their convocations will be letters: they must be printed, then handed over or posted, or the person will not know of them.
staff-receipt-handed-over = I have handed this receipt over
staff-receipt-entry = See the entry
staff-receipt-another = Register somebody else
staff-done-inscription = The person is registered.
paper-title = Registration receipt
paper-reference = Reference:
paper-name = Name
paper-birth = Date of birth
paper-registered = Registered
paper-queue = Queue
paper-ended = End
paper-place = Place: { $site }, { $address }, desk { $desk }. Bring this paper and an identity document.
paper-next-draws = Next draws: { $dates }.
paper-estimate = When will you have an appointment?
paper-follow = Following your entry
paper-follow-online = Online: { $address }, with the reference and your date of birth.
paper-follow-help = Without a computer: { $help }
paper-withdraw = Withdrawing your entry
paper-withdraw-how = You can withdraw it at any time, on its page or at the prefecture.
paper-free = Everything is free
paper-free-text = No place can be sold or bought: the appointment is in your name. If somebody asks you for money, do not pay, and tell the prefecture.
paper-attested = What this paper attests
paper-no-right = This paper is not a “récépissé”. It gives no right to stay or to work. It proves the date of your registration.

## One entry

staff-entry-receipt = Print the receipt
staff-entry-counter = See at the counter
staff-entry-person = The person
staff-entry-place = The place in the queue
staff-entry-same-phone = { $n ->
    [one] Another request carries the same telephone number.
   *[other] { $n } other requests carry the same telephone number.
}
staff-entry-same-email = { $n ->
    [one] Another request carries the same e-mail address.
   *[other] { $n } other requests carry the same e-mail address.
}
staff-entry-near = Perhaps the same person
staff-entry-near-hint = Names and birth date are alike, or a number is the same. Only you can judge, with the document in hand.
staff-entry-near-penalty = { $entry }: ended, but an appointment missed or given back late still counts there. If it is the same person, tell a manager.
staff-entry-acts = Act
staff-entry-draws = Draws
staff-entry-draws-none = This entry has not stood in a draw yet.
staff-entry-draw = Draw no. { $number }, { $at } ({ $state }): { $became }
staff-entry-notices = Notices
staff-entry-notices-none = No notice.
staff-entry-notice = { $kind } ({ $way }): { $state }, { $at }
staff-entry-history = History
staff-entry-penalties = Appointment missed or given back late
staff-entry-objection = See the objection
staff-act-objection = Record an objection
staff-field-objection = What the person says
staff-act-objection-button = Record the objection
staff-audit-line = { $at }: { $action } ({ $actor })
staff-identity = Identity
staff-identity-verified = verified { $how }, { $at }
staff-identity-declared = declared, to be verified
staff-identity-register = by the register of numbers
staff-identity-document = by an agent, document in hand
staff-identity-oidc = by an identity provider
staff-paused = paused
staff-survived = Draws passed without a place
staff-convoked-at = { $at }, { $site }, desk { $desk }
staff-priority = Priority
staff-priority-granted = granted by two people
staff-displaced = the prefecture cancelled their appointment: first in the next draw
staff-suspended-until = Out of the draws until
staff-draw-listed = in the list
staff-draw-won = an appointment
staff-draw-lost = no place this time
staff-draw-no-chance = no slot suited
staff-act-verify = Verify the identity
staff-act-verify-hint = You have the document before your eyes, and it is this person's own. The entry keeps its date of registration. This document replaces the one that was declared.
staff-act-verify-button = I have seen the document
staff-act-compare = Compare with the register of numbers
staff-act-compare-hint = The register knows this number, without the day of birth. Open it, and compare the name and the year with the person's. If it is them, type the number as you read it there. The entry keeps its date of registration.
staff-field-number-read = Foreigner number read in the register
staff-act-compare-button = I have compared: it is this person
staff-act-deadline = Record a deadline seen
staff-act-deadline-button = I have seen the evidence
staff-act-label = Propose a reserve or a priority
staff-act-label-hint = A second person must approve. The reason is recorded.
staff-act-label-reason-hint = In a few words. It is kept encrypted.
staff-act-label-button = Propose
staff-field-label = Reserve
staff-label-priority = Priority
staff-act-availability = Change the availability
staff-act-move = Move to the right queue
staff-act-move-hint = A second person must approve. Until then, the entry stays in its queue. Afterwards it keeps its date and its seniority, and the person is told.
staff-act-move-button = Propose the change
staff-move-pending = A change to the queue “{ $queue }” waits for a second person. { $by }
staff-field-queue = Queue
staff-act-pause = Pause
staff-act-resume = Resume
staff-act-give-back = Give the appointment back
staff-act-withdraw = Withdraw the entry
staff-ask-retirer-title = Withdraw the entry
staff-ask-retirer-warning = The entry will no longer count in the draws, and its appointment, if any, will be cancelled. A new registration would have a new date. Only do it if the person asks for it.
staff-ask-retirer-confirm = Yes, withdraw the entry
staff-ask-rendre-title = Give the appointment back
staff-ask-rendre-warning = The appointment is given back and goes to a later draw. Too late, the rules of the queue apply. Only do it if the person asks for it.
staff-ask-rendre-confirm = Yes, give the appointment back
staff-ask-holder-reads = The person reads: “{ $text }”
staff-act-erase = Erase the person's data
staff-reviews-title = Requests for a review
staff-reviews-intro = These people ask that an agent reads their request again. The law gives a month to answer. The most urgent are at the top.
staff-reviews-none = Nobody waits for an answer.
staff-review-title = Request for a review
staff-review-due = Answer due by { $date }
staff-review-late = Late: the answer was due on { $date }
staff-review-asked = Asked by { $login }, { $at }
staff-review-answered = Answered by { $login }, { $at }
staff-review-answer = Answer
staff-review-answer-hint = Read the request again, and what the rules made of it. If something is wrong, put it right first. The person reads this answer as it is: short sentences, what you have checked, what changes or does not, and why.
staff-field-answer = Your answer
staff-review-answer-button = Send the answer
staff-entry-reviews = Requests for a review
staff-act-review = Write down a request for a review
staff-act-review-hint = The person asks that an agent reads their request again. Write what they say, in their words.
staff-field-review = What the person asks
staff-act-review-button = Write it down
staff-done-examen = The request for a review is written down. The answer is due within a month.
staff-done-examen-repondu = The answer is noted, and the person is told.
staff-todo-reviews = { $n ->
    [one] request for a review waits for an answer
   *[other] requests for a review wait for an answer
}
staff-act-merge = Merge with another entry
staff-act-merge-hint = It is the same person: you have compared, with the document in hand. This entry is kept, with the earlier of the two days of registration. The other one is closed, and the person is told. A second agent must do the same if the name or the birth date are not exactly the same, if the two entries have neither number nor document in common, or if you registered or verified the one that is kept.
staff-field-merge-other = The entry to close
staff-act-merge-reason-hint = What shows that it is the same person. From 5 to 300 characters. This text is encrypted.
staff-act-merge-button = Merge the two entries
staff-done-reunir = It is noted. If a second agent is needed, the page says so; otherwise the two entries are one.
staff-audit-entry-merged = merged with another entry of the person
staff-entry-erased-name = Data erased
staff-register-pairs = This person may be waiting already
staff-register-pairs-hint = Nothing is registered yet. Compare with the following entries; they open in another tab. If it is the same person, do not register them a second time.
staff-register-pairs-compared = I have compared: it is not the same person
staff-ask-oublier-title = Erase the person's data?
staff-ask-oublier-warning = The person asks for it, and their entry has ended. Their name, numbers and contacts are destroyed: nobody will be able to read them any more, or find this entry by them.
staff-ask-oublier-confirm = Erase their data for ever
staff-done-oublier = This person's data are erased.
staff-entry-erased = This person's data have been erased since { $date }.
staff-audit-entry-erased = the person's data erased
staff-availability-title = Change the availability
staff-availability-intro = It counts from the next list on. The place in the queue does not change.
staff-done-identite = The identity is verified.
staff-done-registre = The identity is verified.
staff-done-echeance = The deadline is recorded.
staff-done-label = It is proposed. Nothing changes before a second person agrees.
staff-done-file = The change of queue is proposed. A second person must approve it.
staff-done-file-retirer = Your proposal is withdrawn. The entry stays in its queue.
staff-done-file-approuvee = The entry is in the right queue. The person is told.
staff-done-disponibilites = The availability is saved.
staff-done-pause = The entry is paused.
staff-done-reprendre = The entry counts in the draws again.
staff-done-retirer = The entry is withdrawn.
staff-done-rendre = The appointment is given back.

## Identities

staff-identities-title = Identities to verify
staff-identities-intro = These people are registered and dated, but nobody has seen their document yet. The oldest first.
staff-identities-none = Every identity is verified.
staff-identities-oldest = Oldest first
staff-identities-newest = Newest first
staff-identity-letter = Since { $date }. The time limit has not begun: the letter that asks for the identity was neither handed over nor posted.
staff-identity-since = Since { $date }. Closes without verification on { $closes }.

## Letters

staff-letters-title = Letters
staff-letters-intro = Print this page: each letter comes on its own sheet, and these frames are not printed. Then say here what was handed over in person, and what was posted. People's time limits depend on it: a letter handed over is received at once, a letter posted counts as received five days later.
staff-letters-none = No letter waits.
staff-letter-heading = { $kind } – { $name }
staff-letter-due = Due { $at }
staff-letter-handed-over = Handed over
staff-letter-posted = Posted
staff-letter-convocation = Appointment { $at }. Posted today, this letter counts as received on { $received }. If it is neither handed over nor posted, the appointment may be lost for everybody, and an absence costs the person nothing.
staff-letter-too-late = Appointment { $at }. Too late to post: this letter would count as received on { $received }. Hand it over in person. Otherwise an absence costs the person nothing.
staff-letter-identity = The person's time to have their identity verified runs when this letter is handed over, or from { $received } if it is posted today. Without it, the request is not closed.
staff-letter-alone = This letter alone
staff-done-courrier = The letter is recorded as handed over.
staff-done-courrier-poste = The letter is recorded as posted. It counts as received in five days.

## Objections

staff-objections-title = Objections
staff-objections-intro = These people object to what follows an appointment missed or given back late. Nothing happens to them before a decision. The oldest first.
staff-objections-none = No objection waits.
staff-objection-title = An objection
staff-objection-since = Received { $at }
staff-objection-noted = Noted by { $login }, { $at }
staff-objection-made = Objected by { $login }, { $at }
staff-objection-decided = Decided by { $login }, { $at }
staff-objection-text = What the person says
staff-objection-decide = Decide
staff-objection-decide-hint = The person is told of the decision and reads its reason.
staff-objection-reason-hint = From 5 to 300 characters, in plain words.
staff-objection-lift = Accept: nothing is lost
staff-objection-uphold = Do not accept
staff-done-contestation = The objection is recorded. An agent must decide.
staff-done-maintenue = The objection is not accepted. The person is told.
staff-done-levee = The objection is accepted. The person is told.

## Outbox

staff-outbox-title = Outbox
staff-outbox-intro = The notices that have left, the newest first. Numbers are never shown whole.
staff-outbox-demo = Trial version: nothing is really sent, and the words of each SMS are shown.
staff-outbox-none = Nothing has left yet.
staff-outbox-why-no-address-for-this-way = no address for this way
staff-outbox-why-no-sms-goes-to-numbers-of-this-country = no SMS goes to this country
staff-outbox-why-the-daily-budget-of-sms-is-spent = the day's budget of SMS is spent
staff-outbox-why-the-number-has-had-its-sms-of-the-day = this number has had its SMS of the day
staff-outbox-why-quiet-hours = nothing leaves at night
staff-outbox-why-restored-from-a-backup = installation restored from a copy: it may have left before
staff-outbox-why-the-sender-stopped-before-the-answer = the program stopped before the answer: it may have left
staff-outbox-due = Due { $at }.
staff-outbox-settled = Done { $at }.

## Words

staff-entry-awaiting-identity = Identity to verify
staff-entry-waiting = Waiting
staff-entry-convoked = Convoked
staff-entry-served = Received
staff-entry-withdrawn = Withdrawn
staff-entry-closed = Closed
staff-close-identity = identity
staff-close-missed = missed appointment
staff-close-late-cancel = cancelled too late
staff-close-duplicate = duplicate
staff-convocation-live = To come
staff-convocation-attended = Received
staff-convocation-incomplete = File incomplete
staff-convocation-missed = Absent
staff-convocation-declined = Given back in time
staff-convocation-cancelled-late = Given back too late
staff-convocation-cancelled-by-prefecture = Cancelled by the prefecture
staff-convocation-cancelled-by-holder = Entry withdrawn
staff-convocation-wrong-counter = Wrong counter
staff-convocation-not-the-person = Not the person
staff-notice-receipt = Registration receipt
staff-notice-identity-wanted = Identity to show
staff-notice-identity-warning = Closing soon
staff-notice-convocation = Convocation
staff-notice-reissued = Convocation issued again
staff-notice-reminder = Reminder
staff-notice-cancellation = Appointment given back
staff-notice-missed = Missed appointment
staff-notice-apology = Cancelled by the prefecture
staff-notice-withdrawal = Entry withdrawn
staff-notice-moved = Change of queue
staff-notice-changed = Request changed
staff-notice-closure = Entry closed
staff-notice-incomplete = File incomplete
staff-notice-penalty-upheld = Objection not accepted
staff-notice-penalty-lifted = Objection accepted
staff-notice-review-answered = Answer to a request for a review
staff-way-sms = SMS
staff-way-email = e-mail
staff-way-letter = letter
staff-notice-state-pending = to send
staff-notice-state-sending = being sent
staff-notice-state-accepted = sent
staff-notice-state-handed-over = handed over
staff-notice-state-posted = posted
staff-notice-state-delivered = delivered
staff-notice-state-rejected = refused
staff-notice-state-undelivered = not delivered
staff-notice-state-unknown = answer lost
staff-notice-state-expired = of no more use
staff-notice-state-superseded = replaced
staff-notice-state-withheld = not sent: registered online, identity not verified
staff-draw-state-announced = announced
staff-draw-state-frozen = list closed
staff-draw-state-seeded = randomness known
staff-draw-state-drawn = drawn
staff-draw-state-published = published
staff-draw-state-annulled = annulled
staff-slot-free = free
staff-slot-frozen = in a list
staff-slot-taken = given
staff-slot-lapsed = too near
staff-slot-withdrawn = withdrawn
staff-audit-entry-registered = registered
staff-audit-entry-identity-verified = identity verified
staff-audit-entry-paused = paused
staff-audit-entry-resumed = resumed
staff-audit-entry-availability = availability changed
staff-audit-entry-deadline-seen = deadline seen
staff-audit-entry-withdrawn = entry withdrawn
staff-audit-entry-closed = entry closed
staff-audit-entry-compensated = first in the next draw
staff-audit-entry-contact-changed = phone or e-mail changed
staff-audit-entry-moved = change of queue approved
staff-audit-entry-move-proposed = change of queue proposed
staff-audit-entry-move-rejected = change of queue rejected
staff-audit-entry-move-withdrawn = proposal of a change of queue withdrawn
staff-audit-entry-labelled = reserve granted
staff-audit-entry-label-proposed = reserve proposed
staff-audit-entry-priority-proposed = priority proposed
staff-audit-entry-priority-granted = priority approved
staff-audit-entry-priority-rejected = priority rejected
staff-audit-entry-priority-withdrawn = proposal of a priority withdrawn
staff-audit-convocation-ticked = ticked
staff-audit-convocation-issued = appointment given
staff-audit-convocation-reissued = convocation issued again, in the corrected name
staff-audit-convocation-ended = end of the appointment
staff-audit-convocation-tick-corrected = tick corrected
staff-audit-convocation-tick-removed = tick removed
staff-audit-penalty-announced = consequence of an appointment announced
staff-audit-penalty-objected = objection
staff-audit-penalty-upheld = objection not accepted
staff-audit-penalty-lifted = objection accepted
staff-audit-entry-review-asked = review asked for
staff-audit-entry-review-answered = request for a review answered
staff-audit-penalty-in-force = consequence of an appointment in force

# Finding somebody
staff-find-otherwise = Search by a number, a telephone or a name
staff-search-by-reference = By reference
staff-search-by-papers = By papers or contact
staff-search-intro = Fill in one line only. The reason and the search are recorded.
staff-search-by-name = Or by name, with the date of birth. A similar spelling is enough.
staff-search-reason = Reason for the search
staff-search-reason-hint = The person will see that their file was opened, and why.
staff-search-reason-at-the-counter = The person is at the counter
staff-search-reason-on-the-phone = The person is on the phone
staff-search-reason-by-letter = The person has written
staff-search-reason-lost-reference = The person has lost their reference
staff-search-reason-pair-to-check = Two requests to compare
staff-found-title = Results
staff-found = { $n ->
    [0] No request of your prefecture matches. Check what you typed, or try another line.
    [one] One request matches. Open it to see the whole name.
   *[other] { $n } requests match. Open the person's to see the whole name.
 }
staff-found-many = More than { $max } requests match. These are the first. Add a number or a document.
staff-found-about = born in { $year } · { $queue } · registered on { $date }

# Who reads files
menu-readings = Readings
staff-reading-entry = page of the request
staff-reading-search = search
staff-reading-counter = counter
staff-reading-identity = check of identity
staff-reading-pair = requests to compare
staff-reading-message = letter, receipt or message
staff-reading-decision = decision by two people, or objection

# One's own account
staff-code-title = Your code
staff-code = 6-digit code
staff-code-hint = The one that the application on your phone shows. Or a recovery code.
staff-code-lost = Phone lost? Use a recovery code. If you have none left, two managers can take your second factor away.
staff-code-other = Sign in with another login
staff-link-title = Choose your password
staff-link-invitation = Your account is ready. Choose a password that only you know.
staff-link-password = Choose a new password. The old one stops working, and your open sessions end.
staff-link-done = Your password is saved. Sign in.
staff-password-rules = At least 12 characters. A few words that do not go together make a good password. Nobody will ever ask you for it.
staff-password-new = New password
staff-password-again = The same once more
staff-password-old = Present password
staff-password-set = Save the password
staff-password-change = Change the password
staff-account-title = My account
staff-account-prefecture = Prefecture shown
staff-account-prefecture-shown = Prefecture
staff-account-prefecture-show = Show
staff-second-factor = Second factor
staff-second-factor-title = Set up the second factor
staff-second-factor-none = You sign in with your password alone. A second factor protects the files if somebody guesses it.
staff-second-factor-set = Set up a second factor
staff-second-factor-change = Change phones
staff-second-factor-lead = You need an application that gives codes (such as FreeOTP, Aegis or Google Authenticator) on your phone.
staff-second-factor-scan = In the application, add an account and point the camera at this picture.
staff-second-factor-type = The application cannot read the picture? Type this key:
staff-second-factor-code = The 6-digit code that it shows
staff-second-factor-password = Your password
staff-second-factor-old-code = A code of the old application, or a recovery code
staff-second-factor-confirm = Check and set up
staff-codes-left = { $n ->
    [0] Set up. You have no recovery code left: set it up again to get new ones.
    [one] Set up. You have one recovery code left.
   *[other] Set up. You have { $n } recovery codes left.
 }
staff-recovery-title = Your recovery codes
staff-recovery-done = The second factor is set up.
staff-recovery-lead = Write these codes on paper, and keep them away from your phone. Each is good once, when you do not have the application. They will not be shown again.
staff-recovery-kept = I have written them down
staff-sessions = Open sessions
staff-sessions-lead = A session that you do not know? End it, then change your password.
staff-session-when = Opened on { $since }, used on { $seen }
staff-session-this = It is this one.
staff-session-proconnect = Opened with ProConnect
staff-session-end = End this session
staff-role-agent = Agent
staff-role-manager = Manager
staff-role-auditor = Auditor
staff-role-administrator = Administrator of accounts
staff-account-invited = invited
staff-account-unconfirmed = to be confirmed
staff-account-active = active
staff-account-disabled = disabled
staff-done-mot-de-passe = Your password is changed. Your other sessions have ended.
staff-done-session = The session has ended.
staff-done-compte = Done.
staff-done-proconnect = Your ProConnect identity is linked to your account. Your other sessions have ended.
staff-done-proconnect-retiree = Your ProConnect identity is no longer linked to your account. Your other sessions have ended.
menu-accounts = Accounts
staff-link-sms-invitation = Passage: your account { $login } is ready. Choose your password, pass this link on to nobody: { $url }
staff-link-sms-password = Passage: choose a new password for { $login }. Pass this link on to nobody: { $url }

# Contact
staff-act-contact = Change phone or e-mail
staff-act-contact-hint = Write everything that is to be used from now on. The old contact receives a message.
staff-act-contact-button = Save
staff-done-coordonnees = The contact is changed. The old one has received a message, if it could.

# Corrections
staff-field-document-number-again = Number of the document, once more
staff-field-document-zone = Machine-readable zone of the document
staff-field-document-zone-hint = The two or three lines of letters, digits and “<” at the foot of the passport or on the back of the card. A reader types them, or you copy them. They replace the country, the number, the kind and the date.
staff-document-or-typed = Without a machine-readable zone, fill in all that follows.
staff-field-document-kind = Kind of document
staff-field-document-kind-none = Choose
staff-field-document-expires = Good until
staff-document-passport = Passport
staff-document-identity-card = Identity card
staff-document-residence-permit = Residence permit
staff-document-other = Another document
staff-document-expires = good until { $date }
staff-document-expired = expired since { $date }
staff-act-correct = Correct the name or the date of birth
staff-act-correct-hint = For a typing mistake. Write the whole name and the date as on the document. A second agent is needed for another name, a name more or fewer, another birth date, a second correction, a person who is convoked, or if you verified the identity yourself. If you correct a request alone, another agent will verify the person's identity.
staff-act-correct-reason-hint = What you have seen, in one sentence.
staff-act-correct-button = Correct
staff-act-correct-waits = This request is in a closed list, and the result of the draw is not published yet. The correction is kept and waits for that result. It is then made by itself. If the person is convoked by then, a second agent must confirm it.
staff-act-correct-convoked = The convocation is in the person's name. They show again what their identity was verified by: copy their foreigner number, or the country and the number of their document. A second agent does the same. The convocation is then issued again in the corrected name: same day, same time, same place.
staff-act-drop-correction = Give up what is asked for
staff-act-take-over = Give the request to the person whose number it is
staff-act-take-over-hint = Somebody made this request with the number and date of birth of the person before you. They prove who they are: the request and its date are theirs, with a new reference. The old contact is told. A second agent must see the document and fill in the same form.
staff-act-take-over-button = Give the request to the person
staff-merge-asked = { $login } proposes to merge this request, registered on { $day }, with the request { $reference }, registered on { $other-day }, which would be closed. This one would keep the earlier date. A second agent compares, document in hand, then does the same below: “Merge with another request”.
staff-correction-asked = { $login } asks for a correction. Another agent must see the person or their document, and fill in the same form.
staff-correction-waits = { $login } asked for a correction { $at }. The request is in a closed list: the correction waits for the draw to be published{ $has-draw ->
    [yes] , planned for { $draw }
   *[no] {""}
 }. It is then made by itself. If the person is convoked by then, if the name is another name, or if it is not the first correction, a second agent must confirm it.
staff-convocation-reissued = Version { $issue }, issued on { $date } after the name was corrected. A former version, in the old name, has existed: it is void.
staff-done-correction-abandon = The correction will not be made.
staff-register-helper = If somebody helps the person
staff-register-helper-hint = Family, association, social worker, lawyer: with the person's mandate. Leave it empty if they register themselves. One helper may help several people.
staff-helper-nobody = Nobody
staff-field-helper-kind = Who helps
staff-field-helper-name = Name of the person or organisation that helps
staff-field-helper-mandate = The mandate is stated
staff-field-helper-seen = Mandate seen
staff-field-helper-seen-hint = What you have seen, in one sentence. Empty if the mandate is only stated.
staff-field-helper-contact = The contact given is the helper's
staff-entry-helper = Help
staff-act-end-helper = End this help
staff-act-end-helper-hint = The person asks for it, or there is no mandate any more. They are told. Change the contact if it was the helper's.
staff-act-end-helper-button = End the help
staff-done-aide-fin = The help is over. Change the contact if it was the helper's.
staff-audit-entry-helper-ended = help ended
staff-done-correction = Saved. If a second agent is needed, the page of the request says so.
staff-done-reprise = Saved. If a second agent is needed, the page of the request says so. If not, give the person their new reference.
staff-audit-entry-correction-asked = correction asked for
staff-audit-entry-correction-queued = correction kept until the result of the draw
staff-audit-entry-correction-dropped = correction given up
staff-audit-entry-corrected = name or date of birth corrected
staff-audit-entry-taken-over = request given to the person whose number it is
