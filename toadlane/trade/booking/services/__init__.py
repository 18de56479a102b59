"""Every claim on time and everything that shapes it."""

from toadlane.trade.booking.services.claims import AlreadyOver as AlreadyOver
from toadlane.trade.booking.services.claims import Closed as Closed
from toadlane.trade.booking.services.claims import KeyReused as KeyReused
from toadlane.trade.booking.services.claims import Taken as Taken
from toadlane.trade.booking.services.claims import Want as Want
from toadlane.trade.booking.services.claims import accept as accept
from toadlane.trade.booking.services.claims import confirm as confirm
from toadlane.trade.booking.services.claims import expire_holds as expire_holds
from toadlane.trade.booking.services.claims import hold as hold
from toadlane.trade.booking.services.claims import hold_all as hold_all
from toadlane.trade.booking.services.claims import release as release
from toadlane.trade.booking.services.claims import request as request
from toadlane.trade.booking.services.keeping import NotAPlan as NotAPlan
from toadlane.trade.booking.services.keeping import NotAResource as NotAResource
from toadlane.trade.booking.services.keeping import add_exception as add_exception
from toadlane.trade.booking.services.keeping import block as block
from toadlane.trade.booking.services.keeping import change_resource as change_resource
from toadlane.trade.booking.services.keeping import open_resource as open_resource
from toadlane.trade.booking.services.keeping import remove_exception as remove_exception
from toadlane.trade.booking.services.keeping import set_week as set_week
from toadlane.trade.booking.services.keeping import unblock as unblock
