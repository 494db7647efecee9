#!/usr/bin/env python3
"""The cost of one assignment in pretix's waiting list, compared with ours.

pretix (PyPI) is a ticket shop whose waiting list gives freed tickets to those who wait: of the programs in
daily use, it is the most similar to a draw here. Both run on the same PostgreSQL, one after the
other, with the same number of people and seats. In pretix an assignment is a voucher, two log rows
and a mail to send; here it is a convocation, its notices, its log row, and a list and an outcome that
anybody can verify. Neither time includes sending the messages.

tools/peers.sh (part of `make bench`) runs it on a separate PostgreSQL; [WAITING SEATS] may be given.
"""

import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = """
from pretix.settings import *

class WithoutHistory:
    '''The tables as the models say, not by way of three hundred migrations.'''
    def __contains__(self, app):
        return True
    def __getitem__(self, app):
        return None
    def setdefault(self, app, default=None):
        return default

MIGRATION_MODULES = WithoutHistory()
DEBUG = False
LOGGING = {'version': 1, 'disable_existing_loggers': True}
"""


def main() -> None:
    server = os.environ.get("PASSAGE_TEST_POSTGRES")
    if not server:
        sys.exit("skipped: PASSAGE_TEST_POSTGRES is not set (tools/with-servers.sh sets it)")
    waiting, seats = (int(number) for number in (sys.argv[1:] + ["2000", "500"][len(sys.argv) - 1 :])[:2])
    theirs = pretix(server, waiting, seats)
    ours = passage(waiting, seats)
    print(f"{waiting} wait, {seats} seats, on one PostgreSQL")
    print(f"{'':<26}{'seconds':>10}{'ms an assignment':>20}")
    print(f"{'pretix ' + version():<26}{theirs:>10.2f}{theirs / seats * 1e3:>20.3f}")
    print(f"{'Passage, the whole draw':<26}{ours:>10.2f}{ours / seats * 1e3:>20.3f}")
    print(f"{'pretix / Passage':<26}{theirs / ours:>10.1f}")


def version() -> str:
    from pretix import __version__

    return __version__


def pretix(server: str, waiting: int, seats: int) -> float:
    """Seconds that `assign_automatically` takes to give every seat."""
    with tempfile.TemporaryDirectory() as folder:
        configure(Path(folder), server)
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", run_syncdb=True, verbosity=0)
        from django_scopes import scopes_disabled

        with scopes_disabled():
            from pretix.base.services import mail
            from pretix.base.services.waitinglist import assign_automatically

            # A worker sends mail later, there as here: it is owed, in the database, and no more.
            mail.chain = lambda *tasks: SimpleNamespace(apply_async=lambda: None)
            # Templates, translations and plans are made ready once, outside the time.
            assign_automatically.apply(args=(crowd("warm", 40, 20).pk,)).get()
            event = crowd("bench", waiting, seats)
            begun = time.perf_counter()
            assigned = assign_automatically.apply(args=(event.pk,)).get()
            taken = time.perf_counter() - begun
        assert assigned == seats, f"{assigned} of {seats} seats were assigned"
        return taken


def configure(folder: Path, server: str) -> None:
    import psycopg2

    where = urlsplit(server)
    name = f"pretix_{os.getpid()}"
    connection = psycopg2.connect(server)
    connection.autocommit = True
    connection.cursor().execute(f"CREATE DATABASE {name}")
    connection.close()
    (folder / "pretix.cfg").write_text(
        f"[pretix]\ndatadir={folder}\n[database]\nbackend=postgresql\nname={name}\nuser={where.username}\n"
        f"password={where.password}\nhost={where.hostname}\nport={where.port}\n"
    )
    (folder / "bench_settings.py").write_text(SETTINGS)
    sys.path.insert(0, str(folder))
    os.environ["PRETIX_CONFIG_FILE"] = str(folder / "pretix.cfg")
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench_settings"


def crowd(name: str, waiting: int, seats: int):
    """An event whose quota has so many seats, and so many people on its waiting list."""
    from datetime import timedelta

    from django.utils.timezone import now
    from pretix.base.models import Event, Organizer, WaitingListEntry

    organizer = Organizer.objects.create(name=name, slug=name)
    event = Event.objects.create(
        organizer=organizer, name=name, slug=name, date_from=now() + timedelta(days=60), live=True,
        plugins="",
    )
    item = event.items.create(name="Seat", default_price=0, admission=True)
    event.quotas.create(name="Seats", size=seats).items.add(item)
    WaitingListEntry.objects.bulk_create(
        WaitingListEntry(event=event, item=item, email=f"person{n}@example.org", locale="en")
        for n in range(waiting)
    )
    return event


def passage(waiting: int, seats: int) -> float:
    """Seconds of a whole draw on PostgreSQL, as the bench measures it."""
    command = ["cargo", "bench", "--locked", "--quiet", "--bench", "whole_draw", "--", str(waiting), str(seats)]
    said = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout
    found = re.search(r"^whole draw, PostgreSQL +(\d+) ms", said, re.MULTILINE)
    if not found:
        sys.exit("the bench has not measured PostgreSQL:\n" + said)
    return int(found.group(1)) / 1e3


if __name__ == "__main__":
    main()
