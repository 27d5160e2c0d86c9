"""The only writer of an outreach's status, of its targets' times and of its timeline."""

from outreach.outcomes.alarming import alarm_of_help
from outreach.outcomes.board import take_away, tell_board, tell_board_once
from outreach.outcomes.contacts import Contact, record_contact
from outreach.outcomes.deciding import close, hand_on, pause, reopen, resume, take
from outreach.outcomes.ending import end_outreach, withdraw_target
from outreach.outcomes.joining import Pair, hold_cases, join_cases, live_cases, pairs_of
from outreach.outcomes.knowing import policy_of
from outreach.outcomes.opening import Joined, open_or_join
from outreach.outcomes.opting_out import keep_opt_out, lift_opt_outs, opted_out_at_provider
from outreach.outcomes.pausing import remind_of_pauses
from outreach.outcomes.prompting import hold, hurry, look_at
from outreach.outcomes.ringing import record_call
from outreach.outcomes.timeline import SYSTEM, Actor, note_event

__all__ = [
    "SYSTEM",
    "Actor",
    "Contact",
    "Joined",
    "Pair",
    "alarm_of_help",
    "close",
    "end_outreach",
    "hand_on",
    "hold",
    "hold_cases",
    "hurry",
    "join_cases",
    "keep_opt_out",
    "lift_opt_outs",
    "live_cases",
    "look_at",
    "note_event",
    "open_or_join",
    "opted_out_at_provider",
    "pairs_of",
    "pause",
    "policy_of",
    "record_call",
    "record_contact",
    "remind_of_pauses",
    "reopen",
    "resume",
    "take",
    "take_away",
    "tell_board",
    "tell_board_once",
    "withdraw_target",
]
