"""Which addresses are on the public internet: the only ones that a server asks for a stranger."""

import ipaddress

# Addresses of IPv6 whose last four bytes are one of IPv4, which a gateway or the kernel may go to: RFC 4291 and RFC 6052.
_CARRIERS = tuple(ipaddress.IPv6Network(net) for net in ("::/96", "::ffff:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48"))


def is_public(address: str) -> bool:
    """Say whether an address is on the public internet, whatever form it hides in.

    :raises ValueError: when it is no address
    """
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        if any(ip in net for net in _CARRIERS):
            return is_public(str(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)))
        if ip.sixtofour is not None:
            return is_public(str(ip.sixtofour))
    return ip.is_global and not ip.is_multicast
