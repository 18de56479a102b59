from django.db import models


class Timer(models.Model):
    """When a periodic job runs next, and how it went. One row on the whole server, so that one worker takes each turn."""

    name = models.CharField(max_length=80, primary_key=True)
    next_at = models.DateTimeField()
    ran_at = models.DateTimeField(null=True)
    took_ms = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.name
