# What all pages share: frame, menus, fields, rules in plain words, errors.

## Frame

service-name = Passage
service-line = Appointments at the prefecture, each in turn
skip-to-content = Skip to content
languages = Languages
main-menu = Main menu
menu-home = Home
menu-status = Follow my request
menu-help = Help
menu-legal = Your rights
menu-staff = Staff sign-in
menu-overview = Today
menu-counter = Counter
menu-entries = Requests
menu-identities = Identities
menu-objections = Objections
menu-letters = Letters
menu-outbox = Messages
menu-slots = Slots
menu-draws = Draws
menu-priorities = Priorities
sign-out = Sign out
footer-free = This service is free. No place can be sold or bought.
demo-notice = Trial version: people and appointments are fictional.
demo-clock = Date of the service:
back-home = Back to the home page

free-and-no-sale = Registration is free, from beginning to end. No place can be sold or bought: the appointment is in your name. If anybody asks you for money, do not pay, and tell the prefecture.
no-hurry = There is no need to hurry: registering at one time of the day or another changes nothing.
not-a-recepisse = This page is not a récépissé. It gives no right of residence and no right to work. It proves the date of your registration.

## Forms

faults-title = To be corrected
faults-short = To be corrected
field-birth-name = Birth name
field-birth-name-hint = As on your document. If you have only one name, write it here.
field-given-names = Given names
field-given-names-hint = As on your document. Leave empty if you have none.
field-birth-date = Date of birth
field-birth-date-hint = Day, month, year, for example: 05/01/1990. Day or month unknown: 00, for example 00/00/1990.
field-foreigner-number = Foreigner's number (optional)
field-foreigner-number-hint = 10 digits, or 9 on an older permit. It is on your residence permit or your visa.
field-document-country = Country of the document (optional)
field-document-country-hint = The name of the country, or the 3 letters of the passport. For example: Morocco, or MAR.
field-document-number = Number of the document (optional)
field-document-number-hint = Passport, consular card or birth certificate.
field-phone = Telephone (optional)
field-phone-hint = A mobile, to receive SMS. A number from abroad begins with +.
field-email = E-mail address (optional)
field-email-hint = For example: name@example.org
field-language = Language of the messages
field-reference = Reference of the request
field-reference-hint = 9 letters and digits. For example: K7M4-2QXN-T
field-deadline = Deadline (optional)
field-deadline-required = Deadline
field-deadline-hint = Day, month, year, for example: 31/12/2027
field-deadline-kind = What ends on that date?
deadline-kind-permit-expiry = My residence permit
deadline-kind-other = Another official deadline
field-sites = Where can you come?
field-sites-hint = Tick every possible place.
field-weekdays = On which days?
usual-lead = When appointments usually are:
usual-line = { $site }: { $when }
usual-morning = in the morning ({ $days })
usual-afternoon = in the afternoon ({ $days })
usual-all-day = all day ({ $days })
field-halves = In the morning or in the afternoon?
half-morning = In the morning
half-afternoon = In the afternoon
field-notice-days = How many days in advance must we tell you?
field-notice-days-hint = Beyond the queue's minimum, if you need it. A number from 0 to 60.
field-not-before = Not before (optional)
field-not-before-hint = If you can only come from a certain day on.
field-absences = Absences (optional)
field-absences-hint = Up to three periods when you cannot come. Type the first and the last day.
field-absence-from = From
field-absence-to = To (included)

## Durations and numbers

duration-hours = { $n } { $n ->
        [one] hour
       *[other] hours
    }
duration-minutes = { $n } { $n ->
        [one] minute
       *[other] minutes
    }
desk-name = Desk { $number }
draw-name = Draw no. { $number }

## Rules in plain words

mode-lottery = Drawn by lot, with equal chances.
mode-arrival = By day of registration: the first registered go first.
mode-seniority = Drawn by lot. Chances grow with the wait.
mode-guarantee = Drawn by lot. Chances grow with the wait, then a place is guaranteed.

