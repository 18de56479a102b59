"""Reviews, complaints and reports, through one door."""

from toadlane.trade.reviews.services.complaints import NotAmount as NotAmount
from toadlane.trade.reviews.services.complaints import NotNeutral as NotNeutral
from toadlane.trade.reviews.services.complaints import NotNow as NotNow
from toadlane.trade.reviews.services.complaints import SayWhy as SayWhy
from toadlane.trade.reviews.services.complaints import answer_complaint as answer_complaint
from toadlane.trade.reviews.services.complaints import appeal as appeal
from toadlane.trade.reviews.services.complaints import close_settled as close_settled
from toadlane.trade.reviews.services.complaints import complain as complain
from toadlane.trade.reviews.services.complaints import decide as decide
from toadlane.trade.reviews.services.complaints import decide_again as decide_again
from toadlane.trade.reviews.services.complaints import drop as drop
from toadlane.trade.reviews.services.complaints import hear as hear
from toadlane.trade.reviews.services.complaints import name_stand_in as name_stand_in
from toadlane.trade.reviews.services.reports import NothingThere as NothingThere
from toadlane.trade.reviews.services.reports import appeal_report as appeal_report
from toadlane.trade.reviews.services.reports import close_report as close_report
from toadlane.trade.reviews.services.reports import decide_report as decide_report
from toadlane.trade.reviews.services.reports import report as report
from toadlane.trade.reviews.services.writing import NotOpen as NotOpen
from toadlane.trade.reviews.services.writing import NotStars as NotStars
from toadlane.trade.reviews.services.writing import answer as answer
from toadlane.trade.reviews.services.writing import open_window as open_window
from toadlane.trade.reviews.services.writing import publish_due as publish_due
from toadlane.trade.reviews.services.writing import write as write
