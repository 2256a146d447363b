"""The kinds of stage, one file each."""

from __future__ import annotations

from collections.abc import Mapping

from domain.template import Kind
from scheduler.stages.evaluation import Evaluation
from scheduler.stages.game import Game
from scheduler.stages.kind import StageKind
from scheduler.stages.live import LiveTalk
from scheduler.stages.newsletter import NewsletterStage
from scheduler.stages.notice import Notice
from scheduler.stages.practice import Practice
from scheduler.stages.preview import Preview
from scheduler.stages.reflection import Reflection
from scheduler.stages.review import Reviewing
from scheduler.stages.seminar import Seminar
from scheduler.stages.study import Study

KINDS: Mapping[Kind, StageKind] = {
    "notice": Notice(),
    "preview": Preview(),
    "seminar": Seminar(),
    "reflection": Reflection(),
    "review": Reviewing(),
    "game": Game(),
    "live": LiveTalk(),
    "practice": Practice(),
    "study": Study(),
    "evaluation": Evaluation(),
    "newsletter": NewsletterStage(),
}