rule-mode = Who goes first
rule-mode-lottery = A draw by lot decides. Everybody has the same chances.
rule-mode-arrival = People registered on one day go before those of later days. Among people of the same day, the lot decides.
rule-mode-seniority = A draw by lot decides. Each draw without an appointment adds { $step } to your weight, which is 1 at first and { $cap } at most: the greater it is, the better your chances.
rule-mode-guarantee = A draw by lot decides. Each draw without an appointment adds { $step } to your weight, which is 1 at first and { $cap } at most: the greater it is, the better your chances. After { $draws } { $draws ->
        [one] draw
       *[other] draws
    } without an appointment, you go before those who have waited less.
rule-first = Who goes before all others
rule-first-text = People from whom the prefecture has taken an appointment back. Then those to whom two agents have given priority, for a written reason: each draw says how many.
rule-reserve = Reserved places
rule-reserve-seats = Reserve { $label }: { $number } { $number ->
        [one] place
       *[other] places
    } in each draw, served first.
rule-reserve-percent = Reserve { $label }: { $number }% of the places of each draw, served first.
rule-lead = From the list to the draw
rule-lead-text = The list is closed { $duration } before the draw. After that, nobody can change it.
rule-notice = Shortest notice
rule-notice-text = An appointment is given at least { $days } { $days ->
        [one] day
       *[other] days
    } in advance.
rule-horizon = Longest notice
rule-horizon-text = An appointment is given at most { $days } days in advance.
rule-public = The published places
rule-public-text = { $hours ->
        [0] A place can be published until the list that takes it is closed.
        [one] A place is published at least 1 hour before the list that takes it is closed. Until then, you can change your availability.
       *[other] A place is published at least { $hours } hours before the list that takes it is closed. Until then, you can change your availability.
    }
rule-survival = When a draw counts
rule-survival-text = A draw adds to your seniority if you could accept at least { $percent }% of its places, and one at least. If you accept only few appointments, you stay in the list, but those draws add nothing to your seniority.
rule-few = Places for few people
rule-few-text = { $percent ->
        [0] The prefecture publishes places without asking a second person.
       *[other] When at least { $people } people wait, places that less than { $percent }% of them could accept are published only if a second person agrees. The draw says how many could accept them.
    }
rule-window = When to register
rule-window-text = Registration opens { $opens ->
        [one] the day before
       *[other] { $opens } days before
    } your deadline. Online, it is possible { $until ->
    [0] until that day
    [1] until the day before
   *[other] until { $until } days before
}. Later, an agent can still register you, at the counter or by telephone.
rule-give-back = Giving an appointment back
rule-give-back-text = { $hours ->
        [0] Until the time of the appointment
        [one] Until one hour before
       *[other] Until { $hours } hours before
    }, giving an appointment back is free. The first time, you keep your seniority. After that, it starts again from zero. The place goes to a later draw, never to a chosen person.
rule-late = Cancelling late
rule-late-text = { $hours ->
        [0] Nothing is late before the time of the appointment.
        [one] Less than one hour before: { $cost }
       *[other] Less than { $hours } hours before: { $cost }
    }
rule-miss = Not coming
rule-miss-text = Missed appointment: { $cost }
penalty-close = the request is closed. You can register again.
penalty-pause = you wait again, your seniority starts from zero, and you stand in no draw for { $days } { $days ->
        [one] day
       *[other] days
    }.
rule-objection = Objecting
rule-objection-text = An appointment missed or given back late has consequences only { $days } days after you have been told. Until then you can object. An objection halts everything until an agent has decided.
rule-scope = One request per person
rule-scope-installation = A person can have one request for this procedure, all prefectures of this service together.
rule-scope-prefecture = A person can have one request for this procedure at this prefecture.
rule-identity = Identity
rule-identity-verified = Only requests whose identity is verified stand in the draws. Without verification, a request is closed after { $days } days, and its holder is warned twice before.
rule-identity-declared = A request whose identity is not verified yet also stands in the draws. Without verification, it is closed after { $days } days, and its holder is warned twice before.
rule-retention = Personal data
rule-retention-text = They are erased { $days } days after the end of the entry.

## What the chance of a draw is worth

