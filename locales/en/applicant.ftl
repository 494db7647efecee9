# What the person who waits reads. Short sentences: many read with difficulty.

## Registration

register-title = Register: { $queue }
register-lead = One page to fill in. You receive a dated proof of your registration at once.
register-without-computer = Would you rather be helped?
register-part-identity = 1. Who you are
register-part-identity-lead = Write as on your identity document.
register-part-papers = 2. Your numbers
register-part-papers-lead = With the foreigner's number, your identity can often be verified at once. If you have none, leave it empty: an agent will look at your document.
register-part-contact = 3. How to reach you
register-part-contact-lead = Without a telephone or an e-mail address, the prefecture hands you your convocations: ask for them at the counter.
register-part-helper = If somebody helps you
register-helper-open = I register somebody else
register-helper-lead = A relative, an association, a social worker or a lawyer can register somebody who has asked them to. The request and the appointment stay in the person's name. You can help several people. The name, the birth date and the papers above are those of the person.
field-helper-kind = You are
field-helper-name = Your name, or that of your organisation
field-helper-mandate = I declare that this person has asked me to register them and to follow their request.
field-helper-contact = The telephone or e-mail given above is mine, not the person's.
helper-kind-family = Family, or somebody close
helper-kind-association = An association
helper-kind-social-worker = A social worker
helper-kind-lawyer = A lawyer
helper-kind-other = Somebody else
helper-named-family = family or close friend
helper-named-association = association
helper-named-social-worker = social worker
helper-named-lawyer = lawyer
helper-named-other = another person
helper-said = { $name } ({ $kind }) has helped { $to ->
    [person] you
   *[agent] this person
 } since { $date }. { $mandate ->
    [seen] Mandate seen by an agent: { $seen }.
   *[stated] Mandate stated.
 } { $contact ->
    [helper] The contact given is the helper's.
   *[person] The contact given is that of the person who is helped.
 }
data-helper-title = Who helps you
data-helper-lead = If this helper must no longer speak for you, say so here. If the contact is theirs, the code to change it would go to them: ask an agent instead, at the counter or by phone.
data-helper-end = They no longer help me
done-helper = Noted: they no longer speak for you. Change the telephone or e-mail if it was theirs.
paper-helper = Help
register-part-availability = 4. When you can come
register-part-availability-lead = Everything is ticked: untick only what is impossible. The more you can come, the more places there are for you.
register-part-deadline = 5. A deadline, if you have one
register-part-deadline-required = 5. Your deadline
register-part-deadline-lead = For example the end of your residence permit, or another official deadline. An agent will have to see the proof.
register-decision-notice = Appointments are given out by an automatic computation, by the public rules of the queue. You can ask a person to look at your situation again.
register-identity-later = If your identity cannot be verified at once, your request is kept with its date. You will have to show a document to an agent.
register-identity-later-drawn = If your identity cannot be verified at once, your request is kept with its date and stands in the draws all the same. You will have to show a document to an agent.
register-submit = Register
register-key-reused = This form was already sent with other answers, and that first registration is kept. What you wrote since was not sent. To register another person, check the form and send it again.

## Finding one's request

look-up-title = Follow my request
look-up-lead = Write the reference of your request and your date of birth.
look-up-submit = Show my request
look-up-lost = Reference lost?
look-up-expired = The page was open for too long. Nothing was changed. Write your reference and your date of birth again.
look-up-closed = For your safety, the page was closed. Write your reference and your date of birth again. If this happens again, allow the cookies of this site.
look-up-waiting = For your safety, the page was closed. Nothing is lost: write your reference and your date of birth again, and what you asked for will be done.
look-up-waiting-draft = For safety, the page has closed. Nothing is lost: write your reference and your birth date again, and what you wrote comes back.
look-up-open = Back to the open request
error-look-up-unknown = No request matches this reference and this date of birth. Check both, and copy the reference from your proof of registration.

## Proof of registration

