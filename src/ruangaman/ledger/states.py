"""Who acts, and what they did, in codes. A verb never carries a value."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ActorKind(models.TextChoices):
    """What kind of actor stands behind an entry."""

    STAFF = "staff", _("petugas")
    REPORTER = "reporter", _("pelapor")
    CLIENT = "client", _("klien")
    APP = "app", _("aplikasi mitra")
    SYSTEM = "system", _("sistem")
    OWNER = "owner", _("pemilik basis data")


class Verb(models.TextChoices):
    """What was done. New rooms add theirs here: the list is what a data officer reads."""

    SIGNED_IN = "signed_in", _("masuk")
    SIGN_IN_FAILED = "sign_in_failed", _("gagal masuk")
    SIGNED_OUT = "signed_out", _("keluar")
    FACTOR_CHANGED = "factor_changed", _("mengubah faktor kedua")
    PASSWORD_CHANGED = "password_changed", _("mengubah kata sandi")
    SESSION_ENDED = "session_ended", _("mengakhiri sesi perangkat")
    POWER_PROPOSED = "power_proposed", _("mengusulkan peran")
    POWER_APPROVED = "power_approved", _("menyetujui peran")
    POWER_REFUSED = "power_refused", _("menolak usulan peran")
    ACCOUNT_MADE = "account_made", _("membuat akun")
    GRANTED = "granted", _("memberi akses")
    GRANT_WITHDRAWN = "grant_withdrawn", _("menarik akses")
    WALLED = "walled", _("memasang tembok")
    WALL_LIFTED = "wall_lifted", _("membuka tembok")
    STAGE_MOVED = "stage_moved", _("memindahkan tahap")
    REPORT_RECEIVED = "report_received", _("laporan diterima")
    OPENED = "opened", _("membuka")
    ANSWERED = "answered", _("menjawab pelapor")
    WROTE = "wrote", _("menulis pesan")
    THREAD_READ = "thread_read", _("membaca percakapan dengan kode")
    THREAD_FINISHED = "thread_finished", _("menyelesaikan percakapan dengan pelapor")
    THREAD_REOPENED = "thread_reopened", _("membuka lagi percakapan dengan pelapor")
    SEARCHED = "searched", _("mencari nama")
    REFUSED = "refused", _("ditolak")
    ERASURE_ASKED = "erasure_asked", _("meminta penghapusan")
    ERASURE_APPROVED = "erasure_approved", _("menyetujui penghapusan")
    ERASURE_REFUSED = "erasure_refused", _("menolak penghapusan")
    ERASED = "erased", _("menghapus (kunci dimusnahkan)")
    KEYS_ROTATED = "keys_rotated", _("memutar kunci")
    KEY_RETIRED = "key_retired", _("memusnahkan kunci lama")
    RESTORED = "restored", _("memulihkan cadangan")
    TRIAGED = "triaged", _("memutuskan triase")
    OUTREACH_PLANNED = "outreach_planned", _("merencanakan penjangkauan")
    OUTREACH_ENDED = "outreach_ended", _("mencatat hasil penjangkauan")
    PERSON_ADDED = "person_added", _("mencatat orang")
    GUARDIAN_ACCEPTED = "guardian_accepted", _("menerima wali")
    GUARDIAN_REFUSED = "guardian_refused", _("menolak wali")
    ASSESSED = "assessed", _("mencatat asesmen")
    SAFETY_NOTED = "safety_noted", _("menulis catatan keamanan")
    INCIDENT_CODED = "incident_coded", _("mencatat bentuk kekerasan")
    NEED_RECORDED = "need_recorded", _("mencatat kebutuhan")
    CONSENT_RECORDED = "consent_recorded", _("mencatat persetujuan")
    CONSENT_WITHDRAWN = "consent_withdrawn", _("mencatat penarikan persetujuan")
    RECALL_ANSWERED = "recall_answered", _("mengonfirmasi penghapusan salinan")
    DISCLOSURE_DECIDED = "disclosure_decided", _("memutuskan pemberitahuan tanpa persetujuan")
    IDENTITY_CORRECTED = "identity_corrected", _("memperbaiki identitas")
    PART_ENDED = "part_ended", _("mengakhiri peran seseorang")
    GUARDIAN_PROPOSED = "guardian_proposed", _("mengusulkan wali kepada penyelia")
    PROFILE_TOLD = "profile_told", _("mencatat keadaan seseorang")
    UNBORN_RECORDED = "unborn_recorded", _("mencatat anak dalam kandungan")
    UNBORN_ENDED = "unborn_ended", _("mengakhiri catatan anak dalam kandungan")
    LOOKED_UP = "looked_up", _("mencari orang")
    PROBE_SETTLED = "probe_settled", _("mengaitkan pencarian dengan berkas")
    SAME_DECIDED = "same_decided", _("memutuskan dua catatan satu orang atau bukan")
    SAME_UNDONE = "same_undone", _("membatalkan keputusan tentang dua catatan")
    MATCH_HANDLED = "match_handled", _("menangani kecocokan terlapor")
    WAY_CHANGED = "way_changed", _("mengubah saluran pengaduan")
    APP_KEY_MADE = "app_key_made", _("membuat kunci aplikasi mitra")
    APP_KEY_REVOKED = "app_key_revoked", _("mencabut kunci aplikasi mitra")
    TICKET_FOUND = "ticket_found", _("mencari nomor tiket")
    TALK_LOGGED = "talk_logged", _("mencatat percakapan")
    TALK_WIPED = "talk_wiped", _("menyatakan isi di ponsel sudah dihapus")
    CALL_ASKED = "call_asked", _("meminta pelapor dihubungi kembali")
    CALL_TRIED = "call_tried", _("menghubungi kembali")
    CALL_DISCARDED = "call_discarded", _("mengakhiri telepon tanpa laporan baru")
    SHIFT_SET = "shift_set", _("mengatur piket")
    SHIFT_CANCELLED = "shift_cancelled", _("membatalkan piket")
    RING_TAKEN = "ring_taken", _("menerima panggilan piket")
    HANDED_OVER = "handed_over", _("serah terima piket")
    REGISTER_PRINTED = "register_printed", _("mencetak buku pengaduan")
    FIRST_ACT = "first_act", _("mencatat langkah pertama dalam bahaya")
    MERGED = "merged", _("menggabungkan laporan")
    SPLIT = "split", _("memisahkan laporan")
    JOIN_UNDONE = "join_undone", _("membatalkan penggabungan atau pemisahan")
    TRANSFERRED = "transferred", _("merujuk ke unit daerah lain")
    TRANSFER_ANSWERED = "transfer_answered", _("menjawab rujukan antardaerah")
    CODE_ISSUED = "code_issued", _("menyerahkan kode klien")
    CODE_CHANGED = "code_changed", _("mengganti kode")
    CODE_REVOKED = "code_revoked", _("mencabut kode klien")
    CODE_LOCKED = "code_locked", _("kode klien dikunci")
    CODE_UNLOCKED = "code_unlocked", _("membuka kunci kode klien")
    CLIENT_READ = "client_read", _("membuka halaman klien dengan kode")
    WISHED = "wished", _("menyampaikan permintaan")
    WISH_ANSWERED = "wish_answered", _("menjawab permintaan klien")
    APTITUDE_SET = "aptitude_set", _("mengatur keahlian petugas")
    CASE_TAKEN = "case_taken", _("mengambil kasus")
    TEAM_JOINED = "team_joined", _("memasukkan ke tim")
    TEAM_LEFT = "team_left", _("mengeluarkan dari tim")
    PLANNED = "planned", _("menulis rencana")
    REFERRED = "referred", _("mengirim rujukan")
    REFERRAL_ANSWERED = "referral_answered", _("menjawab rujukan")
    SERVICE_GIVEN = "service_given", _("mencatat layanan")
    VISUM_NOTED = "visum_noted", _("mencatat nomor visum")
    LEGAL_STEP = "legal_step", _("mencatat langkah hukum")
    PRESSURE_NOTED = "pressure_noted", _("mencatat tekanan untuk berdamai")
    RETURN_PREPARED = "return_prepared", _("menyiapkan pemulangan")
    MEETING_HELD = "meeting_held", _("mencatat pertemuan tertutup")
    RETURNED = "returned", _("mencatat kepulangan")
    HOME_VISITED = "home_visited", _("mencatat kunjungan rumah")
    CASE_ENDED = "case_ended", _("mengakhiri kasus")
    REOPENED = "reopened", _("membuka kembali kasus")
    DRILLED = "drilled", _("membuka kasus di balik angka")
    CONTACT_SET = "contact_set", _("mencatat kontak aman klien")
    MESSENGER_SET = "messenger_set", _("mengatur pesan singkat unit")
    CLOCK_DEFINED = "clock_defined", _("menulis versi baru sebuah tenggat")
    DAY_OFF_SET = "day_off_set", _("mengubah kalender kerja")
    CLOCK_TOLD = "clock_told", _("memberi tahu tentang tenggat")
    CLOCK_PAUSED = "clock_paused", _("menghentikan sementara tenggat")
    CLOCK_RESUMED = "clock_resumed", _("menjalankan lagi tenggat")
    CLOCK_ENDED = "clock_ended", _("mengakhiri tenggat")
    UNIT_CLOCK_BEGAN = "unit_clock_began", _("memulai tenggat unit")
    DUTY_RULED = "duty_ruled", _("mencatat keputusan atas kewajiban")
    PAPER_ADDED = "paper_added", _("melampirkan dokumen")
    PAPER_LOOKED_AT = "paper_looked_at", _("melihat dokumen")
    PAPER_DOWNLOADED = "paper_downloaded", _("mengunduh dokumen")
    HASH_REGISTERED = "hash_registered", _("mencatat sidik bukti")
    EVIDENCE_ASKED = "evidence_asked", _("meminta pembukaan bukti")
    EVIDENCE_ALLOWED = "evidence_allowed", _("menyetujui pembukaan bukti")
    EVIDENCE_DENIED = "evidence_denied", _("menolak pembukaan bukti")
    EVIDENCE_OPENED = "evidence_opened", _("membuka bukti")
    EVIDENCE_CHECKED = "evidence_checked", _("memeriksa sidik bukti")
    EVIDENCE_HANDED = "evidence_handed", _("menyerahkan bukti")
    CUSTODY_PRINTED = "custody_printed", _("mencetak rantai bukti")
    TEMPLATE_WRITTEN = "template_written", _("menulis versi baru naskah surat")
    LETTERHEAD_SET = "letterhead_set", _("mengatur kop surat")
    LETTER_ISSUED = "letter_issued", _("menerbitkan surat")
    LETTER_REVOKED = "letter_revoked", _("menarik surat")
    LETTER_EDITED = "letter_edited", _("mengunduh surat untuk disunting")
    BOOKED = "booked", _("membuat janji")
    BOOKING_CHANGED = "booking_changed", _("mengubah janji")
    ENCOUNTER_OVERRIDDEN = "encounter_overridden", _("mengizinkan janji yang bisa mempertemukan")
    PRESENCE_TOLD = "presence_told", _("mencatat kapan terlapor ada di mana")
    WENT_OUT = "went_out", _("berangkat ke luar")
    CAME_BACK = "came_back", _("lapor kembali")
    FEED_MADE = "feed_made", _("membuat alamat kalender")
    FEED_ENDED = "feed_ended", _("mengakhiri alamat kalender")
    VENUE_SET = "venue_set", _("mengatur tempat dan sarana")


# What a check of the whole ledger finds: in the words in which ledger.sealing keeps it and tells the operator, and
# in those of the page.
FINDINGS = {
    "the chain is broken: the seal or the one before it was altered": _(
        "rantainya putus: segel ini atau segel sebelumnya diubah"
    ),
    "the signature is not ours": _("tanda tangannya bukan dari sistem ini"),
    "the seal does not begin where the one before it ended": _(
        "segel ini tidak mulai di tempat segel sebelumnya berakhir"
    ),
    "the entry was altered or forged": _("catatan ini diubah atau dipalsukan"),
    "the entry was altered or inserted": _("catatan ini diubah atau disisipkan"),
    "the entry's number or order was altered": _("nomor atau urutan catatan ini diubah"),
    "an entry was inserted": _("ada catatan yang disisipkan"),
    "an entry was inserted where no seal can be": _("ada catatan yang disisipkan di luar semua segel"),
    "an entry was removed": _("ada catatan yang dihilangkan"),
    "entries were reordered": _("urutan catatan diubah"),
}
# The words around the numbers that say where: ``seal 3, entry 0197… (place 2)``.
FOUND_AT = {
    "not sealed yet": _("belum tersegel"),
    "is missing": _("hilang"),
    "seal": _("segel"),
    "entry": _("catatan"),
    "place": _("urutan"),
}
