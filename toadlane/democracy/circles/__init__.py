"""Board, circles and committees: what each is for, who sits there, until when."""