receipt-title = Your request is registered
status-title = Your request
receipt-heading = Proof of registration
reference-label = Your reference
reference-keep = Write it down or take a picture of this page. With your date of birth, it opens the page of your request.
receipt-attestation = { $prefecture } attests that { $name } is registered in the queue “{ $queue }” since { $date }.
receipt-attestation-ended = { $prefecture } attests that { $name } was registered in the queue “{ $queue }” from { $date } to { $ended }.

## What is noted

state-priority = Your request has priority, with the agreement of two agents.
deadline-seen = Your deadline is { $date }. An agent has seen the proof.
deadline-not-seen = Your deadline is { $date }, as you stated it.

steps-title = What happens next
step-identity = An agent looks at your document. Your request keeps its date.
step-list = On the date of the next draw, the prefecture closes the list.
step-draw = The draw gives out the places by the rules of the queue.
step-convocation = If you have a place, we send you a convocation: date, time, address. It is on this page too.
step-convocation-letter = If you have a place, the convocation is a letter, handed over at the desk or posted: date, time, address. It is on this page too.
step-no-seat = If not, you stay in the queue for the next draw, without doing anything.
step-come = Come on the date and at the time of the convocation.
step-bring = Bring an identity document and your reference.
step-prevented = If you cannot come, give the appointment back as soon as possible: somebody else will need it.

estimate-title = When will you have an appointment?
estimate-range = If nothing changes, eight people in ten in your position receive their convocation between { $from } and { $to }. The appointment comes after that. It is an estimate, not a promise. People waiting: { $waiting }.
estimate-day = If nothing changes, you should receive your convocation on { $from }. The appointment comes after that. It is an estimate, not a promise. People waiting: { $waiting }.
estimate-identity = We can estimate it once your identity is verified: until then, your request stands in no draw.
estimate-paused = We can estimate it once you have resumed your request.
estimate-no-seats = We cannot give a date yet: the prefecture has given no appointment in the last weeks and has published none. People waiting: { $waiting }.
estimate-too-far = We cannot give an honest date: at the present pace it would take more than 200 draws. People waiting: { $waiting }.
estimate-no-draw = We cannot give a date yet: no draw is planned. People waiting: { $waiting }.

## Convocation

convocation-title = Your convocation
convocation-bring = Bring an identity document, your reference and the documents of your file.
convocation-personal = This appointment is in your name. Nobody else can use it.
convocation-issued = { $issue ->
    [1] Convocation issued on { $date }.
   *[other] Convocation issued again on { $date }, in the corrected name: { $name } (version { $issue }). Same day, same time, same place. Former versions are void.
 }
give-back-title = I cannot come
give-back-lead = Give the appointment back. If there is still time to tell somebody, the place will go to a later draw, never to a chosen person.
give-back-free = Until { $date }, it is free and you keep your seniority.
give-back-again = Until { $date }, you stay in the queue, but your seniority starts again from zero: you have given an appointment back before.
give-back-untold = As long as your convocation has not reached you, and in any case until { $date }, it is free and you keep your seniority.
give-back-untold-again = As long as your convocation has not reached you, and in any case until { $date }, you stay in the queue, but your seniority starts again from zero: you have given an appointment back before.
convocation-untold = The message or letter that calls you has not left yet. If it does not reach you before the appointment, an absence costs you nothing.
convocation-posted = Your convocation is posted. It counts as received on { $date }.
convocation-too-late = Your convocation is posted, but it counts as received only on { $date }, after the time of the appointment. An absence costs you nothing.
give-back-then = After that: { $cost } It would take effect { $days } days later at the earliest, and you could object.
give-back-late = It is late to give this appointment back. If you do it now: { $cost } It will take effect in { $days } days at the earliest, and you can object.
give-back-confirm = Yes, I give this appointment back
give-back-action = Give the appointment back
error-confirm-give-back = Tick “Yes, I give this appointment back” to confirm.

## Past draws

