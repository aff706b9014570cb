"""Services given, referrals to partners and their answers, the number of a visum."""
