# The pages of managers: slots, rules, draws, priorities.

manage-proposed-by = Proposed by { $login }, { $at }
manage-own = You made this proposal: another person must approve or reject it.
manage-withdraw-own = Withdraw my proposal
manage-reject = Reject
manage-reject-title = Reject a proposal
manage-reject-warning = The proposal has no effect. It can be made again.
manage-reject-reason-hint = Whoever proposed it will read it. From 5 to 300 characters.
manage-proposal-waiting = waits for a second person
manage-proposal-approved = approved by { $login }, { $at }
manage-proposal-rejected = rejected by { $login }, { $at }: { $reason }
manage-proposal-withdrawn = withdrawn by { $login }, { $at }
staff-done-rejetee = The proposal is rejected.
staff-done-retiree = The proposal is withdrawn.

## Slots

manage-slots-title = Slots
manage-week = Week of { $date }
manage-weeks = Change the week
manage-week-before = Week before
manage-week-after = Week after
manage-week-counts = { $all ->
    [0] No slot
    [one] 1 slot
   *[other] { $all } slots
}. Free: { $free }. Given: { $taken }.
manage-day = { $date } ({ $n })
manage-slots-none = No slot on this day.
manage-slot = { $time } ({ $minutes } min) – { $site }, desk { $desk } – { $queue }
manage-slot-withdraw = Withdraw
manage-publish = Publish and close
manage-publish-hint = Everything is published, or nothing. A desk is never in two places, and a slot already published is not doubled.
manage-takes-lead = The draw that takes the slots published now:
manage-takes = { $queue }: the list closed on { $date }, for appointments from { $first } to { $last }.
manage-publish-plan = Publish a timetable
manage-publish-file = Publish a CSV file
manage-publish-button = Publish these slots
manage-field-queue = Queue
manage-field-desk = Desk
manage-field-site = Site
manage-field-day = Day
manage-field-first-day = First day
manage-field-last-day = Last day, included
manage-field-weekdays = Weekdays
manage-field-from = From
manage-field-to = To
manage-field-to-hint = The last slot ends at this time at the latest.
manage-field-every = One start every (minutes)
manage-field-minutes = Length of a slot (minutes)
manage-field-skip-holidays = Leave out public holidays
manage-field-file = CSV file, in UTF-8
manage-file-hint = One line a slot, 20,000 at most. Separator ; , or tab – dates 2027-06-08 or 08/06/2027 – times 09:30. For example:
manage-file-button = Send the file
manage-file-faults-title = The file is not published
manage-file-detail = “{ $detail }”: { $said }
manage-file-faults = { $n ->
    [one] 1 line needs correcting.
   *[other] { $n } lines need correcting.
}
manage-file-nothing = No slot was published. Correct these lines in your spreadsheet, then send the file again.
manage-file-again = Send again
manage-and-more = { $n ->
    [one] … and 1 other.
   *[other] … and { $n } others.
}
manage-unusual-title = Slots to confirm
manage-unusual = { $n ->
    [one] 1 slot falls on a public holiday, on a Sunday or at night.
   *[other] { $n } slots fall on a public holiday, on a Sunday or at night.
}
manage-unusual-slot = { $date }, { $time } – { $site }, desk { $desk }: { $why }
manage-unusual-holiday = public holiday
manage-unusual-sunday = Sunday
manage-unusual-night = before 7:00 or after 20:00
manage-unusual-nothing = Nothing is published yet. Change the dates or the hours, or tick the box.
manage-unusual-confirm = Yes, publish these slots too
manage-line = Line
manage-column = Column
manage-line-reason = What to correct
manage-column-site = site
manage-column-desk = desk
manage-column-date = date
manage-column-time = time
manage-column-minutes = minutes
manage-close-day = Close a site for a day
manage-close-hint = Every slot of that day is withdrawn. The next page says how many people are concerned.
manage-close-button = Continue
manage-close-title = Close a site for a day
manage-close-warning = Slots withdrawn: { $all }. People convoked on that day: { $taken }. They will be told with an apology, and wait with their seniority. They come first in the next draw if a second person approves. This cannot be undone.
manage-close-confirm = Yes, close this day
manage-close-reason-hint = From 5 to 300 characters. For example: power failure.
manage-withdraw-title = Withdraw a slot
manage-withdraw-free = This slot will no longer be offered.
manage-withdraw-taken = Somebody is convoked to this slot. They will be told with an apology, and wait with their seniority. They come first in the next draw if a second person approves. This cannot be undone.
manage-withdraw-confirm = Yes, withdraw this slot
manage-withdraw-reason-hint = From 5 to 300 characters. For example: agent absent.
staff-done-creneaux = { $n ->
    [0] No new slot.
    [one] 1 slot published.
   *[other] { $n } slots published.
} { $m ->
    [0] { "" }
    [one] 1 was already published.
   *[other] { $m } were already published.
}
staff-done-retrait = The slot is withdrawn.
staff-done-fermeture = { $n ->
    [0] The day is closed. No slot is left on it.
    [one] The day is closed. 1 slot is withdrawn.
   *[other] The day is closed. { $n } slots are withdrawn.
}
error-slot-queue = Choose a queue from the list.

