"""A browser without eyes: sends forms to the running site and keeps every address and header that came back."""

import http.client
import re
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode, urlsplit

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: list[tuple[str, str]]
    text: str

    @property
    def location(self) -> str:
        return dict(self.headers).get("location", "")


@dataclass
class Caller:
    """One visitor with their own cookies."""

    url: str
    agent: str = "Mozilla/5.0 (Linux; Android 9) Chrome/120"
    cookies: dict[str, str] = field(default_factory=dict)
    token: str = ""
    told: list[str] = field(default_factory=list)

    def send(
        self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> Answer:
        """Send one request, follow nothing."""
        place = urlsplit(self.url)
        connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=30)
        sent = {"User-Agent": self.agent, "Origin": self.url, **(headers or {})}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        try:
            connection.request(method, quote(path, safe="/?=&%~:+"), body, sent)
            response = connection.getresponse()
            text = response.read().decode(errors="replace")
        finally:
            connection.close()
        found = [(name.lower(), value) for name, value in response.getheaders()]
        for name, value in found:
            self.told.append(f"{name}: {value}")
            if name == "set-cookie":
                pair, _, rest = value.strip().partition(";")
                key, _, content = pair.partition("=")
                self.cookies.pop(key, None)
                if content.strip('"') and "Max-Age=0" not in rest:
                    self.cookies[key] = content
        token = TOKEN.search(text)
        self.token = token.group(1) if token else self.token
        return Answer(response.status, found, text)

    def get(self, path: str) -> Answer:
        """Open a page, and follow where it leads within the site."""
        answer = self.send("GET", path)
        for _ in range(5):
            if answer.status not in (301, 302, 303):
                break
            answer = self.send("GET", answer.location)
        return answer

    def post(self, path: str, follow: bool = True, **fields: str | list[str]) -> Answer:
        """Send a form with the token of the last page, and follow where it leads."""
        body = urlencode({"csrfmiddlewaretoken": self.token, **fields}, doseq=True).encode()
        answer = self.send("POST", path, body, {"Content-Type": "application/x-www-form-urlencoded"})
        return self.get(answer.location) if follow and answer.status in (302, 303) else answer

    def sign_in(self, name: str, password: str) -> Answer:
        """Sign in as somebody of the demonstration."""
        self.get("/akun/login/")
        return self.post("/akun/login/", login=f"{name}@contoh.example", password=password)

    def tell(self, **answers: str) -> Answer:
        """Send every step of a report; gives the last page."""
        self.get("/lapor/")
        page = self.post("/lapor/", step="about", go="next", reporter_kind="public")
        page = self.post("/lapor/", step="what", go="next", story=answers.pop("story"))
        page = self.post("/lapor/", step="where", go="next", place=answers.pop("place", "31.73.01"))
        page = self.post("/lapor/", step="reach", go="next", **answers)
        if 'value="contact"' in page.text:
            page = self.post("/lapor/", step="contact", go="next", **answers)
        if "Periksa sebelum dikirim" not in page.text:
            return page
        return self.post("/lapor/", step="check", go="next")


def words_of(page: Answer) -> str:
    """The seven words of a receipt."""
    listed = re.search(r'<ol class="words".*?</ol>', page.text, re.S)
    return " ".join(re.findall(r"<li[^>]*>([^<]+)</li>", listed.group(0))) if listed else ""