your-draws-title = Your draws
your-draws-none = Your request has not stood in any draw yet.
column-result = Result
result-annulled = Draw annulled: it does not count.
result-pending = List closed, draw to come.
result-won = You were given an appointment.
result-no-class = No place suited the times you can come, counting the time it takes to tell you.
result-lost = No appointment this time.
result-lost-narrow = No appointment this time. You could accept too few places: this draw adds nothing to your seniority.
result-lost-grows = No appointment this time. Your seniority grows.
proof-title = Were you in the list?
proof-text = For each draw: your line in the published list, your place, your odds, and what you need to check it at home.
proof-action = See my line
proof-pid = Draw code (pid)
proof-salt = Secret code

## My line in a draw

my-line-title = Your line: { $draw }
my-line-in = Yes, you were in the list, among { $entries } { $entries ->
        [one] request
       *[other] requests
    }.
my-line-place = Chance gave you number { $place } of { $entries }. There { $seats ->
        [one] was
       *[other] were
    } { $seats } { $seats ->
        [one] seat
       *[other] seats
    }.
my-line-won = You got an appointment.
my-line-lost = You got no appointment this time: the seats that suited you went to people placed before you by chance or by the rules.
my-line-waiting = The draw has not taken place yet. There { $seats ->
        [one] is
       *[other] are
    } { $seats } { $seats ->
        [one] seat
       *[other] seats
    }. The randomness will be known on { $date }.
my-line-odds = Your odds were about { $odds }.
my-line-honest = These odds are an estimate: they count your turn and the number of seats, not the days on which each person can come.
my-line-heading = Your line in the list
my-line-day = Day of registration that counts
my-line-reserve = Reserved seats: number
my-line-classes = Half-days that suited you
my-line-more = and { $n } more
my-line-check = Check it at home
my-line-check-text = At this address, take the published list: your line is in it. Your secret code proves that it is yours.
my-line-address = Address
my-line-entry = Internal number of the request
my-line-ticket = Your ticket
my-line-secret = Keep the secret code to yourself. Give it only to somebody who must check.
my-line-print = You can print this page and keep it.
my-line-file = Download the proof (file)
my-line-public = This draw, in public
my-line-verifier = Check the draw in your browser

## Messages

contact-title = How we tell you
contact-phone = By SMS, to the number that ends in { $tail }.
contact-phone-unused = We send no SMS to the number ending in { $tail }.
contact-email = By e-mail, to { $address }.
contact-none = By letter handed over by the prefecture: ask for your convocations at the counter.
notices-title = Messages
notice-kind-receipt = Proof of registration
notice-kind-identity-wanted = Identity to be verified
notice-kind-identity-warning = Reminder: identity to be verified
notice-kind-convocation = Convocation
notice-kind-reissued = Convocation issued again
notice-kind-reminder = Reminder of the appointment
notice-kind-cancellation = Appointment cancelled
notice-kind-missed = Appointment missed
notice-kind-apology = Apology of the prefecture
notice-kind-withdrawal = Request withdrawn
notice-kind-moved = Change of queue
notice-kind-changed = Request changed
notice-kind-closure = Request closed
notice-kind-incomplete = File incomplete
notice-kind-penalty-upheld = Answer to your objection
notice-kind-penalty-lifted = Answer to your objection
notice-way-sms = SMS
notice-way-email = e-mail
notice-way-letter = letter
notice-state-pending = to be sent
notice-state-sending = being sent
notice-state-accepted = handed to the carrier
notice-state-handed-over = handed over
notice-state-posted = posted
notice-state-delivered = received
notice-state-rejected = refused
notice-state-undelivered = not received
notice-state-unknown = uncertain
notice-state-expired = of no more use
notice-state-superseded = replaced
notice-state-withheld = not sent: your identity is not verified, this page stands for it

## Changing

