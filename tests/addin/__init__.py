"""The buttons in Excel and LibreOffice: how they are built, and what they do with a program that answers, fails or stays away."""
