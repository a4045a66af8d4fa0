"""The program's side of the buttons in Excel and LibreOffice."""
