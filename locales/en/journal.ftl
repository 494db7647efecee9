# The page of the log: what it is, its signature, its witnesses.

menu-log = The log
queue-log-link = The log, its signature and its witnesses
draw-log-link = The line of the log that says when the list was closed, with its proof (JSON)
log-title = The log
log-lead = Everything that the service does is written in a log, line after line. Every closed list is written there before the chance of the draw is known. Changing one line changes the fingerprint of the whole log: it shows.
log-restored = This installation was restored from a copy on { $date }. What had been written after the copy is lost. Witnesses may have kept more.
log-witness-lead = Witnesses, outside the prefecture, keep these fingerprints and the time at which they received them. If the prefecture showed two different lists, or a list made too late, what they keep would prove it.
log-contradicted = A witness keeps another log than this one. One of the two is false. Tell the prefecture.
log-head-title = The last signature
log-head-size = Lines signed
log-head-signed = Signed on
log-head-waiting = Lines not signed yet
log-head-root = Fingerprint of the log
log-key = Public key
log-key-text = Write this key down. If it changes one day without an explanation, be wary.
log-empty = Nothing is signed yet.
log-witnesses-title = The witnesses
log-witnesses-none = No witness follows this log yet. Until one does, the time at which lists are closed rests on the prefecture's word.
log-witness-never = Has received nothing yet.
log-witness-follows = Last received on { $date }. { $behind ->
        [0] It is up to date.
        [one] It lacks one line.
       *[other] It lacks { $behind } lines.
    }
log-witness-silent = The last attempt did not succeed.
log-witness-contradicts = This witness keeps another log than this one.
log-check-title = Checking
log-check-text = These documents are made for programs. Anybody may read them.
log-check-head = The last signature:
log-check-freeze = The closing of a list, with the proof that it is in the log:
log-check-consistency = The proof that a longer log only adds lines:
log-check-witness = Anybody can become a witness, with a computer that stays on:
