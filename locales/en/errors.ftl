# What cannot be accepted (error-…, beside the field) or done (refused-…, as one sentence):
# what is wrong, then what to do.

## Name, birth date

error-name-empty = A name is missing. If you have only one, type it in one of the two boxes and leave the other empty.
error-name-too-long = This name is too long. Type at most 200 characters.
error-name-unreadable = This name holds a character that cannot be read. Delete it and type it again.
error-name-symbol = This name holds a sign that does not exist in names, such as < or =. Remove it.

error-birth-date-empty = The birth date is missing. Type it like this: 05/01/1990 (day, month, year). Put 00 for what you do not know.
error-birth-date-format = We cannot read this birth date. Type it like this: 05/01/1990 (day, month, year). Put 00 for what you do not know.
error-birth-date-no-such-day = This day does not exist. Check the day and the month.
error-birth-date-day-without-month = There is a day but no month. Type the month, or put 00 for both, like this: 00/00/1990.
error-birth-date-future = This birth date has not come yet. Check the year.
error-birth-date-too-old = The year must be 1900 or later. Check the year.

## Foreigner number, document

error-foreigner-number-empty = The foreigner number is missing. It is on your residence permit. If you have none, leave the box empty.
error-foreigner-number-not-digits = The foreigner number has only digits. Copy it from your residence permit, without letters.
error-foreigner-number-length = The foreigner number has 10 digits, or 9 on an older document. Check that none is missing and none is too many.

error-document-country = We do not know this country: “{ $value }”. Type its name in full, such as Morocco or Algeria, or the 3 letters of the passport, such as MAR or DZA. Congo, Korea: choose which one from the list.
error-document-country-missing = The country of the document is missing. Type its name, such as Morocco, or the 3 letters of the passport, such as MAR.
error-document-number = The number of the document has 4 to 30 letters without accents or digits. Copy it from the document.
error-document-needed = A document or a foreigner number is needed. Type the country and the number of the document before your eyes.
error-number-other = This is not the number of this request. Read it again in the register.

## Phone, e-mail address

error-phone-empty = The phone number is missing. If you have none, leave the box empty.
error-phone-not-a-number = A phone number has only digits, with a + at the start if it is foreign. Remove the rest.
error-phone-too-short = This phone number is too short. Type all the digits. If it is foreign, start with + and the code of the country.
error-phone-too-long = This phone number is too long. Type one number only.
error-phone-unknown-country = The country code after the + does not exist. Check it. For France, it is +33.
error-phone-not-assigned = This phone number does not exist. Check each digit.
error-phone-premium = This is a premium-rate number. Give an ordinary number, landline or mobile.
error-phone-shared-cost = This is a shared-cost number. Give an ordinary number, landline or mobile.
error-phone-service = This is the number of a service. Give the number of a person, landline or mobile.
error-phone-no-sms-abroad = Passage sends no SMS to this country. Give a French mobile number or an e-mail address. Or leave both boxes empty: the prefecture will hand you your convocations.
error-phone-no-sms-landline = This number receives no SMS. Give a mobile number or an e-mail address. Or leave both boxes empty: the prefecture will hand you your convocations.
error-correction-papers = The person is convoked. Copy their foreigner number, or the country and the number of the document their identity was verified by.
error-helper-kind = Say who helps the person: choose from the list. If they register themselves, empty this part.
error-helper-name = Write your name, or that of your organisation, in 200 letters at most.
error-helper-mandate = Tick the declaration: somebody else is registered only if they have asked for it.
error-helper-mandate-agent = Say that the mandate is stated, or write what you have seen of it.
error-contact-shared = This contact already serves for many requests ({ $value } or more). That is allowed. To add one, go through an agent of the prefecture, at the counter or by phone. Or give another contact, or leave the field empty.

error-contact-too-many = Many requests carry this telephone or address today already. Give the person's own, wait until tomorrow, or ask an agent to register them.
error-email = This e-mail address is not complete. Type it like this: name@example.com, or leave the box empty.

