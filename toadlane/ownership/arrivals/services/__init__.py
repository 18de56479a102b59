from toadlane.ownership.arrivals.services.bringing import (
    BadLines,
    BooksHaveBegun,
    bring_in,
    draft,
    drop_old,
    look,
    take_over,
)

__all__ = ["BadLines", "BooksHaveBegun", "bring_in", "draft", "drop_old", "look", "take_over"]
