"""Settings from the environment, `OUTREACH_` before each name but the two every host knows."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from outreach.errors import MisSet

COUNTRY = re.compile("[A-Z]{2}")
TARGETS = (5.0, 15.0, 30.0, 60.0)
"""Minutes at which what reports keep by the hour tells shares exactly."""
CURRENCIES = (
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP "
    "CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF "
    "IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD "
    "MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB "
    "RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD "
    "UYU UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG"
)
"""The currencies of ISO 4217 that money is paid in."""
TILES = re.compile(r"https?://(\{s\}\.)?[\w.-]+(:\d+)?(?=/)")


class Settings(BaseSettings):
    """All settings; each `description` is what the README's table says of it."""

    model_config = SettingsConfigDict(env_prefix="OUTREACH_", extra="ignore", populate_by_name=True)

    database_url: str = Field(
        "sqlite:///outreach.sqlite3",
        validation_alias="DATABASE_URL",
        description="`sqlite:///FILE` or `postgres://user:password@host:5432/name`.",
    )
    host: str = Field("127.0.0.1", description="Address `outreach serve` listens on.")
    port: int = Field(8000, validation_alias="PORT", description="Port `outreach serve` listens on.")
    public_url: str = Field(
        "",
        description="The https address under which the provider and phones reach this server; by default where it "
        "listens, which they do not reach.",
    )
    client_address_header: str = Field(
        "",
        description="The header in which the host's proxy names the address a request comes from, in place of what the "
        "sender wrote there; on Fly `Fly-Client-IP`. Empty: the connection's own.",
    )
    keys_file: Path = Field(
        Path("outreach.keys.json"),
        description="File of the sealing keys, made on first start; back it up apart from the data.",
    )
    keys: SecretStr | None = Field(
        None, description="The same keys as a JSON text, for hosts whose secrets are variables; wins over the file."
    )
    service_name: str = Field(
        "Outreach", description="The name residents and responders are given, as on the official line."
    )
    hotline: str = Field(
        "", description="The public hotline, said in calls and, where a country allows numbers, in texts."
    )
    emergency_number: str = Field(
        "",
        description="The number that a responder's phone offers to ring in danger; by default `110` in China and "
        "elsewhere `112`, which every mobile phone knows.",
    )
    target_minutes: float = Field(
        30.0,
        description="Minutes within which a person is to be reached, 5, 15, 30 or 60; the board's wall, and what every "
        "share of the report is of.",
    )
    map_tiles_url: str = Field(
        "",
        description="Where the board's map gets its pictures, as `https://tiles.example/{z}/{x}/{y}.png`; empty: areas "
        "and points on a blank ground. Whoever serves them learns which part of the city is looked at.",
    )
    map_tiles_by: str = Field("", description="Whom the map names as the maker of these pictures, as they ask for it.")
    map_tiles_zoom: int = Field(18, ge=1, le=24, description="The closest zoom that these pictures have.")
    map_tiles_datum: Literal["wgs84", "gcj02"] = Field(
        "wgs84", description="The datum they are drawn in: `gcj02` for maps made in mainland China, else `wgs84`."
    )
    country: str = Field("CN", description="ISO 3166 country that phone numbers without a `+` belong to.")
    language: str = Field("zh-CN", description="Language for residents whose own is unknown: `zh-CN` or `en`.")
    city_time_zone: str = Field("Asia/Shanghai", description="IANA zone of areas that name none.")
    currency: str = Field(
        "",
        description="ISO 4217 currency of the amounts lost, as `EUR`; by default `CNY` in China, and elsewhere "
        "none, so that amounts stand alone.",
    )
    policies_dir: Path | None = Field(None, description="Folder of policies (YAML) used in place of those shipped.")
    messenger: str = Field(
        "twilio", description="Who carries texts and calls: the name under which an installed package offers it."
    )
    twilio_account_sid: str = Field("", description="Twilio account; without one nothing is sent by SMS or voice.")
    twilio_auth_token: SecretStr = Field(SecretStr(""), description="Twilio's token; signs its callbacks.")
    twilio_from: str = Field(
        "", description="What texts come from: a number (E.164), a messaging service (`MG…`), a short code or a name."
    )
    twilio_voice_from: str = Field(
        "",
        description="The number (E.164) that calls come from, which is also the official line; by default "
        "`OUTREACH_TWILIO_FROM`, where that is a number.",
    )
    twilio_api_url: str = Field(
        "https://api.twilio.com", description="Base of Twilio's API; the rehearsal points it at its stand-in."
    )
    provider_timeout_s: float = Field(
        10.0, description="Seconds to wait for the provider's answer before a send is *unknown*."
    )
    send_slots: int = Field(
        32, ge=4, description="Sends that may be in flight at once in one process; a quarter is kept for high severity."
    )
    texts_per_s: float | None = Field(
        None,
        ge=0,
        description="Texts a second that leave, counted in segments, over all processes; 0: no limit; by default what "
        "the provider lets this kind of sender send.",
    )
    calls_per_s: float | None = Field(
        None, ge=0, description="Calls a second, likewise; by default what the provider lets an account place."
    )
    country_texts_per_s: dict[str, float] = Field(
        {}, description='Tighter limits for texts to single countries, as JSON: `{"CN": 5}`.'
    )
    country_calls_per_s: dict[str, float] = Field({}, description="The same for calls.")
    texts_a_day: int = Field(
        10, ge=0, description="Texts to one number in 24 hours, over all its warnings; 0: no limit. Past it people go."
    )
    calls_a_day: int = Field(10, ge=0, description="Calls to one number in 24 hours, likewise.")
    canary_to: str = Field(
        "", description="A test phone (E.164) that gets one text a day; the board is alarmed when it does not arrive."
    )
    canary_hour: int = Field(8, ge=0, le=23, description="Hour of the city's day from which that text is sent.")
    canary_within_min: float = Field(10.0, gt=0, description="Minutes in which that text is to arrive.")
    travel_factor: float = Field(1.35, description="Way travelled per metre of great circle.")
    travel_speed_kmh: float = Field(
        15.0, description="Speed behind the minutes shown to responders and used to rank them."
    )
    search_radius_m: float = Field(8000.0, description="No responder farther away than this is asked.")
    known_margin_s: float = Field(
        180.0, description="Seconds of travel that knowing the resident, or the home grid, outweighs."
    )
    position_fresh_min: float = Field(20.0, description="Age in minutes past which a position is not used and home is.")
    ask_again_min: float = Field(5.0, description="Minutes until a step that found nobody looks again.")
    body_limit_bytes: int = Field(2_000_000, description="Largest request body accepted.")
    clock_error_limit_min: float = Field(
        720.0, description="Largest phone clock error in minutes that is corrected in full."
    )
    log_level: str = Field("info", description="`debug`, `info`, `warning` or `error`.")
    run_clockwork: bool = Field(
        True, description="Whether this process also runs the loops; off for a web-only process."
    )

    @field_validator("country_texts_per_s", "country_calls_per_s")
    @classmethod
    def _by_country(cls, given: dict[str, float]) -> dict[str, float]:
        for country, per_s in given.items():
            if not COUNTRY.fullmatch(country) or per_s <= 0:
                raise ValueError('say {"CN": 5}: a country\'s two capital letters, and a rate above 0')
        return given

    @field_validator("target_minutes")
    @classmethod
    def _is_told_exactly(cls, given: float) -> float:
        if given not in TARGETS:
            raise ValueError("say 5, 15, 30 or 60, the minutes at which reports count exactly")
        return given

    @field_validator("map_tiles_url")
    @classmethod
    def _has_places(cls, given: str) -> str:
        if given and not (TILES.match(given) and all(part in given for part in ("{z}", "{x}", "{y}"))):
            raise ValueError("say https://…/{z}/{x}/{y}.png, with the three in it")
        return given

    @field_validator("currency")
    @classmethod
    def _is_paid_in(cls, given: str) -> str:
        if given and given not in CURRENCIES.split():
            raise ValueError("say the three capital letters of a currency in ISO 4217, as in CNY or EUR")
        return given

    @property
    def map_tiles_origin(self) -> str:
        """Where the pictures come from, as a browser's rules name it; empty where there are none."""
        found = TILES.match(self.map_tiles_url)
        return found[0].replace("{s}", "*") if found else ""

    @property
    def caller(self) -> str:
        """The number (E.164) that calls come from; empty where there is none, and nobody is rung."""
        return self.twilio_voice_from or (self.twilio_from if self.twilio_from.startswith("+") else "")

    @model_validator(mode="after")
    def _help_is_a_number_away(self) -> Settings:
        if not self.emergency_number:
            self.emergency_number = "110" if self.country == "CN" else "112"
        return self

    @model_validator(mode="after")
    def _money_of_the_country(self) -> Settings:
        if not self.currency and self.country == "CN":
            self.currency = "CNY"
        return self

    @model_validator(mode="after")
    def _reached_where_it_listens(self) -> Settings:
        if not self.public_url:
            host = f"[{self.host}]" if ":" in self.host else self.host
            self.public_url = f"http://{host}:{self.port}"
        return self


def read_settings(**given: object) -> Settings:
    """Settings from the environment, `given` ones first; raises MisSet naming the variable that is wrong."""
    try:
        return Settings(**given)  # type: ignore[arg-type]
    except ValidationError as wrong:
        faults = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in wrong.errors())
        raise MisSet(f"Check the environment. {faults}") from None