## Rules

manage-rules-list-title = Rules of the queues
manage-rules-title = Rules: { $queue }
manage-rules-current = In force: version { $version }
manage-rules-proposal = Proposal: version { $version }
manage-rules-field = Rule
manage-rules-now = Now
manage-rules-then = Proposed
manage-rules-approve = Approve
manage-rules-propose = Propose a new version
manage-rules-history = Every version
manage-rules-version-line = Version { $version }, proposed by { $login }, { $at }: { $became }
manage-rules-form-title = Propose rules: { $queue }
manage-rules-form-intro = Another person will have to approve. The version holds from the next announced draw on; a draw already announced keeps its rules.
manage-rules-reason-hint = Why this change? Whoever approves will read it. From 5 to 300 characters.
manage-rules-submit = Propose these rules
manage-rules-part-order = The order
manage-rules-mode = Way of drawing
manage-rules-weight-step = Weight added for each draw passed
manage-rules-weight-step-hint = For seniority and guarantee.
manage-rules-weight-cap = Greatest weight
manage-rules-weight-cap-hint = From 1 to 32.
manage-rules-guarantee = Draws passed before the guarantee
manage-rules-guarantee-hint = Only for the guarantee mode. Leave empty otherwise.
manage-rules-part-reserves = The reserves
manage-rules-reserves-hint = Seats served first. The public reads the number and how many seats, never the name nor the reason. The name speaks neither of health, nor of violence, nor of protection. Five reserves at most, the first line wins. An empty line does not count.
manage-rules-reserve-row = Reserve { $n }
manage-rules-reserve-name = Neutral name, as agents read it
manage-rules-reserve-label = Number, from 1 to 255
manage-rules-reserve-amount = How much
manage-rules-reserve-unit = Unit
manage-rules-reserve-deadline = A deadline seen by an agent is needed
manage-rules-reserve-seats = { $label }. { $name }: { $amount } seats (deadline seen: { $deadline })
manage-rules-reserve-percent = { $label }. { $name }: { $amount } % of the seats (deadline seen: { $deadline })
manage-rules-choice-seats = seats
manage-rules-choice-percent = % of the seats
manage-rules-part-time = The calendar
manage-rules-timetable = When the list is closed
manage-rules-timetable-hint = Five fields, in local time: minute hour day month weekday. For example, Mondays at 18:00: 0 18 * * MON
manage-rules-lead = Minutes from the list to the draw
manage-rules-lead-hint = From 15 to 10080.
manage-rules-notice = Minimum notice, in days
manage-rules-notice-hint = A slot nearer than this is not offered.
manage-rules-horizon = Horizon, in days
manage-rules-horizon-hint = A slot farther than this waits.
manage-rules-window = Registration before a deadline
manage-rules-window-hint = Leave empty if one may register at any time.
manage-rules-window-opens = Opens so many days before
manage-rules-window-until = Online until so many days before
manage-rules-window-short = { $until ->
    [0] from { $opens } days before until the deadline
   *[other] from { $opens } to { $until } days before
}
manage-rules-part-cost = Giving back, cancelling, missing
manage-publications-title = Publications to confirm
manage-publications-intro = A publication of which no slot suits enough people waits here for a second person to agree. Nothing of it is public before.
manage-publications-none = No publication is waiting.
manage-publications-closed = Decided publications
manage-publication = { $queue }: { $n ->
        [one] 1 slot
       *[other] { $n } slots
    }
