"""Telegram: our own ingress, and python-telegram-bot's calls."""

from bot.platforms.telegram.account import TelegramAccount, TelegramIngress, TelegramUnusable, WebhookAddress
from bot.platforms.telegram.poller import PollingRefused

__all__ = ["PollingRefused", "TelegramAccount", "TelegramIngress", "TelegramUnusable", "WebhookAddress"]
