"""Building the demo: four co-ops founded up to a year ago, and their life since, through the services everybody uses."""

from toadlane.blueprints.demo.services.build import AlreadyThere, build

__all__ = ["AlreadyThere", "build"]
