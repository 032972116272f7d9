import pytest
from django.test import Client
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from posthouse_web.accounts.models import AccessLog, User
from tests.web.city import PASSWORD, VILLAGE


def sign_in(client, name, password=PASSWORD):
    return client.post("/accounts/login/", {"username": name, "password": password})


def code_of(device):
    return f"{TOTP(device.bin_key, device.step, device.t0, device.digits).token():06d}"


def test_a_right_password_opens_the_console(city, people):
    client = Client()
    assert sign_in(client, "leader").status_code == 302
    assert client.get("/").status_code == 200


def test_five_wrong_passwords_lock_the_account_even_for_the_right_one(people):
    client = Client()
    for _ in range(5):
        answer = sign_in(client, "leader", "wrong")
    assert answer.status_code == 429
    assert "锁定" in answer.content.decode()
    assert sign_in(client, "leader").status_code == 429


def test_a_wrong_password_is_told_in_plain_words_without_saying_which_was_wrong(people):
    client = Client()
    said = [sign_in(client, name, "wrong").content.decode() for name in ("leader", "nobody")]
    assert all("账号或密码不对" in text for text in said)


def test_an_inactive_account_does_not_get_in(people):
    User.objects.filter(username="leader").update(is_active=False)
    client = Client()
    sign_in(client, "leader")
    assert client.get("/").status_code == 302


def test_without_a_second_factor_nobody_goes_further_than_setting_one_up(city, people, settings):
    settings.POSTHOUSE_TWO_FACTOR = True
    client = Client()
    sign_in(client, "office")
    assert client.get("/")["Location"] == "/accounts/two-factor/"
    page = client.get("/accounts/two-factor/")
    assert "验证器" in page.content.decode()
    assert client.get("/accounts/two-factor/image.svg")["Content-Type"] == "image/svg+xml"
    device = TOTPDevice.objects.get(confirmed=False)
    assert client.post("/accounts/two-factor/", {"code": code_of(device)}).status_code == 302
    assert client.get("/").status_code == 200


def test_a_device_that_is_there_is_asked_for_and_cannot_be_replaced_without_its_code(city, people, settings):
    device = TOTPDevice.objects.create(user=people["office"], name="phone", confirmed=True)
    client = Client()
    sign_in(client, "office")
    assert client.get("/accounts/two-factor/")["Location"] == "/accounts/verify/"
    assert client.get("/")["Location"] == "/accounts/verify/"
    assert "不对" in client.post("/accounts/verify/", {"code": "000000"}).content.decode()
    TOTPDevice.objects.update(throttling_failure_count=0, throttling_failure_timestamp=None)
    client.post("/accounts/verify/", {"code": code_of(device)})
    assert client.get("/").status_code == 200


def test_only_an_administrator_makes_accounts_and_every_change_is_kept(people, enter):
    facts = {"username": "new", "role": "planner", "brands": "青鸢", "new_password": "Long-enough-1", "is_active": "on"}
    assert enter("office").post("/accounts/new/", facts).status_code == 403
    assert enter("admin").post("/accounts/new/", facts).status_code == 302
    made = User.objects.get(username="new")
    assert made.check_password("Long-enough-1")
    assert made.history.get().history_user == people["admin"]


@pytest.mark.parametrize(
    ("change", "words"),
    [({"brands": ""}, "必须填写品牌"), ({"new_password": "short"}, "密码"), ({"division": "33"}, "12 位")],
)
def test_an_account_that_cannot_be_is_refused_in_words(people, enter, change, words):
    facts = {"username": "new", "role": "planner", "brands": "青鸢", "new_password": "Long-enough-1", **change}
    assert words in enter("admin").post("/accounts/new/", facts).content.decode()
    assert not User.objects.filter(username="new").exists()


def test_a_new_password_ends_the_sessions_of_the_account(city, people, enter):
    leader = enter("leader")
    people["leader"].set_password("another-password")
    people["leader"].save()
    assert leader.get("/").status_code == 302


def test_every_read_of_rows_about_parcels_is_logged_with_who_what_and_how_many(city, enter):
    enter("leader").get(f"/goals/G1/places/{VILLAGE}/")
    read = AccessLog.objects.get()
    assert (read.user.username, read.rows) == ("leader", 4)
    assert VILLAGE in read.subject
    assert "journeys" in enter("admin").get("/accounts/reads/").content.decode()


def test_an_administrator_sees_figures_but_no_rows_about_parcels(city, enter):
    assert "没有您可以逐行查看的数据" in enter("admin").get(f"/goals/G1/places/{VILLAGE}/").content.decode()
    assert not AccessLog.objects.exists()


def test_the_language_can_be_switched(city, enter):
    client = enter("leader")
    client.post("/language/setlang/", {"language": "en", "next": "/"})
    assert "Overview" in client.get("/").content.decode()
