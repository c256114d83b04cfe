"""Sign an actor of the small world in, as after the password and the second factor."""

from __future__ import annotations

from django.test import Client
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp.plugins.otp_totp.models import TOTPDevice

from passerelles.network.middleware import SESSION_MEMBERSHIP
from tests.world import World


def sign_in(client: Client, world: World, short: str) -> Client:
    """`client`, signed in as the actor `short` ("cip", "auditor", "ft", …), with a verified second factor."""
    membership = world.memberships[short]
    agent = membership.agent
    device, _ = TOTPDevice.objects.get_or_create(user=agent, name="téléphone", defaults={"confirmed": True})
    client.force_login(agent, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session[DEVICE_ID_SESSION_KEY] = device.persistent_id
    session[SESSION_MEMBERSHIP] = str(membership.pk)
    session.save()
    return client
