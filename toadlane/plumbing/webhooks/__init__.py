"""Events told to other machines: signed, retried, replayable."""
