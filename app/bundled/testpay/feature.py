"""The card of the test gateway."""

from app.bundled.testpay import jobs, models, storefront
from app.bundled.testpay.gateway import TestGateway
from app.pluginapi import Plugin, install, mark

feature = install(
    Plugin(
        name="testpay",
        version="1.0",
        title=mark("Test payment"),
        description=mark("A bank for trying things out, with every ending that a payment can have. No money moves."),
        reads=(mark("the number and amount of the order"),),
        set_up_at="payments_backoffice.index",
        gateways=(TestGateway(),),
        doors=(storefront.door,),
        models=(models,),
        jobs=(jobs,),
    )
)
