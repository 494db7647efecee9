# Days, months and times in full.

weekday-0 = Monday
weekday-1 = Tuesday
weekday-2 = Wednesday
weekday-3 = Thursday
weekday-4 = Friday
weekday-5 = Saturday
weekday-6 = Sunday

month-1 = January
month-2 = February
month-3 = March
month-4 = April
month-5 = May
month-6 = June
month-7 = July
month-8 = August
month-9 = September
month-10 = October
month-11 = November
month-12 = December

date-at-time = { $date } at { $time }

date-in-full = { $weekday } { $day } { $month } { $year }
time-on-the-hour = { $hour }:00
time-of-day = { $hour }:{ $minute }

decimal-mark = .
