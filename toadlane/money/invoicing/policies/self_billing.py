"""Whether the co-op may write the invoice of what it buys of a member, and at which rate of tax.

Directive 2006/112/EC, article 224: only by agreement beforehand.
"""

from fractions import Fraction

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from toadlane.kernel.errors import Expected
from toadlane.kernel.rates import half_up


class NotSelfBilled(Expected):
    words = lazy("The co-op cannot write this invoice for the member.")
    status = 422
    field = "member"


def rate_of(*, allowed: bool, agreed: bool, is_small: bool, vat_rate: Fraction, net: int, vat: int) -> Fraction:
    """Return the rate of a self-billed invoice.

    :param allowed: by the bylaws
    :param agreed: whether both have said what stands on invoices, and the member that the co-op may write them
    :raises NotSelfBilled: where bylaws, member or sums do not allow it
    """
    if not allowed:
        raise NotSelfBilled(_("By the bylaws members write their own invoices."))
    if not agreed:
        words = _("The member has to say what stands on their invoices, and agree that the co-op writes them. So has the co-op.")
        raise NotSelfBilled(words)
    if vat and is_small:
        raise NotSelfBilled(_("The member is a small business and charges no VAT."), field="tax")
    rate = vat_rate if vat else Fraction(0)
    if net <= 0 or vat != half_up(net * rate):
        raise NotSelfBilled(_("The tax is not what the VAT rate of the bylaws comes to."), field="tax")
    return rate
