"""Orders after they are placed: payment state, fulfilment, cancelling, refunding, and what shoppers see of them."""
