"""`django-admin work`: the worker of the console; it gives signs of life and marks what an earlier worker has left."""

import os
import signal
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from posthouse_web.runs.control import Heartbeat, name_worker, patiently
from posthouse_web.runs.work import mark_lost, queue_again


class Command(BaseCommand):
    """Do queued runs until told to go."""

    help = "Do the queued runs of the console, one after another."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add what the server says about itself."""
        parser.add_argument("--parent", type=int, help="process without which this worker ends too")

    def handle(self, *args: Any, **options: Any) -> None:
        """Work, and every few seconds look for runs that were left without a word."""
        name = name_worker()
        parent = options["parent"]

        def look_around() -> None:
            mark_lost()
            # A killed server cannot tell its worker to go, and two workers must not write one workspace.
            if parent and os.getppid() != parent:
                os.kill(os.getpid(), signal.SIGTERM)

        patiently(queue_again)
        with Heartbeat(worker=name, also=look_around):
            call_command("db_worker", worker_id=name[:64], interval=1, startup_delay=False, verbosity=0)
