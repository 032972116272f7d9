"""What a person may type on the account pages."""

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from posthouse_web.accounts.models import User


class LoginForm(AuthenticationForm):
    """Name and password, with the console's words."""

    error_messages = {
        "invalid_login": _("账号或密码不对。连续错 5 次将锁定 15 分钟。"),
        "inactive": _("这个账号已停用，请联系系统管理员。"),
    }


class CodeForm(forms.Form):
    """The six digits of the second factor."""

    code = forms.RegexField(
        r"^\d{6}$",
        label=_("六位验证码"),
        error_messages={"invalid": _("请填 6 位数字。")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "autofocus": True}),
    )


class AccountForm(forms.ModelForm):
    """One account, as the administrator edits it."""

    new_password = forms.CharField(
        label=_("新密码"),
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("至少 12 位；留空则不改。"),
    )

    class Meta:
        """Fields in the order of the page."""

        model = User
        fields = ["username", "full_name", "role", "organisation", "division", "brands", "is_active"]
        labels = {"username": _("账号"), "is_active": _("启用")}
        help_texts = {
            "username": "",
            "is_active": "",
            "organisation": _("与方案中的责任单位写法一致。"),
            "division": _("12 位代码；只看这一片的数据。留空为全市。"),
            "brands": _("企业人员填写，以、分隔；只看本企业的数据。"),
        }

    def clean_new_password(self) -> str:
        """Check the password by the rules of the house; a new account needs one."""
        password: str = self.cleaned_data["new_password"]
        if password:
            validate_password(password, self.instance)
        elif self.instance.pk is None:
            raise forms.ValidationError(_("新账号需要密码。"))
        return password
