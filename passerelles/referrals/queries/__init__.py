"""What screens, links and exports read of referrals, as frozen dataclasses, through the policy."""
