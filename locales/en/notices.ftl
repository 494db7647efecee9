# SMS, letters and e-mails. The values come from src/flow/texts.rs.
# An SMS fits one message (160 GSM characters) and names no person, procedure or nationality:
# phones are shared.

## SMS

sms-receipt = Your request { $reference } is registered. Keep this reference. Nothing to pay, nothing to redo. Follow it: { $url }
sms-identity-wanted = Request { $reference } is registered. Please show an identity document at the counter. It is free. Follow it: { $url }
sms-identity-warning = Request { $reference } will be closed unless you show an identity document at the counter. It is free. { $url }
sms-convocation = Request { $reference }: appointment on { $date } at { $time }. { $site }. Details: { $url }
sms-reissued = Request { $reference }: name corrected, same appointment on { $date } at { $time }. The former convocation is void: { $url }
sms-reminder = Reminder { $reference }: appointment on { $date } at { $time }. { $site }. Details: { $url }
sms-cancellation =
    { $penalty-state ->
        [announced] Request { $reference }: the appointment of { $date } at { $time } is cancelled. What follows; object before { $effect }: { $url }
       *[other] Request { $reference }: the appointment of { $date } at { $time } is cancelled. What it changes and how to object: { $url }
    }
sms-missed =
    { $penalty-state ->
        [announced] Request { $reference }: appointment of { $date } at { $time } missed. What follows; object before { $effect }: { $url }
       *[other] Request { $reference }: appointment of { $date } at { $time } missed. What it changes and how to object: { $url }
    }
sms-incomplete = Request { $reference }: file incomplete on { $date } at { $time }. You lose nothing. What was missing, and what follows: { $url }
sms-penalty-upheld = Request { $reference }: your objection is not accepted. Why, and what you can do: { $url }
sms-penalty-lifted = Request { $reference }: your objection is accepted, nothing is lost. Details: { $url }
sms-review-answered = Request { $reference }: an agent has answered your request for a review. Answer: { $url }
sms-apology =
    { $outcome ->
        [convoked] Request { $reference }: the prefecture cancelled the appointment of { $date } at { $time }. Sorry. Your new one stands. { $url }
        [first] Request { $reference }: the prefecture cancelled the appointment of { $date } at { $time }. Sorry. You then go first. { $url }
       *[other] Request { $reference }: the prefecture cancelled the appointment of { $date } at { $time }. Sorry. Your seniority stays. { $url }
    }
sms-withdrawal = Request { $reference } is withdrawn. If it was not you, tell the prefecture quickly. { $url }
sms-moved = Request { $reference } is now in another queue. Its date and its seniority stay. { $url }
sms-changed = Request { $reference } was changed (name, dates, pause, deadline or turn). If you did not wish it, call the prefecture. { $url }
sms-closure = Request { $reference } is closed. Why, and how to object: { $url }

## Subjects

subject-receipt = Request { $reference }: it is registered
subject-identity-wanted = Request { $reference }: it is registered, your identity is still to be verified
subject-identity-warning = Request { $reference }: it will be closed if your identity is not verified
subject-convocation = Request { $reference }: your appointment
subject-reissued = Request { $reference }: your convocation in the corrected name
subject-reminder = Request { $reference }: reminder of your appointment
subject-cancellation = Request { $reference }: your appointment is cancelled
subject-missed = Request { $reference }: you missed your appointment
subject-incomplete = Request { $reference }: something was missing from your file
subject-penalty-upheld = Request { $reference }: answer to your objection
subject-penalty-lifted = Request { $reference }: answer to your objection
subject-review-answered = Request { $reference }: answer to your request for a review
subject-apology = Request { $reference }: the prefecture cancelled your appointment
subject-withdrawal = Request { $reference }: it is withdrawn
subject-moved = Request { $reference }: it is in another queue
subject-changed = Request { $reference }: it was changed
subject-closure = Request { $reference }: it is closed

## What letters have in common

letter-head =
    { $name }
    Request { $reference }
    Queue: { $queue }
    Registered: { $registered }

letter-follow =
    To see your request, with the reference { $reference } and your birth date: { $url }

letter-ended =
    Copy of an old letter. This appointment is no longer valid: do not come with this sheet.

letter-object =
    You can contest this decision with the prefecture, by letter or at the counter. It is free. A person will read your file again and answer you.

letter-foot =
    { letter-follow }

    Without a computer: { $help }

    Everything is free of charge. No place can be sold or bought. If somebody asks you for money, do not pay, and tell the prefecture.

    { $prefecture }

letter-next = Next draw: { $at }.

letter-new =
    You have a new appointment: on { $new-date } at { $new-time }, { $new-site }. It stands: come to that one.

letter-proof =
    This letter proves that you have been waiting since the date of registration written above. Keep it. It is not a “récépissé”. It gives no right to stay in France or to work.

## Letters and e-mails

