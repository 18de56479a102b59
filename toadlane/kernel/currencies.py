"""Currencies of ISO 4217 and their digits. A table of our own: an exponent must not change under us."""

from toadlane.kernel.errors import Expected

# Two digits, unless they are named below.
_CODES = """
AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CLF CLP
CNY COP COU CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR
IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK
MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS
SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD USN UYI UYU UYW UZS VED VES VND VUV WST XAF XCD XCG XOF
XPF YER ZAR ZMW ZWG
"""
_EXPONENTS = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
EXPONENTS: dict[str, int] = dict.fromkeys(_CODES.split(), 2) | {
    code: digits for digits, codes in _EXPONENTS.items() for code in codes.split()
}


class UnknownCurrency(Expected):
    """This is not the three-letter code of a currency, such as EUR."""

    status = 422


def exponent(currency: str) -> int:
    """Return the digits of a currency's smallest unit: 2 for EUR, 0 for JPY, 3 for BHD.

    :raises UnknownCurrency: when ISO 4217 does not know it
    """
    try:
        return EXPONENTS[currency]
    except KeyError:
        raise UnknownCurrency(currency) from None