## Availability, deadline

error-availability-sites = Choose at least one place from the list.
error-availability-weekdays = Choose at least one day of the week.
error-availability-saturday = This procedure has no appointments on Saturdays. Untick Saturday.
error-availability-sunday = This procedure has no appointments on Sundays. Untick Sunday.
error-availability-halves = Choose the morning, the afternoon, or both.
error-availability-absences = Check your absences: three at most, and the last day never comes before the first.
error-availability-absence-first = Absence { $value }: the first day is missing. Type it, or remove the last. For a single day, type it twice.
error-availability-absence-last = Absence { $value }: the last day is missing. Type it, or remove the first. For a single day, type it twice.
error-availability-absence-long = An absence lasts a year at most. For a longer one, use “Not before”.
error-availability-far = This day is more than 5 years from today. Check the year.
error-availability-notice-days = You can ask to be told up to 60 days ahead. Type a number from 0 to 60.
error-day-past = This day has passed. Choose today or a day to come.
error-day-without-slots = No slot to come is published on this day at this site: there is nothing to take back. Choose another day or another site.
error-day = We cannot read this day. Type it like this: 31/12/2027 (day, month, year).

error-deadline = We cannot read this date, or it is too far away. Type it like this: 31/12/2027 (day, month, year), and check the year.
error-look-up-reference-missing = Write your reference. It is on your receipt and in our messages, for example K7M4-2QXN-T.
error-look-up-birth-date-missing = Write your date of birth.
error-look-up-birth-date-unread = We cannot read this date of birth. Write it like this: 31/12/1990.
error-deadline-seen-without = You ticked that you saw the proof of the deadline, but its date is missing. Write it, or untick.
error-window-deadline-missing = This queue asks for the expiry date of your residence permit. Type it like this: 31/12/2027 (day, month, year).
error-window-not-yet = It is too early. You can register from { $value } on. You lose nothing by waiting.
error-window-agent-only = Registering online has not been possible since { $value }. Call the prefecture or come to the counter: an agent will register you.

## Agents

error-reason = The reason is missing. Write it in a few words, from 5 to 300 characters.
error-reason-unreadable = This reason holds a character that cannot be shown. Delete it and type it again.
error-objection = Write what happened, in 5 to 2000 characters.
error-objection-unreadable = This text contains a character that cannot be read. Delete it and write it again.
error-review = Write this text, of 5 to 2000 characters.
error-review-unreadable = This text contains an unreadable character. Delete it and write it again.
error-label = This category is not in the rules of the queue. Choose one from the list.
error-to-queue = Choose a queue only if the person came to the wrong counter. In that case, you must choose it.
error-move-queue = Choose the queue in which the entry should wait.
error-login = This login cannot be used. Type at most 120 characters, without spaces.

## Rules

error-rules = This rule cannot be kept: { $value }
error-rules-weight-cap = The greatest weight goes from 1 to 32.
error-rules-weight-step = When seniority counts, each draw must add at least 1.
error-rules-guarantee-after-draws = The “guarantee” mode needs a number of draws, at least 1. The other modes have none.
error-rules-reserves = A reserve cannot be kept. Check the labels (from 1 to 255, each once), the names (80 characters at most) and the shares (100% at most in all).
error-rules-reserve-ground = The name “{ $value }” says why a person goes first. Write a neutral name, for example “Reserve 1”. Each person's reason is recorded on their request, and it is sealed.
error-rules-timetable = This timetable cannot be used. Type five fields, like this: 0 18 * * MON. Leave enough time between two draws.
error-rules-lead-minutes = Between the list and the draw, it takes from { $value } to 10080 minutes.
error-rules-horizon-days = The horizon must be longer than the minimum notice. Otherwise no slot can be offered.
error-rules-notice-min-days = The minimum notice is at least one day, so that the convocation arrives in time.
error-rules-window = Registration must open before it closes online. Check the two numbers of days.
error-rules-late-limit-hours = The limit for cancelling cannot be longer than the minimum notice.
error-rules-identity-days = The time to verify an identity goes from 7 to 365 days.
error-rules-retention-days = Data are erased from 30 to 1825 days after the end of the entry.
error-rules-public-hours = Slots are public from 0 to 336 hours before the list.
error-rules-survival-percent = The share of the places goes from 0 to 100%.
error-rules-few-percent = The share of the people goes from 0 to 100%.
error-rules-miss = A pause lasts from 1 to 365 days.
error-rules-objection-days = The days to object are from 8 to 60.

