"""The card of bank transfer."""

from app.bundled.bank_transfer.gateway import BankTransfer
from app.pluginapi import Plugin, install

feature = install(Plugin(name="bank_transfer", version="1.0", gateways=(BankTransfer(),)))
