import pytest

from toadlane.kernel.networks import is_public


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True), ("2606:2800:220:1::1", True), ("64:ff9b::5db8:d822", True), ("127.0.0.1", False),
        ("169.254.169.254", False), ("100.64.0.1", False), ("::1", False), ("::ffff:10.0.0.1", False), ("::127.0.0.1", False),
        ("64:ff9b::a9fe:a9fe", False), ("64:ff9b:1::7f00:1", False), ("2002:7f00:1::", False), ("224.0.0.1", False),
        ("ff02::1", False), ("fe80::1%eth0", False), ("fc00::1", False), ("0.0.0.0", False),
    ],
)  # fmt: skip
def test_no_private_address_passes_in_whatever_form_it_hides(address, public):
    assert is_public(address) is public
