"""Building the demo: three co-ops founded a year ago, and the year they have had since, through the services everybody uses."""

from toadlane.blueprints.demo.services.build import AlreadyThere, build

__all__ = ["AlreadyThere", "build"]
