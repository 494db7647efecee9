# Where a person stands: one sentence as headline, one that says why, one thing to do. The status page, the
# receipt, letters and the agent's page say these same sentences. The values come from
# src/flow/told/words.rs.

## Ended

situation-served-headline = Your request has ended
situation-served-why = You came to the appointment.
situation-withdrawn-headline = Your request is withdrawn
situation-withdrawn-why = It has not stood in the queue since { $ended }.
situation-closed-identity-headline = Your request is closed
situation-closed-identity-why = Your identity could not be verified.
situation-closed-missed-headline = Your request is closed
situation-closed-missed-why = You did not come to the appointment.
situation-closed-late-cancel-headline = Your request is closed
situation-closed-late-cancel-why = You gave the appointment back too late.
situation-closed-duplicate-headline = This request is closed, the other goes on
situation-closed-duplicate-why = You had two requests for the same procedure.
situation-closed-headline = Your request is closed
situation-closed-why = The prefecture can tell you why.

## Appointment

situation-appointment-headline = You have an appointment
situation-appointment-why = It is on { $at }, { $site }.
situation-appointment-today-headline = You have an appointment today
situation-appointment-today-why = It is on { $at }, { $site }.
situation-appointment-over-headline = The time of your appointment is past
situation-appointment-over-why = It was on { $at }. The prefecture has not yet recorded whether you were there.
situation-received-headline = You have been received
situation-received-why = The prefecture has noted it. It becomes final on { $settles }.
situation-noted-absent-headline = The prefecture has noted that you were not at the appointment
situation-noted-absent-why = It was on { $at }. Until { $settles } this can be corrected, and nothing is lost.
situation-noted-incomplete-headline = The prefecture noted that your file was not complete
situation-noted-incomplete-why = What was missing: “{ $missing }”. Until { $settles }, this can be corrected. You lose nothing.
situation-noted-wrong-counter-headline = You came to the wrong counter
situation-noted-wrong-counter-why = The prefecture has noted it. Until { $settles }, this can be corrected. Then your request waits again, with its date and its seniority. You lose nothing.
situation-noted-not-the-person-headline = The prefecture has noted that it was not you who came
situation-noted-not-the-person-why = The appointment was on { $at }. Until { $settles }, this can be corrected. Then the request will be closed.

## Draw under way

situation-in-draw-headline = The list is closed and you are in it
situation-in-draw-why = The draw is planned for { $draw }. If you have a place, you will receive a convocation.
situation-in-draw-without-slot-headline = The list is closed, but none of its places suits you
situation-in-draw-without-slot-why = The draw planned for { $draw } cannot give you an appointment: no place is on the days and at the sites where you can come, counting the time it takes to tell you.

## Out of the draws

situation-identity-headline = Your identity must still be verified
situation-identity-why = Your request keeps its date, but it stands in no draw until then. { $term ->
        [letter] The time to have it verified begins when our letter is handed to you, or five days after it is posted.
       *[runs] If nobody has verified it by { $closes }, the request will be closed.
    }
situation-paused-headline = Your request is paused
situation-paused-why = It stands in no new list. It keeps its date and its seniority.
situation-suspended-headline = Your request is out of the draws until { $until }
situation-suspended-why = An appointment was missed or given back too late, and seniority has started again from zero. After that, the request returns to the draws by itself.

## What prevents or endangers an appointment

situation-no-slot-fits-headline = No time slot matches the times you can come
situation-no-slot-fits-why = The slots of this queue are never on the days and at the sites where you can come. No draw can give you an appointment.
situation-deadline-passed-headline = Your deadline is past
situation-deadline-passed-why = It was { $deadline }. { $convoked ->
        [yes] Your appointment comes after it.
       *[no] Waiting for a draw may not be enough.
    }
situation-deadline-too-soon-headline = Your deadline comes before the appointment
situation-deadline-too-soon-why = It is { $deadline }. { $convoked ->
        [yes] Your appointment is after that date.
       *[no] Even the next draw would give an appointment after that date.
    }