source-title = Where chance comes from
source-commit = Operator's commitment: chance comes from a secret that the operator of this service chooses and seals before the list is closed. Anybody can compute the outcome again. But that the operator did not look at the secret, or choose it to advantage, rests on the operator's word alone.
source-commit-short = The chance of these draws comes from a commitment of the operator: it rests on the operator's word alone.
source-drand = Public chance: it comes from the drand network, at a time announced beforehand. Nobody can know it before, or choose it. Anybody can compute the outcome again.
source-value = Announced beforehand:

## Errors

problem-reference = If you write to us, give this reference:
problem-not-found-title = Page not found
problem-not-found-text = This page does not exist, or no longer does.
problem-not-found-advice = Check the address, or start from the home page.
problem-forbidden-title = Access refused
problem-forbidden-text = This page is for managers only.
problem-forbidden-advice = Ask a manager of your prefecture.
problem-expired-title = Page too old
problem-expired-text = This form was open for too long, or comes from elsewhere. Nothing was recorded.
problem-expired-advice = Go back to the page, reload it and try again.
problem-bad-request-title = Request not understood
problem-bad-request-text = We did not understand what your browser sent. Nothing was recorded.
problem-bad-request-advice = Go back to the page, reload it and try again.
problem-refused-title = This is not possible
problem-refused-advice = Nothing was changed. You can go back.
problem-invalid-title = To be corrected
problem-invalid-text = Something is wrong in the form. Nothing was recorded.
problem-invalid-advice = Go back, correct it and try again.
problem-too-many-title = Too many requests
problem-too-many-text = Too many pages were asked for from your connection. Wait { $wait }, then try again.
problem-too-many-registrations = Too many registrations came from your connection. Nothing you wrote is lost: wait { $wait }, then send it again.
problem-too-many-registrations-around = Too many registrations are arriving now, many of them through your internet provider. Nothing you wrote is lost: wait { $wait }, then send it again. You can also register by telephone or at the counter: your place will be the same.
problem-too-many-look-ups-around = Too many look-ups are failing now, many of them through your internet provider. You may have nothing to do with it. Wait { $wait }, then try again, or ask the prefecture.
problem-too-many-look-ups = Too many look-ups from your connection have failed. Wait { $wait }, then try again.
problem-too-many-reference-here = Too many tries with this reference have failed, from your connection. Wait { $wait }, then try again.
problem-too-many-entry = Too much was done with this request. Wait { $wait }, then try again.
problem-too-many-sign-ins = Too many sign-ins from your network have failed, with several logins. Wait { $wait }, then try again.
problem-too-many-login-here = Too many tries with this login have failed, from your connection. Wait { $wait }, then try again.
problem-too-many-login-browser = Too many tries with this login have failed, in this browser. Wait { $wait }, then try again.
problem-too-many-login = Too many tries with this login have failed, from several places. Wait { $wait }, or sign in from a browser that you usually use.
problem-too-many-reference = Too many tries with this reference have failed, from several places. Your connection may have nothing to do with it. Wait { $wait }, then try again.
page-previous = Previous page
page-next = Next page
wait-minutes = { $n } { $n ->
        [one] minute
       *[other] minutes
    }
wait-hours = { $n } hours
problem-too-many-advice = You lose nothing: being quick is of no use. If it is urgent, ask the prefecture.
problem-internal-title = A failure on our side
problem-internal-text = Something did not work on our side. It is not your fault.
problem-internal-advice = Try again in a few minutes. Sending the same form twice does not make two requests.
problem-method-title = Request not understood
problem-method-text = This page does not open in this way.
problem-method-advice = Start from the home page.
problem-too-large-title = Too much was sent
problem-too-large-text = What you sent is too large. Nothing was recorded.
problem-too-large-advice = Send less at a time.
problem-slow-title = Connection too slow
problem-slow-text = Sending took too long. Nothing was recorded.
problem-slow-advice = Try again with a better connection, or ask the prefecture.
problem-unavailable-title = Service interrupted for a moment
problem-unavailable-text = The service can neither read nor store for the moment. What you have just sent may not be stored.
problem-unavailable-advice = Wait a little, then go back and send it again: the same form sent twice does not make two requests.
problem-busy-title = Service very busy
problem-busy-text = The service could not answer in time.
problem-busy-advice = Try again in a few minutes. Sending the same form twice does not make two requests.
