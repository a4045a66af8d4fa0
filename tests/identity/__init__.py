"""Identity attacks: workbooks and decisions that pretend to be somebody else's, another week's or another stage's. None is booked, and each is told.

20 people are evaluated in 3 weeks, in 3 stages; attackers are the person, a manager, an approver, and a colleague with no authority at all.
"""
