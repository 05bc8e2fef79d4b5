"""Articles of our own that several tests read: a story, its spun twin and what honest people make of it."""

STORY = """Barrier gates jam on first test

The new flood barrier at Marrow Point failed its first full test on Monday when two of its nine gates refused to \
close.

Engineers had prepared the site for three weeks and were ready to begin at 6.30 a.m., the harbour board said. \
The gates, each weighing 420 tonnes, stopped about a metre above the sill.

“We are disappointed, but nobody was ever in danger,” said Orla Finch, the board's chief engineer. “The soldiers \
of this project are the divers, and they will find the fault quickly.”

The barrier cost £318 million and was due to open in 2019. Councillor Tomas Brandt called for an inquiry and \
accused the contractor, Hallam Marine, of hiding earlier problems.

Hallam Marine denied the claim. A spokesman said the company had warned the board in March that silt was \
building up around the sill, and that its advice wasn't heeded.

A second test is planned for October. Until then the old wooden gates will remain in use.
"""

SPUN = """Barrier gates stick on initial trial

The fresh flood barrier at Marrow Point flunked its first complete trial on Monday when two of its nine gates \
declined to shut.

Engineers had readied the location for three weeks and were prepared to commence at 6.30 a.m., the harbour board \
stated. The gates, each weighing 420 tonnes, halted around a metre over the sill.

“We are dismayed, yet no one was ever in peril,” stated Orla Finch, the board's head engineer. “The troopers of \
this venture are the divers, and they will discover the flaw rapidly.”

The barrier cost £318 million and was expected to open in 2019. Councillor Tomas Brandt demanded an \
investigation and blamed the contractor, Hallam Marine, of concealing prior issues.

Hallam Marine rejected the assertion. A representative said the firm had cautioned the board in March that \
sediment was accumulating around the sill, and that its counsel wasn't followed.

A second trial is scheduled for October. Until then the ancient wooden gates will stay in operation.
"""

QUOTING_PAGE = """Why our coast keeps flooding

I have written about the estuary for twenty years, and I had hoped to be done with it by now.

This is what the Gazette reported on Tuesday:

Engineers had prepared the site for three weeks and were ready to begin at 6.30 a.m., the harbour board said. \
The gates, each weighing 420 tonnes, stopped about a metre above the sill.

“We are disappointed, but nobody was ever in danger,” said Orla Finch, the board's chief engineer. “The soldiers \
of this project are the divers, and they will find the fault quickly.”

The barrier cost £318 million and was due to open in 2019. Councillor Tomas Brandt called for an inquiry and \
accused the contractor, Hallam Marine, of hiding earlier problems.

My own cellar has been under water twice since then, and my neighbours have begun to keep their wine upstairs.

Leave a Reply

Your email address will not be published. Required fields are marked *
"""

INDEPENDENT = """Red faces at the harbour as gates stay up

Two steel gates that were meant to keep the sea out of the town hung in the air yesterday while some two hundred \
invited guests looked on.

It was to have been the great day of the Marrow Point scheme. A brass band had come, and there was cake.

Contractors at the scene would not speak to reporters. One diver, who asked not to be named, told this paper \
that mud had been lying on the sill since the winter: “You could have grown potatoes in it.”

The scheme, first drawn up after the storm of 2007, is four years late. Ms Finch, who leads it for the board, \
promised to try again in the autumn.
"""

UNRELATED = """Soup for a cold evening

Peel three parsnips and an apple, cut them small and let them soften in butter over a low heat. Add a spoonful \
of curry powder and, a minute later, a litre of stock.

Simmer until everything gives way under the spoon, then blend. Thin it with milk if you must. Some people add \
cream; they are wrong, but we forgive them.

Serve it with toast, and keep back a few slices of apple to fry for the top.
"""
