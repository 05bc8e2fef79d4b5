"""Two texts of our own, one made from the other as a synonym swapper would."""

SOURCE = (
    "The harbour authority of Ostravel said on Tuesday that it would close the old fish market for two years. "
    "Officials hope that the new hall will bring visitors back to the quay. "
    "Traders fear that they will lose their customers while the work goes on. "
    '"We were told about it last week," said Marta Ilven, who has sold herring there since 1994. '
    "The council has promised them stalls near the railway station, and lower rents until the hall opens."
)
SUSPECT = (
    "The haven authority of Ostravel stated on Tuesday that it would shut the aged fish marketplace for two years. "
    "Functionaries trust that the fresh hall will carry guests back to the wharf. "
    "Merchants dread that they will forfeit their patrons while the labour goes on. "
    '"We were informed about it last week," stated Marta Ilven, who has vended herring there since 1994. '
    "The council has pledged them booths near the railroad depot, and reduced rents until the hall unlocks."
)
