"""The card of the test gateway."""

from app.bundled.testpay import jobs, models, storefront
from app.bundled.testpay.gateway import TestGateway
from app.pluginapi import Plugin, install

feature = install(
    Plugin(
        name="testpay",
        version="1.0",
        gateways=(TestGateway(),),
        doors=(storefront.door,),
        models=(models,),
        jobs=(jobs,),
    )
)
