"""Pages of referrals, and of services that the unit gives itself."""
