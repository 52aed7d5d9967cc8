"""The books take whatever currency the provider settles in or tells of; courses are sold in ten, as before.

What a column allows is not asked of the database, so nothing is changed there and the version before goes on.
"""

from django.db import migrations, models

CODES = """
    AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF
    CHF CLP CNY COP CRC CVE CZK DJF DKK DOP DZD EGP ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HRK
    HTG HUF IDR ILS INR ISK JMD JOD JPY KES KGS KHR KMF KRW KWD KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK
    MNT MOP MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF
    SAR SBD SCR SEK SGD SHP SLE SOS SRD STD SZL THB TJS TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VND VUV WST
    XAF XCD XCG XOF XPF YER ZAR ZMW
"""
CHOICES = [(code, code) for code in CODES.split()]
KINDS = [
    ("unbooked", "The provider moved money that no entry books"),
    ("unseen", "An entry says that money moved, and the provider lists nothing of it"),
    ("amount", "Booked with another amount than the provider lists"),
    ("unknown_type", "A movement of a kind that the books do not know"),
    ("unknown_currency", "A movement in a currency that is not known here"),
    ("changed", "The provider lists a movement otherwise than before"),
    ("balance", "Our clearing and the provider's balance differ"),
    ("event", "A payment's amount or currency is not what was asked for"),
]


class Migration(migrations.Migration):
    dependencies = [("payments", "0014_each_opening")]

    operations = [
        migrations.AlterField("ledgeraccount", "currency", models.CharField(max_length=3, choices=CHOICES)),
        migrations.AlterField("providertransaction", "currency", models.CharField(max_length=3, choices=CHOICES)),
        migrations.AlterField("dispute", "currency", models.CharField(max_length=3)),
        migrations.AlterField("reconbreak", "kind", models.CharField(max_length=16, choices=KINDS)),
    ]
