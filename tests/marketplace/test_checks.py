from marketplace.lib.checks import own_address_is_answered, sandbox_is_meant


def ids(messages):
    return [message.id for message in messages]


def test_a_shop_in_which_nobody_pays_must_be_meant(settings):
    settings.ALLOW_SANDBOX = False
    assert ids(sandbox_is_meant()) == ["kezhan.E001"]
    settings.ALLOW_SANDBOX = True
    assert sandbox_is_meant() == []


def test_a_key_of_the_provider_needs_no_permission(settings):
    settings.ALLOW_SANDBOX, settings.PAYMENTS_TRANSPORT = False, "live"
    assert sandbox_is_meant() == []


def test_the_own_address_must_be_safe_and_answered(settings):
    settings.KEZHAN_BASE_URL = "http://elsewhere.example"
    assert ids(own_address_is_answered()) == ["kezhan.E002", "kezhan.E003"]
    settings.KEZHAN_BASE_URL, settings.ALLOWED_HOSTS = "https://shop.kezhan.example", [".kezhan.example"]
    assert own_address_is_answered() == []