## Slots: form and file

error-slot-unknown-site = This place does not exist in this prefecture. Choose one from the list.
error-slot-unknown-desk = This desk does not exist at this place. Check its number.
error-slot-last-before-first = The last day comes before the first. Swap them.
error-slot-too-many-days = The period is too long. Publish at most 366 days at once.
error-slot-no-weekday = Choose at least one day of the week.
error-slot-to-before-from = The closing time is too early. There must be room for one slot at least.
error-slot-minutes = The length of a slot is a number from 1 to 480 minutes.
error-slot-every = The time from one start to the next goes from 1 to 1440 minutes, and is never shorter than a slot.
error-slot-past = A slot would lie in the past. Check the date and the time.
error-slot-too-far = A slot would lie too far ahead. Check the year.
error-slot-gap = This time does not exist on that day: clocks change to summer time. Choose another time.
error-slot-no-slot = No day is left in this period. Check the days of the week and the public holidays.
error-slot-too-many = There are more than 20,000 slots. Publish fewer weeks at once.
error-slot-overlap = The desk is already taken at this time: { $value }. Change the time or the desk.
error-slot-double = This slot is written twice: { $value }. Remove one.
error-slot-overlap-published = The desk already has a published slot at this time. Change the time or the desk.
error-slot-double-published = This slot is already published. Remove the line.
error-slot-io = The file could not be read. Send it again.
error-slot-file-too-large = The file is larger than 4 MB. Cut it into several files.
error-slot-line-too-long = This line is too long for a table. Save the file as “CSV UTF-8” in your spreadsheet.
error-slot-empty-file = The file holds no slot. Add lines under the titles.
error-slot-too-many-lines = The file holds more than 20,000 slots. Cut it into several files.
error-slot-not-utf8 = The file is not in UTF-8. Save it as “CSV UTF-8” in your spreadsheet.
error-slot-quote = A quotation mark is opened and never closed. Close it or remove it.
error-slot-header = The first line must name each column once: site;desk;date;time;minutes.
error-slot-unknown-column = The first line names an unknown column. Keep only: site;desk;date;time;minutes.
error-slot-field-count = This line has the wrong number of columns. Check the separators.
error-slot-missing = This box is empty. Fill it in.
error-slot-date = This date cannot be read. Type it like this: 2027-06-08.
error-slot-time = This time cannot be read. Type it like this: 09:30.
error-slot-unusual = Some slots fall on a public holiday, on a Sunday or at night. Tick “Yes” to publish them too, or change the dates.

## Refusals