manage-publication-few = Of { $waiting } people who wait, { $could ->
        [0] nobody
        [one] 1
       *[other] { $could }
    } could accept the slot that suits most. Ask what these slots are for before you publish them. The draw will say it in public.
staff-done-publication = Nothing is published yet. A second person must confirm these slots.
staff-todo-publications = { $n ->
        [one] publication to confirm
       *[other] publications to confirm
    }
manage-rules-part-slots = The published slots
manage-rules-public-hours = Hours of publication before the list
manage-rules-public-hours-hint = From 0 to 336. A slot published or given back later waits for the next list.
manage-rules-survival = Share of the places for a draw to count, in %
manage-rules-survival-hint = From 0 to 100. Whoever could accept fewer gains no seniority.
manage-rules-few = Share of those who wait, in %
manage-rules-few-hint = From 0 to 100. If no place suits this share, a second person confirms the publication. 0: never.
manage-rules-late-limit = Free to give back until (hours before)
manage-rules-late-limit-hint = At most the minimum notice.
manage-rules-miss = A missed appointment
manage-rules-late-cancel = An appointment given back too late
manage-rules-objection-days = Days to object
manage-rules-objection-days-hint = From 8 to 60. An appointment missed or given back late has no consequence before.
manage-rules-pause-days = Days of pause
manage-rules-pause-days-hint = From 1 to 365, only for a pause.
manage-rules-choice-pause = Pause, seniority lost
manage-rules-choice-close = The entry is closed
manage-rules-part-who = Who
manage-rules-scope = One entry a person and procedure
manage-rules-scope-installation = in all prefectures of this service
manage-rules-scope-prefecture = in this prefecture
manage-rules-admit = Identities that are only declared count in the draws
manage-rules-admit-hint = Otherwise only verified identities count.
manage-rules-identity-days = Days to have one's identity verified
manage-rules-identity-days-hint = From 7 to 365. Then the entry is closed.
manage-rules-retention-days = Days until the data are erased
manage-rules-retention-days-hint = From 30 to 1825, counted from the end of the entry. Then nobody can read the name or the contacts any more.
error-rules-number = Write a whole number here.
error-rules-choice = Choose an answer from the list.
staff-done-regles-proposees = The proposal is recorded. Another person must approve it.
staff-done-regles-approuvees = The rules are approved. They hold from the next announced draw on.

## Draws

manage-draws-title = Draws
manage-draws-intro = A draw is annulled only for a fault, with a public reason, and with the agreement of two people.
manage-draws-none = No draw.
manage-draw-title = Draw no. { $number }
manage-draw-drawn = Drawn { $at }
manage-draw-freezes = List closed { $at }
manage-draw-counts = { $entries } entries, { $slots } slots, { $won } convocations
manage-draw-proposed = Annulment proposed by { $login }: { $reason }
manage-draw-late = The chance of this draw, due on { $due }, has not arrived. The draw waits. If it is still missing on { $until }, it will be annulled. Tell the technical team: can the relays of the drand network be reached?
manage-draw-annulled = Public reason: { $reason }
manage-draw-annul = Propose the annulment
manage-draw-approve = Approve the annulment
manage-draw-not-annulled = Annulment proposed (“{ $reason }”), { $became }
manage-annul-approve-title = Approve the annulment of a draw
manage-annul-approve-warning = { $n ->
    [0] No appointment to come is cancelled.
    [one] One appointment to come is cancelled: the person is told with an apology, and comes first in the next draw.
   *[other] { $n } appointments to come are cancelled: everybody concerned is told with an apology, and comes first in the next draw.
} { $unsurvived ->
    [0] This draw had added to nobody's seniority.
    [one] One person loses the seniority that this draw had given.
   *[other] { $unsurvived } people lose the seniority that this draw had given.
} The draw stays public, with the reason. This cannot be undone.
manage-annul-title = Propose the annulment of a draw
manage-annul-warning = If a second person approves, the appointments to come of this draw are cancelled; everybody concerned is told with an apology and comes first in the next draw. The draw stays public, with the reason. This cannot be undone.
manage-annul-confirm = Propose the annulment
manage-annul-reason-hint = Public: everybody will read it. From 5 to 300 characters, without any name.
staff-done-annulation-proposee = The annulment is proposed. A second person must approve it.
staff-done-annulation = The draw is annulled.

