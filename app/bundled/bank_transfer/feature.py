"""The card of bank transfer."""

from app.bundled.bank_transfer.gateway import BankTransfer
from app.pluginapi import Plugin, install, mark

feature = install(
    Plugin(
        name="bank_transfer",
        version="1.0",
        title=mark("Bank transfer"),
        description=mark("Buyers pay by a transfer to your account; staff mark the money as received."),
        reads=(mark("the number and amount of the order"),),
        set_up_at="payments_backoffice.index",
        gateways=(BankTransfer(),),
    )
)