refused-already-waiting = You already have a request for this procedure. One is enough, and it keeps its date. Find it with your reference, or ask the prefecture.
refused-staff-already-waiting = This person already has a request for this procedure. One is enough, and it keeps its date. Search for it by its reference.
refused-key-reused = This form was already sent with other answers. Open it again, fill it in and send it once.
refused-no-key = This request has neither a document nor a foreigner number. First type the country and the number of the document before your eyes.
refused-duplicate = This person already has a verified request for this procedure. Open that one, and merge them from there.
refused-too-early = It is too early: the time of the appointment has not come yet. Wait for it, then try again.
refused-too-late = It is too late: the time of the appointment has passed. The rest is settled with the prefecture.
refused-scope-change = People are waiting in this queue. Where a person may hold only one request cannot be changed under them.
refused-login = The login or the password is wrong. Check both and try again.
refused-too-few-managers = Fewer than two managers would be left in your prefecture, and grave acts need two. Invite another person first, or ask the administrator or the IT service to disable this account.
refused-login-taken = This login is already taken. Choose another.
refused-already-waits-there = This person already has a request in the other queue. Keep one of the two, and merge them.
refused-same-queue = The request is already in this queue. Choose another one.
refused-entry-ended = This request has ended: it can no longer be changed.
refused-review-open = A request for a review waits for its answer already. You can make another one afterwards.
refused-review-answered = A colleague has answered this request already.
error-merge-other = The entry to close: choose it.
refused-not-alike = Nothing shows that these two entries are one person's: neither the name and the birth date, nor a number.
refused-keep-verified = The identity of this entry is not verified. Verify it first; if the other one is verified, open the other one and merge them from there.
refused-merge-penalised = The other entry carries a measure (an appointment missed or given back late) that is not over. Keep that one, or wait for the end of the measure.
refused-freeze-late = A list of a draw is being frozen. Wait a few minutes, and do it again.
refused-entry-live = This request is still under way. Withdraw it first; then its data can be erased.
refused-erasure-waits = The data cannot be erased yet: a measure, a message, a review or a draw of this request is not over, or it has just ended. The person can erase them 3 days after the end, an agent 15 days after it.
refused-entry-convoked = This request has an appointment. Give it back or cancel it first.
refused-identity-verified = The identity of this request is already verified. There is nothing to do.
refused-nothing-to-compare = The register of numbers has nothing to compare for this request. Verify the identity with a document.
refused-other-identity = The identity given by FranceConnect is not the one of this request. If it is your request, show your document to an agent.
refused-relocation-proposed = A change of queue is already proposed for this request. A second person must approve or reject it first.
refused-privilege-stands = This request already has this priority or label, or it is already proposed.
refused-other-key = The appointment is nominative: the name is corrected only if the person shows what their identity was verified by, and this number is not that of the request. Check what you have typed. If the person no longer has that document, they can give the appointment back: the correction is made afterwards, by two agents, and the request keeps its day.
refused-no-paper-key = The appointment is nominative, and this person's identity was verified by no paper that could be compared. They can give the appointment back: the correction is made afterwards, by two agents, and the request keeps its day.
refused-convocation-ended = This appointment has already ended, was given back or cancelled. Reload the page to see where the request stands.
refused-no-convocation = This request has no appointment at the moment. Reload the page to see where it stands.
refused-second-person = You made this proposal: another person must approve or reject it. You can withdraw it.
refused-own-correction = You corrected the name or the birth date of this request. Another agent must see the document and verify the identity.
refused-not-author = Only the person who made this proposal can withdraw it. You can reject it.
refused-proposal-approved = This proposal is already approved. There is nothing left to do.
refused-proposal-rejected = This proposal was rejected. Make a new one if it is still useful.
refused-proposal-withdrawn = The person who made this proposal has withdrawn it.
refused-nothing-changes = Nothing changes: these rules are already in force. Change at least one line.
refused-proposal-open = Another proposal is already open. Have it approved or rejected first.
refused-draw-annulled = This draw is already annulled.
refused-annulment-proposed = The annulment of this draw is already proposed: another person must approve it.
refused-annulment-not-proposed = Nobody has proposed to annul this draw. Propose it first.
refused-slot-begun = The time of this slot has passed: it can no longer be withdrawn.
refused-slot-spent = Somebody has already been received at this slot.
refused-slot-lapsed = This slot is too near: it is no longer offered to anybody.
refused-slot-withdrawn = This slot is already withdrawn.
refused-desk-busy = The desk has another slot at that time by now. Reject this publication, then publish again.
refused-publication-open = A publication of this queue waits for a second person already. Have it confirmed, or withdraw it.
refused-publications-a-day = Too many publications of this queue were proposed today. Try again tomorrow.
refused-letter-done = This letter has already left, or is no longer needed. Reload the list.
refused-tick-final = The site has closed since: this tick is final. If it is wrong, the person can object, and a colleague will decide.
refused-not-ticked = Nothing is noted for this appointment.
refused-own-tick = You noted this absence: another person must decide on the objection.
refused-objection-stands = An objection is already recorded. An agent will decide.
refused-objection-decided = An agent has already decided on this objection.
refused-objection-late = The time to object here is over. Write to the prefecture: a person will look at your file again.
refused-changed = Somebody has changed this meanwhile. Reload the page and try again.

