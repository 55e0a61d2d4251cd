"""Background work of the orders room: reactions to payments, and mails."""
