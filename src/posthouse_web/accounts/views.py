"""The pages of sign-in, second factor and accounts; they only translate between requests, actions and queries."""

from base64 import b32encode
from io import BytesIO
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_otp import login as otp_login
from django_otp import match_token

from posthouse_web.accounts import actions, queries
from posthouse_web.accounts.forms import AccountForm, CodeForm, LoginForm
from posthouse_web.accounts.models import User
from posthouse_web.accounts.roles import Permission
from posthouse_web.accounts.scope import scope_of
from posthouse_web.tables import Column, Listing


@method_decorator(login_not_required, name="dispatch")
class SignIn(LoginView):
    """Name and password; the second factor follows."""

    template_name = "accounts/login.html"
    authentication_form = LoginForm
    redirect_authenticated_user = True


@require_http_methods(["GET", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Ask for the one-time code of a person who has a device."""
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        device = match_token(request.user, form.cleaned_data["code"])
        if device is not None:
            otp_login(request, device)
            return redirect(settings.LOGIN_REDIRECT_URL)
        form.add_error("code", _("验证码不对或已过期。请看手机上现在的六位数，再填一次。"))
    return render(request, "accounts/verify.html", {"form": form})


@require_http_methods(["GET", "POST"])
def two_factor(request: HttpRequest) -> HttpResponse:
    """Set up the second factor: show the code to scan, take the first one-time code."""
    user: Any = request.user
    device = actions.open_device(user)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if actions.confirm_device(device, form.cleaned_data["code"]):
            otp_login(request, device)
            messages.success(request, _("两步验证已设好。"))
            return redirect(settings.LOGIN_REDIRECT_URL)
        form.add_error("code", _("验证码不对。请看手机上现在的六位数，再填一次。"))
    secret = b32encode(device.bin_key).decode()
    return render(request, "accounts/two_factor.html", {"form": form, "secret": secret})


@require_safe
def two_factor_image(request: HttpRequest) -> HttpResponse:
    """Send the picture that an authenticator scans; only while the device is being set up."""
    import qrcode
    from qrcode.image.svg import SvgPathImage

    user: Any = request.user
    image = BytesIO()
    qrcode.make(actions.open_device(user).config_url, image_factory=SvgPathImage, box_size=12).save(image)
    return HttpResponse(image.getvalue(), content_type="image/svg+xml", headers={"Cache-Control": "no-store"})


ACCOUNTS = Listing(
    columns=(
        Column(field="username", title=_l("账号"), link=lambda row: reverse("accounts:edit", args=[row.pk])),
        Column(field="full_name", title=_l("姓名")),
        Column(field="role", title=_l("角色")),
        Column(field="organisation", title=_l("单位")),
        Column(field="division", title=_l("区划代码")),
        Column(field="brands", title=_l("品牌")),
        Column(field="is_active", title=_l("启用")),
    ),
    search=("username", "full_name", "organisation"),
    filters=(("role", _l("角色")),),
    order="username",
)
READS = Listing(
    columns=(
        Column(field="at", title=_l("时间")),
        Column(field="user__username", title=_l("账号")),
        Column(field="what", title=_l("内容")),
        Column(field="subject", title=_l("对象")),
        Column(field="rows", title=_l("行数"), is_number=True),
        Column(field="address", title=_l("来源地址")),
    ),
    search=("user__username", "what", "subject"),
    order="-at",
)


@require_safe
def list_accounts(request: HttpRequest) -> HttpResponse:
    """List the accounts."""
    scope_of(request.user).require(Permission.MANAGE_ACCOUNTS)
    page = ACCOUNTS.page(queries.list_accounts(), request.GET)
    actions.log_access(request, "账号名单", page.words, len(page.rows))
    return render(request, "accounts/list.html", {"page": page})


@require_http_methods(["GET", "POST"])
def edit_account(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Make or change one account."""
    by: Any = request.user
    scope_of(by).require(Permission.MANAGE_ACCOUNTS)
    account = get_object_or_404(User, pk=pk) if pk else User()
    form = AccountForm(request.POST or None, instance=account)
    if request.method == "POST" and form.is_valid():
        actions.save_account(by, form.save(commit=False), form.cleaned_data["new_password"])
        messages.success(request, _("账号已保存。"))
        return redirect("accounts:list")
    if pk:
        actions.log_access(request, "账号", account.username, 1)
    history = account.history.select_related("history_user")[:20] if pk else ()
    return render(request, "accounts/edit.html", {"form": form, "account": account, "history": history})


@require_POST
def reset_second_factor(request: HttpRequest, pk: int) -> HttpResponse:
    """Let an account set up its second factor anew."""
    by: Any = request.user
    actions.reset_second_factor(by, get_object_or_404(User, pk=pk))
    messages.success(request, _("已清除两步验证，下次登录时重新设置。"))
    return redirect("accounts:edit", pk)


@require_safe
def list_reads(request: HttpRequest) -> HttpResponse:
    """List who has read personal data."""
    scope_of(request.user).require(Permission.READ_LOG)
    return render(request, "accounts/reads.html", {"page": READS.page(queries.list_reads(), request.GET)})
