"""The channels by which notices leave the page: e-mail, web push and Telegram behind one interface."""
