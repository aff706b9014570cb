"""The pages on which the unit decides, plans, and records what came of it."""

from ruangaman.access.states import Role
from ruangaman.intake.models import Outreach
from tests.intake.reaching import COVER, NEIGHBOUR, PLAN, begin, plan_as_sent
from tests.worlds import World


def test_an_officer_decides_plans_and_the_companion_records_what_came_of_it(world: World) -> None:
    filed = world.file(**NEIGHBOUR)
    officer = world.client(world.person(Role.INTAKE_OFFICER))
    companion = world.person(Role.COMPANION)
    page = officer.get(f"/laporan/{filed.reference}/triase/")
    assert page.status_code == 200, page.content.decode()
    shown = page.content.decode()
    assert "Lampiran D.I.2" in shown
    assert 'value="head_office"' not in shown
    sent = {"seen": "received", "decision": "outreach:not_from_victim"}
    answered = officer.post(f"/laporan/{filed.reference}/triase/", sent)
    assert (answered.status_code, answered.headers.get("Location")) == (302, f"/berkas/{filed.reference}/")
    assert officer.get(f"/laporan/{filed.reference}/penjangkauan/").status_code == 200
    answered = officer.post(f"/laporan/{filed.reference}/penjangkauan/", plan_as_sent(companion))
    assert answered.status_code == 302, answered.content.decode()
    made = Outreach.objects.using("owner").get()
    begin(world, made)
    goes = world.client(companion)
    shown = goes.get(f"/berkas/{filed.reference}/").content.decode()
    for said in (COVER, PLAN, "Ruang UKS", f"/penjangkauan/{made.id}/"):
        assert said in shown
    assert goes.get(f"/penjangkauan/{made.id}/").status_code == 200
    answered = goes.post(
        f"/penjangkauan/{made.id}/", {"result": "reached", "safe_now": "yes", "note": "Ia mau bertemu lagi."}
    )
    assert answered.status_code == 302, answered.content.decode()
    shown = goes.get(f"/berkas/{filed.reference}/").content.decode()
    assert "Ia mau bertemu lagi." in shown
    assert "Bertemu dan bicara berdua" in shown
