"""A power is proposed by one person and approved by another."""

from tests.journeys.people import Visitors
from tests.journeys.running import Site


def test_a_role_that_one_proposes_and_another_approves_holds_at_the_next_click(
    visitors: Visitors, site: Site
) -> None:
    newcomer = visitors.staff("pendamping5")
    newcomer.go("/laporan/")
    before = newcomer.page.get_by_role("row").count()
    assert before < 10

    admin = visitors.staff("admin", wide=False)
    admin.go("/kelola/peran/")
    admin.look("powers")
    admin.page.get_by_label("Untuk siapa").select_option(label="Pendamping 5 Contoh")
    admin.page.get_by_label("Di organisasi").select_option(label="UPT PPA DKI Jakarta")
    admin.page.get_by_label("Peran", exact=True).select_option("intake_officer")
    admin.press("Usulkan")
    admin.reads("Usulan dicatat")
    admin.look("powers with a proposal")
    proposal = admin.page.get_by_role("row").filter(has_text="Pendamping 5 Contoh")
    assert proposal.get_by_role("button").count() == 0
    assert "Orang kedua yang harus memutuskan" in proposal.inner_text()
    number = site.rows("SELECT id FROM access_powerproposal WHERE decision = 'open'")[0][0]
    token = next(c["value"] for c in admin.context.cookies() if c["name"] == "formulir")
    admin.context.request.post(
        f"/kelola/peran/{number}/setuju/",
        form={"csrfmiddlewaretoken": token},
        headers={"Origin": site.url},
    )
    assert site.rows("SELECT decision FROM access_powerproposal WHERE id = %s", [number]) == [("open",)]
    newcomer.go("/laporan/")
    assert newcomer.page.get_by_role("row").count() == before

    head = visitors.staff("kepala")
    head.go("/kelola/peran/")
    head.look("powers of the head")
    head.page.get_by_role("button", name="Setujui").click()
    head.reads("Keputusan dicatat")
    newcomer.go("/laporan/")
    assert newcomer.page.get_by_role("row").count() > before
    verbs = site.rows(
        "SELECT verb FROM ledger_entry WHERE verb LIKE 'power%%' AND actor_kind = 'staff' ORDER BY id"
    )
    assert verbs == [("power_proposed",), ("power_approved",)]
