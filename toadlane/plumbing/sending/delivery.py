"""The job that hands one letter to the post."""

from datetime import timedelta

from django_tasks import task

from toadlane.plumbing.clock import queries as clock
from toadlane.plumbing.sending import post
from toadlane.plumbing.sending.models import Letter

ATTEMPTS = 6


@task()
def hand_over(*, letter_id: int, attempt: int) -> None:
    """Send one letter, at least once: a worker that dies between the post and the record sends it again."""
    letter = Letter.objects.filter(pk=letter_id, state=Letter.State.WAITING).first()
    if letter is None:
        return
    try:
        post.of(letter.channel).deliver(letter)
    except Exception as error:
        letter.trouble = f"{type(error).__name__}: {error}"[:250]
        if attempt < ATTEMPTS and not isinstance(error, post.WillNeverArrive):
            letter.save(update_fields=["trouble"])
            later = hand_over.using(run_after=clock.machine_time() + timedelta(seconds=4**attempt))
            later.enqueue(letter_id=letter_id, attempt=attempt + 1)
        else:
            letter.state = Letter.State.FAILED
            letter.save(update_fields=["state", "trouble"])
        raise
    letter.state, letter.sent_at, letter.trouble, letter.text, letter.html = Letter.State.SENT, clock.machine_time(), "", "", ""
    letter.save(update_fields=["state", "sent_at", "trouble", "text", "html"])