letter-receipt =
    { letter-head }

    Your request is registered. It is dated.

    Appointments are given by draw. Logging in faster or more often changes nothing. { $next }

    { $situation }

    When you have an appointment, we will write to you with the date, the time and the address.

    { letter-proof }

    { letter-foot }

letter-identity-wanted =
    { letter-head }

    Your request is registered. It is dated. But we have not been able to verify who you are yet.

    What you must do: show an identity document to an agent of the prefecture. A passport, a consular card, a birth certificate or a residence permit is enough, even an expired one. It is free. Your request keeps its date of registration.

    You have { $days } days from the receipt of this letter. A letter posted counts as received five days later. Otherwise your request will be closed. We will warn you twice before.

    { letter-proof }

    { letter-foot }

letter-identity-warning =
    { letter-head }

    Nobody has been able to verify who you are yet. Without this, your request will be closed on { $closes }, or later: never less than three days after you receive this notice. A letter posted counts as received five days later.

    What you must do: show an identity document to an agent of the prefecture. A passport, a consular card, a birth certificate or a residence permit is enough, even an expired one. It is free. Your request keeps its date of registration.

    If you cannot travel, or if you have no document at all, tell the prefecture before that date. It will look for a solution with you.

    { letter-foot }

letter-appointment =
    { $date } at { $time }
    { $site }
    { $address }
    Desk { $desk }

    This convocation is in the name of this person: { $name }. It is personal: it can be neither given nor sold. An agent will check at the counter that it is you. { $again ->
        [yes] It was issued again on { $issued }, in the corrected name (version { $issue }). Former versions are void.
       *[no] It was issued on { $issued }.
    }

    Bring this letter or the reference { $reference }, and an identity document: the one that you named when registering, if you still have it.

    If you cannot come, give this appointment back as early as possible at { $url }, or let the prefecture give it back for you. You give it back in time until { $free }, and in any case for 24 hours after you receive this convocation. A letter posted counts as received five days later. { $seniority ->
        [lost] If you give it back in time, your request keeps waiting, but its seniority starts again from zero: it is not the first time.
       *[kept] If you give it back in time, your request keeps waiting and keeps its seniority, this time.
    } The place goes to a later draw, never to a chosen person.

    If you do not come and do not tell us, the rules of the queue apply: a pause, or the closing of the request.

    This appointment comes from a draw made by a computer, by public rules. You can ask for these rules, and ask that a person looks at your situation.

letter-convocation =
    { letter-head }

    You have an appointment.

    { letter-appointment }

    { letter-foot }

letter-reissued =
    { letter-head }

    Your convocation is issued again, in the corrected name. The appointment does not change: same day, same time, same place. The convocations that you had received are void: do not bring them.

    { letter-appointment }

    { letter-foot }

letter-reminder =
    { letter-head }

    We remind you of your appointment.

    { $date } at { $time }
    { $site }
    { $address }
    Desk { $desk }

    Bring your convocation or the reference { $reference }, and an identity document.

    If you cannot come, give this appointment back now at { $url }, or tell the prefecture. A missed appointment can close your request.

    { letter-foot }

letter-cancellation =
    { letter-head }

    Your appointment of { $date } at { $time } ({ $site }) is cancelled: it was given back by you, or for you.

    { $outcome ->
        [waiting] { $penalty-state ->
            [none] It was given back in time. Your request waits again, with its date of registration. { $seniority ->
                [lost] It was not the first time: seniority starts again from zero.
               *[kept] It keeps its seniority.
            }
           *[other] Your request waits again, with its date of registration.
        } { $situation } { $next }
        [convoked] { letter-new }
        [closed] Your request is closed. You can register again. It will be a new request, with a new date.
       *[other] The page of your request says what this changes. The prefecture can tell you too.
    }

    { $penalty }

    If you had a good reason, such as a stay in hospital, say so. { letter-object }

    { letter-foot }

letter-missed =
    { letter-head }

    You missed your appointment of { $date } at { $time } ({ $site }), and it had not been given back.

    { $outcome ->
        [waiting] Your request waits again, with its date of registration. { $situation } { $next }
        [convoked] { letter-new }
        [closed] Your request is closed. You can register again. It will be a new request, with a new date.
       *[other] The page of your request says what this changes. The prefecture can tell you too.
    }

    { $penalty }

    If you were there, or if you had a good reason, such as a stay in hospital, say so. { letter-object }

    { letter-foot }

letter-incomplete =
    { letter-head }

    You came to the appointment of { $date } at { $time } ({ $site }), but your file was not complete. What was missing: “{ $missing }”.

    { $outcome ->
        [convoked] { letter-new }
        [closed] Your request is closed. The prefecture can tell you why.
        [other] The page of your request says where it stands. The prefecture can tell you too.
       *[waiting] You lose nothing: your request waits again, with its date of registration and its seniority. { $situation } { $next }
    }

    Get what was missing, and bring it to the next appointment. If you think that your file was complete, say so. { letter-object }

    { letter-foot }