error-search-reason = Reason for the search: choose one from the list.
error-search-empty = Search: fill in one line (a number, a document, a telephone, an e-mail, or a name with the date of birth).
error-search-birth-date = Date of birth: it is needed to search by name. Too many people have the same one.
refused-searches-an-hour = You have searched many times in the last hour. Wait a little, or ask a colleague.

error-password-short = Password: it has fewer than 12 characters. Take a whole sentence.
error-password-long = Password: it is too long. Take at most 1024 characters.
error-password-guessable = Password: it is soon guessed. Take several words that do not go together, without your login.
error-password-again = The two passwords are not the same. Type them once more.
error-code = Code: it is not right. Take the one that the application shows now, and check the time of the phone.
error-staff-name = First and last name: write them, 2 to 120 characters.
error-staff-role = Role: choose one.
error-staff-prefecture = Prefecture: choose one.
error-staff-phone = Mobile phone: write a number that receives SMS, in France or its territories.
refused-link-spent = This link is no longer good: it was used, is too old, or was replaced by another. Ask a manager for a new one.
error-old-password = Password: it is not right.
error-code-old = Code of the old application: it is not right, or was used already. Wait for the next one, or take a recovery code.
error-code-now = Code: it is not right, or was used already. Wait for the next one, or take a recovery code.
refused-code = This code is not right, or was used already. Wait for the next one.
refused-codes-spent = Too many wrong codes, or too much time. Sign in again with your password.
refused-old-password = The present password is not right.
refused-no-phone = This account has no phone. An operator can make a link: passage staff link.
refused-proconnect-taken = This ProConnect identity is already linked to another account. Open that account and unlink it, or ask a manager.
refused-link-not-sent = The account is saved, but the link did not leave: the SMS gateway did not take it. Send a new link later.

error-lost-contact = Phone or e-mail: write the one that you gave when you registered. For example: 06 12 34 56 78.
error-contact-needed = Contact: give a mobile phone that receives SMS, or an e-mail.
refused-code-wrong = This code is not the right one. Check the digits.
refused-code-spent = This code is no longer good: it was used, is more than 10 minutes old, or was tried too often. Begin again.
refused-codes-an-hour = Several codes have been sent already. Wait an hour, or ask an agent.
refused-contact-unreached = No code can be sent to your present contact. An agent can change it with you, at the counter or by phone.

error-document-kind = Kind of document: choose one.
error-document-expires = Good until: type the date of the document, such as 31/12/2027.
error-document-expires-missing = Good until: copy the date that is on the document.
error-document-zone-length = Machine-readable zone: letters or a line are missing. Copy the two or three lines whole, with the “<”, or fill in the number, the kind and the date.
error-document-zone-digits = Machine-readable zone: a letter or a digit is not right. Read it again, or fill in the number, the kind and the date.
error-document-zone-country = Machine-readable zone: we do not know the country “{ $value }”. Fill in the country, the number, the kind and the date.
error-document-zone-number = Number of the document: it is not the one of the machine-readable zone. Delete one of the two.
error-document-typed-person = Name and birth date as the document says: they are another person's than the request's. Check the document; correct the request first if it is mistaken.
error-document-zone-person = Machine-readable zone: its name or birth date is another person's. Check the document; correct the entry first if it is mistaken.
error-document-number-again = Number of the document: the two are not the same. Type it once more, with the document in hand.
error-takeover-number = Foreigner number: it is not this request's. Check the document, or look for another request.
error-takeover-birth-date = Date of birth: it is not this request's. Check the document, or look for another request.
refused-birth-date-proved = The register of numbers has verified this date of birth with the number. Only a document can change it: give the request to the person whose number it is.