## Priorities

manage-priorities-title = Priorities and reserves to approve
manage-priorities-intro = A priority lets an entry pass before others, and a reserve opens kept seats to it. It takes two people and a reason.
manage-priorities-none = No priority or reserve waits.
manage-priority = Priority
manage-reserve = Reserve: { $name }
manage-priorities-closed = Rejected or withdrawn
manage-priority-approve = Approve
manage-compensations-title = First places to approve
manage-compensations-intro = The prefecture took appointments back. The people are told and wait with their seniority. They come first in the next draw if a second person approves. A list closed before does not change.
manage-compensations-none = No first place waits.
manage-compensation-people = { $n ->
    [one] One person
   *[other] { $n } people
}
manage-compensation-age = { $n ->
    [0] Since today
    [one] For one day
   *[other] For { $n } days
}
manage-compensation-approve = Approve the first place
manage-compensation-all = See everybody
staff-done-passage = { $n ->
    [0] Approved. Nobody was waiting any more.
    [one] One person comes first in the next draw.
   *[other] { $n } people come first in the next draw.
}
manage-moves-title = Changes of queue to approve
manage-moves-intro = A change of queue carries the day of registration into another procedure. It needs two people. Until then, the entry stays in its queue.
manage-moves-none = No change of queue waits.
manage-move-queues = From “{ $from }” to “{ $to }”
staff-done-priorite = The priority is granted.

## Alarms

alarm-since = Since { $since }.
alarm-writes-fail = The database stores nothing any more ({ $detail }). Pages can still be read, but nobody can register or change anything. Check the database server, its permissions, and the room on its disk.
alarm-draw-late = The draw { $subject } is late: its list is not frozen, or its randomness has not come. Check that a process with the role worker or all runs, and that the relays of the beacon answer.
alarm-job-silent = The job “{ $subject }” ends no run. Check that a process with the role worker or all runs; restart it, and keep its log.
alarm-job-failing = The job “{ $subject }” fails ({ $detail }). It is tried again by itself. If this goes on, read the log of the program.
alarm-gateway = The gateway of messages ({ $subject }) takes none ({ $detail }). They wait for a day at most, then go by the next way.
alarm-register-down = The register of numbers gives no answer that can be used ({ $detail }). Requests keep their date, and it will be asked again. Call the service that keeps it.
alarm-budget-spent = The day's budget of SMS is spent ({ $detail } SMS). Other messages wait, or go by letter. Raise daily_budget if these SMS are wanted.
alarm-outbox-late = Messages are due and do not leave (how many: { $detail }). Check the job “outbox” and the gateway.
alarm-log-tail = Rows wait for their place in the public log (how many: { $detail }). Check the job “log”.
alarm-disk-full = Little room is left on the disk of { $subject } ({ $detail } MiB). Make room before nothing can be stored any more.
alarm-certificate = The certificate of { $subject } needs care ({ $detail }). Renew it.
alarm-witness-contradicts = The witness { $subject } holds another history of the log. Change nothing, call its keepers, and compare.
alarm-witness-silent = The witness { $subject } has not acknowledged the log for long (rows missing: { $detail }). Call its keepers.
alarm-unusual-reading = An account ({ $subject }) has opened { $detail } files in 24 hours. See the page Readings, and ask why.
alarm-review-late = { $detail } requests for a review have waited for an answer for more than a month. The law gives a month. See the page Requests for a review.

