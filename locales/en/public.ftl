# The pages that anybody can read: prefectures, queues, draws, help, rights.

home-title = Choose your prefecture
home-lead = Register once. The prefecture gives you a date.
home-none = No prefecture is open here yet.

principles-title = How it works
principle-register = You register once, whenever you like. You receive a dated proof at once.
principle-draw = On fixed dates, the prefecture closes the list and a draw gives out the appointments, by public rules.
principle-convocation = If you have an appointment, you receive a convocation in your name. If not, you stay in the list for the next draw.

prefecture-lead = Choose your procedure. You register once, and the prefecture gives you a date.
prefecture-queues = Procedures
prefecture-no-queue = No procedure is open yet.
register-action = Register
help-without-computer = Without a computer
sites-title = Places of appointment

queue-figures-title = At present
queue-waiting = people waiting
queue-free-slots = free slots for the next draws
queue-awaiting-identity = requests with an unverified identity
queue-lapsed-slots = slots lost, too late to tell anybody
queue-recent = In the last four weeks: { $seats } { $seats ->
        [one] appointment
       *[other] appointments
    } given in { $draws } { $draws ->
        [one] draw
       *[other] draws
    }.
next-draws-title = Next draws
next-draws-lead = The list is closed on these dates. The draw follows.
next-draws-if-verified = As soon as your identity is verified, you stand in the next of these lists.
next-draws-none = No draw is announced at present.
queue-under-way = Under way:
queue-offers-title = The published places
queue-offers-next = In the list closed on { $date }: { $n ->
        [0] no place
        [one] 1 place
       *[other] { $n } places
    }
queue-offers-none = No place is published yet for the next list.
queue-offers-later = For a later list: { $n ->
        [0] no place
        [one] 1 place
       *[other] { $n } places
    }
queue-offer-line = { $date }, { $half } – { $site }: { $n ->
        [0] no place
        [one] 1 place
       *[other] { $n } places
    }
offer-half-morning = in the morning
offer-half-afternoon = in the afternoon
queue-rules-title = The rules
queue-rules-version = Version { $version }. A rule changes only from the next announced draw on, and two people must agree.
past-draws-title = Past draws
past-draws-none = There has been no draw yet.
column-draw = Draw
column-date = Date
column-state = State
column-entries = Requests
column-slots = Places
column-winners = Appointments given
queue-log-title = The log
queue-log-text = Everything that the service does is written in a log that cannot be rewritten unseen. Lines in place: { $size }. Waiting for their place: { $tail }.
queue-log-root = Fingerprint of the log:

draw-state-announced = Announced
draw-state-frozen = List closed
draw-state-seeded = Chance known
draw-state-drawn = Computed
draw-state-published = Published
draw-state-annulled = Annulled
draw-rules-version = Rules: version { $version }.
draw-steps-title = The steps
draw-planned = planned
draw-step-announced = Announcement
draw-step-frozen = Closing of the list
draw-step-seeded = Chance known
draw-step-drawn = Computation
draw-step-published = Publication
draw-step-annulled = Annulment
draw-counts-title = The figures
draw-count-entries = Requests in the list
draw-count-slots = Places offered
draw-count-winners = Appointments given
draw-count-tier-0 = Go first: the prefecture had taken an appointment back
draw-count-tier-1 = Priority, with the agreement of two agents
draw-count-tier-2 = Place guaranteed after several draws
draw-count-tier-3 = In their ordinary turn
draw-count-narrow = Places that few people could accept
draw-narrow = { $seats ->
        [one] 1 place; { $could ->
            [0] nobody of { $listed } could accept it
            [one] 1 person of { $listed } could accept it
           *[other] { $could } people of { $listed } could accept it
        }
       *[other] { $seats } places; { $could ->
            [0] nobody of { $listed } could accept them
            [one] 1 person of { $listed } could accept them
           *[other] { $could } people of { $listed } could accept them
        }
    }