change-title = Change or stop
change-availability = Change when I can come
change-availability-lead = Tick every day on which you can come. The more you can come, the more places there are for you.
change-availability-submit = Save
pause-title = Pause my request
pause-text = While paused, your request keeps its date and its seniority, but stands in no draw. You can resume it whenever you like.
pause-action = Pause
resume-action = Resume
withdraw-title = Withdraw my request
withdraw-late = It is late to give your appointment back. If you withdraw your request now, this holds for a new request too: { $cost } It will take effect in { $days } days at the earliest, and you can object.
withdraw-text = Your request leaves the queue and loses its seniority. If you have an appointment, it is cancelled. This cannot be undone.
withdraw-confirm = Yes, I withdraw my request
withdraw-action = Withdraw my request
error-confirm-withdraw = Tick “Yes, I withdraw my request” to confirm.
error-confirm-erase = Tick “Yes, erase my data for ever” to confirm.
done-availability = When you can come is saved. It counts from the next list on.
done-paused = Your request is paused.
done-resumed = Your request goes on.
done-withdrawn = Your request is withdrawn.
done-given-back = The appointment is given back. Thank you for saying so.
status-close-text = On a shared computer or telephone, close your request before you leave. Otherwise it stays open for thirty minutes.
status-close = Close my request
done-objected = Your objection is recorded. Nothing changes before an agent decides. We will write to you.

## An appointment missed or given back late

penalties-title = Appointment missed or given back late
object-title = Objecting
object-online = Object online
object-field = Say what happened, in a few sentences
object-action = Send the objection
object-yours = What you said:
status-help = A question, a mistake?

# My data
data-title = My data
data-held-title = What we keep
data-held-more = We also keep your availability, your draws, your appointments and the messages that were sent. All of it is in the file.
data-file = Download all my data
data-file-hint = A JSON file, with the proofs of your draws and the list of readings. A program can read it.
data-birth-name = Birth name
data-given-names = Given names
data-birth-date = Birth date
data-foreigner-number = Foreigner number
data-document = Document
data-phone = Telephone
data-email = E-mail address
data-language = Language of the messages
data-kept-days = Your data are erased { $days } days after the end of your request.
data-kept-until = Your data are erased on { $date }.
data-erase-title = Erase my data
data-erase-live = To erase them earlier, withdraw your request first, on the page of your request.
data-erase-soon = You can erase them yourself from { $date } on. Until then we tell you that the request has ended: if it was not you who withdrew it, there is time to say so.
data-erase-now = Erase my data now
data-erase-lead = Your name, your numbers and your contacts are destroyed. Nobody can read or find them any more, not even we. You will not be able to open this page again. The published draws stay: they do not say who you are.
data-erase-confirm = Yes, erase my data for ever
data-erase-action = Erase my data
erased-title = Your data are erased
erased-done = It is done: nothing here says who you are any more.
erased-left = The prefecture's backups still hold them until they are replaced. You can close this page.
data-link = My data, and who has read them
review-link = Ask that a person looks at my request
review-title = Ask that a person looks at my request
review-lead = The draw decides by itself who gets an appointment, by the rules of the queue.
review-rules = Read these rules
review-limits = You can ask that an agent reads your request again: a mistake in your file, a particular situation, a decision that you do not understand. They answer in writing. Asking makes you lose neither your place nor your chances.
review-past = What you have asked
review-ask = Write to an agent
review-days = The answer comes within { $days } days. You are told of it.
review-field = What should they look at?
review-submit = Send
review-asked = Asked on { $date }
review-due = Answer expected by { $date }.
review-answered = Answered on { $date }
done-review = Your question is sent. An agent reads it and answers you.
notice-kind-review-answered = Answer to your request for a review
data-readings-title = Who has opened your file
data-readings-lead = Each time an agent opens your file, it is recorded. You see when, where and why.
data-readings-none = Nobody has opened your file.
data-reading = { $at }: { $role }, { $place }. Reason: { $purpose }.{ $n ->
    [one] {""}
   *[other] {" "}({ $n } times that day)
 }
