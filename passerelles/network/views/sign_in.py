"""From the password to the second factor, then to the chosen organisation; and the way out."""

from __future__ import annotations

from base64 import b32encode
from typing import Any

import django_otp
import segno
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login as open_session
from django.contrib.auth import logout as close_session
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import PasswordChangeForm, SetPasswordForm
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme, urlsafe_base64_decode
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST
from django_otp.oath import TOTP, hotp
from django_otp.plugins.otp_totp.models import TOTPDevice

from passerelles.network import services
from passerelles.network.forms import CodeForm, LoginForm
from passerelles.network.middleware import SESSION_MEMBERSHIP
from passerelles.network.models import Agent

NEXT = "next"
form_page = require_http_methods(["GET", "HEAD", "POST"])


@login_not_required
@sensitive_post_parameters("password")
@never_cache
@form_page
def login(request: HttpRequest) -> HttpResponse:
    """E-mail and password; then the second factor (K-004)."""
    if request.user.is_authenticated:
        return redirect("web:home" if request.user.is_verified() else "network:token")
    form = LoginForm(request, data=request.POST or None)
    if request.method == "POST" and form.is_valid():
        agent = form.get_user()
        open_session(request, agent)
        request.session[NEXT] = request.POST.get(NEXT, "")
        return redirect("network:enrol" if services.begin_enrolment(agent) else "network:token")
    wanted = request.POST.get(NEXT) or request.GET.get(NEXT, "")
    return render(request, "network/login.html", {"form": form, "next": wanted})


def locked_out(request: HttpRequest, response: Any = None, credentials: dict | None = None) -> HttpResponse:
    """Too many wrong passwords for this account from this address (django-axes)."""
    minutes = round(settings.AXES_COOLOFF_TIME * 60)
    return render(request, "network/locked.html", {"minutes": minutes}, status=429)


@never_cache
@form_page
def token(request: HttpRequest) -> HttpResponse:
    """The code of the second factor."""
    if request.user.is_verified():
        return redirect("web:home")
    device = TOTPDevice.objects.devices_for_user(request.user, confirmed=True).first()
    if device is None:
        return redirect("network:enrol")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if django_otp.verify_token(request.user, device.persistent_id, form.cleaned_data["code"]):
            return _enter(request, device)
        form.add_error("code", "Ce code n’est pas le bon, ou il a déjà servi. Attendez le suivant, puis recommencez.")
    shown = demonstration_code(device) if settings.DEMO else ""
    return render(request, "network/token.html", {"form": form, "demonstration_code": shown})


@never_cache
@form_page
def enrol(request: HttpRequest) -> HttpResponse:
    """First sign-in: tie an authenticator application to the account."""
    if request.user.is_verified():
        return redirect("web:home")
    devices = TOTPDevice.objects.devices_for_user(request.user, confirmed=None)
    if any(device.confirmed for device in devices):
        return redirect("network:token")
    device = devices.first()
    if device is None:
        if request.method == "POST":
            services.begin_enrolment(request.user)
            return redirect("network:enrol")
        return render(request, "network/enrol.html", {"device": None})
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        confirmed = services.confirm_enrolment(request.user, form.cleaned_data["code"])
        if confirmed:
            messages.success(request, "Votre second facteur est enregistré.")
            return _enter(request, confirmed)
        form.add_error("code", "Ce code n’est pas le bon. Vérifiez l’heure de votre téléphone, puis recommencez.")
    context = {
        "form": form,
        "device": device,
        "secret": " ".join(_groups(b32encode(device.bin_key).decode().rstrip("="), 4)),
        "qr": segno.make(device.config_url, error="m").svg_data_uri(scale=5, border=4, light="white"),
        "demonstration_code": demonstration_code(device) if settings.DEMO else "",
    }
    return render(request, "network/enrol.html", context)


def _enter(request: HttpRequest, device: TOTPDevice) -> HttpResponse:
    django_otp.login(request, device)
    wanted = request.session.pop(NEXT, "")
    if wanted and url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure()):
        return redirect(wanted)
    return redirect("web:home")


def demonstration_code(device: TOTPDevice) -> str:
    """The code that the account would show on its telephone: demonstration only, persons are fictitious."""
    clockwork = TOTP(device.bin_key, device.step, device.t0, device.digits, device.drift)
    code = hotp(device.bin_key, max(clockwork.t(), device.last_t + 1), device.digits)
    return " ".join(_groups(f"{code:0{device.digits}d}", 3))


def _groups(text: str, size: int) -> list[str]:
    return [text[start : start + size] for start in range(0, len(text), size)]


@login_not_required
@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    """Leave: the session is destroyed."""
    close_session(request)
    messages.info(request, "Votre session est fermée.")
    return redirect("network:login")


@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    """Act for another of one's organisations; a membership that is not one's own changes nothing."""
    chosen = request.POST.get("membership", "")
    membership = next((each for each in request.memberships if str(each.pk) == chosen), None)
    if membership is None:
        messages.error(request, "Cette habilitation n’est plus en vigueur.")
    else:
        request.session[SESSION_MEMBERSHIP] = chosen
        messages.info(request, f"Vous agissez maintenant au titre de : {membership}.")
    return redirect("web:home")


@sensitive_post_parameters()
@never_cache
@form_page
def password(request: HttpRequest) -> HttpResponse:
    """Change one's own password; the other sessions of the account end."""
    form = PasswordChangeForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.set_password(request.user, form.cleaned_data["new_password1"])
        update_session_auth_hash(request, request.user)
        messages.success(request, "Votre mot de passe est changé. Vos autres sessions sont fermées.")
        return redirect("web:home")
    return render(request, "network/password.html", {"form": form, "first": False})


@login_not_required
@sensitive_post_parameters()
@never_cache
@form_page
def welcome(request: HttpRequest, uid: str, key: str) -> HttpResponse:
    """Choose a password through the link given by the administrator: it serves once."""
    try:
        agent = Agent.objects.filter(pk=urlsafe_base64_decode(uid).decode(), is_active=True).first()
    except (ValueError, ValidationError):
        agent = None
    if agent is None or not default_token_generator.check_token(agent, key):
        return render(request, "network/stale_link.html", status=404)
    form = SetPasswordForm(agent, request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.set_password(agent, form.cleaned_data["new_password1"])
        messages.success(request, "Votre mot de passe est enregistré. Connectez-vous.")
        return redirect("network:login")
    return render(request, "network/password.html", {"form": form, "first": True, "agent": agent})