situation-penalty-announced-headline = An appointment missed or given back late will have a consequence on { $effect }
situation-penalty-announced-why = Nothing changes until then. The page of your request says why, and how to object.
situation-penalty-objected-headline = Your objection is being looked at
situation-penalty-objected-why = Nothing changes until an agent has decided.
situation-penalty-upheld-headline = Your objection was not accepted
situation-penalty-upheld-why = The consequence of the appointment missed or given back late takes effect on { $effect }.
situation-away-headline = You cannot come on the days of the next draw
situation-away-why = That draw gives only appointments that are near, and none of them falls when you can come. The draws after it will give others.
situation-letters-too-slow-headline = A letter would come too late for the next draw
situation-letters-too-slow-why = Its appointments that suit you come before { $first }, the first day possible when the convocation is a letter. With a mobile phone or an e-mail address, they would be open to you.
situation-proof-wanted-headline = The proof of your deadline is still to be shown
situation-proof-wanted-why = You are considered for the reserved places only once an agent has seen the deadline.
situation-file-incomplete-headline = Something was missing from your file
situation-file-incomplete-why = At your last appointment, this was missing: “{ $missing }”. Your request keeps its date and its seniority.
situation-letters-only-headline = Your convocations are letters
situation-letters-only-why = No SMS or e-mail reaches you: the prefecture hands its letters over at the desk or posts them. A letter posted counts as received five days later. { $has-first ->
        [yes] So the next draw gives you no appointment before { $first }.
       *[no] So a draw gives you no appointment that is nearer.
    }
register-due-headline = We are still checking your number
register-due-why = The register of numbers did not answer. We are asking it again. Your request keeps its date. If your number is in it, you will have no document to show before the appointment.

situation-identity-meanwhile-headline = Your identity must still be verified
situation-identity-meanwhile-why = Meanwhile your request stands in the draws. { $term ->
        [letter] The time to have it verified begins when our letter is handed to you, or five days after it is posted.
       *[runs] If nobody has verified it by { $closes }, it will be closed.
    }

## What has just happened

situation-displaced-headline = The prefecture took an appointment back from you
situation-displaced-why = It cancelled it, or did not let you know in time. You go first in the next draw in which a place suits you.
situation-taken-back-headline = The prefecture took an appointment back from you
situation-taken-back-why = It cancelled it, or did not let you know in time. Your request waits again, with its date of registration and its seniority.
situation-missed-headline = You are in the queue again
situation-missed-why = You missed an appointment.
situation-returned-headline = Your appointment is given back
situation-returned-why = Your request is in the queue again.
situation-moved-headline = Your request has changed queue
situation-moved-why = It now stands in the queue “{ $queue }”. Its date and its seniority stay.

## In the queue

situation-no-draw-headline = You are in the queue, but no draw is planned
situation-no-draw-why = The prefecture has not set a date yet.
situation-no-slots-headline = You are in the queue, but no appointment is published yet
situation-no-slots-why = A draw can only give out the appointments that the prefecture publishes before it.
situation-unpublished-headline = You are in the queue, but no published slot suits you yet
situation-unpublished-why = Usually there are some at the times you can come. The next list closes on { $list }.
situation-waiting-headline = You are in the queue
situation-waiting-why = Published slots suit you. You will stand in the next list, which closes on { $list }.

## The thing to do

situation-do-nothing = You have nothing to do.
situation-do-say-if-not-you = If it was not you who withdrew it, tell the prefecture quickly.
situation-do-register-or-object = Register again, or object at the prefecture.
situation-do-object = If you had a good reason, tell the prefecture: a person will look at your file again. You can also register again.
situation-do-prepare = Write the date down. Bring an identity document and your reference.
situation-do-come = Come on time, with an identity document and your reference.
situation-do-say-if-not-received = If you were not received, tell the prefecture.
situation-do-say-if-present = If you were there, tell an agent at once.
situation-do-object-in-time = If you had a good reason, object before that date.
situation-do-show-identity = Show an identity document to an agent: passport, consular card, birth certificate or residence permit, even expired. It is free. You need neither a computer nor an appointment.
situation-do-resume = Resume your request to stand in the draws.
situation-do-give-reason = If you had a good reason, tell the prefecture.
situation-do-widen-availability = Change the times you can come: add days, half-days or sites.
situation-do-ask-prefecture = Contact the prefecture without delay: an agent can look at your situation.
situation-do-bring-missing = Get what was missing, and bring it to the next appointment.
situation-do-show-proof = Show that proof to an agent.
situation-do-ask-at-desk = After each draw, look at the page of your request or ask for your letters at the desk.

## Your chances

chances-title = Your chances
chances-survived = { $n ->
        [one] 1 draw without a place counts for you.
       *[other] { $n } draws without a place count for you.
    }
chances-weight = Your weight is { $weight }, of { $most } at most: each draw without getting a place increases it, if it counts for you.
chances-to-guarantee = { $n ->
        [one] 1 more draw without getting a place, and you go before those who have waited less.
       *[other] { $n } more draws without getting a place, and you go before those who have waited less.
    }
chances-guaranteed = You go before those who have waited less.
chances-odds = In the next draw, your odds are about { $odds }, if there are as many places and requests as last time. This figure leaves aside the days on which each person can come.
chances-others-first = In the next draw, if it is like the last one, all places would go to people who come first.
chances-no-draw = No draw yet under these rules: we cannot say your odds yet.
chances-no-seat = The last draw had no place: we cannot say your odds.
