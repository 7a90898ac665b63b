"""The web side of the Week tegen Eenzaamheid: activities, orders and everything that people see."""
