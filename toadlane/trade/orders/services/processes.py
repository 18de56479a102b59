"""Keeping the process that an order begins with."""

from toadlane.plumbing.access.principals import Principal
from toadlane.society.coops.models import Coop
from toadlane.trade.orders.models import ProcessVersion
from toadlane.trade.orders.permissions import PLACE
from toadlane.trade.orders.policies.process import Process
from toadlane.trade.orders.queries import processes
from toadlane.trade.orders.services.errors import NoSuchProcess


def of_coop(*, coop: Coop, name: str, by: Principal) -> tuple[str, Process]:
    """Return the hash and the process that new orders follow.

    :raises NoSuchProcess: when the co-op has none of this name
    :raises BadProcess: when it cannot be run
    """
    by.must(PLACE)
    document = processes.documents(coop).get(name)
    if document is None:
        raise NoSuchProcess
    return processes.read(document)


def keep(*, document: dict[str, object], by: Principal) -> ProcessVersion:
    """Write a process down, so that orders may follow it however the co-op's changes later. Twice is the same as once."""
    by.must(PLACE)
    digest, process = processes.read(document)
    return ProcessVersion.objects.get_or_create(hash=digest, defaults={"name": process.name, "document": document})[0]
