"""Names under which forms come back, or lie about: each with why it is here."""

from __future__ import annotations

import unicodedata

NFC = unicodedata.normalize("NFC", "Phiếu tuần của Ánh.xlsx")
_LONG = "Phiếu đánh giá của đồng chí Nguyễn Phúc Trường Xuân "  # of which 320 bytes are no name on most systems


def _cut(text: str, length: int) -> str:
    return text.encode()[: length - 5].decode("utf-8", "ignore").rstrip() + ".xlsx"


# Each is given a copy of its own of somebody's form, and has to be booked, whatever it is called.
BOOKED: dict[str, str] = {
    "a copy": "Copy of phieu.xlsx",
    "a copy by Windows": "phieu - Copy.xlsx",
    "a copy by a Vietnamese Windows": "phieu - Sao chép.xlsx",
    "a copy by a browser": "phieu (1).xlsx",
    "a second copy by a browser": "phieu (1) (1).xlsx",
    "the last version": "phieu bản cuối.xlsx",
    "the very last version": "phieu bản cuối cùng (sửa).xlsx",
    "a conflict of OneDrive": "phieu-PC01.xlsx",
    "a conflict of Dropbox": "phieu (PC01's conflicted copy 2025-06-05).xlsx",
    "a conflict of Dropbox in Vietnamese": "phieu (Bản sao xung đột của PC01 2025-06-05).xlsx",
    "a conflict of ownCloud": "phieu_conflict-20250605-081500.xlsx",
    "a conflict of Nextcloud": "phieu (conflicted copy 2025-06-05 081500).xlsx",
    "a conflict of Syncthing": "phieu.sync-conflict-20250605-081500-ABCDEF.xlsx",
    "a conflict of Google Drive": "phieu [Conflict].xlsx",
    "a copy by Google Drive": "Bản sao của phieu.xlsx",
    "composed letters": NFC,
    "the same name with parted letters": unicodedata.normalize("NFD", NFC),
    "letters in another case": "PHIẾU TUẦN CỦA ÁNH.XLSX",
    "the same, in small letters": "phiếu tuần của ánh.xlsx",
    "the other tone style": "phiếu hoà bình.xlsx",
    "turned around": "phieu\u202exslx.gnp",
    "turned around and isolated": "phieu\u2067xslx\u2069.xlsx",
    "a mark from right to left": "\u200fphieu.xlsx",
    "no letter at all": "\u200b.xlsx",
    "marks without width": "phi\u200beu.xlsx",
    "a mark in the middle": "phi\ufeffeu.xlsx",
    "a hard blank": "phieu\u00a0tuan.xlsx",
    "a blank in front": " phieu.xlsx",
    "a blank at the end": "phieu.xlsx ",
    "a dot at the end": "phieu.xlsx.",
    "many dots": "phieu....xlsx",
    "two endings": "phieu.xlsx.xlsx",
    "no ending": "phieu",
    "another ending": "phieu.docx",
    "the ending of a text": "phieu.txt",
    "a line break": "phieu\n2025.xlsx",
    "a line of ours": "phieu\n  Lỗi: tất cả.xlsx",
    "a return": "phieu\rX.xlsx",
    "a tab": "phieu\t1.xlsx",
    "a colour of the screen": "\x1b[31mphieu.xlsx",
    "a title of the window": "\x1b]0;x\x07phieu.xlsx",
    "a bell": "phieu\x07.xlsx",
    "a control of eight bits": "phieu\x9b31m.xlsx",
    "the line break of another script": "phieu\u2028.xlsx",
    "a device of Windows": "CON",
    "a device with an ending": "CON.xlsx",
    "another device": "LPT1.xlsx",
    "what Windows forbids": 'phieu<>:"|?*.xlsx',
    "a backslash": "VU1\\..\\..\\phieu.xlsx",
    "two dots in front": "..phieu.xlsx".replace("..", "\u2025"),
    "a formula": "=1+1.xlsx",
    "a command": "=cmd|'!A0.xlsx",
    "a minus": "-rf.xlsx",
    "an option": "--help.xlsx",
    "a mark of the web": "phieu%2e%2e%2f.xlsx",
    "marks of XML": "<b>&amp;\"'.xlsx",
    "marks of a template": "{file}{0}%s.xlsx",
    "a hash": "phieu#Phiếu!A1.xlsx",
    "another script": "表.xlsx",
    "pictures": "👩\u200d💻🎉.xlsx",
    "255 bytes": _cut(_LONG * 9, 255),
    "255 plain letters": "a" * 250 + ".xlsx",
}

# Skipped by rule: programs' own files, and what is hidden.
SKIPPED: dict[str, str] = {
    "the owner file of Excel": "~$phieu.xlsx",
    "a temporary file of Excel": "~DF12.tmp",
    "the lock file of LibreOffice": ".~lock.phieu.xlsx#",
    "hidden": ".phieu.xlsx",
    "a temporary file": "phieu.TMP",
    "a shortcut": "phieu.xlsx.lnk",
    "a link of Windows": "phieu.url",
    "pictures of a folder": "Thumbs.db",
    "the look of a folder": "desktop.ini",
    "of a Mac": "._phieu.xlsx",
    "of a Mac's folder": ".DS_Store",
}
