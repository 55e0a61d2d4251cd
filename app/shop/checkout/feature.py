"""The card of the checkout room."""

from app.core.feature import Feature
from app.shop.checkout import jobs, models, storefront

feature = Feature(
    name="checkout",
    doors=(storefront.door,),
    models=(models,),
    jobs=(jobs,),
)