draw-count-no-class = Requests that no place suited
draw-count-awaiting-identity = Not listed: identity not verified
draw-count-paused = Not listed: paused at their own wish
draw-count-suspended = Not listed: paused after a missed or late-cancelled appointment
draw-check-title = Check this draw
draw-check-text = The list holds no name. Anybody can compute again and find the same outcome.
draw-freeze-hash = Fingerprint of the closed list
draw-opening = Chance
draw-signature = Signature of the round, which chance comes from
draw-outcome-hash = Fingerprint of the outcome
draw-list-link = The closed list (JSON)
draw-bundle-link = The whole bundle (JSON)
draw-check-how = To check the bundle:
draw-nothing-yet = The list is not closed yet.
draw-annulled-text = This draw was annulled on { $date }. Reason: { $reason }
draw-annulled-effect = It counts for nobody: everybody's wait goes on as if it had not taken place.
draw-late = The chance of this draw is late. It was due on { $due }. The draw waits for it and will take no other. You have nothing to do. If it is still missing on { $until }, this draw will be annulled and another one announced.
annulled-frozen-too-late = the list could not be closed in time.
annulled-restored = the installation was restored from a copy, and the list may have been closed before.
annulled-beacon-late = chance did not arrive in time.
draw-count-waiting = Requests waiting
draw-count-excluded = Not in the list, all reasons
draw-count-few = fewer than 5
draws-title = Draws: { $queue }
draws-link = Draws
draws-all = All draws
draws-list-title = All draws, newest first
draws-older = Older draws
draws-newest = Newest draws
draws-feed = Follow the draws (Atom)
draws-index = All draws, for programs (JSON)
draw-replaces = Replaces the annulled draw:
draw-replaced-by = Replaced by:
odds-title = Who got a seat
odds-lead = The weight is each person's number of tickets: the larger it is, the better the odds.
odds-nobody = The list was empty.
column-tier = Turn
column-weight = Weight
column-share = Share served
share-no-seat = no place possible
column-wait = Wait
tier-displaced = First: appointment taken back by the prefecture
tier-priority = Priority, agreed by two agents
tier-guaranteed = Guaranteed seat
tier-ordinary = Ordinary turn
percent = { $n }%
percent-under = less than { $n }%
waits-title = How long they had waited
waits-lead = Days between registration and draw, for those who got a seat. Groups of fewer than 5 people are joined with their neighbours.
waits-chart = Chart: number of people served by how long they had waited. The table after it says the same.
waits-table = The same chart as a table
waits-too-few = Too few people got a seat for us to say this without pointing at them.
wait-under = Under { $to } days
wait-between = { $from } to under { $to } days
wait-from = { $from } days or more
feed-count = { $title }: { $value }.
feed-freeze = List closed: { $date }.
source-round-title = Number of the announced randomness (drand round)
source-chain-title = Network (drand chain)
source-expected = Expected

help-title = Help
help-lead = You can do everything without a computer, at the counter or by telephone. It is free, and your chances are the same.
help-identity-title = Proving who you are
help-identity-text = Show a document to an agent: passport, consular card, birth certificate or residence permit, even expired. If you have none, say so: the agent will look for a way with you.
help-how-title = Questions
help-how-1 = Must I connect early or often? No. Register once. The rest happens without you.
help-how-2 = How shall I know that I have an appointment? By SMS, e-mail or letter, and on the page “Follow my request”.
help-how-3 = I have lost my reference. Ask the prefecture for it, with an identity document.
help-how-4 = I can no longer come. Give the appointment back as soon as possible, on the page of your request or by calling the prefecture.

legal-title = Your rights
legal-decision-title = A decision made by computation
legal-decision-text = Appointments are given out automatically, by the rules published on the page of each queue (articles L.311-3-1 and R.311-3-1-2 of the French code of relations between the public and the administration, article 47 of the law of 6 January 1978).
legal-decision-review = You can ask the prefecture for the rules and how they were applied to you. You can also ask a person to look at your situation again: on the page of your request, by letter or at the counter. They answer within a month.
legal-receipt-title = What your registration proves
legal-data-title = Your data
legal-data-text = The prefecture keeps your identity, how to reach you and when you can come, encrypted, in order to give you an appointment. Published draws hold neither names nor numbers.
legal-data-rights = On the page of your request you can see and download them, change your telephone or e-mail address, and erase them once the request has ended. They are erased by themselves after the time that the rules of the queue say. For the rest, ask the prefecture. You can complain to the CNIL.
legal-cookies-title = Cookies
legal-cookies-text = These pages have no advertising and measure no audience. Two cookies make the site work, and three more, encrypted, if you use FranceConnect: they keep the sign-in that is under way, the identity that was given and the proof for signing out, for thirty minutes at most. Of the first two, one remembers the language you choose, for a year. The other keeps your request open when you register it or look it up: it ends thirty minutes after your last page, when you close the request, or when you close the browser.

# The second look at a draw
watch-title = Check of the draw
watch-link = The check of the draw, as open data
watch-holds = Computed again before it was published: the outcome is right.
watch-arrival = Gap between the arrival of those who were drawn and of the others: { $z }. The alarm goes beyond { $alarm }, either way.
watch-alarm = The gap is not normal. Open an inquiry. The draw stays valid: it is not made again.
watch-channel-online = Online
watch-channel-phone = By phone
watch-channel-counter = At the counter
watch-odds = { $channel }: { $won } people drawn out of { $had }. Their chances were between { $low } and { $high }%.
watch-wait = They waited { $median } days (median, between { $low } and { $high }).

preparing-title = The demonstration is getting ready
preparing-text = The service plays three weeks in the life of a fictional prefecture: requests, slots, draws.
preparing-done = Done:
preparing-next = You have nothing to do. This page updates itself, then the demonstration appears here.
