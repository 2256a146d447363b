"""What a person may do: one file a feature, listed here one a line."""

from handlers import (
    announce,
    appoint,
    checkin,
    correct,
    groups,
    language,
    leave,
    makeup,
    me,
    pause,
    privacy,
    proxy,
    push,
    quiz,
    rank,
    remind,
    settings,
    setup,
    start,
    stats,
    today,
    web,
)
from handlers.call import Command
from handlers.help import help_command

_FEATURES = (
    checkin.COMMAND,
    *today.COMMANDS,
    *quiz.COMMANDS,
    me.COMMAND,
    rank.COMMAND,
    *leave.COMMANDS,
    makeup.COMMAND,
    language.COMMAND,
    groups.COMMAND,
    web.COMMAND,
    *privacy.COMMANDS,
    start.COMMAND,
    setup.COMMAND,
    settings.COMMAND,
    *remind.COMMANDS,
    push.COMMAND,
    proxy.COMMAND,
    correct.COMMAND,
    appoint.COMMAND,
    *pause.COMMANDS,
    announce.COMMAND,
    stats.COMMAND,
)
COMMANDS: tuple[Command, ...] = (*_FEATURES, help_command(_FEATURES))
