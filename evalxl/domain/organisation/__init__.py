"""Who is who, who stands above whom, and who may score and approve: as the office says it, and what of it is in force in a week."""
