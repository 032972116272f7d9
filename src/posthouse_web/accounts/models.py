"""Rows about people. Every change is kept (`history`); what they read of personal data is kept in AccessLog."""

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from posthouse_web.accounts.roles import BRANDED, Role

SEPARATOR = "、"


class User(AbstractUser):
    """A person with a role, and the part of the city they answer for.

    organisation : unit as the plan document writes it. division : 12-digit code of the subtree, empty for the whole
    area. brands : brands of the operator, separated by 、; empty for everyone who is not of an operator.
    """

    role = models.CharField(_("角色"), max_length=20, choices=Role.choices, default=Role.LIAISON)
    full_name = models.CharField(_("姓名"), max_length=60, blank=True)
    organisation = models.CharField(_("单位"), max_length=120, blank=True)
    division = models.CharField(
        _("区划代码"), max_length=12, blank=True, validators=[RegexValidator(r"^\d{12}$", _("请填 12 位区划代码"))]
    )
    brands = models.CharField(_("品牌"), max_length=200, blank=True)
    REQUIRED_FIELDS = ["role"]
    history = HistoricalRecords(excluded_fields=["password", "last_login"])

    class Meta:
        """Database rules."""

        ordering = ["username"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(role__in=sorted(BRANDED)) | ~models.Q(brands=""), name="an_operator_has_a_brand"
            )
        ]

    def __str__(self) -> str:
        return self.full_name or self.username

    def clean(self) -> None:
        """Say in words what the constraint demands."""
        super().clean()
        if self.role in BRANDED and not self.brands:
            raise ValidationError({"brands": _("企业规划员必须填写品牌。")})

    @property
    def brand_names(self) -> frozenset[str]:
        """The brands as a set."""
        return frozenset(name.strip() for name in self.brands.split(SEPARATOR) if name.strip())


class AccessLog(models.Model):
    """One read of personal data: who, when, what, of which place, how many rows. Never changed, never deleted."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("账号"))
    at = models.DateTimeField(_("时间"), auto_now_add=True, db_index=True)
    what = models.CharField(_("内容"), max_length=60)
    subject = models.CharField(_("对象"), max_length=200)
    rows = models.PositiveIntegerField(_("行数"))
    address = models.GenericIPAddressField(_("来源地址"), null=True)

    class Meta:
        """Newest first."""

        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.user} {self.what}"
