from . import Route

ROUTES = {"privacy:notice": Route(), "privacy:fields": Route()}
