"""Known passwords never enter a base where people work."""

import pytest

from passerelles.core.errors import Refused
from passerelles.demo import world as demo
from passerelles.network.models import Agent


def test_the_demonstration_refuses_a_base_with_real_accounts(world, tmp_path):
    before = Agent.objects.count()
    with pytest.raises(Refused, match="vrais comptes"):
        demo.prepare(tmp_path)
    assert Agent.objects.count() == before