letter-apology =
    { letter-head }

    { $told ->
        [no] The convocation to your appointment of { $date } at { $time } ({ $site }) did not reach you in time. Your absence does not count: this appointment is cancelled by the prefecture. It is not your fault. We apologise.
       *[yes] The prefecture cancelled your appointment of { $date } at { $time } ({ $site }). It is not your fault. We apologise. Do not come to this appointment: nobody could receive you.
    }

    { $outcome ->
        [convoked] { letter-new }
        [first] Your request waits again. It keeps its date of registration and its seniority. In the next draw in which it is listed and an appointment suits you, it comes before the others. { $situation } { $next }
        [closed] Your request is closed. The prefecture can tell you why.
        [other] The page of your request says where it stands. The prefecture can tell you too.
       *[waiting] Your request waits again. It keeps its date of registration and its seniority. { $situation } { $next }
    }

    If this cancellation does you harm, for instance if your residence permit expires, tell the prefecture. { letter-object }

    { letter-proof }

    { letter-foot }

letter-withdrawal =
    { letter-head }

    Your request is withdrawn, by you or for you. It no longer counts in the draws. If you had an appointment, it is cancelled.

    { $penalty }

    If you did not want this, tell the prefecture quickly. { letter-object }

    You can register again whenever you want. It will be a new request, with a new date.

    { letter-foot }

letter-penalty-upheld =
    { letter-head }

    You objected to the consequence of an appointment. An agent, other than the one who noted the absence, has looked at your file again. Your objection is not accepted.

    { $penalty }

    { letter-object }

    { letter-foot }

letter-review-answered =
    { letter-head }

    You asked that a person looks at your request. An agent has read it again and answers:

    { $answer }

    { letter-object }

    { letter-foot }

letter-penalty-lifted =
    { letter-head }

    You objected to the consequence of an appointment. An agent, other than the one who noted the absence, has looked at your file again. Your objection is accepted: you lose nothing.

    { $penalty }

    { letter-foot }

## What an appointment missed or given back late costs (letters and pages)

penalty-reason-missed = The appointment of { $date } at { $time } ({ $site }) was missed, and it had not been given back.
penalty-reason-late-return = The appointment of { $date } at { $time } ({ $site }) was given back too late to go to somebody else in time.
penalty-reason-late-withdrawal = The request was withdrawn too late for its appointment of { $date } at { $time } ({ $site }) to go to somebody else in time.
penalty-cost-pause = By the rules of the queue, the request stands in no draw for { $days } { $days ->
        [one] day
       *[other] days
    }, and its seniority starts again from zero. A new request of the same person changes nothing. { $withdrawn ->
       *[no] The date of registration stays.
        [yes] A new request has its own date.
    }
penalty-cost-close = By the rules of the queue, the request is closed. Registering again is possible then.
penalty-state-announced = This takes effect only on { $effect }. Nothing changes until then.
penalty-state-objected = An objection is recorded. Nothing changes until an agent, other than the one who noted the absence, has decided.
penalty-state-upheld = The objection was not accepted. This takes effect on { $effect }.
penalty-state-in-force = This took effect on { $effect }.
penalty-state-lifted = The objection is accepted: nothing is lost.
penalty-ruling = Reason of the decision: { $ruling }
penalty-how = You can object before that date: on the page of your request, by telephone, by letter or at the counter. Say what happened. It is free. An objection halts everything until an agent has decided.
penalty-law = You can be helped by the person of your choice. It is your right: articles L. 121-1 and L. 122-1 of the code of relations between the public and the administration.

letter-changed =
    { letter-head }

    Your request was changed, by an agent of the prefecture or on your page online: your name or birth date, your possible dates, a pause, a deadline, your turn, the person who helps you, or an objection noted for you. Your date of registration and your seniority stay.

    You can see what is recorded at { $url }, or by calling the prefecture. If you did not ask for it, or if it is a mistake, say so soon: it is corrected at no cost. { letter-object }

    { letter-foot }

letter-moved =
    { letter-head }

    Your request is now in the queue “{ $queue }”. It is the one for your procedure.

    It keeps its reference, its date of registration and its seniority. If you had an appointment in the other queue, it is over.

    { $situation } { $next }

    Check that your availability is still right. If this queue is not the right one, tell the prefecture. { letter-object }

    { letter-foot }

letter-closure =
    { letter-head }

    Your request is closed. It no longer counts in the draws.

    { $reason ->
        [identity] The reason: your identity was not confirmed. Nobody could verify it in time, or the person who came to the counter was not the one named on the convocation.
        [duplicate] The reason: you already have another request for the same procedure. That one counts, with its date.
       *[other] The page of your request says why. The prefecture can tell you too.
    }

    { letter-object }

    If you have no other request, you can register again. It will be a new request, with a new date.

    { letter-foot }
