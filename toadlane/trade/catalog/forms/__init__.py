"""Forms of the catalog: what a listing says, what somebody looks for, and which kinds there are."""

from toadlane.trade.catalog.forms.kinds import PRIVACY_LABELS, PROCESS_LABELS, TYPE_LABELS, FieldForm, KindForm
from toadlane.trade.catalog.forms.listings import ListingForm, PictureForm, ReasonForm, SearchForm, initial

__all__ = [
    "PRIVACY_LABELS", "PROCESS_LABELS", "TYPE_LABELS", "FieldForm", "KindForm", "ListingForm", "PictureForm", "ReasonForm",
    "SearchForm", "initial",
]  # fmt: skip