# Who reads files
manage-readings-title = Who has opened which files
manage-readings-intro = Each opening of a file is recorded: who, when and why. The person sees it too, without the agent's name.
manage-readings-unusual = { $login } has opened { $n } files in 24 hours. That is more than usual: ask why.
manage-readings-show = Show their readings
manage-readings-all = Show all readings
manage-readings-none = No readings.
manage-readings-entry = Request
manage-readings-by = By
manage-readings-purpose = For
manage-readings-when = { $n ->
    [one] { $last }
   *[other] { $n } times, from { $first } to { $last }
 }

# Accounts
manage-accounts-title = Accounts
manage-accounts-intro = Everybody chooses their own password, by a link sent to their phone. You see neither the link nor the password.
manage-account-invite = Invite somebody
manage-account-invite-lead = An account can be used once its owner has chosen a password and a second person has confirmed it.
manage-account-full-name = First and last name
manage-account-login-hint = For example: first.last
manage-account-phone = Mobile phone
manage-account-phone-hint = The person's own. The link is sent there by SMS.
manage-account-role = Role
manage-account-prefecture = Prefecture
manage-account-also-reads = For auditors: other prefectures to read
manage-account-reads = Also reads the entries of: { $prefectures }.
manage-account-sites = Sites where the person works
manage-account-invite-button = Send the invitation
manage-account-confirm = Confirm this account
manage-account-send = Send a new link
manage-account-ask-reset = Ask to take the second factor away
manage-account-reset = Take the second factor away
manage-account-disable = Disable
manage-account-enable = Enable again
manage-account-to-confirm = Invited by { $login }. Another person must confirm this account.
manage-account-reset-asked = { $login } asks to take the second factor away. Another person must do it.
manage-account-factor = second factor set up
manage-account-no-factor = no second factor
manage-account-proconnect = ProConnect identity linked
manage-account-unlink = Take the ProConnect identity away
manage-account-link-sent = The link has left by SMS, to the number that ends in { $end }. It is good once, until { $until }.
manage-account-link-trial = Trial version: SMS do not leave. Here is the link:

## What a proposal would do, in figures

manage-effect-title = What it changes for those who wait
manage-effect-who = Who
manage-effect-count = { $n }
manage-effect-listed = People in a list made now
manage-effect-newcomer = Come before somebody registered today
manage-effect-newcomer-chance = Chance of a place for somebody registered today, with as many places as in the last draw
manage-effect-oldest-chance = The same chance, after the largest number of draws passed without a place
manage-effect-others = { $n ->
    [0] A list made now holds nobody else.
    [one] A list made now holds one other person.
   *[other] A list made now holds { $n } other people.
}
manage-effect-now = Today: { $before } before this request, { $beside } of the same rank{ $has-chance ->
    [yes] , { $chance } chance of a place
   *[no] {""}
}.
manage-effect-then = After approval: { $before } before it, { $beside } of the same rank{ $has-chance ->
    [yes] , { $chance } chance
   *[no] {""}
}.
manage-effect-unlisted = This request is in no list today: paused, identity to be verified, or an appointment given.
manage-effect-of-chances = Chances with as many places as in the last draw.
manage-effect-from = In “{ $queue }”.
manage-effect-to = In “{ $queue }”, a list made now holds { $n ->
    [0] nobody
    [one] one person
   *[other] { $n } people
}.
manage-effect-reserve = Reserved seats: among the people of a list made now ({ $waiting }), { $n ->
    [0] nobody has a right to them yet
    [one] one person has a right to them already
   *[other] { $n } have a right to them already
}.
manage-effect-compensation = After approval, they come first. { $n ->
    [0] Nobody else waits in the same queue.
    [one] One other person waits in the same queue.
   *[other] { $n } other people wait in the same queues.
}
