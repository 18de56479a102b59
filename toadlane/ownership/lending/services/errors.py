from django.utils.translation import gettext_lazy as _

from toadlane.kernel.errors import Expected


class WrongMoment(Expected):
    words = _("This loan is not in a state in which that can be done.")
