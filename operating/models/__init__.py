from .agreement import Agreement
from .look import Look
from .mail_words import MailWords
from .page import CustomPage, PageShowing, PageVersion
from .switch import SwitchTurn

__all__ = ["Agreement", "CustomPage", "Look", "MailWords", "PageShowing", "PageVersion", "SwitchTurn"]