data-visits-title = When your page was opened
data-visits-lead = With your reference and your date of birth, or with a code sent to your phone or by e-mail. If it was not you, call the prefecture.
data-visit = { $n ->
    [one] { $first }
   *[other] { $n } times: first { $first }, last { $last }
 }
data-role-agent = an agent
data-role-manager = a manager
data-role-auditor = an inspector
data-role-administrator = an administrator
data-purpose-entry = dealing with your request
data-purpose-search = finding you when you asked
data-purpose-counter = your appointment at the counter
data-purpose-identity = checking your identity
data-purpose-pair = comparing two similar requests
data-purpose-message = preparing or reading again a message for you
data-purpose-decision = a decision about you

# Lost reference
lost-title = Find my request without the reference
lost-link = Find my request with my phone
lost-lead = Write the phone or e-mail that you gave when you registered, and your date of birth. If they belong to a request, a code is sent there.
lost-contact = Phone or e-mail
lost-submit = Get a code
lost-otherwise = You no longer have this phone? Go to the counter or call the prefecture: an agent finds your request with your papers.
lost-code-title = Your code
lost-code-lead = If this contact and this date of birth belong to a request, a 6-digit code has just been sent there.
code-field = 6-digit code
code-hint = It is good once, for 10 minutes. Give it to nobody.
code-submit = Check the code
code-again = Begin again
code-not-arrived = Nothing received? Wait two minutes, then begin again. Or ask for help:
code-message = Passage: your code is { $code }. It is good once, for 10 minutes. Give it to nobody, not even to an agent.
code-subject = Passage: your request
contact-changed-message = Passage ({ $prefecture }): the phone or e-mail of your request has just changed. If it was not you, call the prefecture at once.
found-title = Your requests
found-lead = Several requests have this contact and this date of birth. Choose yours.
found-about = { $queue }, { $prefecture }, registered on { $date }
found-open = Open
data-contact-title = Change phone or e-mail
data-contact-lead = Write everything that is to be used from now on. A code is sent to the old contact, to be sure that it is you.
data-contact-submit = Get the code
data-contact-otherwise = You no longer have the old phone? An agent can change it with you:
data-code-title = Confirm the change
data-code-lead = A 6-digit code has just been sent to your old contact. Write it here, and the change is made.
done-contact = Your contact is changed. The old one has received a message.

taken-over-message = Passage: a request made with this contact was taken over by the person who proved their identity. A question? Go to the prefecture with your papers.

# FranceConnect
franceconnect-title = FranceConnect
franceconnect-offer = Verify your identity now
franceconnect-offer-lead = If you have a FranceConnect account (taxes, Ameli, La Poste…), your identity is verified now: you have no document to show before the appointment. Do it before you fill in this page. You do not have to.
franceconnect-button = Sign in with
franceconnect-what = What is FranceConnect?
franceconnect-what-title = What is FranceConnect? – new window
franceconnect-stated = FranceConnect has verified your identity: { $name }, { $birth }.
franceconnect-not-me = This is not me: sign me out of FranceConnect
franceconnect-leave = Sign me out of FranceConnect
franceconnect-back = Back to the page before
franceconnect-cancelled = You stopped before the end. Nothing has changed. You can start again, or go on without FranceConnect.
franceconnect-over = This sign-in is already over, took more than ten minutes, or began in another browser. Go back to the page of the registration or of your request, and start again.
franceconnect-away = FranceConnect does not answer at the moment. Nothing is lost. Try again later, or go on without FranceConnect: an agent will see your document.
franceconnect-doubtful = The answer of FranceConnect could not be verified. Your identity is not confirmed. Try again, or go on without FranceConnect: an agent will see your document.
franceconnect-partial = FranceConnect did not give your name or your year of birth. Go on without FranceConnect: an agent will see your document.
franceconnect-left = You are signed out of FranceConnect.
franceconnect-still-there = FranceConnect does not answer: you may still be signed in there. On a shared computer, close the browser.
