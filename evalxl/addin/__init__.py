"""What the Excel and LibreOffice buttons talk to."""
