"""Currencies of ISO 4217 and their digits. A table of our own: an exponent must not change under us."""

from fractions import Fraction

from toadlane.kernel.errors import Expected
from toadlane.kernel.rates import half_up

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


# About how many of it come to a euro, to the nearest of a few round steps; one, where it is not named. No price is ever worked
# out with it: a blueprint is written in euro, and what it suggests to founders elsewhere should be of the right size.
_TO_A_EURO = {
    "0.3": "KWD", "0.4": "BHD OMR", "0.8": "JOD", "1.5": "AUD BND CAD SGD",
    "2": "AWG AZN BAM BBD BGN BZD FJD NZD TOP XCG", "3": "GEL PEN TND WST XCD", "4": "AED BYN ILS PLN QAR SAR TMT",
    "5": "LYD MYR PGK RON", "6": "BRL DKK", "8": "BOB CNY GTQ HKD MOP TTD",
    "10": "GHS MAD NOK SBD SEK SVC TJS", "15": "BWP ERN SCR", "20": "LSL MDL MVR MXN NAD SZL ZAR",
    "25": "CUP CZK SLE STN ZMW ZWG", "30": "HNL", "40": "MRU NIO SRD THB TRY TWD UAH UYU", "50": "EGP MUR", "60": "DOP MKD PHP",
    "80": "AFN GMD MZN RUB", "100": "ALL BTN CVE INR KGS RSD XPF", "150": "BDT DZD ETB HTG ISK JMD JPY KES NPR VUV",
    "200": "DJF GYD LRD VED VES", "300": "LKR PKR YER", "400": "AMD HUF", "500": "KMF KZT", "600": "CRC SDG SOS XAF XOF",
    "1000": "AOA CLP KPW", "1500": "ARS IQD KRW NGN", "2000": "MWK RWF", "2500": "MMK TZS", "3000": "BIF CDF",
    "4000": "COP KHR MNT UGX", "5000": "MGA SSP", "8000": "PYG", "10000": "GNF SYP UZS", "20000": "IDR LAK", "30000": "VND",
    "50000": "IRR", "100000": "LBP",
}  # fmt: skip
SIZES: dict[str, Fraction] = dict.fromkeys(EXPONENTS, Fraction(1)) | {
    code: Fraction(many) for many, codes in _TO_A_EURO.items() for code in codes.split()
}
_DIGITS_OF_A_SUGGESTION = 2


def suggested(cents: int, currency: str) -> int:
    """Return what somebody who means so many euro cents would suggest in a currency, in its smallest unit: a round amount of
    about the same size, 4,100 yen for 27 euro. In a currency that is much like the euro it is the same figure.

    :raises UnknownCurrency: when ISO 4217 does not know it
    """
    digits = exponent(currency)
    if SIZES[currency] == 1 and digits == exponent("EUR"):
        return cents
    exact = Fraction(cents, 100) * SIZES[currency] * 10**digits
    step = 10 ** max(0, len(str(abs(int(exact)))) - _DIGITS_OF_A_SUGGESTION)
    return half_up(exact / step) * step or (cents > 0) - (cents < 0)
